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
    StreetAddress,
)

__all__ = [
    "Application",
    "CatalogueStamp",
    "Draft",
    "DraftFile",
    "DraftKey",
    "FormVersion",
    "LifeSituation",
    "Office",
    "SearchMiss",
    "Service",
    "ServiceOffice",
    "StreetAddress",
    "Synonym",
]
