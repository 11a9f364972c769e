"""How a kind of case is handled: entirely data, written by the city."""

from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.cases.phases import Phase
from rathaus.cases.procedures import ProcedureDocument


class Procedure(models.Model):
    """A kind of case; `document` holds its rules (see `procedures.ProcedureDocument`)."""

    slug = models.SlugField(unique=True)
    name = models.JSONField(_("Name"))
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", verbose_name=_("Abteilung")
    )
    # Ids of its department and of those where its routing may send a case.
    handled_in = ArrayField(models.BigIntegerField(), default=list)
    document = models.JSONField(_("Regeln"))
    is_active = models.BooleanField(_("aktiv"), default=True)

    class Meta:
        verbose_name = _("Verfahren")
        verbose_name_plural = _("Verfahren")

    def __str__(self) -> str:
        return self.slug

    @cached_property
    def rules(self) -> ProcedureDocument:
        """The document, parsed."""
        return ProcedureDocument.model_validate(self.document)


class CaseState(models.Model):
    """A finer state inside a phase: of one procedure, or of all of them (`procedure` empty)."""

    procedure = models.ForeignKey(
        Procedure, models.CASCADE, null=True, blank=True, related_name="states"
    )
    slug = models.SlugField()
    label = models.JSONField(_("Bezeichnung"))
    phase = models.CharField(_("Phase"), max_length=10, choices=[(p.value, p.value) for p in Phase])
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("aktiv"), default=True)

    class Meta:
        verbose_name = _("Status")
        verbose_name_plural = _("Status")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "slug"], nulls_distinct=False, name="state_once_per_procedure"
            )
        ]

    def __str__(self) -> str:
        return self.slug
