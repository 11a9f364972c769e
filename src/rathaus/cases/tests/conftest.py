"""A procedure, its department and a case to work with."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pikepdf
import pytest
import time_machine
from django.test import Client
from tests.factories import make_citizen, make_clerk, make_department, sign_in

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.cases import actions
from rathaus.cases.models import Case, Procedure
from rathaus.cases.sections import Row, Section
from rathaus.core.actor import SYSTEM, Actor

RIGHTS = ("cases.read", "cases.handle", "cases.assign", "cases.decide")
SUBMITTED = datetime(2026, 9, 11, 22, 30, tzinfo=UTC)  # 12 September in Vienna
PROCEDURE = """
procedure: hund
name: {de: Anmeldung eines Hundes, en: Registration of a dog}
department: bürger-ü
number_prefix: HU
correction: {weeks: 2, basis: "§ 13 Abs. 3 AVG", suspends: true, suspends_basis: "§ 8 Abs. 2 VwGVG"}
states:
  - {slug: tierarzt, phase: examining, label: {de: Bei der Tierärztin, en: With the vet}}
routing:
  - {key: gefaehrlich, values: [ja], department: veterinaeramt}
templates:
  - slug: bewilligung
    name: {de: Bestätigen}
    outcome: granted
    title: Bescheid
    ruling: "{{ name }} darf den Hund {{ angaben.rufname }} halten."
    reasons: "Eingelangt am {{ eingelangt_am }}."
  - slug: brief
    name: {de: Brief}
    outcome: settled
    title: Erledigung
    ruling: "Ihr Anliegen {{ aktenzeichen }} ist erledigt."
    remedy: false
    signed_by: clerk
""".replace("bürger-ü", "buergerservice")
SECTIONS = [Section("Ihr Hund", (Row("Rufname", "Bello", key="rufname"), Row("Rasse", "Dackel")))]


@pytest.fixture
def on_the_day() -> Iterator[None]:
    """The morning of 14 September 2026, and no second later."""
    with time_machine.travel("2026-09-14T08:00:00+00:00", tick=False):
        yield


@pytest.fixture
def office(db: None) -> Department:
    return make_department("buergerservice", number_prefix="BS")


@pytest.fixture
def vets(db: None) -> Department:
    return make_department("veterinaeramt", number_prefix="VA")


@pytest.fixture
def procedure(office: Department, vets: Department) -> Procedure:
    actions.install_procedures(by=SYSTEM, text=PROCEDURE)
    return Procedure.objects.get(slug="hund")


@pytest.fixture
def citizen(db: None) -> Person:
    return make_citizen(given_name="Çağla", family_name="Öztürk")


@pytest.fixture
def applicant(citizen: Person) -> Actor:
    return actor_of(citizen)


@pytest.fixture
def stranger(db: None) -> Actor:
    return actor_of(make_citizen())


@pytest.fixture
def clerk(office: Department) -> Actor:
    return actor_of(make_clerk(office, *RIGHTS))


@pytest.fixture
def colleague(office: Department) -> Actor:
    return actor_of(make_clerk(office, *RIGHTS))


@pytest.fixture
def foreign_clerk(vets: Department) -> Actor:
    return actor_of(make_clerk(vets, *RIGHTS))


@pytest.fixture
def file_case(procedure: Procedure, applicant: Actor) -> Callable[..., Case]:
    """Opens a case; keyword arguments overrule what is filed."""

    def file(**changed: object) -> Case:
        filed: dict[str, object] = {
            "by": applicant,
            "procedure": procedure.slug,
            "title": "Hund anmelden: Bello",
            "applicant": applicant.person,
            "sections": SECTIONS,
            "submitted_at": SUBMITTED,
            "origin": "services",
        }
        reference = actions.open_case(**{**filed, **changed})  # type: ignore[arg-type]
        return Case.objects.get(pk=reference.id)

    return file


@pytest.fixture
def case(file_case: Callable[..., Case]) -> Case:
    return file_case()


@pytest.fixture
def reader(office: Department) -> Actor:
    return actor_of(make_clerk(office, "cases.read"))


@pytest.fixture
def some_pdf() -> bytes:
    content = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(content)
    return content.getvalue()


@pytest.fixture
def person(office: Department) -> Person:
    return make_clerk(office, *RIGHTS)


@pytest.fixture
def staff(client: Client, person: Person) -> Client:
    return sign_in(client, person)


@pytest.fixture
def portal(citizen: Person) -> Client:
    return sign_in(Client(), citizen)
