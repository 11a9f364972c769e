"""The example of the authoring guide, ready to be evaluated."""

from pathlib import Path

import pytest

from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.loading import load_yaml


@pytest.fixture(scope="session")
def example() -> FormDocument:
    path = Path(__file__).parents[1] / "examples" / "veranstaltung-beispiel.yaml"
    return load_yaml(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def example_form(example: FormDocument) -> CompiledForm:
    return CompiledForm(example)
