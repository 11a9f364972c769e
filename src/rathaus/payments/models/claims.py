"""What people owe the city."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.audit.personal import PersonalModel, PersonalQuerySet
from rathaus.core.actor import Actor
from rathaus.core.money import Money

FURTHER = ":"  # between the key of a purpose and the number of a further claim for it


class State(models.TextChoices):
    """Where a claim stands; told by its timestamps."""

    OPEN = "open", _("offen")
    SETTLED = "settled", _("bezahlt")
    CANCELLED = "cancelled", _("storniert")


class ClaimKind(models.TextChoices):
    """For what it is owed, in the words of the account."""

    FEE = "fee", _("Gebühr")
    PERMIT = "permit", _("Bewilligung")
    FINE = "fine", _("Strafe")
    DEPOSIT = "deposit", _("Kaution")
    LEVY = "levy", _("Abgabe")


class ClaimQuerySet(PersonalQuerySet["Claim"]):
    """Claims as somebody may see them; every query begins at `visible_to`."""

    def visible_to(self, actor: Actor) -> ClaimQuerySet:
        """Staff with the right: all. Citizens: their own. Nobody else: none."""
        if actor.is_citizen:
            return self.filter(debtor_id=actor.person)
        return self if actor.may("payments.read") else self.none()


class Claim(PersonalModel):
    """An amount owed for one purpose in the matter that `reference` names (a case, say)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    debtor = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    reference = models.CharField(_("Bezug"), max_length=80)
    key = models.CharField(max_length=80)
    kind = models.CharField(
        _("Art"), max_length=7, choices=ClaimKind, default=ClaimKind.FEE, db_default="fee"
    )
    purpose = models.JSONField(_("Zweck"))
    cents = models.PositiveBigIntegerField(_("Betrag in Cent"))
    currency = models.CharField(_("Währung"), max_length=3)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+"
    )
    # A fee for dunning belongs to the claim that was not paid, and falls with it.
    fee_for = models.ForeignKey("self", models.PROTECT, null=True, related_name="fees")
    paid_cents = models.BigIntegerField(_("davon bezahlt"), default=0, db_default=0)
    returned_cents = models.BigIntegerField(_("davon zurückgezahlt"), default=0, db_default=0)
    language = models.CharField(_("Sprache"), max_length=5, default="de", db_default="de")
    due_on = models.DateField(_("fällig am"), null=True)  # empty: as soon as it is decided
    raised_at = models.DateTimeField(_("entstanden"))
    settled_at = models.DateTimeField(_("bezahlt"), null=True)
    cancelled_at = models.DateTimeField(_("storniert"), null=True)

    subject_column = "debtor_id"
    objects: ClassVar = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("Forderung")
        verbose_name_plural = _("Forderungen")
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "key"],
                condition=models.Q(cancelled_at=None),
                name="claim_once_per_purpose",
            ),
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="claim_of_something"),
            models.CheckConstraint(
                condition=models.Q(settled_at=None) | models.Q(cancelled_at=None),
                name="claim_settled_or_cancelled",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    paid_cents__gte=0,
                    paid_cents__lte=models.F("cents") + models.F("returned_cents"),
                    returned_cents__gte=0,
                    returned_cents__lte=models.F("paid_cents"),
                ),
                name="claim_paid_within_its_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.amount}"

    @property
    def amount(self) -> Money:
        """What is owed."""
        return Money(self.cents, self.currency)

    @property
    def rest(self) -> Money:
        """What is still to be paid."""
        is_open = self.state is State.OPEN
        there = self.paid_cents - self.returned_cents
        return Money(self.cents - there if is_open else 0, self.currency)

    @property
    def kept(self) -> Money:
        """What of a settled claim the city still has."""
        is_settled = self.state is State.SETTLED
        return Money(self.cents - self.returned_cents if is_settled else 0, self.currency)

    @property
    def first_key(self) -> str:
        """The key of the purpose, which further claims for it share."""
        return self.key.partition(FURTHER)[0]

    @property
    def state(self) -> State:
        """Open until a timestamp says otherwise."""
        if self.settled_at:
            return State.SETTLED
        return State.CANCELLED if self.cancelled_at else State.OPEN

    @property
    def subject_id(self) -> UUID:
        """A claim is about its debtor."""
        return self.debtor_id
