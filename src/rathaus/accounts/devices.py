"""What a browser calls itself, in words that its owner knows again."""

from django.utils.translation import gettext_lazy as _

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = _("Unbekanntes Gerät")


def device_name(user_agent: str) -> str:
    """`Firefox, Windows`; only the name of the browser or the system where one is unknown, else a
    word for neither.

    The first match wins: Edge and Opera also call themselves Chrome, and Chrome calls itself
    Safari.
    """
    found = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return ", ".join(name for name in found if name) or str(UNKNOWN)


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
