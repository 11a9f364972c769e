"""What somebody owes each year anew, and money that the city only keeps for somebody."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.audit.personal import PersonalModel, PersonalQuerySet
from rathaus.core.actor import Actor
from rathaus.core.localized import Localized
from rathaus.payments.levies import Exemption, LevyRules, Span
from rathaus.payments.levy_kinds import LevyEntry


class LevyKind(models.Model):
    """A levy of the city as its document says; `last` counts the numbers given out."""

    slug = models.CharField(max_length=50, unique=True)
    prefix = models.CharField(max_length=8, unique=True)
    department = models.ForeignKey("accounts.Department", models.PROTECT, related_name="+")
    document = models.JSONField()
    last = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("Abgabenart")
        verbose_name_plural = _("Abgabenarten")

    def __str__(self) -> str:
        return self.slug

    @property
    def entry(self) -> LevyEntry:
        """The document."""
        return LevyEntry.model_validate(self.document)


class LevyQuerySet(PersonalQuerySet["Levy"]):
    """Levies as somebody may see them; every query begins at `visible_to`."""

    def visible_to(self, actor: Actor) -> LevyQuerySet:
        """Staff with the right: all. Citizens: their own. Nobody else: none."""
        if actor.is_citizen:
            return self.filter(debtor_id=actor.person)
        return self if actor.may("payments.levies") else self.none()


class Levy(PersonalModel):
    """What one person owes each year for one thing. `matter` names the case that began it, `key`
    the line there (or the clerk's own request); `number` names it and its claims.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.ForeignKey(LevyKind, models.PROTECT, related_name="levies")
    number = models.CharField(_("Nummer"), max_length=20, unique=True)
    debtor = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    about = models.CharField(_("Wofür"), max_length=120)
    rate = models.CharField(_("Tarif"), max_length=50)
    matter = models.CharField(_("Anliegen"), max_length=80, blank=True)
    key = models.CharField(max_length=80)
    language = models.CharField(_("Sprache"), max_length=5)
    begins_on = models.DateField(_("beginnt am"))
    ends_on = models.DateField(_("endet am"), null=True)
    exempt_from = models.SmallIntegerField(_("befreit ab"), null=True)
    exempt_until = models.SmallIntegerField(_("befreit bis"), null=True)
    exempt_why = models.CharField(_("Grund der Befreiung"), max_length=300, blank=True)
    begun_at = models.DateTimeField(_("angelegt"))

    subject_column = "debtor_id"
    objects: ClassVar = LevyQuerySet.as_manager()

    class Meta:
        verbose_name = _("wiederkehrende Abgabe")
        verbose_name_plural = _("wiederkehrende Abgaben")
        constraints = [
            models.UniqueConstraint(fields=["matter", "key"], name="levy_once_per_line"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("begins_on")),
                name="levy_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=models.Q(exempt_from=None, exempt_until=None)
                | models.Q(exempt_from__isnull=False, exempt_until=None)
                | models.Q(exempt_until__gte=models.F("exempt_from")),
                name="levy_exempt_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def span(self) -> Span:
        """From when until when it is owed."""
        return Span(self.begins_on, self.ends_on)

    @property
    def exemption(self) -> Exemption | None:
        """The years for which nothing is owed."""
        if self.exempt_from is None:
            return None
        return Exemption(self.exempt_from, self.exempt_until)

    @property
    def rules(self) -> LevyRules:
        """What the city's data says about its rate."""
        return self.kind.entry.rules(self.rate)

    @property
    def subject_id(self) -> UUID:
        """A levy is about its debtor."""
        return self.debtor_id


class LevyYear(models.Model):
    """One year of a levy, raised once: its tariff and what of that is owed; nothing where exempt.

    `with_matter` where the decision that began the levy has set and claimed it already.
    """

    levy = models.ForeignKey(Levy, models.PROTECT, related_name="years")
    year = models.SmallIntegerField(_("Jahr"))
    yearly_cents = models.BigIntegerField(_("Tarif in Cent"))
    cents = models.BigIntegerField(_("geschuldet in Cent"))
    with_matter = models.BooleanField(default=False)
    raised_at = models.DateTimeField(_("vorgeschrieben"))
    document = models.ForeignKey("core.StoredFile", models.PROTECT, null=True, related_name="+")
    by_mail = models.BooleanField(_("per E-Mail"), default=False)

    class Meta:
        verbose_name = _("Abgabenjahr")
        verbose_name_plural = _("Abgabenjahre")
        constraints = [
            models.UniqueConstraint(fields=["levy", "year"], name="levy_once_per_year"),
            models.CheckConstraint(
                condition=models.Q(cents__gte=0, cents__lte=models.F("yearly_cents")),
                name="levy_year_within_its_tariff",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.levy_id}: {self.year}"

    @property
    def reference(self) -> str:
        """Under which the claims of the year stand: `HA-000012-2027`."""
        return f"{self.levy.number}-{self.year}"


class LevyDeed(models.TextChoices):
    """What happened to a levy."""

    BEGUN = "begun", _("angelegt")
    RAISED = "raised", _("vorgeschrieben")
    CHANGED = "changed", _("geändert")
    ENDED = "ended", _("beendet")


class LevyStep(models.Model):
    """The history of a levy, a line each; `year` where it is about one."""

    levy = models.ForeignKey(Levy, models.PROTECT, related_name="steps")
    deed = models.CharField(_("was"), max_length=7, choices=LevyDeed)
    year = models.SmallIntegerField(_("Jahr"), null=True)
    why = models.CharField(_("Grund"), max_length=300, blank=True)
    by_name = models.CharField(_("von"), max_length=200, blank=True)
    at = models.DateTimeField(_("am"))

    class Meta:
        verbose_name = _("Schritt einer Abgabe")
        verbose_name_plural = _("Schritte einer Abgabe")

    def __str__(self) -> str:
        return f"{self.levy_id}: {self.deed}"


def purpose_of(levy: Levy, year: int) -> Localized:
    """`Hundeabgabe 2027: Bello`, in the languages of the city's document."""
    return {
        language: f"{name} {year}: {levy.about}"
        for language, name in levy.kind.entry.name.plain().items()
    }
