"""A submitted application stays frozen but for whose it is: a guest may become a known citizen."""

from django.db import migrations

FREEZE_ALL_BUT_THE_PERSON = """
DROP TRIGGER application_is_frozen ON services_application;
CREATE TRIGGER application_is_frozen BEFORE UPDATE OF
    id, draft_id, version_id, case_id, case_number, answers, fees, grants, submitted_at
    ON services_application FOR EACH STATEMENT EXECUTE FUNCTION services_refuse();
"""
FREEZE_ALL = """
DROP TRIGGER application_is_frozen ON services_application;
CREATE TRIGGER application_is_frozen BEFORE UPDATE ON services_application
    FOR EACH STATEMENT EXECUTE FUNCTION services_refuse();
"""


class Migration(migrations.Migration):
    """Replaces the trigger."""

    dependencies = [("services", "0003_receipts")]
    operations = [migrations.RunSQL(FREEZE_ALL_BUT_THE_PERSON, FREEZE_ALL)]
