"""An appointment as a step of a case: offered where the service has one, booked with its number."""

import re
from html import unescape
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from tests.factories import make_citizen, make_clerk, make_guest, sign_in

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.identity import identity_of
from rathaus.appointments.models import Booking, Offer
from rathaus.appointments.tests.conftest import at, want
from rathaus.cases.actions import install_procedures, open_case, withdraw
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import VIENNA, now
from rathaus.core.domain import NextStep, case_facts, next_steps
from rathaus.core.models import OutgoingMail
from rathaus.core.money import Money
from rathaus.payments.actions import Wish as PaymentWish
from rathaus.payments.actions import open_payment, raise_claim, receive, start_payment
from rathaus.payments.incoming import Incoming, Means, Part
from rathaus.payments.tests.bank import open_bank_account

pytestmark = pytest.mark.django_db
NINE = at("2026-09-14", "09:00")
PROCEDURE = """
procedure: reisepass
name: {de: Reisepass}
department: buergerservice
number_prefix: RP
templates: []
"""


@pytest.fixture
def case(offer: Offer, applicant: Actor) -> tuple[object, str]:
    """A passport that somebody applied for; its office gives appointments for it."""
    Offer.objects.filter(pk=offer.pk).update(service_slug="reisepass")
    install_procedures(by=SYSTEM, text=PROCEDURE)
    assert applicant.person is not None
    opened = open_case(
        by=applicant,
        procedure="reisepass",
        title="Reisepass",
        applicant=applicant.person,
        sections=[],
        submitted_at=now(),
        origin="services",
    )
    return opened.id, opened.number


def steps_of(applicant: Actor, number: str) -> list[NextStep]:
    return [step for step in next_steps(applicant, number) if "Termin" in str(step.label)]


def test_the_step_leads_to_the_offer_and_is_done_once_it_is_booked(
    case: tuple[object, str], applicant: Actor, clerk: Actor
) -> None:
    _id, number = case
    assert steps_of(applicant, number) == [
        NextStep(
            label="Termin buchen: Reisepass",
            note="Dauert 30 Minuten.",
            action="Termin wählen",
            address=f"/termine/?angebot=ausweis&anliegen={number}",
            order=20,
        )
    ]

    held = actions.hold(by=applicant, wanted=want(), begins_at=NINE, case_number=number)
    assert not steps_of(applicant, number)[0].done, "nothing is settled yet"
    actions.confirm(by=applicant, booking=held.booking)

    assert steps_of(applicant, number) == [
        NextStep(
            label="Termin: Reisepass",
            note="14.09.2026, 09:00 Uhr",
            action="Ansehen",
            address=f"/termine/{held.booking}/",
            done=True,
            order=20,
        )
    ]
    [fact] = [fact for fact in case_facts(clerk, number) if fact.label == "Termin"]
    counter = Booking.objects.get(pk=held.booking).counter.name
    assert (fact.value, fact.note) == ("14.09.2026, 09:00 Uhr", f"Rathaus, {counter}: gebucht")
    assert fact.address == ""


def test_nobody_else_and_no_closed_case_has_the_step(
    case: tuple[object, str], applicant: Actor
) -> None:
    case_id, number = case
    assert steps_of(actor_of(make_citizen()), number) == []
    withdraw(by=applicant, case=case_id)  # type: ignore[arg-type]
    assert steps_of(applicant, number) == []


def test_the_case_goes_along_from_the_step_to_the_booking(
    case: tuple[object, str], citizen: Person, client: Client
) -> None:
    _id, number = case
    sign_in(client, citizen)
    chosen = client.get(f"/termine/?angebot=ausweis&anliegen={number}", follow=True)
    times = f"/termine/zeit/?wunsch=ausweis%3A1&ort=rathaus&anliegen={number}"
    assert chosen.redirect_chain[-1][0] == times
    assert f"anliegen={number}&amp;beginn=" in chosen.content.decode()

    client.post(times.replace("zeit", "daten") + "&beginn=2026-09-14T07:00Z")
    assert Booking.objects.get().case_number == number


def test_the_case_of_somebody_else_does_not(case: tuple[object, str], client: Client) -> None:
    _id, number = case
    sign_in(client, make_citizen())
    client.post(
        f"/termine/daten/?wunsch=ausweis:1&ort=rathaus&anliegen={number}&beginn=2026-09-14T07:00Z"
    )
    assert Booking.objects.get().case_number == ""


def test_the_page_of_the_booking_says_what_is_done_and_leads_back(
    case: tuple[object, str], citizen: Person, client: Client
) -> None:
    case_id, number = case
    sign_in(client, citizen)
    by = actor_of(citizen)
    held = actions.hold(by=by, wanted=want(), begins_at=NINE, case_number=number)
    page = f"/termine/{held.booking}/"
    assert "Zu Ihrem Anliegen" not in client.get(page).content.decode(), "it is not settled yet"

    actions.confirm(by=by, booking=held.booking)
    shown = client.get(page).content.decode()
    assert "Alles erledigt" in shown
    assert f'href="/meine-anliegen/{case_id}/"' in shown
    own = client.get(f"/meine-anliegen/{case_id}/").content.decode()
    assert f'href="{page}"' in own
    assert "Was jetzt noch zu tun ist" not in own


def test_whoever_has_paid_is_led_on_to_the_appointment(
    case: tuple[object, str], citizen: Person, client: Client
) -> None:
    case_id, number = case
    open_bank_account()
    fee = raise_claim(
        by=SYSTEM,
        debtor=citizen.pk,
        amount=Money(3500),
        purpose={"de": "Passgebühr"},
        reference=number,
        due_on=at("2026-10-14", "12:00").date(),
    )
    wish = PaymentWish(claims=frozenset({fee}), means=Means.BANK, language="de")
    payment = start_payment(by=actor_of(citizen), key=str(uuid4()), wish=wish)
    open_payment(by=actor_of(citizen), payment=payment)
    sign_in(client, citizen)
    page = f"/meine-zahlungen/{payment}/"
    assert "Zu Ihrem Anliegen" not in client.get(page).content.decode()

    receive(
        by=SYSTEM,
        incoming=Incoming(
            key="bank:1",
            means=Means.BANK,
            amount=Money(3500),
            received_on=at("2026-09-14", "12:00").date(),
            parts=[Part(fee, Money(3500))],
        ),
    )
    shown = client.get(page).content.decode()
    assert "Was jetzt noch zu tun ist" in shown
    assert f'href="/termine/?angebot=ausweis&amp;anliegen={number}"' in shown
    assert f'href="/meine-anliegen/{case_id}/"' in shown


def test_a_clerk_gives_an_appointment_from_the_case(
    case: tuple[object, str], office: Department, applicant: Actor
) -> None:
    number = case[1]
    citizen = Person.objects.get(pk=applicant.person)
    person = make_clerk(office, "appointments.serve", "cases.read")
    [fact] = [one for one in case_facts(actor_of(person), number) if one.deed]
    assert (fact.label, fact.value, fact.deed) == ("Termin", "noch keiner", "Termin vergeben")
    assert not [one for one in case_facts(applicant, number) if one.deed]
    blind = actor_of(make_clerk(office, "appointments.serve"))
    assert not [one for one in case_facts(blind, number) if one.deed]

    desk = sign_in(Client(), person)
    times = desk.get(fact.address).content.decode()
    [who, *_more] = re.findall(r'<a class="chip" href="([^"]+)"', times)
    page = f"/amt/termine/neu/{unescape(who)}"
    asked = desk.get(page).content.decode()
    assert re.search(rf'value="anliegen" checked.*?{citizen.full_name}', asked, re.DOTALL)
    assert desk.post(page, {"name": "Ida Ruf"}).status_code == 422, "for whom was not said"
    desk.post(page, {"whose": "anliegen", "name": "", "email": "unfertig@"})

    booking = Booking.objects.get()
    assert (booking.case_number, booking.person_id) == (number, citizen.pk)
    assert (booking.guest_name, booking.guest_email) == ("", "")
    [mail] = OutgoingMail.objects.filter(recipient=citizen.email)
    assert "Ihr Termin ist gebucht" in mail.text
    day = f"{booking.begins_at.astimezone(VIENNA):%d.%m.%Y}"
    assert day in sign_in(Client(), citizen).get("/termine/meine/").content.decode()
    assert not [one for one in case_facts(actor_of(person), number) if one.deed]


def test_a_guest_is_called_as_in_their_case_and_counts_by_their_mailbox(
    case: tuple[object, str], office: Department
) -> None:
    guest = make_guest()
    opened = open_case(
        by=actor_of(guest),
        procedure="reisepass",
        title="Reisepass",
        applicant=guest.pk,
        applicant_name="Gitta Gast",
        sections=[],
        submitted_at=now(),
        origin="services",
    )
    desk = sign_in(Client(), make_clerk(office, "appointments.serve", "cases.read"))
    begin = {"wunsch": "ausweis:1", "anliegen": opened.number, "beginn": NINE.isoformat()}
    page = f"/amt/termine/neu/?{urlencode(begin)}"
    assert "Gitta Gast" in desk.get(page).content.decode()
    assert desk.post(page, {"whose": "anliegen"}).status_code == 302

    booking = Booking.objects.get()
    assert (booking.person_id, booking.guest_name) == (guest.pk, "Gitta Gast")
    assert booking.identity == identity_of(person=None, email=guest.email)
    assert OutgoingMail.objects.filter(recipient=guest.email, text__contains="gebucht").exists()


def test_a_number_of_a_case_that_one_may_not_see_is_not_kept(
    case: tuple[object, str], office: Department
) -> None:
    blind = sign_in(Client(), make_clerk(office, "appointments.serve"))
    begin = urlencode({"wunsch": "ausweis:1", "anliegen": case[1], "beginn": NINE.isoformat()})
    blind.post(f"/amt/termine/neu/?{begin}", {"name": "Ida Ruf"})
    assert Booking.objects.get().case_number == ""
