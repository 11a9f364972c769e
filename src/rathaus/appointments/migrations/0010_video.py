"""Where a location meets people by video, and the numbers of those who are there by video."""

import django.db.models.deletion
from django.db import migrations, models

CHANNELS = [
    ("kiosk", "Automat"),
    ("phone", "Handy"),
    ("desk", "Empfang"),
    ("booking", "Termin"),
    ("video", "Video"),
]


class Migration(migrations.Migration):
    dependencies = [("appointments", "0009_help_calls")]

    operations = [
        migrations.AlterField(
            "ticket",
            "channel",
            models.CharField(choices=CHANNELS, max_length=7, verbose_name="Weg"),
        ),
        migrations.CreateModel(
            name="VideoTermsRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="gilt ab")),
                ("address", models.CharField(max_length=300, verbose_name="Adresse")),
                ("is_fixed", models.BooleanField(default=False, verbose_name="fester Raum")),
                (
                    "opens_minutes",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="melden ab … Minuten vorher"
                    ),
                ),
                (
                    "counter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="appointments.counter",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="video_terms",
                        to="appointments.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "Regel für Videotermine",
                "verbose_name_plural": "Regeln für Videotermine",
                "db_table": "appointments_videoterms",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("location", "counter", "valid_from"),
                        name="video_terms_once_a_day",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("address__regex", "^(https://|/[^/])")),
                        name="video_is_private",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opens_minutes__lte", 120)),
                        name="video_opens_in_reach",
                    ),
                ],
            },
        ),
    ]
