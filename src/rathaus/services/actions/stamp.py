"""The catalogue's stamp: it moves with every change, so that indexes in memory are renewed."""

from django.db.models import F

from rathaus.services.models import CatalogueStamp


def move_stamp() -> None:
    """Tell all processes that what they know of the catalogue is old."""
    if not CatalogueStamp.objects.filter(pk=1).update(number=F("number") + 1):
        CatalogueStamp.objects.bulk_create([CatalogueStamp(pk=1, number=1)], ignore_conflicts=True)
