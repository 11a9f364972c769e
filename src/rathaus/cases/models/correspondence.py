"""What office and citizen write to each other, and what the office writes for itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.cases.models.about_case import AboutCase


class Message(AboutCase):
    """A message between the applicant and the office, with files (`files`)."""

    class Direction(models.TextChoices):
        TO_CITIZEN = "to_citizen", _("an die Bürgerin oder den Bürger")
        TO_OFFICE = "to_office", _("an das Amt")

    direction = models.CharField(max_length=10, choices=Direction)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=420)
    office = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Nachricht")
        verbose_name_plural = _("Nachrichten")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["case", "direction"],
                condition=models.Q(read_at=None),
                name="message_unread",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.direction}"


class Note(AboutCase):
    """An internal note; the applicant never sees it in the portal."""

    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=420)

    class Meta:
        verbose_name = _("Notiz")
        verbose_name_plural = _("Notizen")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id} note"
