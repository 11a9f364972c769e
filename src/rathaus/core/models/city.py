"""The city that this installation serves: its name, look and texts are data."""

from hashlib import sha256

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class City(models.Model):
    """The one row that turns the program into a particular city's hall."""

    only = models.BooleanField(primary_key=True, default=True, editable=False)
    name = models.CharField(_("Name"), max_length=120)
    authority = models.CharField(_("Behörde"), max_length=200)
    federal_state = models.CharField(_("Bundesland"), max_length=4)
    address = models.TextField(_("Anschrift"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=60, blank=True)
    email = models.EmailField(_("E-Mail"), blank=True)
    website = models.URLField(_("Adresse im Netz"), blank=True)
    opening_hours = models.JSONField(_("Öffnungszeiten"), default=dict, blank=True)
    crest = models.TextField(_("Wappen (SVG)"), blank=True)
    colours = models.JSONField(_("Farben"), default=dict, blank=True)
    texts = models.JSONField(_("Texte"), default=dict, blank=True)

    class Meta:
        verbose_name = _("Stadt")
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="one_city")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen digits that change with every value of the row, for whatever is kept of it."""
        values = [getattr(self, column.attname) for column in self._meta.fields]
        return sha256(repr(values).encode()).hexdigest()[:16]
