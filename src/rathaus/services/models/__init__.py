"""Tables of the services domain."""

from rathaus.services.models.catalogue import (
    CatalogueStamp,
    LifeSituation,
    Office,
    SearchMiss,
    Service,
    ServiceOffice,
    Synonym,
)
from rathaus.services.models.forms import (
    Application,
    Draft,
    DraftFile,
    DraftKey,
    FormVersion,
    Receipt,
    StreetAddress,
)
from rathaus.services.models.grants import GrantBudget, GrantReservation

__all__ = [
    "Application",
    "CatalogueStamp",
    "Draft",
    "DraftFile",
    "DraftKey",
    "FormVersion",
    "GrantBudget",
    "GrantReservation",
    "LifeSituation",
    "Office",
    "Receipt",
    "SearchMiss",
    "Service",
    "ServiceOffice",
    "StreetAddress",
    "Synonym",
]
