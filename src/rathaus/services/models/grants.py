"""What the city has set aside for a year, and what of it is reserved for whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.audit.personal import PersonalModel, PersonalQuerySet
from rathaus.core.money import Money


class GrantBudget(models.Model):
    """The sum for one purpose and year; the database refuses to promise more than there is.

    A total `set_by_hand` is the word of the house: no import changes it.
    """

    slug = models.SlugField(_("Fördertopf"), max_length=80)
    year = models.PositiveSmallIntegerField(_("Jahr"))
    name = models.JSONField(_("Name"))
    total_cents = models.BigIntegerField(_("Summe"))
    reserved_cents = models.BigIntegerField(_("reserviert"), default=0)
    source = models.TextField(_("Grundlage"))
    set_by_hand = models.BooleanField(_("von Hand gesetzt"), default=False)

    class Meta:
        verbose_name = _("Fördertopf")
        verbose_name_plural = _("Fördertöpfe")
        ordering = ["-year", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "year"], name="grant_budget_once"),
            models.CheckConstraint(
                condition=models.Q(
                    reserved_cents__gte=0, reserved_cents__lte=models.F("total_cents")
                ),
                name="grant_budget_holds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.year}"

    @property
    def total(self) -> Money:
        """What was set aside."""
        return Money(self.total_cents)

    @property
    def reserved(self) -> Money:
        """What is promised already."""
        return Money(self.reserved_cents)

    @property
    def left(self) -> Money:
        """What can still be promised."""
        return self.total - self.reserved


class GrantReservationQuerySet(PersonalQuerySet["GrantReservation"]):
    """Reservations, each about the applicant."""


class GrantReservation(PersonalModel):
    """One line of an application, taken out of a budget until it is released."""

    budget = models.ForeignKey(GrantBudget, models.PROTECT, related_name="reservations")
    application = models.ForeignKey(
        "services.Application", models.PROTECT, related_name="reservations"
    )
    line = models.CharField(max_length=60)
    subject_id = models.UUIDField(editable=False)
    cents = models.BigIntegerField(_("Betrag"))
    reserved_at = models.DateTimeField(_("reserviert am"))
    released_at = models.DateTimeField(_("freigegeben am"), null=True)

    objects = GrantReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Reservierung")
        verbose_name_plural = _("Reservierungen")
        constraints = [
            models.UniqueConstraint(fields=["application", "line"], name="grant_reserved_once"),
            models.CheckConstraint(
                condition=models.Q(cents__gt=0), name="grant_reservation_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.budget_id}: {self.cents}"

    @property
    def amount(self) -> Money:
        """What is reserved."""
        return Money(self.cents)
