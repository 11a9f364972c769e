"""What people are mailed about their appointments, with the code for the kiosk and the calendar
entry that keeps them.
"""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from rathaus.appointments.actions.calendar_entries import calendar_of
from rathaus.appointments.actions.links import Purpose, link_to
from rathaus.appointments.actions.told import Facts, ways_to_change, what_is_told
from rathaus.appointments.invitation import Method
from rathaus.appointments.models import Booking
from rathaus.core.clock import VIENNA
from rathaus.core.mail import send

CONFIRM = (
    _("Bitte bestätigen Sie Ihren Termin"),
    _("Guten Tag,\n\nwir haben einen Termin für Sie vorgemerkt:"),
)
UNTIL = _(
    "Bitte bestätigen Sie ihn bis %(until)s Uhr. Danach geben wir ihn wieder frei:\n%(confirm)s"
)
NOT_MINE = _("Sie haben keinen Termin vereinbart? Dann müssen Sie nichts tun.")
BOOKED = (_("Ihr Termin am %(day)s"), _("Guten Tag,\n\nIhr Termin ist gebucht:"))
MOVED = (
    _("Ihr neuer Termin am %(day)s"),
    _("Guten Tag,\n\nIhr Termin ist verschoben. Er ist jetzt hier:"),
)
CANCELLED = (
    _("Ihr Termin am %(day)s ist abgesagt"),
    _("Guten Tag,\n\ndieser Termin ist abgesagt:"),
)
REMINDER = (
    _("Erinnerung: Ihr Termin am %(day)s"),
    _("Guten Tag,\n\nwir erinnern Sie an Ihren Termin:"),
)
ARRIVE = _(
    "Ihr Code: %(code)s\nMelden Sie sich damit an, wenn Sie da sind: Tippen Sie ihn am Automaten "
    "ein. Oder halten Sie den QR-Code aus dem Anhang an den Leser."
)
ATTACHED = _("Im Anhang ist der Termin für Ihren Kalender.")
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
            "until": date_format(booking.hold_until.astimezone(VIENNA), "TIME_FORMAT"),
            "confirm": link_to(booking, Purpose.CONFIRM, until=booking.hold_until),
        }
        text = _text(CONFIRM, what_is_told(booking), str(UNTIL) % values, str(NOT_MINE))
        send(to=booking.guest_email, subject=str(CONFIRM[0]), text=text)


def tell_booked(booking: Booking) -> None:
    """Confirm an appointment."""
    _tell(booking, BOOKED)


def tell_moved(booking: Booking) -> None:
    """Tell the new time."""
    _tell(booking, MOVED)


def tell_cancelled(booking: Booking) -> None:
    """Confirm that it is off; the calendar takes it out."""
    address = address_of(booking)
    if not address:
        return
    with override(booking.language):
        facts = what_is_told(booking)
        calendar = calendar_of(booking, Method.CANCEL, facts, attendee=address)
        subject = str(CANCELLED[0]) % {"day": facts.day}
        send(to=address, subject=subject, text=_text(CANCELLED, facts), calendar=calendar)


def remind_of(booking: Booking) -> None:
    """Remind somebody of tomorrow; the links of earlier mails stay good."""
    address = address_of(booking)
    if not address:
        return
    with override(booking.language):
        facts = what_is_told(booking)
        ways = ways_to_change(booking, beside_older=True)
        text = _text(REMINDER, facts, facts.advice, _arrival(facts), ways)
        subject = str(REMINDER[0]) % {"day": facts.day}
        send(to=address, subject=subject, text=text, code=facts.code)


def _tell(booking: Booking, letter: Letter) -> None:
    address = address_of(booking)
    if not address:
        return
    with override(booking.language):
        facts = what_is_told(booking)
        ways = ways_to_change(booking)
        text = _text(letter, facts, facts.advice, _arrival(facts), str(ATTACHED), ways)
        calendar = calendar_of(booking, Method.REQUEST, facts, attendee=address, ways=ways)
        subject = str(letter[0]) % {"day": facts.day}
        send(to=address, subject=subject, text=text, calendar=calendar, code=facts.code)


def _arrival(facts: Facts) -> str:
    return str(ARRIVE) % {"code": facts.code} if facts.code else ""


def _text(letter: Letter, facts: Facts, *more: str) -> str:
    which = f"{facts.what}\n{facts.when}\n{facts.where}"
    return "\n\n".join(part for part in (str(letter[1]), which, *more) if part)
