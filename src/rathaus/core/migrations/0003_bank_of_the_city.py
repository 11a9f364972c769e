"""The city's own bank account, to which people transfer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_moments_by_the_houses_clock")]

    operations = [
        migrations.AddField(
            model_name="city",
            name="bank",
            field=models.JSONField(blank=True, default=dict, verbose_name="Bankverbindung"),
        ),
    ]
