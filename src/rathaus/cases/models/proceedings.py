"""What the law knows of a case: correction requests, suspensions and the decision."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.cases.decision_faults import DecisionText
from rathaus.cases.models.about_case import AboutCase


class CorrectionRequest(AboutCase):
    """An order to correct or complete what was filed (§ 13 Abs. 3 AVG), with its own deadline."""

    text = models.TextField()
    items = ArrayField(models.CharField(max_length=250), default=list)
    basis = models.CharField(max_length=120)
    suspends = models.BooleanField(default=False)
    requested_at = models.DateTimeField()
    due_on = models.DateField()
    extended_from = models.DateField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Verbesserungsauftrag")
        verbose_name_plural = _("Verbesserungsaufträge")
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(closed_at=None),
                name="one_open_correction_per_case",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=models.Q(closed_at=None, lapsed_at=None),
                name="correction_running",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} until {self.due_on}"


class Suspension(AboutCase):
    """A time in which the deadline for the decision does not run."""

    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    basis = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(ends_on=None), name="one_suspension_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="suspension_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} from {self.starts_on}"


class Outcome(models.TextChoices):
    """How a case was decided."""

    GRANTED = "granted", _("bewilligt")
    PARTLY_GRANTED = "partly_granted", _("teilweise bewilligt")
    REFUSED = "refused", _("abgewiesen")
    REJECTED = "rejected", _("zurückgewiesen")
    SETTLED = "settled", _("erledigt")


class DecisionDraft(AboutCase):
    """The words of a decision before it is issued; the applicant never sees them in the portal."""

    class Stage(models.TextChoices):
        WRITING = "writing", _("in Arbeit")
        SUBMITTED = "submitted", _("liegt zur Genehmigung")
        RETURNED = "returned", _("zurückgegeben")

    case = models.OneToOneField("cases.Case", models.CASCADE, related_name="draft")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.WRITING)
    outcome = models.CharField(max_length=16, choices=Outcome)
    title = models.CharField(max_length=250)
    ruling = models.TextField()
    reasons = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    template = models.SlugField(blank=True)
    note = models.TextField(blank=True)
    author = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=420)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Entwurf einer Entscheidung")
        verbose_name_plural = _("Entwürfe von Entscheidungen")

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage}"

    @property
    def text(self) -> DecisionText:
        """The words as the actions take them."""
        return DecisionText(
            outcome=self.outcome,
            title=self.title,
            ruling=self.ruling,
            reasons=self.reasons,
            remedy=self.remedy,
            template=self.template,
        )


class Decision(AboutCase):
    """The decision: its text, the delivered document, and until when a remedy is possible."""

    case = models.OneToOneField("cases.Case", models.CASCADE, related_name="decision")
    outcome = models.CharField(max_length=16, choices=Outcome)
    title = models.CharField(max_length=250)
    ruling = models.TextField()
    reasons = models.TextField(blank=True)
    remedy_text = models.TextField(blank=True)
    remedy_until = models.DateField(null=True)
    document = models.ForeignKey("cases.CaseFile", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    delivered_at = models.DateTimeField()
    by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=420)

    class Meta:
        verbose_name = _("Entscheidung")
        verbose_name_plural = _("Entscheidungen")

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"
