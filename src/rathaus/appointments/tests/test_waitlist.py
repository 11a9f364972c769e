"""Freed times go to whoever waits, in order; refusals change nothing."""

from datetime import timedelta

import pytest
import time_machine
from tests.tables import tables

from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.errors import (
    ContactMissing,
    LinkUsed,
    NotPossibleNow,
    SlotTaken,
)
from rathaus.appointments.models import (
    Booking,
    Counter,
    Location,
    Offer,
    Proposal,
    WaitlistEntry,
    WaitlistPlace,
)
from rathaus.appointments.queries import Wish
from rathaus.appointments.tests.conftest import at, want
from rathaus.appointments.tests.waiting import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    asked,
    booked,
    expire_now,
    join,
    mailed_token,
    states,
    waits,
)
from rathaus.appointments.waitlist_errors import (
    AlreadyWaiting,
    NothingToWaitFor,
    ProposalOver,
)
from rathaus.audit.models import Entry
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor
from rathaus.core.errors import Invalid, NotAllowed, NotFound
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_counter(offer: Offer, location: Location) -> None:
    Counter.objects.filter(number=2).update(active=False)


def test_a_cancelled_time_is_held_for_the_first_and_their_appointment_moves(
    people: list[Actor],
) -> None:
    early, late = booked(people[0], day=TUESDAY), booked(people[1])
    entry = join(people[1], late)
    OutgoingMail.objects.all().delete()

    actions.cancel(by=people[0], booking=early.pk)

    [proposal] = Proposal.objects.all()
    assert (proposal.entry_id, proposal.begins_at) == (entry, at(TUESDAY, "08:00"))
    assert proposal.until == at(MONDAY, "08:00")  # an hour, being a day ahead
    held = Booking.objects.get(state="held")
    assert (held.hold_until, held.person_id) == (at(MONDAY, "08:05"), None)
    with pytest.raises(SlotTaken):
        actions.hold(by=people[2], wanted=want(), begins_at=at(TUESDAY, "08:00"))
    mails = {mail.recipient: mail for mail in OutgoingMail.objects.all()}
    assert len(mails) == 2
    [offered] = [mail for mail in mails.values() if "früherer" in mail.subject]
    assert offered.subject == (
        "Ein früherer Termin ist frei: 15.09.2026 – bitte bis 08:00 Uhr antworten"
    )
    assert "Ihren Termin am 18.09.2026" in offered.text

    assert actions.accept_proposal(by=people[1], entry=entry) == late.pk

    late.refresh_from_db()
    assert (late.begins_at, late.state, late.revision) == (at(TUESDAY, "08:00"), "booked", 3)
    assert late.frees_at - late.begins_at == timedelta(minutes=35)
    assert list(Booking.objects.exclude(pk=late.pk)) == [early]
    proposal.refresh_from_db()
    assert (proposal.answer, proposal.booking_id) == ("taken", late.pk)
    assert states() == ["taken"]
    assert not WaitlistPlace.objects.exists()


def test_every_step_is_in_the_trail(people: list[Actor]) -> None:
    early, late = booked(people[0], day=TUESDAY), booked(people[1])
    entry = join(people[1], late)
    actions.cancel(by=people[0], booking=early.pk)
    actions.accept_proposal(by=people[1], entry=entry)

    told = Entry.objects.filter(about__contains=[people[1].person]).order_by("seq")
    assert list(told.values_list("did", flat=True)) == [
        "appointments.confirmed",
        "appointments.waitlist_joined",
        "appointments.waitlist_offered",
        "appointments.waitlist_taken",
        "appointments.moved",
    ]


def test_the_old_time_is_offered_in_turn(people: list[Actor]) -> None:
    first = booked(people[0], day=TUESDAY)
    second, third = booked(people[1], day="2026-09-16"), booked(people[2])
    entries = [join(people[1], second), join(people[2], third)]
    actions.cancel(by=people[0], booking=first.pk)
    assert asked() == entries[:1]

    actions.accept_proposal(by=people[1], entry=entries[0])

    assert asked() == entries[1:]
    assert Proposal.objects.get(answer="open").begins_at == at("2026-09-16", "08:00")


def test_who_has_none_gets_a_new_appointment(people: list[Actor]) -> None:
    row = booked(people[0])
    entry = join(people[1])
    actions.cancel(by=people[0], booking=row.pk)
    held = Booking.objects.get(state="held")

    assert actions.accept_proposal(by=people[1], entry=entry) == held.pk

    held.refresh_from_db()
    assert (held.state, held.person_id, held.begins_at) == (
        "booked",
        people[1].person,
        row.begins_at,
    )


def test_a_guest_proves_the_mailbox_before_they_wait(people: list[Actor]) -> None:
    row = booked(people[0])
    whom = Whom(name="Ida Gast", email="ida@example.org")
    entry = actions.join_waitlist(by=ANONYMOUS, waits=waits(), whom=whom)
    actions.cancel(by=people[0], booking=row.pk)
    assert asked() == []

    token = mailed_token("bestaetigen")
    actions.confirm_waiting_by_link(token=token)
    with pytest.raises(LinkUsed):
        actions.confirm_waiting_by_link(token=token)
    row = booked(people[0])
    actions.cancel(by=people[0], booking=row.pk)
    assert asked() == [entry]

    taking = mailed_token("nehmen")
    booking = actions.accept_proposal_by_link(token=taking)
    before = tables()
    with pytest.raises(ProposalOver):
        actions.accept_proposal_by_link(token=taking)
    assert tables() == before
    found = Booking.objects.get(pk=booking)
    assert (found.guest_email, found.guest_name, found.state) == (
        "ida@example.org",
        "Ida Gast",
        "booked",
    )


def test_declined_goes_to_the_next_and_the_first_waits_on(people: list[Actor]) -> None:
    row = booked(people[0])
    entries = [join(people[1]), join(people[2])]
    actions.cancel(by=people[0], booking=row.pk)
    assert asked() == entries[:1]

    actions.decline_proposal(by=people[1], entry=entries[0])

    assert asked() == entries[1:]
    assert states() == ["waiting", "offered"]
    actions.decline_proposal(by=people[2], entry=entries[1])
    assert asked() == [], "nobody is asked twice about the same time"
    held = actions.hold(by=people[3], wanted=want(), begins_at=row.begins_at)
    assert Booking.objects.get(pk=held.booking).state == "held"


def test_the_third_no_ends_it(people: list[Actor]) -> None:
    entry = join(people[1])
    for clock in ("08:00", "09:00", "10:00"):
        row = booked(people[0], clock)
        actions.cancel(by=people[0], booking=row.pk)
        actions.decline_proposal(by=people[1], entry=entry)
    assert states() == ["declined"]
    assert not WaitlistPlace.objects.exists()
    assert WaitlistEntry.objects.get().declined == 3


def test_no_answer_goes_on_to_the_next_before_the_public(people: list[Actor]) -> None:
    row = booked(people[0])
    entries = [join(people[1]), join(people[2])]
    actions.cancel(by=people[0], booking=row.pk)
    assert expire_now() == 0

    with time_machine.travel(at(MONDAY, "08:00"), tick=False):
        before = tables()
        with pytest.raises(ProposalOver):
            actions.accept_proposal(by=people[1], entry=entries[0])
        assert tables() == before
        with pytest.raises(SlotTaken):
            actions.hold(by=people[3], wanted=want(), begins_at=row.begins_at)
        OutgoingMail.objects.all().delete()

        assert expire_now() == 1

        assert expire_now() == 0
        assert asked() == entries[1:]
        subjects = {mail.subject.partition(":")[0] for mail in OutgoingMail.objects.all()}
        assert subjects == {
            "Ein früherer Termin ist frei",
            "Der frühere Termin am 18.09.2026 ist vergeben",
        }
        with pytest.raises(SlotTaken):
            actions.hold(by=people[3], wanted=want(), begins_at=row.begins_at)
    with time_machine.travel(at(MONDAY, "09:00"), tick=False):
        assert expire_now() == 1
        assert states() == ["waiting", "waiting"]
        actions.hold(by=people[3], wanted=want(), begins_at=row.begins_at)


def test_two_silences_end_it(people: list[Actor]) -> None:
    join(people[1])
    for clock, hour in (("08:00", "08:00"), ("09:00", "09:30")):
        row = booked(people[0], clock)
        actions.cancel(by=people[0], booking=row.pk)
        with time_machine.travel(at(MONDAY, hour), tick=False):
            assert expire_now() == 1
    assert states() == ["expired"]
    assert "tragen Sie sich bitte neu ein" in OutgoingMail.objects.latest("created_at").text


def test_while_no_worker_was_there_the_sweep_gives_it_on(people: list[Actor]) -> None:
    row = booked(people[0])
    entries = [join(people[1]), join(people[2])]
    actions.cancel(by=people[0], booking=row.pk)
    with time_machine.travel(at(MONDAY, "08:05"), tick=False):
        assert actions.sweep_holds(by=SYSTEM) == 1
        assert asked() == entries
        assert expire_now() == 1
        assert asked() == entries[1:]


def test_a_long_time_serves_several(people: list[Actor]) -> None:
    held = actions.hold(by=people[0], wanted=want(persons=4), begins_at=at(FRIDAY, "08:00"))
    actions.confirm(by=people[0], booking=held.booking)  # 65 minutes
    booked(people[5], "09:05")
    Offer.objects.create(slug="kurz", title={"de": "Kurz"}, minutes=30, lead_minutes=0)
    entries = [join(people[1]), join(people[2], persons=2)]
    short = actions.Waits((Wish("kurz"),), ("rathaus",), waits().suits)
    entries.append(actions.join_waitlist(by=people[3], waits=short))

    actions.cancel(by=people[0], booking=held.booking)

    times = Proposal.objects.order_by("begins_at").values_list("entry", "begins_at", "ends_at")
    assert list(times) == [
        (entries[0], at(FRIDAY, "08:00"), at(FRIDAY, "08:30")),
        (entries[2], at(FRIDAY, "08:35"), at(FRIDAY, "09:05")),
    ]


def test_whoever_cancels_waits_no_longer_and_their_proposal_goes_on(people: list[Actor]) -> None:
    row, own = booked(people[0], day=TUESDAY), booked(people[1])
    join(people[1], own)
    following = join(people[2])
    actions.cancel(by=people[0], booking=row.pk)
    held = Booking.objects.get(state="held")

    actions.cancel(by=people[1], booking=own.pk)
    assert expire_now() == 1

    held.refresh_from_db()
    assert held.state == "expired"
    assert states() == ["withdrawn", "offered"]
    times = Proposal.objects.filter(entry=following).values_list("begins_at", flat=True)
    assert list(times) == [at(FRIDAY, "08:00")], "the first that became free"


def test_leaving_gives_on_what_was_kept(people: list[Actor]) -> None:
    row = booked(people[0])
    entries = [join(people[1]), join(people[2])]
    actions.cancel(by=people[0], booking=row.pk)

    actions.leave_waitlist(by=people[1], entry=entries[0])
    actions.leave_waitlist(by=people[1], entry=entries[0])

    assert asked() == entries[1:]
    assert states() == ["withdrawn", "offered"]
    again = join(people[1])
    assert WaitlistEntry.objects.get(pk=again).state == "waiting"


def test_entries_end_with_their_wish(people: list[Actor]) -> None:
    own = booked(people[0], day=TUESDAY)
    join(people[0], own)
    join(people[1], latest=at(TUESDAY, "08:00").date())
    assert actions.close_outdated_entries(by=SYSTEM) == 0
    with time_machine.travel(at("2026-09-16", "00:00"), tick=False):
        assert actions.close_outdated_entries(by=SYSTEM) == 2
    assert states() == ["expired", "expired"]


def test_refusals_change_nothing(people: list[Actor], clerk: Actor) -> None:
    own, entry = booked(people[0]), join(people[1])
    held = actions.hold(by=people[2], wanted=want(), begins_at=at(FRIDAY, "11:00"))
    yesterday = at("2026-09-13", "08:00").date()
    before = tables()
    for refusal, wrong in (
        (NotAllowed, lambda: join(clerk)),
        (AlreadyWaiting, lambda: join(people[1])),
        (NotFound, lambda: join(people[1], own)),
        (NotPossibleNow, lambda: join(people[2], Booking.objects.get(pk=held.booking))),
        (NothingToWaitFor, lambda: join(people[0], latest=yesterday)),
        (NothingToWaitFor, lambda: join(people[0], parts=frozenset())),
        (NothingToWaitFor, lambda: join(people[0], weekdays=frozenset())),
        (Invalid, lambda: join(people[0], locations=("nirgends",))),
        (Invalid, lambda: join(people[0], locations=())),
        (Invalid, lambda: join(people[0], persons=9)),
        (ContactMissing, lambda: join(ANONYMOUS)),
        (ProposalOver, lambda: actions.accept_proposal(by=people[1], entry=entry)),
        (ProposalOver, lambda: actions.decline_proposal(by=people[1], entry=entry)),
        (NotFound, lambda: actions.accept_proposal(by=people[0], entry=entry)),
        (NotFound, lambda: actions.decline_proposal(by=clerk, entry=entry)),
        (NotFound, lambda: actions.leave_waitlist(by=people[0], entry=entry)),
        (LinkUsed, lambda: actions.accept_proposal_by_link(token="x" * 43)),
        (NotAllowed, lambda: actions.expire_proposals(by=people[0])),
        (NotAllowed, lambda: actions.close_outdated_entries(by=clerk)),
    ):
        with pytest.raises(refusal) as refused:
            wrong()
        assert type(refused.value) is refusal
        assert tables() == before, refusal
