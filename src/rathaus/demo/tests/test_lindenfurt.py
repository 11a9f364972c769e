"""Lindenfurt holds together: every form has its service and procedure; reloading adds nothing."""

import pytest
import yaml

from rathaus.accounts.models import Person
from rathaus.audit.models import Entry
from rathaus.cases.models import Case, Procedure
from rathaus.core.city import current_city
from rathaus.demo.lindenfurt import load
from rathaus.demo.lindenfurt.catalogue import HERE
from rathaus.payments.models import Claim, Levy
from rathaus.services.models import Application, FormVersion, Service, StreetAddress

pytestmark = pytest.mark.django_db

FORMS = {
    "balkonkraftwerk-foerderung",
    "baumfaellung",
    "beschwerde",
    "bewohnerparken",
    "fundgegenstand",
    "gewerbe-anmelden",
    "hund-abmelden",
    "hund-anmelden",
    "kindergartenplatz",
    "meldebestaetigung",
    "urkunde-bestellen",
    "veranstaltung-anmelden",
    "wohnung-beantragen",
}
ON_PAPER = {"bauanzeige", "wohnkostenzuschuss"}


def test_the_city_has_its_services_forms_addresses_and_matters() -> None:
    load(showpieces_only=True)

    assert current_city().name == "Lindenfurt"
    assert Service.objects.filter(published=True).count() == 53
    assert set(Service.objects.exclude(form="").values_list("form", flat=True)) == FORMS
    assert set(FormVersion.objects.values_list("form", flat=True)) == FORMS
    assert set(Procedure.objects.values_list("slug", flat=True)) == FORMS | ON_PAPER
    assert StreetAddress.objects.count() == 1735
    assert Case.objects.count() == 18
    matters = Application.objects.values_list("case_number", flat=True)
    fees = Claim.objects.filter(reference__in=list(matters), kind="fee").values_list(
        "cents", flat=True
    )
    assert sorted(fees) == [2200, 2400, 9000]
    levies = {("Luna", "familie"), ("Rex", "wache")}
    assert set(Levy.objects.values_list("about", "rate")) == levies


def test_loading_again_changes_nothing() -> None:
    load(showpieces_only=True)
    before = [model.objects.count() for model in (Person, Service, FormVersion, Case, Claim)]
    opened = Entry.objects.filter(did="cases.opened").count()

    load(showpieces_only=True)

    assert [
        model.objects.count() for model in (Person, Service, FormVersion, Case, Claim)
    ] == before
    assert Entry.objects.filter(did="cases.opened").count() == opened


@pytest.mark.parametrize(
    "file", sorted((HERE / "forms").glob("*.yaml")), ids=lambda file: file.stem
)
def test_every_text_of_a_form_is_there_in_english(file) -> None:
    german_only = _german_only(yaml.safe_load(file.read_text(encoding="utf-8")))

    assert [text for text in german_only if not _same_in_both(text)] == []


def _german_only(part):
    if isinstance(part, dict):
        if "de" in part and "en" not in part:
            yield part["de"]
        for value in part.values():
            yield from _german_only(value)
    elif isinstance(part, list):
        for value in part:
            yield from _german_only(value)


def _same_in_both(text: str) -> bool:
    """Proper names and technical words need no translation."""
    return len(text.split()) <= 3
