"""What happens to a claim that is not paid in time: parts, and reminders."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.payments.models.claims import Claim


class InstalmentPlan(models.Model):
    """A claim that may be paid in parts; `paid_before` had been paid for it when it was made."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="plans")
    paid_before = models.BigIntegerField()
    made_at = models.DateTimeField(_("gewährt"))
    lapsed_at = models.DateTimeField(_("hinfällig"), null=True)

    class Meta:
        verbose_name = _("Ratenplan")
        verbose_name_plural = _("Ratenpläne")
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=models.Q(lapsed_at=None),
                name="one_running_plan_per_claim",
            )
        ]

    def __str__(self) -> str:
        return str(self.claim_id)


class Instalment(models.Model):
    """One part of a plan."""

    plan = models.ForeignKey(InstalmentPlan, models.PROTECT, related_name="instalments")
    position = models.SmallIntegerField()
    cents = models.BigIntegerField(_("Betrag in Cent"))
    due_on = models.DateField(_("fällig am"))

    class Meta:
        verbose_name = _("Rate")
        verbose_name_plural = _("Raten")
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="instalment_in_one_place"),
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="instalment_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.position}"


class Reminder(models.Model):
    """One step of dunning for a claim, taken once; `document` is the letter."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reminders")
    level = models.SmallIntegerField(_("Stufe"))
    name = models.JSONField(_("Art"))
    told_on = models.DateField(_("gemahnt am"))
    due_on = models.DateField(_("zu zahlen bis"))
    fee = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    by_mail = models.BooleanField(_("per E-Mail"))

    class Meta:
        verbose_name = _("Mahnung")
        verbose_name_plural = _("Mahnungen")
        constraints = [
            models.UniqueConstraint(fields=["claim", "level"], name="reminded_once_per_level")
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.level}"
