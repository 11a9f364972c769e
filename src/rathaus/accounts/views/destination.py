"""Where somebody wanted to go before they had to sign in."""

from allauth.account.utils import get_next_redirect_url
from django.http import HttpRequest


def destination(request: HttpRequest) -> str:
    """The address in `next`, if it is one of ours; else empty."""
    return get_next_redirect_url(request) or ""
