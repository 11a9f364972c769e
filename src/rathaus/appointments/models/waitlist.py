"""The waitlist: who would come earlier, what they were offered, and what is kept back meanwhile."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.models.places import WEEKDAYS
from rathaus.appointments.waitlist_order import DayPart
from rathaus.appointments.waitlist_states import OPEN, Answer, Waiting
from rathaus.audit.personal import PersonalModel, PersonalQuerySet
from rathaus.core.actor import Actor
from rathaus.core.localized import SOURCE_LANGUAGE

ENTRY_STATES = [
    (Waiting.WAITING.value, _("wartet")),
    (Waiting.OFFERED.value, _("Termin angeboten")),
    (Waiting.TAKEN.value, _("Termin genommen")),
    (Waiting.DECLINED.value, _("abgelehnt")),
    (Waiting.EXPIRED.value, _("abgelaufen")),
    (Waiting.WITHDRAWN.value, _("verlassen")),
]
ANSWERS = [
    (Answer.OPEN.value, _("offen")),
    (Answer.TAKEN.value, _("genommen")),
    (Answer.DECLINED.value, _("abgelehnt")),
    (Answer.EXPIRED.value, _("nicht beantwortet")),
    (Answer.WITHDRAWN.value, _("zurückgezogen")),
]
DAY_PARTS = [
    (DayPart.MORNING.value, _("vormittags")),
    (DayPart.AFTERNOON.value, _("nachmittags")),
    (DayPart.EVENING.value, _("ab 17 Uhr")),
]
IS_OPEN = models.Q(state__in=sorted(state.value for state in OPEN))


class WaitlistQuerySet(PersonalQuerySet["WaitlistEntry"]):
    """Entries as somebody may see them."""

    def visible_to(self, actor: Actor) -> WaitlistQuerySet:
        """Citizens: their own. Nobody else: none."""
        if actor.is_citizen and actor.person:
            return self.about(actor.person)
        return self.none()

    def open(self) -> WaitlistQuerySet:
        """Those that still wait."""
        return self.filter(IS_OPEN)


class WaitlistEntry(PersonalModel):
    """Somebody who would take an earlier time: for what, where, and when it would suit.

    With a `booking`, that is moved; without, they get a new one. A guest whose mailbox is not
    proved has no `joined_at` and no place in the order yet.
    """

    subject_column = "person_id"
    impersonal = frozenset({"chosen", "locations", "state", "joined_at"})

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    chosen = models.JSONField(_("gewählt"))
    persons = models.PositiveSmallIntegerField(_("Personen"), default=1)
    kind = models.CharField(_("Art"), max_length=9, blank=True)
    locations = ArrayField(models.SlugField(), verbose_name=_("Standorte"))
    earliest = models.DateField(_("frühestens"))
    latest = models.DateField(_("spätestens"))
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=WEEKDAYS), verbose_name=_("Wochentage")
    )
    parts = ArrayField(
        models.CharField(max_length=9, choices=DAY_PARTS), verbose_name=_("Tageszeiten")
    )
    notice_hours = models.PositiveSmallIntegerField(_("Stunden vorher"))
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    guest_name = models.CharField(_("Name"), max_length=200, blank=True)
    guest_email = models.EmailField(_("E-Mail"), blank=True)
    guest_phone = models.CharField(_("Telefon"), max_length=60, blank=True)
    identity = models.CharField(max_length=64, editable=False)
    booking = models.ForeignKey(
        "appointments.Booking", models.PROTECT, null=True, related_name="waiting"
    )
    language = models.CharField(_("Sprache"), max_length=10, default=SOURCE_LANGUAGE)
    state = models.CharField(_("Stand"), max_length=9, choices=ENTRY_STATES)
    made_at = models.DateTimeField(_("gemacht"))
    joined_at = models.DateTimeField(_("wartet seit"), null=True)
    changed_at = models.DateTimeField(_("geändert"))
    declined = models.PositiveSmallIntegerField(default=0)
    unanswered = models.PositiveSmallIntegerField(default=0)

    objects = WaitlistQuerySet.as_manager()

    class Meta:
        verbose_name = _("Eintrag der Warteliste")
        verbose_name_plural = _("Warteliste")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in Waiting]),
                name="waitlist_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(latest__gte=models.F("earliest")), name="waitlist_forward"
            ),
        ]
        indexes = [
            models.Index(
                fields=["joined_at", "id"],
                condition=models.Q(state=Waiting.WAITING),
                name="waitlist_in_order",
            ),
            models.Index(fields=["identity", "made_at"], name="waitlist_of_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def subject_id(self) -> UUID | None:
        """An entry is about whoever waits, if they have an account."""
        return self.person_id


class WaitlistPlace(models.Model):
    """Somebody's one place in the list for an offer; it goes when the entry is closed.

    There is a row for each name by which the house knows them: who waits as a citizen cannot wait
    a second time by their mailbox.
    """

    entry = models.ForeignKey(WaitlistEntry, models.CASCADE, related_name="places")
    identity = models.CharField(max_length=64)
    offer = models.SlugField(db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["identity", "offer"], name="waits_once_for_an_offer")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.offer}"


class Proposal(models.Model):
    """A freed time that is kept for one entry until they answer; `booking` is what keeps it.

    The booking's hold ends a little after `until`: whoever is next has it before the public.
    """

    entry = models.ForeignKey(WaitlistEntry, models.CASCADE, related_name="proposals")
    booking = models.ForeignKey(
        "appointments.Booking", models.SET_NULL, null=True, related_name="proposals"
    )
    location = models.ForeignKey("appointments.Location", models.PROTECT, related_name="+")
    begins_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))
    sent_at = models.DateTimeField(_("angeboten"))
    until = models.DateTimeField(_("gilt bis"))
    answer = models.CharField(_("Antwort"), max_length=9, choices=ANSWERS, default=Answer.OPEN)
    answered_at = models.DateTimeField(_("beantwortet"), null=True)

    class Meta:
        verbose_name = _("Angebot aus der Warteliste")
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=models.Q(answer=Answer.OPEN),
                name="one_open_proposal_each",
            )
        ]
        indexes = [
            models.Index(
                fields=["until"], condition=models.Q(answer=Answer.OPEN), name="proposal_running"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.begins_at} {self.answer}"


class WaitlistLink(models.Model):
    """A link in a mail that lets its reader do one thing once; the secret itself is not kept."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("Bestätigen")
        TAKE = "take", _("Nehmen")
        DECLINE = "decline", _("Ablehnen")
        LEAVE = "leave", _("Verlassen")

    entry = models.ForeignKey(WaitlistEntry, models.CASCADE, related_name="links")
    proposal = models.ForeignKey(Proposal, models.CASCADE, null=True, related_name="links")
    purpose = models.CharField(max_length=7, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Link zur Warteliste")

    def __str__(self) -> str:
        return f"{self.entry_id} {self.purpose}"


class KeptBack(models.Model):
    """A booking of nobody that keeps a freed time from the public for some minutes."""

    booking = models.OneToOneField("appointments.Booking", models.CASCADE, related_name="kept_back")

    def __str__(self) -> str:
        return f"{self.booking_id}"
