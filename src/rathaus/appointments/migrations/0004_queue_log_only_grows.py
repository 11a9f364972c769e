"""Make the log of the queue append-only, for whomever the tables belong to."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER appointments_queueevent_only_grows
    BEFORE UPDATE OR DELETE OR TRUNCATE ON appointments_queueevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("appointments", "0003_queue"), ("audit", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            TRIGGER,
            "DROP TRIGGER appointments_queueevent_only_grows ON appointments_queueevent",
        )
    ]
