"""Claims: raised once, cancelled once, seen by those whom they concern."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core import events
from rathaus.core.actor import ANONYMOUS, SYSTEM
from rathaus.core.clock import now
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.money import Money
from rathaus.core.transaction import unit_of_work
from rathaus.payments.actions import (
    AlreadySettled,
    AnotherAmount,
    NothingOwed,
    Owed,
    cancel_claim,
    charge,
    fall_due,
    raise_claim,
)
from rathaus.payments.events import ClaimCancelled, ClaimOverpaid, ClaimRaised
from rathaus.payments.models import Claim, State
from rathaus.payments.personal_data import personal_data
from rathaus.payments.queries import ClaimRow, claims_about, claims_of

pytestmark = pytest.mark.django_db

FEE = {"de": "Hundeabgabe 2026", "en": "Dog tax 2026"}
CASE = "BUE-2026-000123"


@pytest.fixture
def debtor():
    return make_citizen()


@pytest.fixture
def cashier():
    return actor_of(make_clerk(None, "payments.read", "payments.raise", "payments.cancel"))


@pytest.fixture
def heard(monkeypatch):
    told: list[object] = []
    monkeypatch.setattr(events, "_listeners", events.defaultdict(list))
    for event in (ClaimRaised, ClaimCancelled, ClaimOverpaid):
        events.connect(event, told.append)
    return told


def owe(debtor, by=SYSTEM, **changes):
    values = {
        "by": by,
        "debtor": debtor.pk,
        "amount": Money.of("47.30"),
        "purpose": FEE,
        "reference": CASE,
        "due_on": date(2026, 12, 22),
    }
    return raise_claim(**{**values, **changes})


def deeds() -> list[str]:
    return list(Entry.objects.order_by("seq").values_list("did", flat=True))


def test_a_fee_becomes_one_claim_however_often_it_is_raised(debtor, heard):
    first = owe(debtor)
    second = owe(debtor, purpose={"de": "anders gesagt"}, due_on=date(2027, 1, 1))

    assert first == second
    claim = Claim.objects.get()
    assert (claim.amount, claim.purpose, claim.due_on) == (
        Money(4730),
        FEE,
        date(2026, 12, 22),
    )
    assert claim.state is State.OPEN
    assert heard == [ClaimRaised(claim=first, reference=CASE, key="fee", amount=Money(4730))]
    entry = Entry.objects.get()
    assert (entry.did, entry.case, entry.about) == ("payments.claim_raised", CASE, [debtor.pk])


def test_another_purpose_is_another_claim(debtor):
    assert owe(debtor) != owe(debtor, key="deposit")
    assert owe(debtor) != owe(debtor, reference="BUE-2026-000124")
    assert Claim.objects.count() == 3


def test_what_is_owed_already_does_not_change_silently(debtor):
    owe(debtor)

    with pytest.raises(AnotherAmount):
        owe(debtor, amount=Money.of("50"))
    with pytest.raises(AnotherAmount):
        owe(make_citizen())
    assert Claim.objects.get().amount == Money(4730)
    assert deeds() == ["payments.claim_raised"]


@pytest.mark.parametrize("amount", [Money(0), Money(-1)])
def test_nothing_cannot_be_owed(debtor, amount):
    with pytest.raises(NothingOwed):
        owe(debtor, amount=amount)
    assert not Claim.objects.exists()


def test_people_take_debts_upon_themselves_but_not_upon_others(debtor, cashier):
    owe(debtor, by=actor_of(debtor))
    owe(debtor, by=cashier, key="by-staff")

    strangers = [actor_of(make_citizen()), actor_of(make_clerk()), ANONYMOUS]
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            owe(debtor, by=stranger, key="foreign")
    assert sorted(Claim.objects.values_list("key", flat=True)) == ["by-staff", "fee"]


def test_an_open_claim_is_cancelled_once(debtor, cashier, heard):
    claim = owe(debtor)
    cancel_claim(by=cashier, claim=claim, why="doppelt vorgeschrieben")
    cancelled_at = Claim.objects.get().cancelled_at
    cancel_claim(by=cashier, claim=claim, why="noch einmal")

    row = Claim.objects.get()
    assert (row.state, row.cancelled_at) == (State.CANCELLED, cancelled_at)
    assert heard[1:] == [ClaimCancelled(claim=claim, reference=CASE, key="fee")]
    assert deeds().count("payments.claim_cancelled") == 1
    entry = Entry.objects.get(did="payments.claim_cancelled")
    assert (entry.why, entry.about) == ("doppelt vorgeschrieben", [debtor.pk])


def test_what_was_cancelled_can_be_owed_again_over_another_amount(debtor, cashier):
    first = owe(debtor)
    cancel_claim(by=cashier, claim=first, why="falscher Betrag")

    second = owe(debtor, amount=Money.of("50"))

    assert second != first
    assert [claim.amount for claim in Claim.objects.filter(cancelled_at=None)] == [Money(5000)]


def charged(debtor, *, by=SYSTEM, **owed):
    charge(
        by=by,
        debtor=debtor.pk,
        reference=CASE,
        owed=[Owed(key, FEE, Money(cents), date(2026, 12, 22)) for key, cents in owed.items()],
        why="Angaben geändert",
        among=set(Claim.objects.values_list("key", flat=True)) - {"kaution"},
    )
    standing = Claim.objects.filter(cancelled_at=None)
    return {claim.key: (claim.cents, claim.state.value) for claim in standing}


def test_what_somebody_else_raised_in_the_matter_is_not_touched(debtor):
    raise_claim(
        by=SYSTEM,
        debtor=debtor.pk,
        amount=Money(50_000),
        purpose={"de": "Kaution"},
        reference=CASE,
        due_on=date(2026, 12, 22),
        key="kaution",
    )

    assert charged(debtor, fee=4_000) == {"kaution": (50_000, "open"), "fee": (4_000, "open")}
    assert charged(debtor) == {"kaution": (50_000, "open")}


def test_charging_changes_only_what_is_different(debtor, heard):
    assert charged(debtor, tax=4000, tag=450) == {"tax": (4000, "open"), "tag": (450, "open")}
    tag = Claim.objects.get(key="tag").pk
    told = len(heard)

    assert charged(debtor, tax=2000, tag=450) == {"tax": (2000, "open"), "tag": (450, "open")}
    assert Claim.objects.get(key="tag", cancelled_at=None).pk == tag
    assert len(heard) - told == 2  # one cancelled, one raised
    assert charged(debtor, tag=450) == {"tag": (450, "open")}
    assert charged(debtor) == {}
    assert [entry.why for entry in Entry.objects.filter(did="payments.claim_cancelled")] == [
        "Angaben geändert"
    ] * 3


def test_charging_counts_what_is_paid(debtor, heard):
    charged(debtor, tax=4000)
    Claim.objects.update(settled_at=now())

    assert charged(debtor, tax=4000) == {"tax": (4000, "settled")}
    assert charged(debtor, tax=18000) == {"tax": (4000, "settled"), "tax:2": (14000, "open")}
    assert charged(debtor, tax=18000) == {"tax": (4000, "settled"), "tax:2": (14000, "open")}
    assert charged(debtor, tax=3000) == {"tax": (4000, "settled")}
    assert charged(debtor) == {"tax": (4000, "settled")}
    overpaid = [event for event in heard if isinstance(event, ClaimOverpaid)]
    assert overpaid == [
        ClaimOverpaid(CASE, "tax", debtor.pk, Money(1000)),
        ClaimOverpaid(CASE, "tax", debtor.pk, Money(4000)),
    ]


def test_people_cannot_charge_themselves_less(debtor):
    charged(debtor, tax=4000)

    with pytest.raises(NotAllowed):
        charged(debtor, by=actor_of(debtor), tax=2000)

    assert [claim.amount for claim in Claim.objects.filter(cancelled_at=None)] == [Money(4000)]


def test_a_claim_stays_where_cancelling_is_refused(debtor, cashier):
    claim = owe(debtor)
    for stranger in (actor_of(debtor), actor_of(make_clerk(None, "payments.read")), ANONYMOUS):
        with pytest.raises(NotAllowed):
            cancel_claim(by=stranger, claim=claim, why="einfach so")
    with pytest.raises(NotFound):
        cancel_claim(by=cashier, claim=uuid4(), why="gibt es nicht")
    Claim.objects.update(settled_at=now())
    with pytest.raises(AlreadySettled):
        cancel_claim(by=cashier, claim=claim, why="zu spät")

    assert Claim.objects.get().cancelled_at is None
    assert "payments.claim_cancelled" not in deeds()


def test_a_failed_action_around_it_leaves_no_claim(debtor):
    def fail() -> None:
        with unit_of_work():
            owe(debtor)
            raise NotFound

    with pytest.raises(NotFound):
        fail()
    assert not Claim.objects.exists()
    assert deeds() == []


@pytest.mark.parametrize(
    "change",
    [{"cents": 0}, {"settled_at": "2026-01-01T00:00Z", "cancelled_at": "2026-01-01T00:00Z"}],
)
def test_the_database_itself_refuses_nonsense(debtor, change):
    owe(debtor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.update(**change)


def test_what_waits_for_a_decision_falls_due_once(debtor):
    waiting = owe(debtor, key="abgabe", due_on=None)
    dated = owe(debtor, key="eingabe")
    cancelled = owe(debtor, key="marke", due_on=None)
    cancel_claim(by=SYSTEM, claim=cancelled, why="x")
    days = {key: date(2027, 1, 11) for key in ("abgabe", "eingabe", "marke", "anderes")}

    fall_due(by=SYSTEM, reference=CASE, due_on=days)
    fall_due(by=SYSTEM, reference=CASE, due_on={"abgabe": date(2027, 2, 1)})

    due = dict(Claim.objects.values_list("pk", "due_on"))
    assert due == {waiting: date(2027, 1, 11), dated: date(2026, 12, 22), cancelled: None}
    assert deeds().count("payments.claim_fell_due") == 1


def test_nobody_without_the_right_makes_a_claim_fall_due(debtor):
    owe(debtor, due_on=None)

    reader = actor_of(make_clerk(None, "payments.read", "payments.cancel"))
    for stranger in (actor_of(debtor), reader, ANONYMOUS):
        with pytest.raises(NotAllowed):
            fall_due(by=stranger, reference=CASE, due_on={"fee": date(2027, 1, 11)})

    assert Claim.objects.get().due_on is None


def test_everybody_sees_their_own(debtor, cashier, django_assert_num_queries):
    claim = owe(debtor)
    owe(make_citizen(), reference="BUE-2026-000999")
    row = ClaimRow(
        claim=claim,
        reference=CASE,
        key="fee",
        purpose=FEE,
        amount=Money(4730),
        due_on=date(2026, 12, 22),
        state=State.OPEN,
        year=2026,
    )

    me = actor_of(debtor)
    with django_assert_num_queries(1):
        assert claims_about(CASE, by=me) == [row]
    with django_assert_num_queries(1):
        assert claims_of(me) == [row]
    assert claims_about("BUE-2026-000999", by=me) == []
    assert claims_about(CASE, by=cashier) == [row]
    assert claims_of(cashier) == []
    for stranger in (actor_of(make_citizen()), actor_of(make_clerk()), ANONYMOUS):
        assert claims_about(CASE, by=stranger) == []
        assert claims_of(stranger) == []


def test_a_person_gets_all_claims_in_the_export(debtor):
    owe(debtor)
    [section] = personal_data(debtor.pk)

    assert section.title == "Forderungen"
    assert section.rows == [
        {
            "Bezug": CASE,
            "Art": "Gebühr",
            "Zweck": "Hundeabgabe 2026",
            "Betrag": "€ 47,30",
            "Fällig am": "22.12.2026",
            "Stand": "offen",
        }
    ]
    assert list(personal_data(make_citizen().pk)) == []


@pytest.mark.django_db(transaction=True)
def test_four_requests_at_once_make_one_claim():
    debtor = make_citizen()

    found = all_at_once(*[lambda: owe(debtor)] * 4)

    assert len(set(found)) == 1
    assert deeds() == ["payments.claim_raised"]
