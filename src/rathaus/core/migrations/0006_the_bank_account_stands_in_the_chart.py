"""The bank account of the city stands in its chart of accounts, and only there.

Payments takes it over before this (its migration 0016).
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0005_mail_carries_a_code")]

    operations = [migrations.RemoveField(model_name="city", name="bank")]
