"""What the city's bank told of the account, and what became of each movement of money."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.audit.personal import PersonalModel, PersonalQuerySet
from rathaus.core.actor import Actor
from rathaus.core.money import Money


class MovementKind(models.TextChoices):
    """How people say what a movement is to the city."""

    RECEIPT = "receipt", _("Eingang")
    RETURN = "return", _("Rückbuchung")
    CHARGE = "charge", _("Entgelt oder Zinsen")
    PAYOUT = "payout", _("Abbuchung")
    NOTHING = "nothing", _("ohne Betrag")


class MovementState(models.TextChoices):
    """Where a movement stands. Of what is `NEW` or `LEFT`, nothing is booked."""

    NEW = "new", _("wird zugeordnet")
    LEFT = "left", _("zu klären")
    BOOKED = "booked", _("verbucht")
    REFUSED = "refused", _("zurückgezahlt")
    SEEN = "seen", _("erledigt")
    REPLACED = "replaced", _("in Einzelzahlungen aufgeteilt")


class WayWord(models.TextChoices):
    """How people say by what a payment was recognised."""

    STRUCTURED = "structured", _("Zahlungsreferenz im eigenen Feld")
    END_TO_END = "end_to_end", _("Auftraggeberreferenz")
    TEXT = "text", _("Zahlungsreferenz im Text")
    TYPO = "typo", _("Zahlungsreferenz mit einem Tippfehler")
    KNOWN_PAYER = "known_payer", _("bekanntes Konto und gleicher Betrag")
    PERSON = "person", _("von Hand")


class DoubtWord(models.TextChoices):
    """How people say why a person has to decide."""

    NO_REFERENCE = "no_reference", _("keine Zahlungsreferenz")
    UNKNOWN_REFERENCE = "unknown_reference", _("unbekannte Zahlungsreferenz")
    SEVERAL = "several", _("mehrere Forderungen möglich")
    AMOUNT = "amount", _("Tippfehler, und der Betrag passt nicht")
    NOT_OPEN = "not_open", _("Tippfehler, und die Forderung ist nicht offen")
    CURRENCY = "currency", _("andere Währung")
    UNSPLIT = "unsplit", _("Sammelbuchung ohne aufteilbare Einzelzahlungen")
    REFUSED = "refused", _("ließ sich nicht verbuchen")
    NO_RECEIPT = "no_receipt", _("kein Zahlungseingang")


class BankFile(models.Model):
    """A file as the bank delivered it, taken once; `known` counts what other files told before."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(_("Dateiname"), max_length=150)
    sha256 = models.CharField(max_length=64, unique=True)
    taken_at = models.DateTimeField(_("eingelesen"))
    taken_by = models.CharField(_("von"), max_length=200)
    told = models.IntegerField(_("gemeldet"))
    known = models.IntegerField(_("schon bekannt"))

    class Meta:
        verbose_name = _("Bankdatei")
        verbose_name_plural = _("Bankdateien")
        indexes = [models.Index(fields=["-taken_at"], name="bank_files_latest_first")]

    def __str__(self) -> str:
        return self.name


class BankStatement(models.Model):
    """One statement in a file. `gap_cents`: by how much its balances and its entries differ."""

    file = models.ForeignKey(BankFile, models.PROTECT, related_name="statements")
    account = models.ForeignKey("payments.Account", models.PROTECT, related_name="+")
    form = models.CharField(max_length=3)
    version = models.CharField(max_length=2)
    identifier = models.CharField(_("Kennung"), max_length=140)
    number = models.CharField(_("Auszugsnummer"), max_length=40)
    made_on = models.DateField(_("erstellt"))
    told = models.IntegerField(_("gemeldet"))
    known = models.IntegerField(_("schon bekannt"))
    gap_cents = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Kontoauszug")
        verbose_name_plural = _("Kontoauszüge")

    def __str__(self) -> str:
        return f"camt.{self.form} {self.identifier}"


class MovementQuerySet(PersonalQuerySet["BankMovement"]):
    """Movements as somebody may see them; every query begins at `visible_to`."""

    def visible_to(self, actor: Actor) -> MovementQuerySet:
        """Staff who look after the bank account, and the machine."""
        return self if actor.may("payments.bank") else self.none()


class BankMovement(PersonalModel):
    """Money that came (positive) or went. `payer` is known once it is cleared.

    `structured` and `texts` are lists of words as the bank wrote them; `proposals` are claims, by
    their id, that a person may choose from.
    """

    id = models.BigAutoField(primary_key=True)
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="movements")
    fingerprint = models.CharField(max_length=64, unique=True)
    content = models.CharField(max_length=64)
    entry = models.CharField(max_length=64)
    bank_ids = models.JSONField(default=list)
    is_whole = models.BooleanField()
    is_unsplit = models.BooleanField()
    line = models.IntegerField()
    kind = models.CharField(_("Art"), max_length=7, choices=MovementKind)
    cents = models.BigIntegerField(_("Betrag in Cent"))
    currency = models.CharField(_("Währung"), max_length=3)
    booked_on = models.DateField(_("gebucht am"))
    structured = models.JSONField(_("Zahlungsreferenz"), default=list)
    end_to_end = models.TextField(_("Auftraggeberreferenz"))
    texts = models.JSONField(_("Verwendungszweck"), default=list)
    party = models.TextField(_("Name"))
    party_account = models.TextField(_("Konto"))
    code = models.CharField(_("Buchungsart der Bank"), max_length=60)
    state = models.CharField(_("Stand"), max_length=8, choices=MovementState)
    way = models.CharField(_("erkannt durch"), max_length=11, choices=WayWord, blank=True)
    doubt = models.CharField(_("offen, weil"), max_length=17, choices=DoubtWord, blank=True)
    proposals = models.JSONField(default=list)
    payer = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    receipt = models.OneToOneField(
        "payments.Receipt", models.PROTECT, null=True, related_name="bank_movement"
    )
    why = models.CharField(_("Grund"), max_length=300, blank=True)
    ended_at = models.DateTimeField(_("erledigt"), null=True)

    subject_column = "payer_id"
    impersonal = frozenset({"kind", "state", "way", "doubt"})
    objects: ClassVar = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("Kontobewegung")
        verbose_name_plural = _("Kontobewegungen")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["new", "left"], ended_at=None)
                | (~models.Q(state__in=["new", "left"]) & models.Q(ended_at__isnull=False)),
                name="movement_ended_or_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["booked", "refused"], receipt__isnull=False)
                | (~models.Q(state__in=["booked", "refused"]) & models.Q(receipt=None)),
                name="movement_booked_with_receipt",
            ),
        ]
        indexes = [
            models.Index(fields=["content"], name="movements_by_content"),
            models.Index(fields=["entry"], name="movements_by_entry"),
            models.Index(fields=["party_account"], name="movements_by_party"),
            models.Index(
                fields=["booked_on", "id"],
                condition=models.Q(ended_at=None),
                name="movements_to_clear",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on:%Y-%m-%d} {self.amount}"

    @property
    def amount(self) -> Money:
        """What came, or (negative) went."""
        return Money(self.cents, self.currency)

    @property
    def subject_id(self) -> UUID | None:
        """A movement is about who paid, once that is known."""
        return self.payer_id
