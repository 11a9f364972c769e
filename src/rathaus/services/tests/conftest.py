"""A published form with everything around it: office, procedure, addresses, people."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from tests.factories import make_citizen, make_clerk, make_department

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.cases.actions import install_procedures, request_correction
from rathaus.cases.models import Case
from rathaus.core.actor import ANONYMOUS, SYSTEM
from rathaus.services.actions.addresses import NumberedStreet, load_addresses
from rathaus.services.actions.drafts import Rendering, save_page, start_draft
from rathaus.services.actions.publishing import publish_form
from rathaus.services.draft_access import Knock
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.loading import load_yaml
from rathaus.services.models import Draft

FORM = """
schema: 1
form: hund
service: hund
title: {de: Hund anmelden, en: Register a dog}
intro: Halten Sie den Heimtierausweis bereit.
pages:
  - id: person
    title: Ihre Angaben
    fields:
      - {id: name, type: text, label: Name, max_length: 100}
      - {id: geburt, type: date, label: Geburtsdatum, max: today}
      - {id: adresse, type: address, label: Anschrift}
  - id: hund
    title: Ihr Hund
    fields:
      - {id: rufname, type: text, label: Rufname}
      - {id: vorbesitz, type: yesno, label: "Gab es vorher jemanden?"}
      - id: vorbesitzer
        type: group
        label: Frühere Halter
        show: {eq: [vorbesitz, true]}
        repeat: {item: Halter, min: 1, max: 3}
        fields:
          - {id: halter, type: text, label: Name des Halters}
          - {id: halterfoto, type: files, label: Ausweis, required: false, accept: [image]}
  - id: unterlagen
    title: Unterlagen
    fields:
      - {id: nachweis, type: files, label: Versicherung, max_files: 2, max_megabytes: 1}
      - {id: richtig, type: declaration, label: Alles stimmt.}
exits:
  - id: jung
    when: {gt: [geburt, today-18y]}
    title: Zu jung
    text: Bitte kommen Sie mit einem Elternteil.
fees:
  - {id: abgabe, label: Hundeabgabe, amount: "40.00"}
prefill: {name: account.full_name}
"""
FLAT = 'fees:\n  - {id: abgabe, label: Hundeabgabe, amount: "40.00"}\n'
PROCEDURE = """
procedure: hund
name: {de: Anmeldung eines Hundes}
department: buergerservice
number_prefix: HU
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8"
    "ffff3f0005fe02fea72d5a3d0000000049454e44ae426082"
)
PAGES = {
    "person": {
        "name": ["Ada Lovelace"],
        "geburt": ["10.12.1985"],
        "adresse.street": ["Rathausplatz"],
        "adresse.number": ["5"],
        "adresse.door": [""],
        "adresse.postcode": ["4890"],
        "adresse.place": ["Lindenfurt"],
    },
    "hund": {"rufname": ["Bello"], "vorbesitz": ["false"], "vorbesitzer.count": ["0"]},
    "unterlagen": {"richtig": ["", "true"]},
}


@pytest.fixture
def dog_form() -> FormDocument:
    return load_yaml(FORM)


@pytest.fixture
def dogs(db: None, dog_form: FormDocument) -> FormDocument:
    """The form, published, with the procedure of its cases."""
    make_department("buergerservice", number_prefix="BS")
    install_procedures(by=SYSTEM, text=PROCEDURE)
    streets = [NumberedStreet("4890", "Lindenfurt", "Rathausplatz", 1, 16)]
    load_addresses(by=SYSTEM, streets=streets)
    publish_form(by=SYSTEM, document=dog_form)
    return dog_form


@pytest.fixture
def guest() -> Knock:
    """Somebody without an account, on a device of their own."""
    return Knock(ANONYMOUS, "device-of-a-guest")


@pytest.fixture
def ada(db: None) -> Person:
    return make_citizen(given_name="Ada", family_name="Lovelace")


@pytest.fixture
def citizen(ada: Person) -> Knock:
    return Knock(actor_of(ada), "device-of-ada")


Fill = Callable[..., Draft]


@pytest.fixture
def fill(dogs: FormDocument) -> Fill:
    """A draft in which the pages named are answered, or all of them with a file."""

    def filled(knock: Knock, *pages: str, complete: bool = False) -> Draft:
        draft = start_draft(knock=knock, form="hund", account={}, anew=True)
        for page in PAGES if complete else pages:
            save(knock, draft, page)
        if complete:
            _put_file(draft)
        return Draft.objects.get(pk=draft)

    return filled


def save(knock: Knock, draft: UUID, page: str, **changed: list[str]) -> None:
    """Save a page as a window that has seen the newest revision would."""
    revision = Draft.objects.get(pk=draft).revision
    posted = {**PAGES[page], **changed}
    rendering = Rendering(revision=revision, window="window")
    save_page(knock=knock, draft=draft, page=page, posted=posted, rendering=rendering)


def ask_for_correction(case: UUID) -> None:
    """Let the office of the case ask for something, so that the answers can be amended."""
    row = Case.objects.select_related("department").get(pk=case)
    clerk = actor_of(make_clerk(row.department, "cases.read", "cases.handle"))
    request_correction(by=clerk, case=case, text="Bitte ergänzen Sie.", seen=row.revision)


def _put_file(draft: UUID) -> None:
    from rathaus.core.files import store
    from rathaus.services.actions.draft_files import _described

    row = Draft.objects.get(pk=draft)
    row.answers["nachweis"] = [_described(store(PNG, name="polizze.png"))]
    row.save()


@pytest.fixture
def example() -> FormDocument:
    """The document that the authoring guide refers to."""
    path = Path(__file__).parents[1] / "forms" / "examples" / "veranstaltung-beispiel.yaml"
    return load_yaml(path.read_text(encoding="utf-8"))


@pytest.fixture
def door(dogs: FormDocument, client: Client) -> Client:
    """A browser in front of the published form."""
    return client
