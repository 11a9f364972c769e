"""Going on later, or on another device: a link by mail that opens the draft once."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from rathaus.core import mail
from rathaus.core.clock import now
from rathaus.core.localized import localize
from rathaus.core.transaction import atomic
from rathaus.services.actions.drafts import locked
from rathaus.services.draft_access import LINK_LASTS, Knock
from rathaus.services.draft_tokens import hashed, new_token
from rathaus.services.form_errors import LinkExpired, TooManyLinks
from rathaus.services.models import DraftKey
from rathaus.services.queries.forms import compiled, resume_links

MOST_LINKS = 5
LINKS_COUNTED_OVER = timedelta(hours=1)


@atomic
def mail_resume_link(
    *, knock: Knock, draft: UUID, email: str, address: Callable[[str], str]
) -> None:
    """Mail a link that opens the draft once, on any device; `address` makes a token into a link.

    Raises `NotFound`, `TooManyLinks`, and what the mail says about a wrong address.
    """
    row = locked(knock, draft, to_write=False)
    links = DraftKey.objects.filter(draft=row, kind=DraftKey.Kind.LINK)
    if links.filter(proved_at__gt=now() - LINKS_COUNTED_OVER).count() >= MOST_LINKS:
        raise TooManyLinks
    token = new_token()
    DraftKey.objects.create(
        draft=row, kind=DraftKey.Kind.LINK, token_hash=hashed(token), proved_at=now()
    )
    title = localize(compiled(row.version.sha256).document.title)
    mail.send(
        to=email,
        subject=_("Ihr gespeicherter Entwurf"),
        text=_text(title, address(token)),
        reference=f"draft {row.pk}",
    )


@atomic
def use_resume_link(*, knock: Knock, token: str) -> UUID:
    """Open the draft to this device and use the link up. Raises `LinkExpired`."""
    key = resume_links(token).select_for_update(of=("self",)).first()
    if key is None:
        raise LinkExpired
    key.used_at = now()
    key.save(update_fields=["used_at"])
    DraftKey.objects.update_or_create(
        draft_id=key.draft_id,
        token_hash=hashed(knock.device),
        defaults={"kind": DraftKey.Kind.DEVICE, "proved_at": now()},
    )
    return key.draft_id


def _text(title: str, link: str) -> str:
    return _(
        "Guten Tag,\n\n"
        "Sie haben einen Antrag begonnen und gespeichert: %(title)s.\n\n"
        "Mit diesem Link füllen Sie ihn weiter aus, auch auf einem anderen Gerät:\n%(link)s\n\n"
        "Der Link gilt %(days)s Tage und nur ein Mal. Bitte geben Sie ihn nicht weiter.\n"
    ) % {"title": title, "link": link, "days": LINK_LASTS.days}
