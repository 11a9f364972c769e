"""What people are mailed about their appointments, with the calendar entry that keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parseaddr

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from rathaus.appointments.actions.links import Purpose, link_to
from rathaus.appointments.actions.video_letters import join_link, meeting_place
from rathaus.appointments.invitation import Entry, Method, calendar_entry
from rathaus.appointments.models import Booking, Offer
from rathaus.appointments.states import State
from rathaus.core.city import current_city
from rathaus.core.clock import VIENNA, now
from rathaus.core.localized import localize
from rathaus.core.mail import send

CONFIRM = (
    _("Bitte bestätigen Sie Ihren Termin"),
    _(
        "Guten Tag,\n\nwir haben einen Termin für Sie vorgemerkt:\n\n%(what)s\n%(when)s\n%(where)s"
        "\n\nBitte bestätigen Sie ihn bis %(until)s Uhr. Danach geben wir ihn wieder frei:\n"
        "%(confirm)s\n\nSie haben keinen Termin vereinbart? Dann müssen Sie nichts tun."
    ),
)
BOOKED = (
    _("Ihr Termin am %(day)s"),
    _(
        "Guten Tag,\n\nIhr Termin ist gebucht:\n\n%(what)s\n%(when)s\n%(where)s\n\nIm Anhang ist "
        "er für Ihren Kalender. %(change)s"
    ),
)
MOVED = (
    _("Ihr neuer Termin am %(day)s"),
    _(
        "Guten Tag,\n\nIhr Termin ist verschoben. Er ist jetzt hier:\n\n%(what)s\n%(when)s\n"
        "%(where)s\n\nIm Anhang ist er für Ihren Kalender. %(change)s"
    ),
)
CANCELLED = (
    _("Ihr Termin am %(day)s ist abgesagt"),
    _("Guten Tag,\n\ndieser Termin ist abgesagt:\n\n%(what)s\n%(when)s\n%(where)s"),
)
REMINDER = (
    _("Erinnerung: Ihr Termin am %(day)s"),
    _(
        "Guten Tag,\n\nwir erinnern Sie an Ihren Termin:\n\n%(what)s\n%(when)s\n%(where)s\n\n"
        "%(change)s"
    ),
)
BY_LINKS = _(
    "Sie können nicht kommen? Mit diesen Links verschieben Sie ihn oder sagen ihn ab; jeder gilt "
    "ein Mal.\nVerschieben: %(move)s\nAbsagen: %(cancel)s"
)
BY_ACCOUNT = _(
    "Sie können nicht kommen? Nach der Anmeldung verschieben Sie ihn unter „Meine Termine“ oder "
    "sagen ihn ab."
)
Letter = tuple[Promise | str, Promise | str]


def address_of(booking: Booking) -> str:
    """Where mail about the booking goes, if anywhere."""
    person = booking.person
    if person is None:
        return booking.guest_email
    return (person.email or "") if person.is_active else ""


def ask_to_confirm(booking: Booking) -> None:
    """Mail a guest the link by which they confirm."""
    if booking.hold_until is None:
        return
    with override(booking.language):
        values = {
            **_facts(booking),
            "until": date_format(booking.hold_until.astimezone(VIENNA), "TIME_FORMAT"),
            "confirm": link_to(booking, Purpose.CONFIRM, until=booking.hold_until),
        }
        _mail(booking.guest_email, CONFIRM, values)


def tell_booked(booking: Booking) -> None:
    """Confirm an appointment."""
    _tell(booking, BOOKED, Method.REQUEST)


def tell_moved(booking: Booking) -> None:
    """Tell the new time."""
    _tell(booking, MOVED, Method.REQUEST)


def tell_cancelled(booking: Booking) -> None:
    """Confirm that it is off; the calendar takes it out."""
    _tell(booking, CANCELLED, Method.CANCEL)


def remind_of(booking: Booking) -> None:
    """Remind somebody of tomorrow."""
    address = address_of(booking)
    if address:
        with override(booking.language):
            _mail(address, REMINDER, {**_facts(booking), "change": _ways_to_change(booking)})


def entry_of(booking: Booking, method: Method) -> str:
    """The calendar entry of a booking as the text of an `.ics` file."""
    return _entry(booking, method, _facts(booking), address_of(booking))


def _entry(booking: Booking, method: Method, facts: Mapping[str, str], address: str) -> str:
    city = current_city()
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    entry = Entry(
        booking=booking.pk,
        revision=booking.revision,
        begins_at=booking.begins_at,
        ends_at=booking.ends_at,
        written_at=now(),
        title=f"{facts['what']} – {city.name}",
        place=facts["where"].replace("\n", ", "),
        text=facts["advice"],
        organizer=sender,
        organizer_name=city.name,
        attendee=address,
        host=sender.rpartition("@")[2] or "rathaus",
        join_at=join_link(booking),
    )
    return calendar_entry(entry, method)


def _tell(booking: Booking, letter: Letter, method: Method) -> None:
    address = address_of(booking)
    if not address:
        return
    with override(booking.language):
        facts = _facts(booking)
        values = {**facts, "change": _ways_to_change(booking)}
        calendar = _entry(booking, method, facts, address)
        _mail(address, letter, values, calendar=calendar)


def _ways_to_change(booking: Booking) -> str:
    if booking.person_id is not None:
        return str(BY_ACCOUNT)
    if booking.state != State.BOOKED:
        return ""
    links = {
        "move": link_to(booking, Purpose.MOVE),
        "cancel": link_to(booking, Purpose.CANCEL),
    }
    return str(BY_LINKS) % links


def _facts(booking: Booking) -> dict[str, str]:
    begins = booking.begins_at.astimezone(VIENNA)
    slugs = [wish["offer"] for wish in booking.chosen]
    offers = {offer.slug: offer for offer in Offer.objects.filter(slug__in=slugs)}
    chosen = [offers[slug] for slug in slugs if slug in offers]
    place = meeting_place(booking)
    return {
        "what": ", ".join(localize(offer.title) for offer in chosen),
        "advice": "\n".join(localize(offer.advice) for offer in chosen if offer.advice),
        "day": date_format(begins, "SHORT_DATE_FORMAT"),
        "when": date_format(begins, "SHORT_DATETIME_FORMAT"),
        "where": "\n".join(line for line in place if line),
    }


def _mail(address: str, letter: Letter, values: Mapping[str, str], *, calendar: str = "") -> None:
    subject, text = letter
    send(to=address, subject=str(subject) % values, text=str(text) % values, calendar=calendar)
