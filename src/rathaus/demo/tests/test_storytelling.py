"""The stories of Lindenfurt hold together on any day, before anything of them is in a database."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from rathaus.core.calendar import is_working_day
from rathaus.core.clock import VIENNA
from rathaus.core.iban import is_iban
from rathaus.demo.lindenfurt import addresses
from rathaus.demo.lindenfurt.catalogue import HERE
from rathaus.demo.lindenfurt.handling import DEEDS
from rathaus.demo.lindenfurt.ingredients import Gap, Luck
from rathaus.demo.lindenfurt.residents import residents
from rathaus.demo.lindenfurt.showpieces import showpieces
from rathaus.demo.lindenfurt.storytelling import BY_APPLICANT, STATE, STORIES, Matter, stories
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.loading import load_yaml
from rathaus.services.forms.prefill import prefilled

STREETS = addresses.streets()
EVERYBODY = residents(STREETS)
# A weekday, a Saturday, the days around Christmas, Easter and a leap day.
DAYS = [
    date(2026, 11, 25),
    date(2026, 11, 28),
    date(2026, 12, 27),
    date(2027, 1, 2),
    date(2027, 3, 29),
    date(2027, 5, 14),
    date(2028, 2, 29),
    date(2028, 8, 16),
]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def told(request):
    return request.param, stories(EVERYBODY, STREETS, request.param)


def test_the_same_day_gives_the_same_city(told):
    today, matters = told

    assert stories(residents(STREETS), addresses.streets(), today) == matters


def test_there_is_much_to_do_in_every_procedure(told):
    _today, matters = told
    procedures = {file.stem for file in (HERE / "procedures").glob("*.yaml")}

    assert 150 <= len(matters) <= 250
    assert {matter.procedure for matter in matters} == procedures
    assert {file.stem for file in STORIES.glob("*.yaml")} == procedures


def test_nothing_happens_before_it_can_or_has(told):
    today, matters = told
    midnight = datetime.combine(today, time(), VIENNA)
    for matter in matters:
        moments = [matter.filed_at, *(step.at for step in matter.steps)]
        assert moments == sorted(set(moments)), matter
        assert moments[-1] < midnight, matter


def test_the_office_works_on_working_days_by_daylight(told):
    _today, matters = told
    by_office = [
        step.at for matter in matters for step in matter.steps if step.deed not in BY_APPLICANT
    ] + [matter.filed_at for matter in matters if matter.on_paper]

    assert [at for at in by_office if not is_working_day(at.date(), STATE)] == []
    assert [at for at in by_office if not time(7, 45) <= at.time() <= time(18)] == []


def test_every_form_takes_what_is_filled_in(told):
    _today, matters = told
    forms = {file.stem: _form(file) for file in (HERE / "forms").glob("*.yaml")}
    refused = [
        (matter.procedure, matter.answers, [problem.path for problem in problems])
        for matter in matters
        if matter.procedure in forms and (problems := _problems(forms[matter.procedure], matter))
    ]

    assert refused == []


def test_every_step_is_one_that_the_program_knows(told):
    _today, matters = told

    assert {step.deed for matter in matters for step in matter.steps} <= DEEDS.keys()


def test_no_gap_and_no_brace_is_left_open(told):
    _today, matters = told
    for matter in matters:
        said = [*matter.answers.values(), *(step.detail for step in matter.steps)]
        said += [part for value in said if isinstance(value, dict) for part in value.values()]
        assert not any(isinstance(value, Gap) for value in said)
        assert "{" not in "".join(value for value in said if isinstance(value, str))


def test_guests_come_online_and_who_has_no_mail_on_paper(told):
    _today, matters = told
    known = {person.slug: person for person in EVERYBODY}
    ways = Counter(
        (matter.on_paper, known[matter.who].is_guest, bool(known[matter.who].email))
        for matter in matters
        if matter.who
    )

    assert set(ways) == {
        (False, False, True),
        (False, True, True),
        (True, False, True),
        (True, False, False),
    }


def test_all_steps_of_the_showpieces_happen_whatever_the_calendar_says():
    for number in range(0, 366, 5):
        now = datetime(2026, 11, 25, 6, 30, tzinfo=UTC) + timedelta(days=number)
        matters = showpieces(now)
        assert len(matters) == 16
        assert sum(len(matter.steps) for matter in matters) == 15
        assert all(step.at <= now for matter in matters for step in matter.steps)


def test_everybody_is_invented_once_and_gets_mail_nowhere():
    slugs = [person.slug for person in EVERYBODY]
    addresses_ = {person.email for person in EVERYBODY} - {""}

    assert len(set(slugs)) == len(slugs) > 130
    assert all(email.endswith("@post.example") and email.isascii() for email in addresses_)
    assert all(person.phone.startswith("+43 7000 2") for person in EVERYBODY)
    assert residents(STREETS) == EVERYBODY


@pytest.fixture
def luck():
    return Luck(Random(7), date(2026, 11, 25), home={"street": "Au"}, elsewhere=dict)


def test_gaps_are_filled_as_they_say(luck):
    assert luck.fill(Gap("one_of", ["a"]), {}) == "a"
    assert luck.fill(Gap("one_of", ["{name}!"]), {"name": "Anna"}) == "Anna!"
    assert luck.fill(Gap("between", [3, 3]), {}) == 3
    assert luck.fill(Gap("ago", [2, 2]), {}) == "2026-11-23"
    assert luck.fill(Gap("ahead", [6, 6]), {}) == "2026-12-01"
    assert luck.fill(Gap("home", None), {}) == {"street": "Au", "listed": True}
    assert luck.fill(Gap("address", None), {}) == {"listed": True}
    assert len(luck.fill(Gap("digits", ["0400", 15]), {})) == 15
    assert all(is_iban(luck.fill(Gap("iban", None), {})) for _ in range(200))
    assert luck.fill([{"a": Gap("between", [1, 1])}, None, 2.5], {}) == [{"a": 1}, None, 2.5]


def test_a_gap_that_nobody_knows_is_a_mistake(luck):
    with pytest.raises(LookupError, match="!horoscope"):
        luck.fill(Gap("horoscope", None), {})


def _form(file):
    return CompiledForm(load_yaml(file.read_text(encoding="utf-8")))


def _problems(form: CompiledForm, matter: Matter):
    """What is wrong with the answers, but for files: those are put to their questions later."""
    answers = {**prefilled(form.document, matter.account), **matter.answers}
    evaluation = form.evaluate(answers, today=matter.filed_at.date())
    wrong = [problem for problem in evaluation.problems if problem.path not in matter.files]
    return [*wrong, *evaluation.exits]
