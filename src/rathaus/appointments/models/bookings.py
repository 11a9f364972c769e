"""Bookings: held, confirmed, kept or given back; the database lets no two have the same time."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.models.places import CHANNELS
from rathaus.appointments.states import BLOCKING, State
from rathaus.audit.personal import PersonalModel, PersonalQuerySet
from rathaus.core.actor import Actor
from rathaus.core.localized import SOURCE_LANGUAGE

STATES = [
    (State.HELD.value, _("vorgemerkt")),
    (State.BOOKED.value, _("gebucht")),
    (State.ARRIVED.value, _("da")),
    (State.FINISHED.value, _("erledigt")),
    (State.MISSED.value, _("nicht gekommen")),
    (State.CANCELLED.value, _("abgesagt")),
    (State.EXPIRED.value, _("nicht bestätigt")),
]
IS_BLOCKING = models.Q(state__in=sorted(state.value for state in BLOCKING))


class BookingQuerySet(PersonalQuerySet["Booking"]):
    """Bookings as somebody may see them; every query begins at `visible_to`."""

    def visible_to(self, actor: Actor) -> BookingQuerySet:
        """Staff: of locations where they serve. Citizens: their own. Nobody else: none."""
        if actor.is_citizen:
            return self.about(actor.person) if actor.person else self.none()
        departments = actor.departments("appointments.serve")
        if departments is None:
            return self
        return self.filter(location__department_id__in=departments)


class Booking(PersonalModel):
    """One appointment. `occupies` (with the free minutes after it) is what nobody else may have.

    `place` is the booking's own id; while one is moved, a second row with the same `place` keeps
    the new time until the booking itself is there. `quota_minutes` is what it has of a quota.
    """

    subject_column = "person_id"
    impersonal = frozenset({"counter", "location", "begins_at", "ends_at", "frees_at", "state"})

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    place = models.UUIDField(editable=False)
    location = models.ForeignKey(
        "appointments.Location", models.PROTECT, related_name="+", db_index=False
    )
    counter = models.ForeignKey(
        "appointments.Counter", models.PROTECT, related_name="bookings", db_index=False
    )
    chosen = models.JSONField(_("gewählt"))
    persons = models.PositiveSmallIntegerField(_("Personen"), default=1)
    channel = models.CharField(_("Weg"), max_length=7, choices=CHANNELS)
    begins_at = models.DateTimeField(_("Beginn"))
    ends_at = models.DateTimeField(_("Ende"))
    frees_at = models.DateTimeField(_("wieder frei"))
    occupies = models.GeneratedField(
        expression=models.Func("begins_at", "frees_at", function="tstzrange"),
        output_field=DateTimeRangeField(),
        db_persist=True,
    )
    state = models.CharField(_("Stand"), max_length=9, choices=STATES)
    hold_until = models.DateTimeField(_("vorgemerkt bis"), null=True)
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    guest_name = models.CharField(_("Name"), max_length=200, blank=True)
    guest_email = models.EmailField(_("E-Mail"), blank=True)
    guest_phone = models.CharField(_("Telefon"), max_length=60, blank=True)
    identity = models.CharField(max_length=64, blank=True, editable=False)
    language = models.CharField(_("Sprache"), max_length=10, default=SOURCE_LANGUAGE)
    case_number = models.CharField(_("Aktenzeichen"), max_length=24, blank=True)
    quota_minutes = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    made_with = models.UUIDField(null=True, unique=True, editable=False)
    made_at = models.DateTimeField(_("gemacht"))
    changed_at = models.DateTimeField(_("geändert"))
    reminded_at = models.DateTimeField(_("erinnert"), null=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")
        constraints = [
            ExclusionConstraint(
                name="one_booking_at_a_time",
                expressions=[
                    ("counter", RangeOperators.EQUAL),
                    ("occupies", RangeOperators.OVERLAPS),
                    ("place", RangeOperators.NOT_EQUAL),
                ],
                condition=IS_BLOCKING,
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]),
                name="booking_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at"))
                & models.Q(frees_at__gte=models.F("ends_at")),
                name="booking_forward",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.HELD) | models.Q(hold_until__isnull=False),
                name="hold_has_an_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["counter", "begins_at"],
                include=["frees_at", "state", "hold_until", "id"],
                condition=IS_BLOCKING,
                name="booking_time_taken",
            ),
            models.Index(
                fields=["hold_until"],
                condition=models.Q(state=State.HELD),
                name="booking_hold_running",
            ),
            models.Index(
                fields=["identity", "made_at"],
                condition=~models.Q(identity=""),
                name="booking_of_identity",
            ),
            models.Index(fields=["location", "begins_at"], name="booking_of_location"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def name(self) -> str:
        """Who comes, as they call themselves: a guest's account knows their mailbox alone."""
        return self.guest_name or (self.person.full_name if self.person else "")

    @property
    def subject_id(self) -> UUID | None:
        """A booking is about whoever comes, if they have an account."""
        return self.person_id


class BookingLink(models.Model):
    """A link in a mail that lets its reader do one thing once; the secret itself is not kept."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("Bestätigen")
        MOVE = "move", _("Verschieben")
        CANCEL = "cancel", _("Absagen")

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=7, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Link zu einem Termin")

    def __str__(self) -> str:
        return f"{self.booking_id} {self.purpose}"
