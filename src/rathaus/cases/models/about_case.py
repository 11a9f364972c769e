"""The base of every row that belongs to a case and therefore to a citizen."""

from django.db import models

from rathaus.audit.personal import PersonalModel


class AboutCase(PersonalModel):
    """A row of a case; `subject_id` repeats the applicant, so reads are noted without a join."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="%(class)ss")
    subject_id = models.UUIDField(editable=False)

    class Meta:
        abstract = True
