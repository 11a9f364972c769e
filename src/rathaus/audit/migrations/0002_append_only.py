"""Make the trail append-only, and give writers its head under the lock that orders them."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""

TRIGGER = """
CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

# A volatile function takes a new snapshot per statement: the head is read after the lock is held.
HEAD = """
CREATE FUNCTION audit_head(OUT seq bigint, OUT hash bytea) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM set_config('lock_timeout', '10s', true);
    PERFORM pg_advisory_xact_lock(hashtextextended('audit_entry', 0));
    SELECT entry.seq, entry.hash INTO seq, hash
        FROM audit_entry AS entry ORDER BY entry.seq DESC LIMIT 1;
    seq := coalesce(seq, 0);
    hash := coalesce(hash, decode(repeat('00', 32), 'hex'));
END $$;
"""

TABLES = ("audit_entry", "audit_node", "audit_root")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION audit_refuse()"),
        *(
            migrations.RunSQL(
                TRIGGER.format(table=table), f"DROP TRIGGER {table}_only_grows ON {table}"
            )
            for table in TABLES
        ),
        migrations.RunSQL(HEAD, "DROP FUNCTION audit_head()"),
    ]
