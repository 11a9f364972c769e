"""Forms as published, drafts as saved, applications as submitted, and the city's addresses."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.audit.personal import PersonalModel, PersonalQuerySet


class FormVersion(models.Model):
    """One version of a form, named by its sha256. The database refuses to change or delete it."""

    form = models.SlugField(_("Formular"), max_length=80)
    number = models.PositiveIntegerField(_("Fassung"))
    sha256 = models.CharField(_("Prüfsumme (SHA-256)"), max_length=64, db_index=True)
    service = models.SlugField(_("Leistung"), max_length=80)
    document = models.JSONField(_("Dokument"))
    published_at = models.DateTimeField(_("veröffentlicht"))

    class Meta:
        verbose_name = _("Formularfassung")
        verbose_name_plural = _("Formularfassungen")
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="form_version_once")]

    def __str__(self) -> str:
        return f"{self.form} {self.number}"


class DraftQuerySet(PersonalQuerySet["Draft"]):
    """Drafts; who may read which is asked by `draft_access.Knock`."""


class Draft(PersonalModel):
    """Answers on their way. `person` is empty while a guest writes; keys then prove who it is.

    `page_marks` says for each page at which revision it was saved last, and from which rendering of
    the page: so two windows are told apart from one that was sent twice.
    """

    subject_column = "person_id"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="drafts")
    person = models.ForeignKey(
        "accounts.Person", models.CASCADE, null=True, blank=True, related_name="+"
    )
    answers = models.JSONField(default=dict)
    page = models.CharField(max_length=60, blank=True)
    revision = models.PositiveIntegerField(default=0)
    page_marks = models.JSONField(default=dict)
    amends = models.ForeignKey(
        "services.Application", models.CASCADE, null=True, blank=True, related_name="amendments"
    )
    started_at = models.DateTimeField(_("begonnen"))
    saved_at = models.DateTimeField(_("gespeichert"))
    submitted_at = models.DateTimeField(_("abgesendet"), null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("Entwurf")
        verbose_name_plural = _("Entwürfe")
        indexes = [
            models.Index(
                fields=["person", "-saved_at"],
                condition=models.Q(submitted_at=None),
                name="open_drafts_of_person",
            ),
            models.Index(
                fields=["saved_at"], condition=models.Q(submitted_at=None), name="old_drafts"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def subject_id(self) -> object:
        """A draft is about the person who writes it."""
        return self.person_id


class DraftKey(models.Model):
    """What proves access to a draft: a device's cookie, or a link sent by mail. Kept hashed."""

    class Kind(models.TextChoices):
        DEVICE = "device", _("Gerät")
        LINK = "link", _("Link")

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=6, choices=Kind)
    token_hash = models.CharField(max_length=64, db_index=True)
    proved_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Schlüssel zu einem Entwurf")
        constraints = [
            models.UniqueConstraint(fields=["draft", "token_hash"], name="draft_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.kind}"


class DraftFile(models.Model):
    """A file uploaded into a draft."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    stored = models.OneToOneField("core.StoredFile", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("Datei eines Entwurfs")

    def __str__(self) -> str:
        return str(self.stored_id)


class ApplicationQuerySet(PersonalQuerySet["Application"]):
    """Applications; found through their draft or their person alone."""


class Application(PersonalModel):
    """What was submitted, frozen with fees and grants; an amendment is another application."""

    subject_column = "person_id"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    draft = models.OneToOneField(Draft, models.PROTECT, related_name="application")
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="applications")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    case_number = models.CharField(_("Aktenzeichen"), max_length=24)
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    answers = models.JSONField()
    fees = models.JSONField()
    grants = models.JSONField()
    submitted_at = models.DateTimeField(_("abgesendet"))

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Antrag")
        verbose_name_plural = _("Anträge")
        indexes = [models.Index(fields=["case", "-submitted_at"], name="applications_of_case")]

    def __str__(self) -> str:
        return self.case_number

    @property
    def subject_id(self) -> object:
        """An application is about the person who submitted it."""
        return self.person_id


class Receipt(models.Model):
    """The confirmation of receipt of an application, made once; the case keeps the same file."""

    application = models.OneToOneField(
        Application, models.PROTECT, primary_key=True, related_name="receipt"
    )
    stored = models.OneToOneField("core.StoredFile", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("Eingangsbestätigung")

    def __str__(self) -> str:
        return str(self.stored_id)


class StreetAddress(models.Model):
    """An address of the city's own list; `search_key` is how people may write it."""

    street = models.CharField(_("Straße"), max_length=120)
    number = models.CharField(_("Hausnummer"), max_length=20)
    postcode = models.CharField(_("Postleitzahl"), max_length=5)
    place = models.CharField(_("Ort"), max_length=80)
    search_key = models.CharField(max_length=150, editable=False)

    class Meta:
        verbose_name = _("Adresse")
        verbose_name_plural = _("Adressen")
        constraints = [
            models.UniqueConstraint(
                fields=["postcode", "street", "number"], name="street_address_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["search_key"], name="street_address_search", opclasses=["text_pattern_ops"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.street} {self.number}, {self.postcode} {self.place}"
