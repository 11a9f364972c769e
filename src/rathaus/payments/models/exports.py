"""What was handed over to the city's accounting."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Form(models.TextChoices):
    """As what it was handed over."""

    TABLE = "table", _("Tabelle (CSV)")
    FI = "fi", _("Buchungsbelege (FI)")


class Export(models.Model):
    """The bookings of a closed period in one form, kept as they were handed over."""

    number = models.BigAutoField(primary_key=True)
    form = models.CharField(_("Form"), max_length=5, choices=Form)
    first = models.DateField(_("von"))
    last = models.DateField(_("bis"))
    made_at = models.DateTimeField(_("erstellt"))
    company = models.CharField(_("Buchungskreis"), max_length=4)
    content = models.TextField()
    sha256 = models.CharField(_("Prüfsumme"), max_length=64)

    class Meta:
        verbose_name = _("Übergabe")
        verbose_name_plural = _("Übergaben")
        constraints = [
            models.UniqueConstraint(fields=["form", "first", "last"], name="export_once_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.number}"
