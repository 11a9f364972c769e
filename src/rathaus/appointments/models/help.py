"""Calls for help from a counter or the reception, who came, and who is written to otherwise."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.help_calls import (
    FEWEST_SECONDS,
    LONGEST_NOTE,
    MOST_SECONDS,
    SECONDS_TO_ANSWER,
    Outcome,
)

OUTCOMES = [
    (Outcome.DONE.value, _("erledigt")),
    (Outcome.FALSE_ALARM.value, _("Fehlalarm")),
    (Outcome.CALLED_AGAIN.value, _("noch einmal gerufen")),
]


class HelpTermsRow(models.Model):
    """From a day on: how long colleagues have to answer, and whom the house writes to then."""

    location = models.ForeignKey("appointments.Location", models.CASCADE, related_name="help_terms")
    valid_from = models.DateField(_("gilt ab"))
    seconds = models.PositiveSmallIntegerField(_("Sekunden"), default=SECONDS_TO_ANSWER)
    emails = ArrayField(models.EmailField(), verbose_name=_("E-Mail-Adressen"), default=list)

    class Meta:
        db_table = "appointments_helpterms"
        verbose_name = _("Regel für Hilferufe")
        verbose_name_plural = _("Regeln für Hilferufe")
        constraints = [
            models.UniqueConstraint(
                fields=["location", "valid_from"], name="help_terms_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(seconds__gte=FEWEST_SECONDS, seconds__lte=MOST_SECONDS),
                name="help_answered_in_reach",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.valid_from}"


class HelpCall(models.Model):
    """Somebody at a counter, or without one at the reception, needs help until it is closed."""

    location = models.ForeignKey("appointments.Location", models.PROTECT, related_name="help_calls")
    counter = models.ForeignKey("appointments.Counter", models.PROTECT, null=True, related_name="+")
    called_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    called_at = models.DateTimeField(_("gerufen"))
    escalated_at = models.DateTimeField(_("gemeldet"), null=True)
    closed_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("abgeschlossen"), null=True)
    outcome = models.CharField(_("Ausgang"), max_length=12, choices=OUTCOMES, blank=True)
    note = models.CharField(_("Notiz"), max_length=LONGEST_NOTE, blank=True)

    class Meta:
        verbose_name = _("Hilferuf")
        verbose_name_plural = _("Hilferufe")
        constraints = [
            models.UniqueConstraint(
                fields=["called_by"],
                condition=models.Q(closed_at=None),
                name="one_open_help_call_per_person",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, outcome="")
                | models.Q(closed_at__isnull=False, outcome__in=[one.value for one in Outcome]),
                name="closed_help_has_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.counter_id or ''} {self.called_at}"


class HelpAnswer(models.Model):
    """A colleague who said that they come."""

    call = models.ForeignKey(HelpCall, models.CASCADE, related_name="answers", db_index=False)
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("angenommen"))

    class Meta:
        verbose_name = _("Antwort auf einen Hilferuf")
        verbose_name_plural = _("Antworten auf Hilferufe")
        constraints = [
            models.UniqueConstraint(fields=["call", "person"], name="comes_once_to_a_help_call")
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.person_id}"
