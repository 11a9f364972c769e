"""The house's own address as it stands in mails, which no request brings along."""

from django.conf import settings
from django.urls import reverse


def portal_link(page: str) -> str:
    """The whole address of a page that needs no id: `portal_link("cases:mine")`.

    Mails never carry the address of a single case: they may be read by others.
    """
    return f"{settings.PORTAL_ADDRESS}{reverse(page)}"
