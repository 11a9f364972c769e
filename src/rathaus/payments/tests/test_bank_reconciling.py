"""Money on the account ends at its claims, by the machine or by a person, and never twice."""

from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_city, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import SYSTEM
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.money import Money
from rathaus.payments.actions import (
    AlreadyCleared,
    MoreThanCame,
    NoAccountToPayTo,
    NobodyToCredit,
    NotClearable,
    PayTo,
    Wish,
    cancel_claim,
    clear_movement,
    clear_new_movements,
    mark_seen,
    open_payment,
    refuse_movement,
    start_payment,
    take_bank_file,
)
from rathaus.payments.actions import reconciling as module
from rathaus.payments.actions.booking import PeriodClosed
from rathaus.payments.incoming import Means, Part
from rathaus.payments.models import BankMovement, Credit, MovementState, Payment, Receipt, Refund
from rathaus.payments.personal_data import personal_data
from rathaus.payments.queries import find_open_claims, payment_of
from rathaus.payments.tests.bank import come, open_bank_account, reference_to
from rathaus.payments.tests.camt_files import PAYER_ACCOUNT, detail, document, entry
from rathaus.payments.tests.money import balances, owe, standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def account():
    return open_bank_account()


@pytest.fixture
def debtor():
    return make_citizen()


@pytest.fixture
def clerk():
    return actor_of(make_clerk(None, "payments.bank", "payments.read", "payments.give_back"))


def wrong(reference: str) -> str:
    return reference[:-1] + str((int(reference[-1]) + 1) % 10)


def outcome(row: BankMovement) -> str:
    return str(row.receipt.shares.get().outcome)


@pytest.mark.parametrize(
    ("place", "way"),
    [("structured", "structured"), ("end_to_end", "end_to_end"), ("text", "text")],
)
def test_a_reference_settles_its_claim(debtor, place, way):
    claim = owe(debtor)
    row = come("100.00", **{place: reference_to(claim).lower()})
    assert (row.state, row.way, row.doubt) == (MovementState.BOOKED, way, "")
    assert (row.payer_id, outcome(row)) == (debtor.pk, "settled")
    assert row.receipt.key == f"bank:{row.fingerprint}"
    assert standing(claim) == ("settled", 0)
    assert balances() == {"bank": 10_000, "income": -10_000}


def transfer_of(debtor, *claims) -> str:
    """The reference in the code of a transfer that the debtor has begun for these claims."""
    make_city()
    payer = actor_of(debtor)
    wish = Wish(frozenset(claims), Means.BANK)
    payment = start_payment(by=payer, key=str(uuid4()), wish=wish)
    open_payment(by=payer, payment=payment)
    return payment_of(payer, payment).reference


def test_the_reference_of_a_transfer_settles_all_its_claims_and_ends_it(debtor):
    claims = owe(debtor), owe(debtor, 2_500)
    reference = transfer_of(debtor, *claims)
    row = come("125.00", structured=reference)
    assert (row.state, row.way, row.payer_id) == (MovementState.BOOKED, "structured", debtor.pk)
    assert [standing(claim) for claim in claims] == [("settled", 0), ("settled", 0)]
    assert Payment.objects.get().state == "succeeded"


def test_a_transfer_of_too_little_pays_what_was_first_and_is_found_by_its_reference(debtor, clerk):
    first, second = owe(debtor), owe(debtor, 2_500)
    reference = transfer_of(debtor, first, second)
    come("110.00", text=reference)
    assert [standing(first), standing(second)] == [("settled", 0), ("open", 1_500)]
    found = find_open_claims(by=clerk, words=reference)
    assert [choice.claim for choice in found] == [second]


def test_one_mistake_and_the_right_amount_settle_it(debtor):
    claim = owe(debtor)
    row = come("100.00", text=f"Hund {wrong(reference_to(claim))}")
    assert (row.state, row.way) == (MovementState.BOOKED, "typo")
    assert standing(claim) == ("settled", 0)


def test_one_mistake_and_another_amount_are_for_a_person(debtor):
    claim = owe(debtor)
    row = come("99.00", text=wrong(reference_to(claim)))
    assert (row.state, row.way, row.doubt) == (MovementState.LEFT, "typo", "amount")
    assert row.proposals == [str(claim)]
    assert standing(claim) == ("open", 10_000)
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("amount", "expected", "state"),
    [("60.00", "partial", ("open", 4_000)), ("130.00", "over", ("settled", 0))],
)
def test_too_little_and_too_much_are_outcomes(debtor, amount, expected, state):
    claim = owe(debtor)
    row = come(amount, text=reference_to(claim))
    assert (row.state, outcome(row)) == (MovementState.BOOKED, expected)
    assert standing(claim) == state
    left = list(Credit.objects.values_list("owner_id", "left_cents"))
    assert left == ([(debtor.pk, 3_000)] if expected == "over" else [])


def test_paid_twice_and_paid_for_what_fell_away(debtor):
    claim, gone = owe(debtor), owe(debtor)
    come("100.00", text=reference_to(claim))
    cancel_claim(by=SYSTEM, claim=gone, why="Irrtum")
    assert outcome(come("100.00", text=reference_to(claim))) == "double"
    assert outcome(come("100.00", text=reference_to(gone))) == "late"
    assert Credit.objects.get(receipt__shares__claim=gone).left_cents == 10_000


def test_several_claims_in_one_payment(debtor):
    dog, ticket = owe(debtor, 5_000), owe(make_citizen(), 3_000)
    row = come("80.00", text=f"{reference_to(dog)} {reference_to(ticket)}")
    assert row.state == MovementState.BOOKED
    assert (standing(dog), standing(ticket)) == (("settled", 0), ("settled", 0))
    assert (row.payer_id, row.receipt.shares.count()) == (None, 2)


def test_several_claims_and_another_sum_are_proposed(debtor):
    dog, ticket = owe(debtor, 5_000), owe(debtor, 3_000)
    row = come("70.00", text=f"{reference_to(dog)} {reference_to(ticket)}")
    assert (row.state, row.doubt) == (MovementState.LEFT, "several")
    assert row.proposals == [str(dog), str(ticket)]


def test_what_the_account_paid_before_is_proposed(debtor):
    come("100.00", text=reference_to(owe(debtor)))
    fitting, _other = owe(debtor, 4_000), owe(debtor, 5_000)
    row = come("40.00", text="Hundeabgabe")
    assert (row.state, row.way, row.doubt) == ("left", "known_payer", "no_reference")
    assert row.proposals == [str(fitting)]


@pytest.mark.parametrize("refusal", [PeriodClosed(), IntegrityError("no")])
def test_what_cannot_be_booked_is_left_and_stops_nothing(debtor, monkeypatch, refusal):
    others, claim = [owe(debtor), owe(debtor)], owe(debtor)
    book = module.take_all

    def refusing(**values):
        received = book(**values)
        if any(part.claim == claim for one in values["arrivals"] for part in one.parts):
            raise refusal
        return received

    monkeypatch.setattr(module, "take_all", refusing)
    claims = [*others, claim, *(owe(debtor) for _ in range(5))]
    lines = [entry("100.00", detail(text=reference_to(one))) for one in claims]
    take_bank_file(by=SYSTEM, name="a.xml", content=document(*lines))
    assert clear_new_movements(by=SYSTEM) == 8
    states = BankMovement.objects.order_by("pk").values_list("state", "doubt")
    assert list(states) == [*[("booked", "")] * 2, ("left", "refused"), *[("booked", "")] * 5]
    assert balances() == {"bank": 70_000, "receivables": 10_000, "income": -80_000}
    places = Receipt.objects.order_by("place").values_list("place", flat=True)
    assert list(places) == [1, 2, 3, 4, 5, 6, 7]
    assert Entry.objects.filter(did="payments.received").count() == 7
    assert standing(claim) == ("open", 10_000)


def test_where_the_database_is_away_nothing_is_left_and_the_next_run_goes_on(debtor, monkeypatch):
    lines = [entry("100.00", detail(text=reference_to(owe(debtor)))) for _ in range(2)]
    take_bank_file(by=SYSTEM, name="a.xml", content=document(*lines))
    with monkeypatch.context() as away:
        away.setattr(module, "take_all", Mock(side_effect=OperationalError))
        with pytest.raises(OperationalError):
            clear_new_movements(by=SYSTEM)
    assert set(BankMovement.objects.values_list("state", flat=True)) == {"new"}
    assert clear_new_movements(by=SYSTEM) == 2
    assert Receipt.objects.count() == 2


def test_each_finds_its_claim_as_the_one_before_left_it(debtor):
    claim = owe(debtor)
    texts = [reference_to(claim), wrong(reference_to(claim)), reference_to(claim)]
    amounts = ["60.00", "40.00", "100.00"]
    lines = [entry(amount, detail(text=text)) for amount, text in zip(amounts, texts, strict=True)]
    take_bank_file(by=SYSTEM, name="a.xml", content=document(*lines))
    clear_new_movements(by=SYSTEM)
    rows = BankMovement.objects.order_by("pk")
    assert [(row.way, outcome(row)) for row in rows] == [
        ("text", "partial"),
        ("typo", "settled"),
        ("text", "double"),
    ]
    assert standing(claim) == ("settled", 0)


def test_many_need_no_more_steps_than_few(debtor, django_assert_max_num_queries):
    claims = [owe(debtor) for _ in range(30)]
    lines = [entry("100.00", detail(text=reference_to(claim))) for claim in claims]
    take_bank_file(by=SYSTEM, name="a.xml", content=document(*lines))
    with django_assert_max_num_queries(60):
        assert clear_new_movements(by=SYSTEM) == 30


def test_clearing_again_changes_nothing(debtor):
    come("100.00", text=reference_to(owe(debtor)))
    assert clear_new_movements(by=SYSTEM) == 0
    assert Receipt.objects.count() == 1


def test_a_person_divides_money(debtor, clerk):
    dog, ticket = owe(debtor, 5_000), owe(debtor, 3_000)
    row = come("90.00", text="Hund und Strafe")
    parts = [Part(dog, Money(5_000)), Part(ticket, Money(3_000))]
    number = clear_movement(by=clerk, movement=row.pk, parts=parts)
    row.refresh_from_db()
    assert (row.state, row.way, row.receipt.number) == ("booked", "person", number)
    assert Credit.objects.get().left_cents == 1_000
    deed = Entry.objects.get(did="payments.received")
    assert (deed.actor, deed.about) == (clerk.person, [debtor.pk])


def test_a_person_gives_all_of_it_as_a_credit(debtor, clerk):
    row = come("90.00", text="Danke")
    clear_movement(by=clerk, movement=row.pk, parts=[], credit_to=debtor.pk)
    assert Credit.objects.values_list("owner_id", "left_cents").get() == (debtor.pk, 9_000)


def test_what_does_not_work_changes_nothing(debtor, clerk):
    mine, theirs = owe(debtor, 5_000), owe(make_citizen(), 3_000)
    row = come("90.00", text="Danke")
    both = [Part(mine, Money(5_000)), Part(theirs, Money(3_000))]
    for parts, credit_to, error in (
        ([Part(mine, Money(9_001))], None, MoreThanCame),
        ([], None, NobodyToCredit),
        (both, None, NobodyToCredit),
        ([], uuid4(), NotFound),
        ([Part(uuid4(), Money(9_000))], None, NotFound),
    ):
        with pytest.raises(error):
            clear_movement(by=clerk, movement=row.pk, parts=parts, credit_to=credit_to)
    with pytest.raises(NotFound):
        clear_movement(by=clerk, movement=row.pk + 1, parts=both)
    row.refresh_from_db()
    assert row.state == MovementState.LEFT
    assert not Receipt.objects.exists()


def test_money_of_others_goes_back(clerk):
    row = come("90.00", text="für die Nachbarstadt")
    to = PayTo(iban=PAYER_ACCOUNT, name="Erika Zahlerin")
    refuse_movement(by=clerk, movement=row.pk, to=to, why="Nicht für uns")
    row.refresh_from_db()
    assert (row.state, row.why) == (MovementState.REFUSED, "Nicht für uns")
    refund = Refund.objects.get()
    assert (refund.cents, refund.iban, refund.receipt_id) == (9_000, to.iban, row.receipt_id)


def test_money_goes_back_to_a_real_account_only(clerk):
    row = come("90.00", text="für die Nachbarstadt")
    with pytest.raises(NoAccountToPayTo):
        refuse_movement(by=clerk, movement=row.pk, to=PayTo("AT00", "Erika"), why="Nicht für uns")
    row.refresh_from_db()
    assert (row.state, row.receipt_id, Receipt.objects.count()) == ("left", None, 0)


def test_what_is_no_receipt_is_noted(clerk):
    line = entry("5.00", sign="DBIT", code="CHRG")
    take_bank_file(by=SYSTEM, name="a.xml", content=document(line))
    row = BankMovement.objects.get()
    with pytest.raises(NotClearable):
        clear_movement(by=clerk, movement=row.pk, parts=[])
    mark_seen(by=clerk, movement=row.pk, why="Kontoführung")
    row.refresh_from_db()
    assert (row.state, row.why) == (MovementState.SEEN, "Kontoführung")
    with pytest.raises(AlreadyCleared):
        mark_seen(by=clerk, movement=row.pk, why="noch einmal")
    assert Entry.objects.filter(did="payments.bank_movement_seen").count() == 1


def test_a_receipt_cannot_be_noted_away(clerk):
    row = come("90.00", text="Danke")
    with pytest.raises(NotClearable):
        mark_seen(by=clerk, movement=row.pk, why="weg damit")
    row.refresh_from_db()
    assert row.state == MovementState.LEFT


def test_without_the_right_nothing_moves(debtor):
    claim = owe(debtor)
    row = come("100.00", text="Danke")
    reader = actor_of(make_clerk(None, "payments.read", "payments.receive", "payments.give_back"))
    to = PayTo(iban=PAYER_ACCOUNT, name="Erika Zahlerin")
    for act in (
        lambda: clear_movement(by=reader, movement=row.pk, parts=[Part(claim, Money(10_000))]),
        lambda: refuse_movement(by=reader, movement=row.pk, to=to, why="x"),
        lambda: mark_seen(by=reader, movement=row.pk, why="x"),
        lambda: clear_new_movements(by=reader),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert standing(claim) == ("open", 10_000)


@pytest.mark.django_db(transaction=True)
def test_of_clerks_at_once_one_clears_it(debtor):
    open_bank_account()
    claim = owe(debtor)
    row = come("100.00", text="Danke")
    clerks = [actor_of(make_clerk(None, "payments.bank")) for _number in range(4)]
    results: list[str] = []

    def clear(clerk):
        try:
            results.append(
                clear_movement(by=clerk, movement=row.pk, parts=[Part(claim, Money(10_000))])
            )
        except AlreadyCleared as refusal:
            results.append(str(refusal.status))

    all_at_once(*[lambda clerk=clerk: clear(clerk) for clerk in clerks])
    assert sorted(results)[:3] == ["409", "409", "409"]
    assert Receipt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_machines_clear_each_movement_once(debtor):
    open_bank_account()
    claims = [owe(debtor, 1_000) for _number in range(6)]
    lines = [entry("10.00", detail(text=reference_to(claim))) for claim in claims]
    take_bank_file(by=SYSTEM, name="a.xml", content=document(*lines))
    all_at_once(*[lambda: clear_new_movements(by=SYSTEM) for _number in range(3)])
    assert Receipt.objects.count() == 6
    assert not BankMovement.objects.exclude(state=MovementState.BOOKED).exists()


def test_the_person_gets_a_copy_of_what_the_bank_told(debtor):
    come("100.00", text=reference_to(owe(debtor)))
    [section] = [one for one in personal_data(debtor.pk) if str(one.title) == "Überweisungen"]
    [row] = section.rows
    assert (row["Name"], row["IBAN"]) == ("Erika Zahlerin", PAYER_ACCOUNT)
