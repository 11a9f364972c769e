"""Where and when the city has time for people: locations, counters, offers, hours, duties."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.channels import Channel, Kind

WEEKDAYS = [
    (0, _("Montag")),
    (1, _("Dienstag")),
    (2, _("Mittwoch")),
    (3, _("Donnerstag")),
    (4, _("Freitag")),
    (5, _("Samstag")),
    (6, _("Sonntag")),
]
CHANNELS = [
    (Channel.ONLINE.value, _("online")),
    (Channel.PHONE.value, _("telefonisch")),
    (Channel.WALK_IN.value, _("vor Ort")),
]
KINDS = [(Kind.IN_PERSON.value, _("persönlich")), (Kind.VIDEO.value, _("per Video"))]
_BOUNDED = models.Q(
    during__startswith__isnull=False, during__endswith__isnull=False, during__isempty=False
)


def _all_channels() -> list[str]:
    return [channel.value for channel in Channel]


def _in_person() -> list[str]:
    return [Kind.IN_PERSON.value]


class Skill(models.Model):
    """What somebody must be able to do to serve an offer: issue passports, say."""

    slug = models.SlugField(unique=True)
    name = models.JSONField(_("Name"))

    class Meta:
        verbose_name = _("Fähigkeit")
        verbose_name_plural = _("Fähigkeiten")

    def __str__(self) -> str:
        return self.slug


class StaffSkill(models.Model):
    """A member of staff who has a skill."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="holders")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "skill"], name="skill_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.skill_id}"


class Location(models.Model):
    """A house where people are served; its rights are those of its department."""

    slug = models.SlugField(unique=True)
    name = models.JSONField(_("Name"))
    department = models.ForeignKey("accounts.Department", models.PROTECT, related_name="+")
    address = models.TextField(_("Anschrift"), blank=True)
    active = models.BooleanField(_("aktiv"), default=True)

    class Meta:
        verbose_name = _("Standort")
        verbose_name_plural = _("Standorte")

    def __str__(self) -> str:
        return self.slug


class Counter(models.Model):
    """One place at which one appointment takes place at a time."""

    location = models.ForeignKey(Location, models.PROTECT, related_name="counters")
    number = models.PositiveSmallIntegerField(_("Nummer"))
    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Art"), max_length=9, choices=KINDS, default=Kind.IN_PERSON)
    active = models.BooleanField(_("aktiv"), default=True)

    class Meta:
        verbose_name = _("Schalter")
        verbose_name_plural = _("Schalter")
        constraints = [
            models.UniqueConstraint(fields=["location", "number"], name="counter_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.location_id}/{self.number}"


class Offer(models.Model):
    """What people book: how long it takes, who can do it, how early and how often one may.

    A freed time for which nobody waits is public after a random while of `kept_back_minutes` at
    most, so that no program has it before people.
    """

    slug = models.SlugField(unique=True)
    title = models.JSONField(_("Titel"))
    advice = models.JSONField(_("Was Sie mitbringen"), default=dict, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Minuten"))
    further_minutes = models.PositiveSmallIntegerField(_("Minuten je weiterer Person"), default=0)
    max_persons = models.PositiveSmallIntegerField(_("höchstens Personen"), default=1)
    buffer_minutes = models.PositiveSmallIntegerField(_("Minuten danach frei"), default=0)
    step_minutes = models.PositiveSmallIntegerField(_("Beginn alle … Minuten"), default=5)
    lead_minutes = models.PositiveIntegerField(_("Vorlauf in Minuten"), default=60)
    horizon_days = models.PositiveSmallIntegerField(_("buchbar bis … Tage voraus"), default=56)
    hold_minutes = models.PositiveSmallIntegerField(_("Minuten zum Bestätigen"), default=15)
    open_limit = models.PositiveSmallIntegerField(_("offene Termine je Person"), default=2)
    kept_back_minutes = models.PositiveSmallIntegerField(
        _("frei gewordene Zeiten höchstens … Minuten später öffentlich"), default=0
    )
    kinds = ArrayField(
        models.CharField(max_length=9, choices=KINDS), verbose_name=_("Arten"), default=_in_person
    )
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="offers")
    service_slug = models.SlugField(_("Leistung"), blank=True, db_index=False)
    active = models.BooleanField(_("aktiv"), default=True)

    class Meta:
        verbose_name = _("Terminangebot")
        verbose_name_plural = _("Terminangebote")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=480), name="offer_of_some_minutes"
            ),
            models.CheckConstraint(
                condition=models.Q(max_persons__gte=1, max_persons__lte=20),
                name="offer_for_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(step_minutes__gte=1), name="offer_steps_forward"
            ),
            models.CheckConstraint(
                condition=models.Q(hold_minutes__gte=1), name="offer_holds_a_while"
            ),
            models.CheckConstraint(
                condition=models.Q(horizon_days__gte=1, horizon_days__lte=400),
                name="offer_horizon_in_reach",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class OpeningHours(models.Model):
    """When a location is open on a weekday, by the clock on its wall, for which channels."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("Wochentag"), choices=WEEKDAYS)
    opens = models.TimeField(_("von"))
    closes = models.TimeField(_("bis"))
    valid_from = models.DateField(_("gilt ab"))
    valid_until = models.DateField(_("gilt bis"), null=True, blank=True)
    channels = ArrayField(
        models.CharField(max_length=7, choices=CHANNELS),
        verbose_name=_("Wege"),
        default=_all_channels,
    )

    class Meta:
        verbose_name = _("Öffnungszeit")
        verbose_name_plural = _("Öffnungszeiten")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="hours_forward"
            ),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="hours_on_a_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.weekday} {self.opens}–{self.closes}"


class Closure(models.Model):
    """A whole location, or one counter of it, is closed for a while."""

    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="closures"
    )
    counter = models.ForeignKey(
        Counter, models.CASCADE, null=True, blank=True, related_name="closures"
    )
    during = DateTimeRangeField(_("Zeitraum"))
    reason = models.JSONField(_("Grund"), default=dict, blank=True)

    class Meta:
        verbose_name = _("Schließung")
        verbose_name_plural = _("Schließungen")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(location=None) ^ models.Q(counter=None),
                name="closure_of_one_place",
            ),
            models.CheckConstraint(condition=_BOUNDED, name="closure_has_two_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.location_id or ''}{self.counter_id or ''} {self.during}"


class Duty(models.Model):
    """Somebody is at a counter every week at that time, by the clock on the wall."""

    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    counter = models.ForeignKey(Counter, models.CASCADE, related_name="duties")
    weekday = models.PositiveSmallIntegerField(_("Wochentag"), choices=WEEKDAYS)
    starts = models.TimeField(_("von"))
    ends = models.TimeField(_("bis"))
    valid_from = models.DateField(_("gilt ab"))
    valid_until = models.DateField(_("gilt bis"), null=True, blank=True)

    class Meta:
        verbose_name = _("Dienst")
        verbose_name_plural = _("Dienste")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="duty_forward"
            ),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="duty_on_a_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.counter_id} {self.weekday} {self.starts}–{self.ends}"


class Absence(models.Model):
    """Somebody is not there, whatever their duties say."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    during = DateTimeRangeField(_("Zeitraum"))

    class Meta:
        verbose_name = _("Abwesenheit")
        verbose_name_plural = _("Abwesenheiten")
        constraints = [models.CheckConstraint(condition=_BOUNDED, name="absence_has_two_ends")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.during}"


class Quota(models.Model):
    """At most this share of a day's time goes to one channel; without a row there is no limit."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="quotas")
    channel = models.CharField(_("Weg"), max_length=7, choices=CHANNELS)
    share = models.PositiveSmallIntegerField(_("Anteil in Prozent"))

    class Meta:
        verbose_name = _("Kontingent")
        verbose_name_plural = _("Kontingente")
        constraints = [
            models.UniqueConstraint(fields=["location", "channel"], name="quota_once"),
            models.CheckConstraint(condition=models.Q(share__lte=100), name="quota_in_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.channel}: {self.share} %"


class QuotaUse(models.Model):
    """The minutes that each channel has of a location's day; raised and lowered in one statement.

    One row for all channels: whoever frees a time and gives it to another channel locks one row.
    """

    location = models.ForeignKey(Location, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("Tag"))
    online = models.PositiveIntegerField(default=0, db_default=0)
    phone = models.PositiveIntegerField(default=0, db_default=0)
    walk_in = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "day"], name="quota_use_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.day}"
