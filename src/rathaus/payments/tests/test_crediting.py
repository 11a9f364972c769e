"""Credits set off, references given out, matters taken over, and the nightly jobs."""

from datetime import date
from uuid import uuid4

import pytest
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_clerk, make_guest

from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.queries import actor_of
from rathaus.core.actor import SYSTEM
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.localized import localize_amount
from rathaus.core.money import Money
from rathaus.payments.actions import MoreThanIsLeft, reference_for, take_over_claims
from rathaus.payments.actions.crediting import NotSoMuchOwed, SomebodyElses, set_off
from rathaus.payments.facts import case_facts
from rathaus.payments.jobs import dun, keep_balances
from rathaus.payments.models import Checkpoint, Claim, Credit, PaymentReference, Receipt, Reminder
from rathaus.payments.personal_data import personal_data
from rathaus.payments.queries import named_by, references_of_claims
from rathaus.payments.references import is_reference, printed_reference
from rathaus.payments.tests.money import balances, owe, pay, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def debtor():
    return make_citizen()


@pytest.fixture
def credit(debtor):
    pay(6_000, payer=debtor.pk)
    return Credit.objects.get().pk


def used(credit, claim, cents, by=SYSTEM, key="k"):
    return set_off(by=by, credit=credit, claim=claim, amount=Money(cents), key=key)


def test_a_credit_pays_for_a_claim_once(debtor, credit):
    claim = owe(debtor)

    first = used(credit, claim, 4_000)
    assert used(credit, claim, 4_000) == first

    assert standing(claim) == ("open", 6_000)
    assert Credit.objects.get().left_cents == 2_000
    assert balances() == {
        "bank": 6_000,
        "receivables": 6_000,
        "income": -10_000,
        "credit": -2_000,
    }
    assert Receipt.objects.get(pk=first.receipt).source_id == credit


def test_money_of_nobody_known_pays_for_anybody(debtor):
    pay(3_000)
    claim = owe(debtor, 3_000)

    used(Credit.objects.get().pk, claim, 3_000)

    assert standing(claim) == ("settled", 0)
    assert balances() == {"bank": 3_000, "income": -3_000}


def test_refusals_change_nothing(debtor, credit):
    claim, foreign = owe(debtor, 5_000), owe(make_citizen(), 5_000)
    before = balances()

    for refusal, arguments in [
        (SomebodyElses, (credit, foreign, 100)),
        (NotSoMuchOwed, (credit, claim, 5_001)),
        (NotFound, (uuid4(), claim, 100)),
        (NotFound, (credit, uuid4(), 100)),
    ]:
        with pytest.raises(refusal):
            used(*arguments)
    with pytest.raises(MoreThanIsLeft):
        used(credit, owe(debtor, 9_000, due_on=None), 6_001)
    with pytest.raises(NotAllowed):
        used(credit, claim, 100, by=actor_of(make_clerk(None, "payments.receive")))

    assert balances() == before
    assert Credit.objects.get().left_cents == 6_000


@pytest.mark.django_db(transaction=True)
def test_a_credit_is_never_used_twice_at_once():
    debtor = make_citizen()
    pay(6_000, payer=debtor.pk)
    credit = Credit.objects.get().pk
    claims = [owe(debtor, 4_000) for _ in range(4)]

    answers = all_at_once(
        *[lambda claim=claim: used(credit, claim, 4_000, key=str(claim)) for claim in claims],
        refusals=(MoreThanIsLeft,),
    )

    assert answers.count(MoreThanIsLeft) == 3
    assert Credit.objects.get().left_cents == 2_000


def test_every_claim_has_a_reference_that_names_it(debtor):
    claim, other = owe(debtor), owe(debtor)

    references = references_of_claims([claim, other])

    assert len(set(references.values())) == 2
    assert all(is_reference(reference) for reference in references.values())
    typed = printed_reference(references[claim]).lower()
    assert named_by(typed).claim == claim
    assert named_by("RF18 5390 0754 7034") is None
    assert reference_for(claim=claim) == references[claim]


def test_a_payment_has_a_reference_of_its_own(debtor):
    payment = uuid4()

    reference = reference_for(payment=payment)

    assert (named_by(reference).payment, named_by(reference).claim) == (payment, None)
    for nonsense in ({}, {"claim": uuid4(), "payment": uuid4()}):
        with pytest.raises(ValueError, match="either a claim or a payment"):
            reference_for(**nonsense)
    assert PaymentReference.objects.count() == 1


def test_what_a_guest_paid_goes_with_their_matter():
    guest, citizen = make_guest(), make_citizen()
    claim = owe(guest)
    pay(12_000, (claim, 12_000), payer=guest.pk)
    reference = Claim.objects.get().reference

    take_over_claims(MattersTakenOver(guest=guest.pk, citizen=citizen.pk, references=(reference,)))

    assert Receipt.objects.get().payer == citizen
    assert Credit.objects.get().owner == citizen
    titles = [section.title for section in personal_data(citizen.pk)]
    assert titles == ["Forderungen", "Zahlungen", "Guthaben"]
    assert list(personal_data(guest.pk)) == []


def test_a_case_says_what_is_left_to_pay(debtor):
    claim = owe(debtor, reference="HU-2026-000001")
    pay(4_000, (claim, 4_000))

    fee, total = case_facts(actor_of(debtor), "HU-2026-000001")

    assert fee.note == f"offen sind noch {localize_amount(Money(6_000))}"
    assert total.value == localize_amount(Money(6_000))


def test_the_nightly_jobs_dun_and_keep_balances(debtor):
    owe(debtor, due_on=date(2026, 1, 2))

    dun(0)
    dun(0)
    keep_balances(0)

    assert Reminder.objects.count() == 1
    assert Checkpoint.objects.count() == 1
