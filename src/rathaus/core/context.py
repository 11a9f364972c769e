"""What every template may use: the city, the menus and the person in front of the screen."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from rathaus.core.actor import ANONYMOUS
from rathaus.core.city import current_city
from rathaus.core.domain import citizen_menu, staff_menu


def house(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `city`, `actor`, `citizen_menu`, `staff_menu`, `demo`."""
    actor = getattr(request, "actor", ANONYMOUS)
    return {
        "city": current_city(),
        "actor": actor,
        "citizen_menu": citizen_menu(actor),
        "staff_menu": staff_menu(actor) if actor.is_staff else [],
        "demo": settings.DEMO_SIGN_IN,
    }
