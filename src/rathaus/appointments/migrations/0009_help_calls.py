"""Calls for help get a place, several who come, an end of their own, and dated terms."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Before, an answer was the end of a call.
KEEP_WHAT_WAS = """
    UPDATE appointments_helpcall AS call SET location_id = counter.location_id
    FROM appointments_counter AS counter WHERE counter.id = call.counter_id;
    INSERT INTO appointments_helpanswer (call_id, person_id, at)
    SELECT id, answered_by_id, answered_at FROM appointments_helpcall
    WHERE answered_by_id IS NOT NULL AND answered_at IS NOT NULL;
    UPDATE appointments_helpcall
    SET closed_at = answered_at, closed_by_id = answered_by_id, outcome = 'done'
    WHERE answered_at IS NOT NULL;
    UPDATE appointments_helpcall AS call
    SET closed_at = call.called_at, closed_by_id = call.called_by_id, outcome = 'called_again'
    WHERE call.closed_at IS NULL AND EXISTS (
        SELECT FROM appointments_helpcall AS later
        WHERE later.called_by_id = call.called_by_id AND later.closed_at IS NULL
            AND later.id > call.id);
    INSERT INTO appointments_helpterms (location_id, valid_from, seconds, emails)
    SELECT location_id, current_date, 30, ARRAY[help_email] FROM appointments_queuesettings
    WHERE help_email <> '';
"""
OUTCOMES = [
    ("done", "erledigt"),
    ("false_alarm", "Fehlalarm"),
    ("called_again", "noch einmal gerufen"),
]
DEEDS = (
    "drawn called recalled began finished reopened parked unparked forwarded sent_away missed left "
    "opened paused resumed closed help_called help_came help_closed"
)


def person(**known):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        **known,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0008_move_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HelpTermsRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="gilt ab")),
                ("seconds", models.PositiveSmallIntegerField(default=30, verbose_name="Sekunden")),
                (
                    "emails",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254),
                        default=list,
                        size=None,
                        verbose_name="E-Mail-Adressen",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="help_terms",
                        to="appointments.location",
                    ),
                ),
            ],
            options={
                "verbose_name": "Regel für Hilferufe",
                "verbose_name_plural": "Regeln für Hilferufe",
                "db_table": "appointments_helpterms",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("location", "valid_from"), name="help_terms_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seconds__gte", 10), ("seconds__lte", 600)),
                        name="help_answered_in_reach",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="angenommen")),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="appointments.helpcall",
                    ),
                ),
                ("person", person()),
            ],
            options={
                "verbose_name": "Antwort auf einen Hilferuf",
                "verbose_name_plural": "Antworten auf Hilferufe",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "person"), name="comes_once_to_a_help_call"
                    )
                ],
            },
        ),
        migrations.RemoveConstraint("helpcall", "one_open_help_call_per_counter"),
        migrations.AddField(
            "helpcall",
            "location",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="help_calls",
                to="appointments.location",
            ),
        ),
        migrations.AlterField(
            "helpcall",
            "counter",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="appointments.counter",
            ),
        ),
        migrations.AddField(
            "helpcall",
            "escalated_at",
            models.DateTimeField(null=True, verbose_name="gemeldet"),
        ),
        migrations.AddField("helpcall", "closed_by", person(null=True)),
        migrations.AddField(
            "helpcall",
            "closed_at",
            models.DateTimeField(null=True, verbose_name="abgeschlossen"),
        ),
        migrations.AddField(
            "helpcall",
            "outcome",
            models.CharField(
                blank=True, choices=OUTCOMES, default="", max_length=12, verbose_name="Ausgang"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "helpcall",
            "note",
            models.CharField(blank=True, default="", max_length=200, verbose_name="Notiz"),
            preserve_default=False,
        ),
        migrations.RunSQL(KEEP_WHAT_WAS, migrations.RunSQL.noop),
        # Rows that wait for the check of their keys let no column change.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "helpcall",
            "location",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="help_calls",
                to="appointments.location",
            ),
        ),
        migrations.AlterField(
            "queueevent",
            "kind",
            models.CharField(max_length=12, choices=[(deed, deed) for deed in DEEDS.split()]),
        ),
        migrations.RemoveField("helpcall", "answered_by"),
        migrations.RemoveField("helpcall", "answered_at"),
        migrations.RemoveField("queuesettings", "help_email"),
        migrations.AddConstraint(
            "helpcall",
            models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("called_by",),
                name="one_open_help_call_per_person",
            ),
        ),
        migrations.AddConstraint(
            "helpcall",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("outcome", "")),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("outcome__in", ["done", "false_alarm", "called_again"]),
                    ),
                    _connector="OR",
                ),
                name="closed_help_has_an_outcome",
            ),
        ),
    ]
