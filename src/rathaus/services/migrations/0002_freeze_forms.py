"""The database itself refuses to change a published form or a submitted application."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION services_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is frozen: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER form_version_is_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON services_formversion
    FOR EACH STATEMENT EXECUTE FUNCTION services_refuse();
CREATE TRIGGER application_is_frozen BEFORE UPDATE ON services_application
    FOR EACH STATEMENT EXECUTE FUNCTION services_refuse();
"""
THAW = """
DROP TRIGGER form_version_is_frozen ON services_formversion;
DROP TRIGGER application_is_frozen ON services_application;
DROP FUNCTION services_refuse();
"""


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [("services", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
