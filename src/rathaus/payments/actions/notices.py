"""Mails that say that something has happened with money, and never what: that is in the portal."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from rathaus.accounts.queries import recipient
from rathaus.core.mail import send
from rathaus.core.portal import portal_link

PAGE = "payments:own_receipts"


class Notice(NamedTuple):
    """Subject and text of a mail; `%(number)s` names what it is about."""

    subject: Promise | str
    text: Promise | str


RECEIVED = Notice(
    _("Ihre Zahlung ist eingelangt: Beleg %(number)s"),
    _(
        "Guten Tag,\n\nIhre Zahlung ist bei uns eingelangt. Den Beleg %(number)s finden Sie nach "
        "der Anmeldung hier:"
    ),
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


def tell(person: UUID | None, notice: Notice, *, number: str, language: str) -> bool:
    """Write the mail in that language; False where it would reach nobody."""
    address = recipient(person).email if person else ""
    if not address:
        return False
    facts: Mapping[str, str] = {"number": number}
    with override(language):
        send(
            to=address,
            subject=str(notice.subject) % facts,
            text=f"{str(notice.text) % facts}\n\n{portal_link(PAGE)}",
            reference=number,
        )
    return True
