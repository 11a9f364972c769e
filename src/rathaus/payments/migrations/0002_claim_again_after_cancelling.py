"""A claim that was cancelled may be raised again over another amount."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="claim", name="claim_once_per_purpose"),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                fields=["reference", "key"],
                condition=models.Q(cancelled_at=None),
                name="claim_once_per_purpose",
            ),
        ),
    ]
