"""Files that people hand in or the house writes: the row here, the sealed bytes in the store."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.core.clock import now

LONGEST_NAME = 150


class StoredFile(models.Model):
    """One immutable file. Whose it is and who may open it is known to who points here."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(_("Dateiname"), max_length=LONGEST_NAME)
    content_type = models.CharField(_("Dateityp"), max_length=100)
    size = models.PositiveBigIntegerField(_("Größe in Byte"))
    sha256 = models.CharField(_("Prüfsumme (SHA-256)"), max_length=64)
    storage_key = models.CharField(max_length=100, unique=True, editable=False)
    created_at = models.DateTimeField(_("gespeichert"), default=now, editable=False)

    class Meta:
        verbose_name = _("Datei")
        verbose_name_plural = _("Dateien")

    def __str__(self) -> str:
        return self.name
