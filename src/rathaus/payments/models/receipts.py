"""Money that came, where it went, what is left of it, and what was given back."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.audit.personal import PersonalModel, PersonalQuerySet
from rathaus.core.actor import Actor
from rathaus.core.money import Money
from rathaus.payments.models.claims import Claim


class MeansWord(models.TextChoices):
    """How people say by what means money came or went."""

    CARD = "card", _("Karte")
    EPS = "eps", _("eps-Überweisung")
    BANK = "bank", _("Überweisung")
    CASH = "cash", _("bar")
    CREDIT = "credit", _("Verrechnung mit Guthaben")


class OutcomeWord(models.TextChoices):
    """How people say what a share of money was to its claim."""

    SETTLED = "settled", _("bezahlt")
    PARTIAL = "partial", _("teilweise bezahlt")
    OVER = "over", _("mehr als offen war")
    DOUBLE = "double", _("war schon bezahlt")
    LATE = "late", _("verspätet")


class RefundState(models.TextChoices):
    """Where money is that goes back."""

    REQUESTED = "requested", _("beauftragt")
    SENT = "sent", _("unterwegs")
    DONE = "done", _("zurückgezahlt")
    FAILED = "failed", _("gescheitert")


class ReceiptQuerySet(PersonalQuerySet["Receipt"]):
    """Receipts as somebody may see them; every query begins at `visible_to`."""

    def visible_to(self, actor: Actor) -> ReceiptQuerySet:
        """Staff with the right: all. Citizens: what they paid or what was paid for them."""
        if actor.is_citizen:
            paid_for = Share.objects.filter(claim__debtor_id=actor.person).values("receipt")
            mine = models.Q(payer_id=actor.person) | models.Q(payer=None, pk__in=paid_for)
            return self.filter(mine)
        return self if actor.may("payments.read") else self.none()


class Receipt(PersonalModel):
    """One amount of money that came, with the number of its proof; gapless within a year."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    year = models.SmallIntegerField()
    place = models.IntegerField()  # counted within the year
    key = models.CharField(max_length=120, unique=True)
    payer = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    means = models.CharField(_("Zahlungsmittel"), max_length=6, choices=MeansWord)
    cents = models.BigIntegerField(_("Betrag in Cent"))
    currency = models.CharField(_("Währung"), max_length=3)
    received_on = models.DateField(_("eingelangt am"))
    note = models.CharField(_("Vermerk"), max_length=140)
    made_at = models.DateTimeField(_("verbucht"))
    # The credit that was set off, where nothing came from outside.
    source = models.ForeignKey("payments.Credit", models.PROTECT, null=True, related_name="uses")
    document = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, related_name="+")

    subject_column = "payer_id"
    objects: ClassVar = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("Zahlungsbeleg")
        verbose_name_plural = _("Zahlungsbelege")
        constraints = [
            models.UniqueConstraint(fields=["year", "place"], name="receipt_number_once"),
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="receipt_of_something"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As it is printed: `ZB-2026-000123`."""
        return f"ZB-{self.year}-{self.place:06d}"

    @property
    def amount(self) -> Money:
        """All that came."""
        return Money(self.cents, self.currency)

    @property
    def subject_id(self) -> UUID | None:
        """A receipt is about who paid, if that is known."""
        return self.payer_id


class ReceiptYear(models.Model):
    """How many receipts a year has; whoever takes the next number waits for the one before."""

    year = models.SmallIntegerField(primary_key=True)
    last = models.IntegerField()

    class Meta:
        verbose_name = _("Belegkreis")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Share(models.Model):
    """What of a receipt was meant for a claim, what went to it, and what of that is there still."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="shares")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="shares")
    position = models.SmallIntegerField()
    meant_cents = models.BigIntegerField()
    cents = models.BigIntegerField()
    left_cents = models.BigIntegerField()
    outcome = models.CharField(_("Ergebnis"), max_length=7, choices=OutcomeWord)

    class Meta:
        verbose_name = _("Anteil")
        verbose_name_plural = _("Anteile")
        constraints = [
            models.UniqueConstraint(fields=["receipt", "claim"], name="share_once_per_claim"),
            models.CheckConstraint(
                condition=models.Q(
                    meant_cents__gt=0,
                    cents__gte=0,
                    cents__lte=models.F("meant_cents"),
                    left_cents__gte=0,
                    left_cents__lte=models.F("cents"),
                ),
                name="share_within_its_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} → {self.claim_id}"


class CreditQuerySet(PersonalQuerySet["Credit"]):
    """Credits as somebody may see them."""

    def visible_to(self, actor: Actor) -> CreditQuerySet:
        """Staff with the right: all. Citizens: their own."""
        if actor.is_citizen:
            return self.filter(owner_id=actor.person)
        return self if actor.may("payments.read") else self.none()


class Credit(PersonalModel):
    """Money of somebody that pays for nothing; of nobody known where `owner` is empty.

    `share` is set where it paid for a claim before: the claim was cancelled, or giving back failed;
    else it is what a receipt brought beyond all claims.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="credits")
    share = models.ForeignKey(Share, models.PROTECT, null=True, related_name="credits")
    account = models.ForeignKey("payments.Account", models.PROTECT, related_name="+")
    cents = models.BigIntegerField(_("Betrag in Cent"))
    left_cents = models.BigIntegerField(_("davon übrig"))
    currency = models.CharField(_("Währung"), max_length=3)
    made_at = models.DateTimeField(_("entstanden"))

    subject_column = "owner_id"
    objects: ClassVar = CreditQuerySet.as_manager()

    class Meta:
        verbose_name = _("Guthaben")
        verbose_name_plural = _("Guthaben")
        constraints = [
            models.UniqueConstraint(
                fields=["receipt"], condition=models.Q(share=None), name="one_excess_per_receipt"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    cents__gt=0, left_cents__gte=0, left_cents__lte=models.F("cents")
                ),
                name="credit_within_its_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left}"

    @property
    def left(self) -> Money:
        """What nobody has used yet."""
        return Money(self.left_cents, self.currency)

    @property
    def subject_id(self) -> UUID | None:
        """A credit is about its owner, if that is known."""
        return self.owner_id


class Refund(PersonalModel):
    """Money that goes back to whoever paid it; taken from credits and shares at once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True)
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="refunds")
    payee = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    means = models.CharField(_("Zahlungsmittel"), max_length=6, choices=MeansWord)
    cents = models.BigIntegerField(_("Betrag in Cent"))
    currency = models.CharField(_("Währung"), max_length=3)
    iban = models.CharField(_("IBAN"), max_length=34)
    name = models.CharField(_("Kontoname"), max_length=70)
    why = models.CharField(_("Grund"), max_length=300)
    state = models.CharField(_("Stand"), max_length=9, choices=RefundState)
    transfer = models.ForeignKey(
        "payments.Transfer", models.PROTECT, null=True, related_name="refunds"
    )
    requested_at = models.DateTimeField(_("beauftragt"))
    sent_at = models.DateTimeField(_("abgesandt"), null=True)
    ended_at = models.DateTimeField(_("erledigt"), null=True)
    problem = models.CharField(_("Hindernis"), max_length=300)

    subject_column = "payee_id"

    class Meta:
        verbose_name = _("Rückzahlung")
        verbose_name_plural = _("Rückzahlungen")
        constraints = [
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="refund_of_something"),
            models.CheckConstraint(
                condition=models.Q(state__in=["done", "failed"], ended_at__isnull=False)
                | models.Q(state__in=["requested", "sent"], ended_at=None),
                name="refund_ended_or_under_way",
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"], condition=models.Q(ended_at=None), name="refund_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.amount}"

    @property
    def amount(self) -> Money:
        """What goes back."""
        return Money(self.cents, self.currency)

    @property
    def subject_id(self) -> UUID | None:
        """A refund is about who gets it, if that is known."""
        return self.payee_id


class RefundPart(models.Model):
    """From where a refund took its money: one credit or one share."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="parts")
    credit = models.ForeignKey(Credit, models.PROTECT, null=True, related_name="+")
    share = models.ForeignKey(Share, models.PROTECT, null=True, related_name="+")
    cents = models.BigIntegerField()

    class Meta:
        verbose_name = _("Teil einer Rückzahlung")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(credit=None, share__isnull=False)
                | models.Q(credit__isnull=False, share=None),
                name="refund_part_from_one_place",
            ),
            models.CheckConstraint(
                condition=models.Q(cents__gt=0), name="refund_part_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}: {self.cents}"


class Transfer(models.Model):
    """A file of transfers (pain.001) as it was handed over for the city's bank; never changes."""

    number = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField(_("erstellt"))
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Überweisungsdatei")
        verbose_name_plural = _("Überweisungsdateien")

    def __str__(self) -> str:
        return f"pain.001 {self.number}"
