"""The language in which the applicant filled in and wants to be written to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="language",
            field=models.CharField(
                db_default="de", default="de", max_length=10, verbose_name="Sprache"
            ),
        ),
    ]
