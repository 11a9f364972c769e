"""Payment references: whoever quotes one names exactly one thing."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaymentReference(models.Model):
    """What people quote when they pay, and the one claim or payment that it names by its id."""

    number = models.BigAutoField(primary_key=True)
    reference = models.CharField(_("Zahlungsreferenz"), max_length=25, unique=True)
    claim = models.UUIDField(null=True, unique=True)
    payment = models.UUIDField(null=True, unique=True)

    class Meta:
        verbose_name = _("Zahlungsreferenz")
        verbose_name_plural = _("Zahlungsreferenzen")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(claim=None, payment__isnull=False)
                | models.Q(claim__isnull=False, payment=None),
                name="reference_names_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.reference
