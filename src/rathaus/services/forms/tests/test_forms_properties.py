"""What holds of every form and every set of answers."""

import importlib.util
import json
import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.document import FormDocument, as_json, canonical, fingerprint
from rathaus.services.forms.loading import from_stored
from rathaus.services.forms.tests.written_forms import TODAY


def _neighbour(name: str):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generated, brute = _neighbour("generated_forms"), _neighbour("brute_force")


@settings(max_examples=300, deadline=None)
@given(generated.forms_with_answers())
def test_visible_is_what_brute_force_says(drawn):
    plain, answers = drawn
    document = FormDocument.model_validate(plain)
    evaluation = CompiledForm(document).evaluate(answers, today=TODAY)
    assert evaluation.visible == brute.BruteForce(document, answers, TODAY).visible_fields()


@settings(max_examples=100, deadline=None)
@given(generated.forms_with_answers())
def test_hidden_is_absent(drawn):
    plain, answers = drawn
    form = CompiledForm(FormDocument.model_validate(plain))
    evaluation = form.evaluate(answers, today=TODAY)
    shown = {name: answer for name, answer in answers.items() if name in evaluation.visible}

    without = form.evaluate(shown, today=TODAY)

    assert without == evaluation
    assert set(evaluation.answers) <= evaluation.visible
    assert {problem.path for problem in evaluation.problems} <= evaluation.visible


@settings(max_examples=100, deadline=None)
@given(generated.forms_with_answers(), st.integers())
def test_the_order_of_fields_and_answers_does_not_matter(drawn, seed):
    plain, answers = drawn
    shuffler = random.Random(seed)
    mixed = json.loads(json.dumps(plain))
    for page in mixed["pages"]:
        shuffler.shuffle(page["fields"])
    shuffled = dict(shuffler.sample(list(answers.items()), len(answers)))

    first = CompiledForm(FormDocument.model_validate(plain)).evaluate(answers, today=TODAY)
    second = CompiledForm(FormDocument.model_validate(mixed)).evaluate(shuffled, today=TODAY)

    assert first.visible == second.visible
    assert first.answers == second.answers
    assert {problem.path for problem in first.problems} == {p.path for p in second.problems}


@settings(max_examples=100, deadline=None)
@given(generated.forms())
def test_canonical_json_is_stable(plain):
    document = FormDocument.model_validate(plain)
    stored = as_json(document)
    again = json.loads(json.dumps(dict(reversed(stored.items()))))

    assert canonical(again) == canonical(stored)
    assert from_stored(again) == document
    assert fingerprint(as_json(from_stored(again))) == fingerprint(stored)
