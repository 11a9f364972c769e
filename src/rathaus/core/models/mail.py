"""Mails on their way out of the house: written in the action's transaction, sent by a job."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.core.clock import now


class OutgoingMail(models.Model):
    """One plain mail to one person. Timestamps tell its state; its text is kept for days only."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    recipient = models.EmailField(_("An"), blank=True)
    subject = models.CharField(_("Betreff"), max_length=250, blank=True)
    text = models.TextField(_("Text"), blank=True)
    reference = models.CharField(_("Bezug"), max_length=80, blank=True)
    attachments = models.ManyToManyField(
        "core.StoredFile", verbose_name=_("Beilagen"), related_name="+", blank=True
    )
    calendar = models.TextField(_("Kalendereintrag"), blank=True, default="", db_default="")
    code = models.CharField(_("QR-Code"), max_length=80, blank=True, default="", db_default="")
    created_at = models.DateTimeField(_("geschrieben"), default=now, editable=False)
    sent_at = models.DateTimeField(_("gesendet"), null=True, blank=True)
    failed_at = models.DateTimeField(_("aufgegeben"), null=True, blank=True)
    emptied_at = models.DateTimeField(_("geleert"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    last_error = models.CharField(_("Letzter Fehler"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("Mail")
        verbose_name_plural = _("Mails")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(failed_at=None),
                name="mail_sent_or_failed",
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(sent_at=None, failed_at=None),
                name="mail_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Neither sent nor given up."""
        return self.sent_at is None and self.failed_at is None
