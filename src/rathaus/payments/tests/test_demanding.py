"""Money that staff ask for by hand: from the case, once, told to its applicant."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.factories import make_citizen, make_clerk, make_department, sign_in

from rathaus.accounts.models import Membership, Person, Role
from rathaus.accounts.queries import actor_of
from rathaus.cases.actions import install_procedures, open_case
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import now, today
from rathaus.core.domain import case_facts
from rathaus.core.errors import NotAllowed
from rathaus.core.models import OutgoingMail
from rathaus.core.money import Money
from rathaus.payments.actions import ClaimKind, NothingOwed, demand
from rathaus.payments.models import Claim, Deposit

pytestmark = pytest.mark.django_db
PROCEDURE = """
procedure: baumschutz
name: {de: Arbeiten am Baum}
department: gruen
number_prefix: BS
templates: []
"""


@pytest.fixture
def applicant() -> Person:
    return make_citizen()


@pytest.fixture
def number(applicant: Person) -> str:
    make_department("gruen")
    install_procedures(by=SYSTEM, text=PROCEDURE)
    return open_case(
        by=actor_of(applicant),
        procedure="baumschutz",
        title="Grabung an einer Linde",
        applicant=applicant.pk,
        sections=[],
        submitted_at=now(),
        origin="services",
    ).number


@pytest.fixture
def clerk(number: str) -> Person:
    return make_clerk("gruen", "cases.read", "payments.read", "payments.raise")


def said(**changes: object) -> dict[str, object]:
    due_on = f"{today() + timedelta(days=14):%d.%m.%Y}"
    words = {"kind": "deposit", "purpose": "Kaution Wurzelschutz", "amount": "1.500,00"}
    return {**words, "due_on": due_on, "key": str(uuid4()), **changes}


def address(number: str) -> str:
    return f"/amt/forderungen/{number}/neu/"


def test_a_deposit_is_asked_for_from_the_case(
    number: str, clerk: Person, applicant: Person
) -> None:
    [fact] = [one for one in case_facts(actor_of(clerk), number) if one.deed]
    assert (fact.deed, fact.address) == ("Betrag vorschreiben", address(number))
    desk = sign_in(Client(), clerk)
    page = desk.get(fact.address).content.decode()
    assert f"Für {applicant.full_name}." in page

    first, again = said(), said()
    answers = [desk.post(fact.address, words) for words in (first, again, again)]

    assert [answer.status_code for answer in answers] == [302] * 3
    assert Claim.objects.count() == 2, "one page sent twice is one claim"
    claim = Claim.objects.order_by("raised_at")[0]
    assert (claim.debtor, claim.kind, claim.amount) == (applicant, "deposit", Money(150_000))
    assert (claim.reference, claim.department.slug) == (number, "gruen")
    assert Deposit.objects.filter(claim=claim).exists()
    mails = OutgoingMail.objects.filter(recipient=applicant.email)
    assert [mail.subject for mail in mails] == [f"Zu {number} ist etwas zu zahlen"] * 2
    assert "/meine-zahlungen/" in mails[0].text
    assert "Wurzelschutz" not in mails[0].text
    own = sign_in(Client(), applicant).get("/meine-zahlungen/").content.decode()
    assert "Kaution Wurzelschutz" in own
    assert "1.500,00" in own


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "viel"}, "Bitte geben Sie einen Betrag ein"),
        ({"amount": "0"}, "Eine Forderung muss höher als null sein."),
        ({"purpose": ""}, "Bitte schreiben Sie, wofür zu zahlen ist."),
        ({"due_on": "31.02.2027"}, "Bitte geben Sie ein Datum ein"),
        ({"due_on": "01.09.2026"}, "Der Tag, bis zu dem zu zahlen ist, ist schon vorbei."),
        ({"kind": "levy"}, "levy"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    number: str, clerk: Person, wrong: dict[str, str], sentence: str
) -> None:
    answer = sign_in(Client(), clerk).post(address(number), said(**wrong))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    if "purpose" not in wrong:
        assert 'value="Kaution Wurzelschutz"' in page
    assert not Claim.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_who_may_not_charge_there_finds_no_such_page(number: str, clerk: Person) -> None:
    elsewhere = make_clerk("bauen", "cases.read", "payments.raise")
    blind = make_clerk("gruen", "payments.raise")
    powerless = make_clerk("gruen", "cases.read")
    both = make_clerk("bauen", "payments.raise")
    reads = Role.objects.create(slug="reads", name={"de": "Liest"}, rights=["cases.read"])
    Membership.objects.create(person=both, role=reads, department=make_department("gruen"))

    found = [
        sign_in(Client(), person).get(address(number)).status_code
        for person in (clerk, elsewhere, blind, powerless, both)
    ]
    assert found == [200, 404, 404, 403, 404]
    for person in (elsewhere, blind, powerless, both):
        assert not [fact for fact in case_facts(actor_of(person), number) if fact.deed]
    assert sign_in(Client(), clerk).get(address("BS-2026-999999")).status_code == 404


def test_the_action_asks_for_the_right_in_the_department(number: str, applicant: Person) -> None:
    def asked(by: Person, amount: Money) -> None:
        demand(
            by=actor_of(by),
            debtor=applicant.pk,
            department=make_department("gruen").pk,
            kind=ClaimKind.FEE,
            purpose="Augenschein",
            amount=amount,
            due_on=today(),
            reference=number,
            key="clerk:1",
        )

    with pytest.raises(NotAllowed):
        asked(make_clerk("bauen", "payments.raise"), Money(1))
    with pytest.raises(NothingOwed):
        asked(make_clerk("gruen", "payments.raise"), Money(0))
    assert not Claim.objects.exists()
