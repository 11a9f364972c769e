"""What the city offers: services, the offices behind them, life situations, and editors' words."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.services.catalogue import Channel


class CatalogueStamp(models.Model):
    """One row whose number grows with every change, so that indexes in memory know they are old."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_catalogue_stamp")]

    def __str__(self) -> str:
        return str(self.number)


class Office(models.Model):
    """An office where people go, call or write."""

    slug = models.SlugField(max_length=80, unique=True)
    external_id = models.CharField(max_length=80, blank=True)
    name = models.JSONField(_("Name"))
    sort_key = models.CharField(max_length=300, editable=False)
    street = models.CharField(_("Straße"), max_length=300)
    postal_code = models.CharField(_("Postleitzahl"), max_length=5)
    town = models.CharField(_("Ort"), max_length=300)
    hint = models.JSONField(_("Hinweis"), default=dict, blank=True)
    phone = models.CharField(_("Telefon"), max_length=80, blank=True)
    email = models.EmailField(_("E-Mail"), blank=True)
    opening_hours = models.JSONField(_("Öffnungszeiten"), default=list, blank=True)
    latitude = models.FloatField(_("Breite"), null=True, blank=True)
    longitude = models.FloatField(_("Länge"), null=True, blank=True)

    class Meta:
        verbose_name = _("Amt")
        verbose_name_plural = _("Ämter")
        ordering = ["sort_key", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~models.Q(external_id=""),
                name="office_imported_once",
            )
        ]

    def __str__(self) -> str:
        return self.slug


class LifeSituation(models.Model):
    """An occasion in life that brings several services together."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.JSONField(_("Titel"))
    summary = models.JSONField(_("Kurztext"))
    icon = models.CharField(_("Zeichen"), max_length=40, blank=True)
    position = models.PositiveIntegerField(_("Reihung"))

    class Meta:
        verbose_name = _("Lebenslage")
        verbose_name_plural = _("Lebenslagen")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.slug


class Service(models.Model):
    """One service of the city; texts are held by language, long ones in the notation of `texts`."""

    slug = models.SlugField(max_length=80, unique=True)
    external_id = models.CharField(max_length=80, blank=True)
    title = models.JSONField(_("Titel"))
    sort_key = models.CharField(max_length=300, editable=False)
    summary = models.JSONField(_("Kurztext"), default=dict, blank=True)
    body = models.JSONField(_("Beschreibung"), default=dict, blank=True)
    for_whom = models.JSONField(_("Für wen"), default=dict, blank=True)
    documents = models.JSONField(_("Unterlagen"), default=list, blank=True)
    cost = models.JSONField(_("Kosten"), default=dict, blank=True)
    duration = models.JSONField(_("Dauer"), default=dict, blank=True)
    appointment_minutes = models.PositiveIntegerField(_("Dauer des Termins"), null=True, blank=True)
    legal_basis = models.JSONField(_("Rechtsgrundlagen"), default=list, blank=True)
    links = models.JSONField(_("Links"), default=list, blank=True)
    channels = ArrayField(
        models.CharField(max_length=12, choices=[(c.value, c.name) for c in Channel]),
        verbose_name=_("Wege"),
        default=list,
        blank=True,
    )
    form = models.SlugField(_("Formular"), max_length=80, blank=True)
    leika = models.CharField(_("LeiKa-Schlüssel"), max_length=14, blank=True)
    keywords = models.JSONField(_("Stichwörter"), default=dict, blank=True)
    featured = models.BooleanField(_("oft gefragt"), default=False)
    published = models.BooleanField(_("veröffentlicht"), default=True)
    changed_at = models.DateTimeField(_("geändert"), auto_now=True)
    offices = models.ManyToManyField(Office, through="ServiceOffice", related_name="services")
    life_situations = models.ManyToManyField(LifeSituation, related_name="services")

    class Meta:
        verbose_name = _("Leistung")
        verbose_name_plural = _("Leistungen")
        ordering = ["sort_key", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~models.Q(external_id=""),
                name="service_imported_once",
            )
        ]

    def __str__(self) -> str:
        return self.slug


class ServiceOffice(models.Model):
    """An office of a service; the one in first place is responsible."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="places")
    office = models.ForeignKey(Office, models.PROTECT, related_name="places")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["service", "office"], name="service_office_once")
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.office_id}"


class Synonym(models.Model):
    """Words that mean the same to people who search, kept by editors."""

    words = ArrayField(models.CharField(max_length=300), verbose_name=_("Wörter"), unique=True)
    changed_at = models.DateTimeField(_("geändert"), auto_now=True)

    class Meta:
        verbose_name = _("Gruppe gleicher Wörter")
        verbose_name_plural = _("Gruppen gleicher Wörter")
        ordering = ["words"]

    def __str__(self) -> str:
        return ", ".join(self.words)


class SearchMiss(models.Model):
    """A question that found nothing, with its count and nothing about who asked."""

    question = models.CharField(_("Frage"), max_length=80)
    language = models.CharField(_("Sprache"), max_length=2)
    times = models.PositiveIntegerField(_("wie oft"), default=1)
    last_on = models.DateField(_("zuletzt"))

    class Meta:
        verbose_name = _("Suche ohne Treffer")
        verbose_name_plural = _("Suchen ohne Treffer")
        ordering = ["-times", "-last_on", "question"]
        constraints = [
            models.UniqueConstraint(fields=["question", "language"], name="search_miss_once")
        ]

    def __str__(self) -> str:
        return self.question
