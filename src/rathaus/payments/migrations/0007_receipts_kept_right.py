"""The database itself keeps receipts right: each cent of them is a share or a credit, what a claim
has got is the sum of its shares, and what was received is never changed.
"""

from django.db import migrations

# What pays a claim and what was given back of it is told by its shares; both say the same.
RECEIPT = """
CREATE FUNCTION payments_divide_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_receipt uuid;
    received bigint;
    divided bigint;
BEGIN
    the_receipt := CASE WHEN TG_TABLE_NAME = 'payments_receipt'
        THEN (to_jsonb(NEW) ->> 'id') ELSE (to_jsonb(NEW) ->> 'receipt_id') END::uuid;
    SELECT cents INTO received FROM payments_receipt WHERE id = the_receipt;
    SELECT coalesce(sum(cents), 0) INTO divided FROM (
        SELECT cents FROM payments_share WHERE receipt_id = the_receipt
        UNION ALL
        SELECT cents FROM payments_credit WHERE receipt_id = the_receipt AND share_id IS NULL
    ) AS parts;
    IF received <> divided THEN
        RAISE EXCEPTION 'receipt %: % cents came, % are divided', the_receipt, received, divided
            USING ERRCODE = 'check_violation', CONSTRAINT = 'receipt_is_divided';
    END IF;
    RETURN NULL;
END $$;
"""
DIVIDED = """
CREATE CONSTRAINT TRIGGER {table}_divided AFTER INSERT ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_divide_receipt();
"""

CLAIM = """
CREATE FUNCTION payments_count_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid bigint;
    stays bigint;
    found record;
BEGIN
    SELECT coalesce(sum(cents), 0), coalesce(sum(left_cents), 0) INTO paid, stays
        FROM payments_share WHERE claim_id = NEW.claim_id;
    SELECT paid_cents, returned_cents INTO found FROM payments_claim WHERE id = NEW.claim_id;
    IF found.paid_cents <> paid OR found.paid_cents - found.returned_cents <> stays THEN
        RAISE EXCEPTION 'claim %: % cents paid and % returned, its shares say % and %',
                NEW.claim_id, found.paid_cents, found.returned_cents, paid, paid - stays
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_has_its_shares';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_share_counted AFTER INSERT OR UPDATE ON payments_share
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_count_shares();
"""

# Whom money belongs to may change when a guest becomes known, what is left of it when it is used.
STAYS = """
CREATE FUNCTION payments_keep_money() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := string_to_array(TG_ARGV[0], ' ');
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% stays as it is: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
STAYING = """
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION payments_keep_money('{columns}');
"""

MAY_CHANGE = {
    "payments_receipt": "payer_id document_id",
    "payments_share": "left_cents",
    "payments_credit": "owner_id left_cents",
    "payments_refund": "payee_id state transfer_id sent_at ended_at problem",
    "payments_paymentreference": "",
}
ONLY_GROW = ("payments_refundpart", "payments_transfer")
ONLY_GROWS = """
CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_receipts")]

    operations = [
        migrations.RunSQL(RECEIPT, "DROP FUNCTION payments_divide_receipt() CASCADE"),
        *(
            migrations.RunSQL(DIVIDED.format(table=table), f"DROP TRIGGER {table}_divided ON {table}")
            for table in ("payments_receipt", "payments_share", "payments_credit")
        ),
        migrations.RunSQL(CLAIM, "DROP FUNCTION payments_count_shares() CASCADE"),
        migrations.RunSQL(STAYS, "DROP FUNCTION payments_keep_money() CASCADE"),
        *(
            migrations.RunSQL(
                STAYING.format(table=table, columns=columns), migrations.RunSQL.noop
            )
            for table, columns in MAY_CHANGE.items()
        ),
        *(
            migrations.RunSQL(
                ONLY_GROWS.format(table=table), f"DROP TRIGGER {table}_only_grows ON {table}"
            )
            for table in ONLY_GROW
        ),
    ]
