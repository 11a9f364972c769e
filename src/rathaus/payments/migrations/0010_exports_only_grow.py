"""What was handed over to accounting stays as it was handed over."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER payments_export_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_export
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_dunning_and_exports")]

    operations = [
        migrations.RunSQL(TRIGGER, "DROP TRIGGER payments_export_only_grows ON payments_export")
    ]
