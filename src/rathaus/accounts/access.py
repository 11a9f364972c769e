"""The decorators that say for whom a page is, offered to the domains above; see `core.access`."""

from rathaus.core.access import (
    Access,
    Audience,
    Page,
    Request,
    View,
    citizen_page,
    public_page,
    staff_page,
)

__all__ = [
    "Access",
    "Audience",
    "Page",
    "Request",
    "View",
    "citizen_page",
    "public_page",
    "staff_page",
]
