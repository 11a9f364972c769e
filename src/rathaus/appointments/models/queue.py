"""The queue of a location: tickets, who is at which counter, and the log from which all follows."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.calling_order import Turn
from rathaus.appointments.queue_replay import Deed, Position
from rathaus.appointments.ticket_states import AT_COUNTER, OPEN, TicketChannel, TicketState
from rathaus.core.localized import SOURCE_LANGUAGE

STATES = [
    (TicketState.WAITING.value, _("wartet")),
    (TicketState.CALLED.value, _("aufgerufen")),
    (TicketState.SERVING.value, _("am Schalter")),
    (TicketState.PARKED.value, _("geparkt")),
    (TicketState.MISSED.value, _("nicht gekommen")),
    (TicketState.FINISHED.value, _("erledigt")),
    (TicketState.LEFT.value, _("gegangen")),
]
CHANNELS = [
    (TicketChannel.KIOSK.value, _("Automat")),
    (TicketChannel.PHONE.value, _("Handy")),
    (TicketChannel.DESK.value, _("Empfang")),
    (TicketChannel.BOOKING.value, _("Termin")),
    (TicketChannel.VIDEO.value, _("Video")),
]
TURNS = [
    (Turn.URGENT.value, _("dringend")),
    (Turn.PREFERRED.value, _("bevorzugt")),
    (Turn.NORMAL.value, _("normal")),
]
# The columns of a ticket that follow from the log.
POSITION = (
    "rank",
    "state",
    "offers",
    "skills",
    "arrived_at",
    "turn",
    "appointment_at",
    "calls",
    "counter_id",
    "clerk_id",
    "called_at",
    "began_at",
    "ended_at",
)


class QueueSettings(models.Model):
    """How a location runs its queue; without a row it runs by these defaults."""

    location = models.OneToOneField(
        "appointments.Location", models.CASCADE, primary_key=True, related_name="queue_settings"
    )
    early_minutes = models.PositiveSmallIntegerField(_("gilt ab … Minuten vorher"), default=5)
    late_minutes = models.PositiveSmallIntegerField(_("gilt bis … Minuten danach"), default=15)
    check_in_minutes = models.PositiveSmallIntegerField(
        _("anmelden ab … Minuten vorher"), default=45
    )
    most_calls = models.PositiveSmallIntegerField(_("höchstens Aufrufe"), default=3)
    phone_tickets = models.BooleanField(_("Nummern am Handy"), default=True)
    kiosk_generation = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("Einstellungen der Warteschlange")
        verbose_name_plural = _("Einstellungen der Warteschlangen")

    def __str__(self) -> str:
        return f"{self.location_id}"


class TicketSeries(models.Model):
    """A group of matters whose tickets share a letter, as the kiosk shows it."""

    location = models.ForeignKey(
        "appointments.Location", models.CASCADE, related_name="ticket_series"
    )
    letter = models.CharField(_("Buchstabe"), max_length=1)
    title = models.JSONField(_("Titel"))
    offers = models.ManyToManyField(
        "appointments.Offer", related_name="+", verbose_name=_("Anliegen")
    )

    class Meta:
        verbose_name = _("Nummernkreis")
        verbose_name_plural = _("Nummernkreise")
        constraints = [
            models.UniqueConstraint(fields=["location", "letter"], name="series_letter_once"),
            models.CheckConstraint(
                condition=models.Q(letter__regex="^[A-Z]$"), name="series_letter_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.letter}"


class QueueDay(models.Model):
    """The numbers given out on a day, all together and by letter; locked to draw one."""

    location = models.ForeignKey(
        "appointments.Location", models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField(_("Tag"))
    drawn = models.PositiveIntegerField(default=0)
    series = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["location", "day"], name="queue_day_once")]

    def __str__(self) -> str:
        return f"{self.location_id} {self.day}"


class Ticket(models.Model):
    """Somebody in the queue, by number alone: who they are is known to their booking, if anywhere.

    `rank` says who came first where all else is equal. `note` is what one clerk tells the next; it
    is emptied in the night.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    location = models.ForeignKey(
        "appointments.Location", models.PROTECT, related_name="tickets", db_index=False
    )
    day = models.DateField(_("Tag"))
    letter = models.CharField(_("Buchstabe"), max_length=1)
    number = models.PositiveIntegerField(_("Nummer"))
    rank = models.BigIntegerField()
    offers = ArrayField(models.SlugField(db_index=False), verbose_name=_("Anliegen"))
    skills = ArrayField(models.SlugField(db_index=False), verbose_name=_("Fähigkeiten"))
    persons = models.PositiveSmallIntegerField(_("Personen"), default=1)
    booking = models.ForeignKey(
        "appointments.Booking", models.SET_NULL, null=True, related_name="tickets"
    )
    appointment_at = models.DateTimeField(_("Termin um"), null=True)
    turn = models.PositiveSmallIntegerField(_("Vorrang"), choices=TURNS, default=Turn.NORMAL)
    state = models.CharField(_("Stand"), max_length=8, choices=STATES)
    channel = models.CharField(_("Weg"), max_length=7, choices=CHANNELS)
    language = models.CharField(_("Sprache"), max_length=10, default=SOURCE_LANGUAGE)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    forwarded_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="forwarded_to"
    )
    calls = models.PositiveSmallIntegerField(_("Aufrufe"), default=0)
    counter = models.ForeignKey("appointments.Counter", models.PROTECT, null=True, related_name="+")
    clerk = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("Notiz"), max_length=200, blank=True)
    made_with = models.UUIDField(null=True, unique=True, editable=False)
    drawn_at = models.DateTimeField(_("gezogen"))
    arrived_at = models.DateTimeField(_("wartet seit"))
    called_at = models.DateTimeField(_("aufgerufen"), null=True)
    began_at = models.DateTimeField(_("begonnen"), null=True)
    ended_at = models.DateTimeField(_("beendet"), null=True)

    class Meta:
        verbose_name = _("Wartenummer")
        verbose_name_plural = _("Wartenummern")
        constraints = [
            models.UniqueConstraint(
                fields=["location", "day", "letter", "number"], name="ticket_number_once"
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=models.Q(state__in=sorted(OPEN)),
                name="one_open_ticket_per_booking",
            ),
            models.UniqueConstraint(
                fields=["counter"],
                condition=models.Q(state__in=sorted(AT_COUNTER)),
                name="one_ticket_at_a_counter",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in TicketState]),
                name="ticket_state_is_known",
            ),
        ]
        indexes = [models.Index(fields=["location", "day", "state"], name="tickets_of_a_day")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What is called and shown: `A 017`."""
        return f"{self.letter} {self.number:03}"

    @property
    def position(self) -> Position:
        """Where the ticket stands, as the log says it."""
        return Position(
            rank=self.rank,
            state=TicketState(self.state),
            offers=tuple(self.offers),
            skills=frozenset(self.skills),
            arrived_at=self.arrived_at,
            turn=Turn(self.turn),
            appointment_at=self.appointment_at,
            calls=self.calls,
            counter=self.counter_id,
            clerk=self.clerk_id,
            called_at=self.called_at,
            began_at=self.began_at,
            ended_at=self.ended_at,
        )

    def stand_at(self, position: Position) -> None:
        """Take over what follows from the log."""
        self.rank = position.rank
        self.state = position.state
        self.offers = list(position.offers)
        self.skills = sorted(position.skills)
        self.arrived_at = position.arrived_at
        self.turn = position.turn
        self.appointment_at = position.appointment_at
        self.calls = position.calls
        self.counter_id = position.counter
        self.clerk_id = position.clerk
        self.called_at = position.called_at
        self.began_at = position.began_at
        self.ended_at = position.ended_at


class CounterSession(models.Model):
    """A clerk is at a counter, from when to when; `paused_at` while nobody is called there."""

    counter = models.ForeignKey("appointments.Counter", models.PROTECT, related_name="sessions")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    skills = ArrayField(models.SlugField(db_index=False), verbose_name=_("Fähigkeiten"))
    opened_at = models.DateTimeField(_("geöffnet"))
    paused_at = models.DateTimeField(_("Pause seit"), null=True)
    closed_at = models.DateTimeField(_("geschlossen"), null=True)

    class Meta:
        verbose_name = _("Besetzung eines Schalters")
        verbose_name_plural = _("Besetzungen der Schalter")
        constraints = [
            models.UniqueConstraint(
                fields=["counter"],
                condition=models.Q(closed_at=None),
                name="one_clerk_at_a_counter",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(closed_at=None), name="a_clerk_at_one_counter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.opened_at}"


class QueueEvent(models.Model):
    """One line of the log. It only grows: a trigger and the rights of the program's role say so."""

    location = models.ForeignKey(
        "appointments.Location", models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=12, choices=[(deed.value, deed.value) for deed in Deed])
    at = models.DateTimeField()
    counter = models.ForeignKey(
        "appointments.Counter", models.PROTECT, null=True, related_name="+", db_index=False
    )
    staff = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Eintrag der Warteschlange")
        verbose_name_plural = _("Einträge der Warteschlange")
        indexes = [models.Index(fields=["location", "day", "id"], name="queue_log_of_a_day")]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class QueueLesson(models.Model):
    """What past days taught about a location's queue, until and including a day."""

    location = models.ForeignKey(
        "appointments.Location", models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField()
    learnt = models.JSONField()
    calibration = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["location", "day"], name="lesson_once")]

    def __str__(self) -> str:
        return f"{self.location_id} {self.day}"


class WaitGiven(models.Model):
    """What was first foretold to a ticket, uncalibrated; seconds."""

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, primary_key=True, related_name="wait_given"
    )
    at = models.DateTimeField()
    low = models.PositiveIntegerField()
    median = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    chance = models.FloatField()

    class Meta:
        verbose_name = _("genannte Wartezeit")

    def __str__(self) -> str:
        return f"{self.ticket_id}"
