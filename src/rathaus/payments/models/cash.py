"""Cash at the counter: desks, and each day of each desk from its float to its count."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.core.money import Money


class CashDesk(models.Model):
    """A counter that takes cash."""

    name = models.CharField(_("Name"), max_length=80, unique=True)
    closed_for_good = models.BooleanField(_("aufgelassen"), default=False)

    class Meta:
        verbose_name = _("Barkassa")
        verbose_name_plural = _("Barkassen")

    def __str__(self) -> str:
        return self.name


class CashClosing(models.Model):
    """One day of one desk: opened with a float, closed once with what was counted.

    `takings_cents` is what the day's takings sum up to, written at the closing.
    """

    desk = models.ForeignKey(CashDesk, models.PROTECT, related_name="days")
    day = models.DateField(_("Tag"))
    float_cents = models.BigIntegerField(_("Anfangsbestand"))
    takings_cents = models.BigIntegerField(_("Einnahmen"), null=True)
    counted_cents = models.BigIntegerField(_("gezählt"), null=True)
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField(_("geöffnet"))
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(_("abgeschlossen"), null=True)
    remark = models.CharField(_("Anmerkung"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Kassatag")
        verbose_name_plural = _("Kassatage")
        constraints = [
            models.UniqueConstraint(fields=["desk", "day"], name="desk_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(float_cents__gte=0), name="float_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    closed_at=None, closed_by=None, counted_cents=None, takings_cents=None
                )
                | models.Q(
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    counted_cents__gte=0,
                    takings_cents__gte=0,
                ),
                name="day_open_or_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desk_id} {self.day}"

    @property
    def is_open(self) -> bool:
        """Whether money may still be taken."""
        return self.closed_at is None

    @property
    def difference(self) -> Money:
        """More (or less) than there should be; nothing before it is counted."""
        if self.counted_cents is None or self.takings_cents is None:
            return Money(0)
        return Money(self.counted_cents - self.float_cents - self.takings_cents)


class CashTaking(models.Model):
    """One amount that a desk took; the receipt says for what."""

    day = models.ForeignKey(CashClosing, models.PROTECT, related_name="takings")
    receipt = models.OneToOneField("payments.Receipt", models.PROTECT, related_name="+")
    cents = models.BigIntegerField(_("Betrag in Cent"))
    taken_at = models.DateTimeField(_("eingenommen"))

    class Meta:
        verbose_name = _("Bareinnahme")
        verbose_name_plural = _("Bareinnahmen")
        constraints = [
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="taking_of_something")
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}"

    @property
    def amount(self) -> Money:
        """What was taken."""
        return Money(self.cents)
