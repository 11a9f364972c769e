"""Mails that say that something has happened with money, and never what: that is in the portal."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from rathaus.accounts.queries import recipients
from rathaus.core.mail import Letter, send_all
from rathaus.core.portal import portal_link


class Notice(NamedTuple):
    """Subject and text of a mail, and where one reads on; `%(number)s` names what it is about."""

    subject: Promise | str
    text: Promise | str
    page: str = "payments:own_receipts"


RECEIVED = Notice(
    _("Ihre Zahlung ist eingelangt: Beleg %(number)s"),
    _(
        "Guten Tag,\n\nIhre Zahlung ist bei uns eingelangt. Den Beleg %(number)s finden Sie nach "
        "der Anmeldung hier:"
    ),
)
CHARGED = Notice(
    _("Zu %(number)s ist etwas zu zahlen"),
    _(
        "Guten Tag,\n\nzu %(number)s ist etwas zu zahlen. Wie viel, wofür und bis wann, sehen Sie "
        "nach der Anmeldung hier, und bezahlen können Sie gleich dort:"
    ),
    page="payments:mine",
)
REMINDED = Notice(
    _("Zu %(number)s ist noch etwas zu zahlen"),
    _(
        "Guten Tag,\n\nzu %(number)s ist noch etwas zu zahlen. Unser Schreiben dazu finden Sie "
        "nach der Anmeldung hier:"
    ),
)
LEVIED = Notice(
    _("Vorschreibung zu %(number)s"),
    _(
        "Guten Tag,\n\nzu %(number)s ist die Abgabe für ein neues Jahr vorgeschrieben. Unser "
        "Schreiben dazu finden Sie nach der Anmeldung hier:"
    ),
)
GIVEN_BACK = Notice(
    _("Wir zahlen Ihnen etwas zurück: Beleg %(number)s"),
    _(
        "Guten Tag,\n\nvon Ihrer Zahlung mit dem Beleg %(number)s haben wir etwas zurückgezahlt. "
        "Den Beleg finden Sie nach der Anmeldung hier:"
    ),
)


class Told(NamedTuple):
    """Whom a notice is for, what it is about, and the language they read."""

    person: UUID | None
    number: str
    language: str


def tell(person: UUID | None, notice: Notice, *, number: str, language: str) -> bool:
    """Write the mail in that language; False where it would reach nobody."""
    return bool(tell_all(notice, [Told(person, number, language)]))


def tell_all(notice: Notice, told: Iterable[Told]) -> int:
    """The same to several people at once; how many of them it reaches."""
    told = list(told)
    found = recipients(one.person for one in told if one.person)
    addresses = [found[one.person].email if one.person else "" for one in told]
    link = portal_link(notice.page)
    letters = [
        _letter(notice, one, address, link)
        for one, address in zip(told, addresses, strict=True)
        if address
    ]
    send_all(letters)
    return len(letters)


def _letter(notice: Notice, told: Told, address: str, link: str) -> Letter:
    facts: Mapping[str, str] = {"number": told.number}
    with override(told.language):
        return Letter(
            to=address,
            subject=str(notice.subject) % facts,
            text=f"{str(notice.text) % facts}\n\n{link}",
            reference=told.number,
        )
