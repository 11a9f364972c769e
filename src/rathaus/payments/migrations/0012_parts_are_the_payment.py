"""The database itself keeps payments right: all parts together are the payment, and neither
changes its amount; only a running payment holds claims.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION payments_add_up_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_payment uuid;
    wanted bigint;
    found bigint;
    running boolean;
    held bigint;
BEGIN
    the_payment := CASE WHEN TG_TABLE_NAME = 'payments_payment'
        THEN (to_jsonb(NEW) ->> 'id') ELSE (to_jsonb(NEW) ->> 'payment_id') END::uuid;
    SELECT cents, ended_at IS NULL INTO wanted, running FROM payments_payment WHERE id = the_payment;
    SELECT coalesce(sum(cents), 0), count(*) FILTER (WHERE runs) INTO found, held
        FROM payments_paymentpart WHERE payment_id = the_payment;
    IF wanted <> found THEN
        RAISE EXCEPTION 'payment %: % cents, its parts are %', the_payment, wanted, found
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parts_are_the_payment';
    END IF;
    IF held > 0 AND NOT running THEN
        RAISE EXCEPTION 'payment % has ended and holds % claims', the_payment, held
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ended_payment_holds_nothing';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_payment_added_up AFTER INSERT OR UPDATE ON payments_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_add_up_parts();
CREATE CONSTRAINT TRIGGER payments_part_added_up AFTER INSERT OR UPDATE ON payments_paymentpart
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_add_up_parts();

CREATE FUNCTION payments_keep_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.cents <> OLD.cents THEN
        RAISE EXCEPTION 'an amount in % never changes', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'amount_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_payment_kept BEFORE UPDATE OR DELETE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payments_keep_parts();
CREATE TRIGGER payments_part_kept BEFORE UPDATE OR DELETE ON payments_paymentpart
    FOR EACH ROW EXECUTE FUNCTION payments_keep_parts();
"""
BACK = """
DROP TRIGGER payments_payment_kept ON payments_payment;
DROP TRIGGER payments_part_kept ON payments_paymentpart;
DROP TRIGGER payments_payment_added_up ON payments_payment;
DROP TRIGGER payments_part_added_up ON payments_paymentpart;
DROP FUNCTION payments_keep_parts();
DROP FUNCTION payments_add_up_parts();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_payments_under_way")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
