"""What people are mailed while they wait, with links that do one thing once."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from rathaus.accounts.queries import email_of
from rathaus.appointments.actions.letters import Letter
from rathaus.appointments.booking_tokens import hashed, new_token
from rathaus.appointments.models import Offer, Proposal, WaitlistEntry, WaitlistLink
from rathaus.core.clock import VIENNA, now
from rathaus.core.localized import localize
from rathaus.core.mail import send

Purpose = WaitlistLink.Purpose
TIME_TO_CONFIRM = timedelta(days=2)

CONFIRM = (
    _("Bitte bestätigen Sie: Warteliste"),
    _(
        "Guten Tag,\n\nSie möchten auf die Warteliste für:\n\n%(what)s\n\nBitte bestätigen Sie das "
        "mit diesem Link. Ab dann warten Sie:\n%(confirm)s\n\nSie wollten das nicht? Dann müssen "
        "Sie nichts tun."
    ),
)
JOINED = (
    _("Sie stehen auf der Warteliste"),
    _(
        "Guten Tag,\n\nSie stehen auf der Warteliste für:\n\n%(what)s\n\nWird ein passender Termin "
        "frei, schreiben wir Ihnen. Freie Termine gehen der Reihe nach, und wir halten sie nur "
        "kurz.\n\nNicht mehr nötig? Hier verlassen Sie die Warteliste:\n%(leave)s"
    ),
)
OFFERED = (
    _("Ein früherer Termin ist frei: %(day)s – bitte bis %(until)s Uhr antworten"),
    _(
        "Guten Tag,\n\nein früherer Termin ist frei:\n\n%(what)s\n%(when)s\n%(where)s\n\nWir "
        "halten ihn bis %(until)s Uhr für Sie. Danach geht er an die Nächsten in der "
        "Reihe.%(keeps)s\n\nTermin nehmen: %(take)s\nDiesen nicht, weiter warten: %(decline)s\n"
        "Warteliste verlassen: %(leave)s"
    ),
)
KEEPS = _("\n\nIhren Termin am %(own)s behalten Sie, bis Sie den neuen genommen haben.")
GONE = (
    _("Der frühere Termin am %(day)s ist vergeben"),
    _(
        "Guten Tag,\n\ndieser Termin ist nicht mehr für Sie vorgemerkt, weil keine Antwort "
        "gekommen ist:\n\n%(what)s\n%(when)s\n\n%(next)s"
    ),
)
GOES_ON = _(
    "Sie stehen weiter auf der Warteliste. Nicht mehr nötig? Hier verlassen Sie sie:\n%(leave)s"
)
OVER = _(
    "Wir schreiben Ihnen dazu nicht mehr. Wenn Sie weiter warten möchten, tragen Sie sich bitte "
    "neu ein."
)


def ask_to_confirm_waiting(row: WaitlistEntry) -> None:
    """Mail a guest the link with which their waiting begins."""
    with override(row.language):
        confirm = link_to(row, Purpose.CONFIRM, until=now() + TIME_TO_CONFIRM)
        _mail(row, CONFIRM, {"what": titles(row), "confirm": confirm})


def tell_joined(row: WaitlistEntry) -> None:
    """Confirm that somebody waits."""
    with override(row.language):
        leave = link_to(row, Purpose.LEAVE, until=_end_of(row))
        _mail(row, JOINED, {"what": titles(row), "leave": leave})


def tell_offered(row: WaitlistEntry, proposal: Proposal, own_begins: datetime | None) -> None:
    """Offer a time, with what can be done about it."""
    with override(row.language):
        keeps = ""
        if own_begins is not None:
            own = date_format(own_begins.astimezone(VIENNA), "SHORT_DATETIME_FORMAT")
            keeps = str(KEEPS) % {"own": own}
        values = {
            **_facts(row, proposal),
            "until": until_text(proposal),
            "keeps": keeps,
            "take": link_to(row, Purpose.TAKE, proposal=proposal, until=proposal.until),
            "decline": link_to(row, Purpose.DECLINE, proposal=proposal, until=proposal.until),
            "leave": link_to(row, Purpose.LEAVE, until=_end_of(row)),
        }
        _mail(row, OFFERED, values)


def tell_gone(row: WaitlistEntry, proposal: Proposal, *, goes_on: bool) -> None:
    """Tell that the time went on to somebody else."""
    with override(row.language):
        following = str(OVER)
        if goes_on:
            leave = link_to(row, Purpose.LEAVE, until=_end_of(row))
            following = str(GOES_ON) % {"leave": leave}
        _mail(row, GONE, {**_facts(row, proposal), "next": following})


def link_to(
    row: WaitlistEntry,
    purpose: WaitlistLink.Purpose,
    *,
    until: datetime,
    proposal: Proposal | None = None,
) -> str:
    """The whole address of a fresh link. Older ones to leave hold on: every mail has one."""
    token = new_token()
    WaitlistLink.objects.create(
        entry=row,
        proposal=proposal,
        purpose=purpose,
        token_hash=hashed(token),
        expires_at=until,
    )
    page = reverse(f"appointments:waitlist_{purpose.value}", args=[token])
    return f"{settings.PORTAL_ADDRESS}{page}"


def titles(row: WaitlistEntry) -> str:
    """What somebody waits for, in the active language."""
    slugs = [wish["offer"] for wish in row.chosen]
    found = dict(Offer.objects.filter(slug__in=slugs).values_list("slug", "title"))
    return ", ".join(localize(found[slug]) for slug in slugs if slug in found)


def until_text(proposal: Proposal) -> str:
    """The end of the hold: the clock alone if it is on the day on which it was offered."""
    until, sent = proposal.until.astimezone(VIENNA), proposal.sent_at.astimezone(VIENNA)
    same = until.date() == sent.date()
    return date_format(until, "TIME_FORMAT" if same else "SHORT_DATETIME_FORMAT")


def _facts(row: WaitlistEntry, proposal: Proposal) -> dict[str, str]:
    begins = proposal.begins_at.astimezone(VIENNA)
    place = [localize(proposal.location.name), proposal.location.address]
    return {
        "what": titles(row),
        "day": date_format(begins, "SHORT_DATE_FORMAT"),
        "when": date_format(begins, "SHORT_DATETIME_FORMAT"),
        "where": "\n".join(line for line in place if line),
    }


def _end_of(row: WaitlistEntry) -> datetime:
    return datetime.combine(row.latest + timedelta(days=1), time(), VIENNA)


def _mail(row: WaitlistEntry, letter: Letter, values: dict[str, str]) -> None:
    address = email_of(row.person_id) if row.person_id else row.guest_email
    if address:
        subject, text = letter
        send(to=address, subject=str(subject) % values, text=str(text) % values)
