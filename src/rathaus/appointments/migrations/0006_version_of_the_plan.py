"""A number that changes with everything that says when there is time: by it, a process knows in
the statement that reads what is taken whether the timetable it keeps still holds.
"""

from django.db import migrations

# One row; its numbers come from a sequence, so that one that was rolled back never comes again.
PLAN = """
CREATE SEQUENCE appointments_plan_versions;
CREATE TABLE appointments_plan (
    id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    version bigint NOT NULL
);
INSERT INTO appointments_plan (version) VALUES (nextval('appointments_plan_versions'));
CREATE FUNCTION appointments_plan_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO appointments_plan (version) VALUES (nextval('appointments_plan_versions'))
    ON CONFLICT (id) DO UPDATE SET version = excluded.version;
    RETURN NULL;
END $$;
"""
NO_PLAN = """
DROP FUNCTION appointments_plan_changed;
DROP TABLE appointments_plan;
DROP SEQUENCE appointments_plan_versions;
"""
# The city says whose holidays are kept.
PLANNED = (
    "core_city",
    "appointments_absence",
    "appointments_closure",
    "appointments_counter",
    "appointments_duty",
    "appointments_location",
    "appointments_offer",
    "appointments_openinghours",
    "appointments_quota",
    "appointments_skill",
    "appointments_staffskill",
)
WATCH = """
CREATE TRIGGER {table}_planned
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION appointments_plan_changed();
"""
DO_NOT_WATCH = "DROP TRIGGER {table}_planned ON {table};"


class Migration(migrations.Migration):
    dependencies = [("appointments", "0005_waitlist"), ("core", "0004_mail_carries_a_calendar_entry")]

    operations = [
        migrations.RunSQL(PLAN, NO_PLAN),
        *[
            migrations.RunSQL(WATCH.format(table=table), DO_NOT_WATCH.format(table=table))
            for table in PLANNED
        ],
    ]
