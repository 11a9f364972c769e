"""A case: one matter of one applicant, with what was filed and what happened."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from rathaus.audit.personal import PersonalModel, PersonalQuerySet
from rathaus.cases.deadlines import Level, Period, Unit
from rathaus.cases.models.about_case import AboutCase
from rathaus.cases.phases import OPEN, Phase
from rathaus.core.actor import Actor
from rathaus.core.localized import SOURCE_LANGUAGE

NEVER = date(9999, 12, 31)
STILL_OPEN = models.Q(phase__in=sorted(phase.value for phase in OPEN))


class NumberCounter(models.Model):
    """The last number given under a prefix in a year; raised in one statement."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"


class CaseQuerySet(PersonalQuerySet["Case"]):
    """Cases as somebody may see them; every query begins at `visible_to`."""

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """Staff: of departments where they may read. Citizens: their own. Nobody else: none."""
        if actor.is_citizen:
            return self.filter(applicant_id=actor.person).exclude(phase=Phase.DRAFT)
        departments = actor.departments("cases.read")
        return self if departments is None else self.filter(department_id__in=departments)

    def still_open(self) -> CaseQuerySet:
        """Those for which a decision is still owed."""
        return self.filter(STILL_OPEN)


class Case(PersonalModel):
    """One matter; `revision` grows with every change, so nobody overwrites the unseen."""

    subject_column = "applicant_id"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.CharField(_("Aktenzeichen"), max_length=24, unique=True)
    # Each of these begins an index of its own below; a second one would only slow changes down.
    procedure = models.ForeignKey(
        "cases.Procedure", models.PROTECT, related_name="cases", db_index=False
    )
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", db_index=False
    )
    applicant = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="+", db_index=False
    )
    applicant_name = models.CharField(_("Antragstellerin oder Antragsteller"), max_length=420)
    applicant_address = models.JSONField(_("Anschrift"))
    name_confirmed = models.BooleanField(_("Name bestätigt"))
    language = models.CharField(
        _("Sprache"), max_length=10, default=SOURCE_LANGUAGE, db_default=SOURCE_LANGUAGE
    )
    title = models.CharField(_("Titel"), max_length=250)
    origin = models.CharField(max_length=40, blank=True)
    phase = models.CharField(_("Phase"), max_length=10, choices=[(p.value, p.value) for p in Phase])
    state = models.ForeignKey(
        "cases.CaseState", models.PROTECT, null=True, related_name="+", db_index=False
    )
    assigned_to = models.ForeignKey(
        "accounts.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )
    received_on = models.DateField(_("eingelangt am"))
    period_count = models.PositiveSmallIntegerField()
    period_unit = models.CharField(max_length=12, choices=[(u.value, u.value) for u in Unit])
    period_basis = models.CharField(max_length=120)
    due_on = models.DateField(_("Frist"), null=True)
    suspended_since = models.DateField(_("Frist ruht seit"), null=True)
    level = models.PositiveSmallIntegerField(
        _("Warnstufe"), choices=[(level.value, level.name) for level in Level], default=0
    )
    revision = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    search_text = models.TextField(editable=False)
    due_sort = models.GeneratedField(
        expression=Coalesce("due_on", models.Value(NEVER, models.DateField())),
        output_field=models.DateField(),
        db_persist=True,
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Anliegen")
        verbose_name_plural = _("Anliegen")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(phase__in=[phase.value for phase in Phase]),
                name="case_phase_is_known",
            )
        ]
        indexes = [
            models.Index(fields=["due_sort", "id"], condition=STILL_OPEN, name="case_open"),
            models.Index(
                fields=["department", "due_sort", "id"],
                condition=STILL_OPEN,
                name="case_open_of_department",
            ),
            models.Index(
                fields=["assigned_to", "due_sort", "id"],
                condition=STILL_OPEN,
                name="case_open_of_clerk",
            ),
            models.Index(
                fields=["procedure", "due_sort", "id"],
                condition=STILL_OPEN,
                name="case_open_of_procedure",
            ),
            models.Index(
                fields=["level", "due_sort", "id"], condition=STILL_OPEN, name="case_open_of_level"
            ),
            models.Index(fields=["phase", "due_sort", "id"], name="case_by_phase"),
            models.Index(fields=["phase", "received_on", "id"], name="case_of_phase_by_arrival"),
            models.Index(fields=["received_on", "id"], name="case_by_arrival"),
            models.Index(fields=["applicant", "-opened_at"], name="case_of_applicant"),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="case_search"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject_id(self) -> UUID:
        """A case is about its applicant."""
        return self.applicant_id

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody can be reached: no message, no correction, no delivery."""
        return self.applicant.is_nameless

    def searchable(self) -> str:
        """What a search looks through: number, title and name in small letters."""
        return f"{self.number} {self.title} {self.applicant_name}".lower()

    @property
    def period(self) -> Period:
        """The time for the decision, as it was when the case was opened."""
        return Period(self.period_count, Unit(self.period_unit), self.period_basis)


class CaseContent(AboutCase):
    """What was filed; each amendment is a version of its own, none is ever changed."""

    version = models.PositiveIntegerField()
    sections = models.JSONField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=420)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="content_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} version {self.version}"


class CaseFile(AboutCase):
    """A file of a case; `message` and `correction` say with what it came."""

    stored = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    label = models.CharField(_("Bezeichnung"), max_length=250)
    visible_to_citizen = models.BooleanField(default=True)
    from_citizen = models.BooleanField(default=True)
    message = models.ForeignKey("cases.Message", models.CASCADE, null=True, related_name="files")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.label


class CaseStep(AboutCase):
    """One change of a case, as the history shows it; the applicant sees the `public` ones."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Eingelangt")
        AMENDED = "amended", _("Angaben geändert")
        ASSIGNED = "assigned", _("Zugeteilt")
        FORWARDED = "forwarded", _("An die zuständige Abteilung weitergeleitet")
        STATE = "state", _("Status geändert")
        NOTE = "note", _("Notiz")
        MESSAGE = "message", _("Nachricht")
        CORRECTION_REQUESTED = "correction_requested", _("Ergänzung verlangt")
        CORRECTION_RECEIVED = "correction_received", _("Ergänzung eingelangt")
        CORRECTION_EXTENDED = "correction_extended", _("Frist zur Ergänzung erstreckt")
        DRAFTED = "drafted", _("Entscheidung entworfen")
        SUBMITTED = "submitted", _("Entwurf zur Genehmigung vorgelegt")
        RETURNED = "returned", _("Entwurf zurückgegeben")
        DECIDED = "decided", _("Entschieden")
        WITHDRAWN = "withdrawn", _("Zurückgezogen")
        TAKEN_OVER = "taken_over", _("Mit ID Austria ausgewiesen")
        CLOSED = "closed", _("Abgeschlossen")

    kind = models.CharField(max_length=24, choices=Kind)
    text = models.CharField(max_length=500, blank=True)
    public = models.BooleanField(default=True)
    revision = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=420)
    office = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["case", "revision"], name="step_of_revision")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
