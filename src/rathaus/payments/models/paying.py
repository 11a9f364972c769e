"""What people are paying at this moment, with whom, and what payment services told us of it."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.audit.personal import PersonalModel, PersonalQuerySet
from rathaus.core.actor import Actor
from rathaus.core.money import Money
from rathaus.payments.models.receipts import MeansWord
from rathaus.payments.payment_states import MOVES, WAITING, PaymentState


class PaymentStateWord(models.TextChoices):
    """How people say where a payment stands."""

    CREATED = "created", _("begonnen")
    PENDING = "pending", _("läuft")
    HELD = "held", _("wird geprüft")
    SUCCEEDED = "succeeded", _("bezahlt")
    FAILED = "failed", _("fehlgeschlagen")
    CANCELLED = "cancelled", _("abgebrochen")
    EXPIRED = "expired", _("abgelaufen")


ENDED = [state.value for state, following in MOVES.items() if not following]


class PaymentQuerySet(PersonalQuerySet["Payment"]):
    """Payments as somebody may see them; every query begins at `visible_to`."""

    def visible_to(self, actor: Actor) -> PaymentQuerySet:
        """Staff with the right: all. Citizens: their own. Nobody else: none."""
        if actor.is_citizen:
            return self.filter(payer_id=actor.person)
        return self if actor.may("payments.read") else self.none()

    def waiting(self) -> PaymentQuerySet:
        """Those that can still go on by themselves."""
        return self.filter(state__in=WAITING)


class Payment(PersonalModel):
    """One amount for one or several claims that somebody wants to pay by one means, now.

    `key` is what the payer's own request is called, so that pressing twice is one payment;
    `number` is the provider's name for it, `page` where people pay, `until` how long they may.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    payer = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    means = models.CharField(_("Zahlungsmittel"), max_length=6, choices=MeansWord)
    cents = models.BigIntegerField(_("Betrag in Cent"))
    currency = models.CharField(_("Währung"), max_length=3)
    language = models.CharField(max_length=2)
    state = models.CharField(_("Stand"), max_length=9, choices=PaymentStateWord)
    provider = models.CharField(max_length=20)
    number = models.CharField(max_length=120, blank=True)
    page = models.CharField(max_length=2000, blank=True)
    made_at = models.DateTimeField(_("begonnen"))
    until = models.DateTimeField(_("zahlbar bis"))
    asked_at = models.DateTimeField(_("zuletzt nachgefragt"), null=True)
    ended_at = models.DateTimeField(_("beendet"), null=True)
    receipt = models.ForeignKey("payments.Receipt", models.PROTECT, null=True, related_name="+")
    why_held = models.CharField(_("Grund der Prüfung"), max_length=300, blank=True)

    subject_column = "payer_id"
    objects: ClassVar = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Zahlung")
        verbose_name_plural = _("Zahlungen")
        constraints = [
            models.UniqueConstraint(fields=["payer", "key"], name="payment_once_per_key"),
            models.UniqueConstraint(
                fields=["provider", "number"],
                condition=~models.Q(number=""),
                name="payment_once_per_number",
            ),
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=models.Q(state__in=ENDED, ended_at__isnull=False)
                | (~models.Q(state__in=ENDED) & models.Q(ended_at=None)),
                name="payment_ended_or_running",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="succeeded") | models.Q(receipt__isnull=False),
                name="payment_succeeded_by_receipt",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=models.Q(ended_at=None), name="payment_to_ask"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def amount(self) -> Money:
        """All that is to be paid."""
        return Money(self.cents, self.currency)

    @property
    def now(self) -> PaymentState:
        """Where it stands."""
        return PaymentState(self.state)

    @property
    def subject_id(self) -> UUID:
        """A payment is about who pays."""
        return self.payer_id


class PaymentPart(models.Model):
    """What of a payment is meant for one claim; all parts together are the payment.

    A trigger says so (migration 0012). While `runs`, no other payment can hold the claim.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="parts")
    claim = models.ForeignKey("payments.Claim", models.PROTECT, related_name="+")
    position = models.SmallIntegerField()
    cents = models.BigIntegerField(_("Betrag in Cent"))
    runs = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("Teil einer Zahlung")
        verbose_name_plural = _("Teile einer Zahlung")
        constraints = [
            models.UniqueConstraint(fields=["payment", "claim"], name="part_once_per_claim"),
            models.UniqueConstraint(
                fields=["claim"], condition=models.Q(runs=True), name="claim_in_one_payment"
            ),
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="part_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} → {self.claim_id}"


class EventOutcome(models.TextChoices):
    """What became of a provider's message."""

    WAITING = "waiting", _("wartet")
    APPLIED = "applied", _("verarbeitet")
    UNKNOWN = "unknown", _("betrifft keine Zahlung von uns")


class ProviderEvent(models.Model):
    """A provider's message, kept before anything is done about it; its text is not kept."""

    provider = models.CharField(max_length=20)
    event = models.CharField(max_length=120)
    kind = models.CharField(_("Art"), max_length=80)
    number = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(_("Ergebnis"), max_length=7, choices=EventOutcome)
    heard_at = models.DateTimeField(_("gehört"))
    heard_times = models.IntegerField(_("wie oft gehört"), default=1)
    done_at = models.DateTimeField(_("erledigt"), null=True)

    class Meta:
        verbose_name = _("Meldung eines Zahlungsdienstes")
        verbose_name_plural = _("Meldungen von Zahlungsdiensten")
        constraints = [
            models.UniqueConstraint(fields=["provider", "event"], name="provider_event_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event}"


class IdempotencyKey(PersonalModel):
    """A request that a person's program made, and the very bytes that answered it."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    body = models.BinaryField()
    made_at = models.DateTimeField()

    subject_column = "person_id"

    class Meta:
        verbose_name = _("Beantwortete Anfrage")
        verbose_name_plural = _("Beantwortete Anfragen")
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="request_once_per_key")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def subject_id(self) -> UUID:
        """A request is about who made it."""
        return self.person_id
