"""The ledger: what was booked stays as it was booked. The database itself keeps it right, see the
migrations `0004` and `0005`; nothing here writes but `rathaus.payments.actions.booking`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """On which side of the city's books an account stands."""

    ASSET = "asset", _("Aktiva")
    LIABILITY = "liability", _("Passiva")
    INCOME = "income", _("Ertrag")
    EXPENSE = "expense", _("Aufwand")


class Use(models.TextChoices):
    """What an account is for; a department may have one of its own for each."""

    BANK = "bank", _("Bankkonto")
    CARD = "card", _("Kartenzahlungen")
    EPS = "eps", _("eps-Überweisungen")
    CASH = "cash", _("Barkassa")
    RECEIVABLES = "receivables", _("Forderungen")
    INCOME = "income", _("Gebühren und Abgaben")
    DEPOSITS = "deposits", _("Kautionen")
    CREDIT = "credit", _("Guthaben")
    UNKNOWN = "unknown", _("Ungeklärte Eingänge")
    REFUNDS = "refunds", _("Rückzahlungen unterwegs")
    DIFFERENCES = "differences", _("Kassadifferenzen")


class BookingKind(models.TextChoices):
    """Why something was booked; accounting calls it the kind of document."""

    CLAIM = "claim", _("Vorschreibung")
    RECEIPT = "receipt", _("Zahlung")
    CREDIT = "credit", _("Guthaben")
    REFUND = "refund", _("Rückzahlung")
    REVERSAL = "reversal", _("Storno")
    CASH = "cash", _("Kassadifferenz")
    DEPOSIT = "deposit", _("Einbehalt")


class Account(models.Model):
    """One account of the chart, found by its use, department and currency."""

    number = models.CharField(_("Kontonummer"), max_length=10)
    name = models.JSONField(_("Name"))
    kind = models.CharField(_("Art"), max_length=9, choices=Kind)
    use = models.CharField(_("Zweck"), max_length=11, choices=Use)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+"
    )
    currency = models.CharField(_("Währung"), max_length=3)
    # Of a bank account only: what stands on transfers and QR codes.
    iban = models.CharField(_("IBAN"), max_length=34)
    bic = models.CharField(_("BIC"), max_length=11)
    holder = models.CharField(_("Kontoname"), max_length=70)

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")
        constraints = [
            models.UniqueConstraint(fields=["number", "currency"], name="account_number_once"),
            models.UniqueConstraint(
                fields=["use", "department", "currency"],
                nulls_distinct=False,
                name="account_once_per_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name.get('de', '')}"


class Transaction(models.Model):
    """The header of a booking. `legs` says how many legs it has, so that none can come later."""

    number = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(_("Belegart"), max_length=8, choices=BookingKind)
    booked_on = models.DateField(_("Buchungsdatum"))
    text = models.CharField(_("Text"), max_length=140)
    reference = models.CharField(_("Bezug"), max_length=80)
    currency = models.CharField(_("Währung"), max_length=3)
    legs = models.SmallIntegerField()
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("storniert")
    )
    posted_at = models.DateTimeField(_("gebucht"))

    class Meta:
        verbose_name = _("Buchung")
        verbose_name_plural = _("Buchungen")
        constraints = [
            models.CheckConstraint(condition=models.Q(legs__gte=2), name="at_least_two_legs"),
        ]
        indexes = [
            models.Index(fields=["booked_on", "number"], name="transaction_by_day"),
            models.Index(fields=["reference"], name="transaction_by_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.key}"


class Leg(models.Model):
    """One side of a booking: positive cents are debit, negative ones credit."""

    pk = models.CompositePrimaryKey("transaction_id", "position")
    transaction = models.ForeignKey(
        Transaction, models.PROTECT, related_name="entries", db_index=False
    )
    position = models.SmallIntegerField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    cents = models.BigIntegerField()

    class Meta:
        verbose_name = _("Buchungszeile")
        verbose_name_plural = _("Buchungszeilen")
        constraints = [
            models.CheckConstraint(condition=~models.Q(cents=0), name="leg_of_something"),
        ]
        indexes = [
            models.Index(
                fields=["account", "transaction"], include=["cents"], name="leg_by_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.transaction_id}/{self.position}"


class Checkpoint(models.Model):
    """All bookings up to a number were really there when these balances were kept."""

    upto = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Saldenstand")

    def __str__(self) -> str:
        return str(self.upto)


class CheckpointBalance(models.Model):
    """The balance of one account at a checkpoint."""

    pk = models.CompositePrimaryKey("checkpoint_id", "account_id")
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="balances")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    cents = models.BigIntegerField()

    class Meta:
        verbose_name = _("Saldo")

    def __str__(self) -> str:
        return f"{self.checkpoint_id}: {self.account_id}"


class Closing(models.Model):
    """Nothing can be booked on a day up to `until` any more."""

    until = models.DateField(_("abgeschlossen bis"), primary_key=True)
    closed_at = models.DateTimeField(_("abgeschlossen"))

    class Meta:
        verbose_name = _("Abschluss")
        verbose_name_plural = _("Abschlüsse")

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d}"
