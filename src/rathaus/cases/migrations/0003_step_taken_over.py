"""The history may say that the applicant has proved who they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_language_of_the_applicant")]
    operations = [
        migrations.AlterField(
            model_name="casestep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Eingelangt"),
                    ("amended", "Angaben geändert"),
                    ("assigned", "Zugeteilt"),
                    ("state", "Status geändert"),
                    ("note", "Notiz"),
                    ("message", "Nachricht"),
                    ("correction_requested", "Ergänzung verlangt"),
                    ("correction_received", "Ergänzung eingelangt"),
                    ("decided", "Entschieden"),
                    ("withdrawn", "Zurückgezogen"),
                    ("taken_over", "Mit ID Austria ausgewiesen"),
                    ("closed", "Abgeschlossen"),
                ],
                max_length=24,
            ),
        ),
    ]
