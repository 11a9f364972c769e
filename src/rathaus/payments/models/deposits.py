"""Money that the city only keeps for somebody, and how it was given back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.payments.models.claims import Claim


class Deposit(models.Model):
    """What a claim of the kind deposit brings is not the city's: it is held until it goes back.

    `retained_cents` became income, with a reason; `return_on` is when the rest is to go back.
    """

    claim = models.OneToOneField(Claim, models.PROTECT, primary_key=True, related_name="deposit")
    return_on = models.DateField(_("zurückzugeben bis"), null=True)
    retained_cents = models.BigIntegerField(_("davon einbehalten"), default=0)

    class Meta:
        verbose_name = _("Kaution")
        verbose_name_plural = _("Kautionen")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(retained_cents__gte=0), name="deposit_retained_something"
            )
        ]

    def __str__(self) -> str:
        return str(self.claim_id)


class DepositStep(models.Model):
    """One decision of a clerk: so much goes back, so much is retained, and why; said once."""

    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="steps")
    key = models.CharField(max_length=80, unique=True)
    given_cents = models.BigIntegerField(_("zurückgegeben"))
    retained_cents = models.BigIntegerField(_("einbehalten"))
    why = models.CharField(_("Grund"), max_length=300)
    by_name = models.CharField(_("von"), max_length=200, blank=True)
    at = models.DateTimeField(_("am"))

    class Meta:
        verbose_name = _("Rückgabe einer Kaution")
        verbose_name_plural = _("Rückgaben von Kautionen")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(given_cents__gte=0, retained_cents__gte=0)
                & ~models.Q(given_cents=0, retained_cents=0),
                name="deposit_step_of_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.deposit_id}: {self.given_cents} + {self.retained_cents}"
