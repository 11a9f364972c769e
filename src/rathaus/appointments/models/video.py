"""Where a location meets people by video, from a day on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.video_rooms import LONGEST_ADDRESS, MINUTES_BEFORE, MOST_MINUTES_BEFORE


class VideoTermsRow(models.Model):
    """The video service of a location, or of one counter of it."""

    location = models.ForeignKey(
        "appointments.Location", models.CASCADE, related_name="video_terms", db_index=False
    )
    counter = models.ForeignKey("appointments.Counter", models.CASCADE, null=True, related_name="+")
    valid_from = models.DateField(_("gilt ab"))
    address = models.CharField(_("Adresse"), max_length=LONGEST_ADDRESS)
    is_fixed = models.BooleanField(_("fester Raum"), default=False)
    opens_minutes = models.PositiveSmallIntegerField(
        _("melden ab … Minuten vorher"), default=MINUTES_BEFORE
    )

    class Meta:
        db_table = "appointments_videoterms"
        verbose_name = _("Regel für Videotermine")
        verbose_name_plural = _("Regeln für Videotermine")
        constraints = [
            models.UniqueConstraint(
                fields=["location", "counter", "valid_from"],
                name="video_terms_once_a_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(address__regex=r"^(https://|/[^/])"), name="video_is_private"
            ),
            models.CheckConstraint(
                condition=models.Q(opens_minutes__lte=MOST_MINUTES_BEFORE),
                name="video_opens_in_reach",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.counter_id or ''} {self.valid_from}"
