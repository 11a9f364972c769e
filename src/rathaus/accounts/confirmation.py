"""Changes of people and rights ask again who is there, unless they proved it a moment ago."""

from typing import cast

from allauth.account.decorators import reauthentication_required

from rathaus.accounts.access import Page
from rathaus.core.access import P


def after_confirmation(page: Page[P]) -> Page[P]:
    """Send whoever proved themselves too long ago to confirm it first (ASVS 7.5.1), then bring them
    back.
    """
    return cast("Page[P]", reauthentication_required(page, app="allauth.account"))
