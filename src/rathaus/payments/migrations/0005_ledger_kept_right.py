"""The database itself keeps the ledger right: it only grows, balances, and is never booked into the
past.

One advisory lock orders what must be ordered. A booking takes it shared before its number is drawn;
closing a period and keeping a checkpoint take it alone. So what is numbered at or below a
checkpoint is really there, whoever committed first.
"""

from django.db import migrations

ONLY_GROWS = """
CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

NUMBERS = "CREATE SEQUENCE payments_transaction_number"

HEADER = """
CREATE FUNCTION payments_number_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('payments_ledger', 0));
    IF EXISTS (SELECT FROM payments_closing WHERE until >= NEW.booked_on) THEN
        RAISE EXCEPTION 'the period of % is closed', NEW.booked_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'period_is_open';
    END IF;
    NEW.number := nextval('payments_transaction_number');
    NEW.posted_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER payments_transaction_numbered BEFORE INSERT ON payments_transaction
    FOR EACH ROW EXECUTE FUNCTION payments_number_transaction();
"""

# All places that a header announces are taken when it commits: so no leg can ever come later.
LEG = """
CREATE FUNCTION payments_place_leg() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    header record;
BEGIN
    SELECT legs, currency INTO header FROM payments_transaction WHERE number = NEW.transaction_id;
    IF NOT FOUND OR NEW.position NOT BETWEEN 1 AND header.legs THEN
        RAISE EXCEPTION 'transaction % has no place %', NEW.transaction_id, NEW.position
            USING ERRCODE = 'check_violation', CONSTRAINT = 'legs_come_with_their_header';
    END IF;
    IF header.currency IS DISTINCT FROM
            (SELECT currency FROM payments_account WHERE id = NEW.account_id) THEN
        RAISE EXCEPTION 'account % is not kept in %', NEW.account_id, header.currency
            USING ERRCODE = 'check_violation', CONSTRAINT = 'one_currency_per_transaction';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_leg_placed BEFORE INSERT ON payments_leg
    FOR EACH ROW EXECUTE FUNCTION payments_place_leg();
"""

BALANCE = """
CREATE FUNCTION payments_balance_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    SELECT count(*) AS legs, coalesce(sum(cents), 0) AS cents INTO found
        FROM payments_leg WHERE transaction_id = NEW.number;
    IF found.legs <> NEW.legs OR found.cents <> 0 THEN
        RAISE EXCEPTION 'transaction %: % legs of %, % cents too much',
                NEW.number, found.legs, NEW.legs, found.cents
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_transaction_balances AFTER INSERT ON payments_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_balance_transaction();
"""

ACCOUNT = """
CREATE FUNCTION payments_keep_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an account is never deleted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_stays';
    END IF;
    IF (NEW.currency, NEW.use, NEW.kind, NEW.department_id)
            IS DISTINCT FROM (OLD.currency, OLD.use, OLD.kind, OLD.department_id) THEN
        RAISE EXCEPTION 'an account keeps currency, use, kind and department'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_stays';
    END IF;
    IF NEW.number <> OLD.number
            AND EXISTS (SELECT FROM payments_leg WHERE account_id = OLD.id) THEN
        RAISE EXCEPTION 'account % is booked on', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'booked_account_keeps_its_number';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_account_stays BEFORE UPDATE OR DELETE ON payments_account
    FOR EACH ROW EXECUTE FUNCTION payments_keep_account();
"""

# One call books a whole transaction, so that it takes one way to the server and back.
POST = """
CREATE FUNCTION payments_post(
    the_key text, the_kind text, day date, the_text text, the_reference text, the_currency text,
    accounts bigint[], amounts bigint[], reversed bigint DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    posted bigint;
BEGIN
    INSERT INTO payments_transaction
            (key, kind, booked_on, text, reference, currency, legs, reverses_id)
        VALUES (the_key, the_kind, day, the_text, the_reference, the_currency,
                cardinality(accounts), reversed)
        ON CONFLICT (key) DO NOTHING RETURNING number INTO posted;
    IF posted IS NOT NULL THEN
        INSERT INTO payments_leg (transaction_id, position, account_id, cents)
            SELECT posted, place, account, amount
            FROM unnest(accounts, amounts) WITH ORDINALITY AS leg (account, amount, place);
        RETURN posted;
    END IF;
    SELECT number INTO posted FROM payments_transaction AS known
        WHERE key = the_key AND kind = the_kind AND reference = the_reference
          AND currency = the_currency AND reverses_id IS NOT DISTINCT FROM reversed
          AND (SELECT (array_agg(account_id ORDER BY position), array_agg(cents ORDER BY position))
               FROM payments_leg WHERE transaction_id = known.number) = (accounts, amounts);
    IF posted IS NULL THEN
        RAISE EXCEPTION 'something else is booked as %', the_key
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'one_content_per_key';
    END IF;
    RETURN posted;
END $$;
"""

OPEN_DAY = """
CREATE FUNCTION payments_open_day(wanted date, instead date) RETURNS date LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('payments_ledger', 0));
    RETURN CASE WHEN EXISTS (SELECT FROM payments_closing WHERE until >= wanted)
        THEN instead ELSE wanted END;
END $$;
"""

# A volatile function takes a new snapshot per statement: all is read after the lock is held.
CHECKPOINT = """
CREATE FUNCTION payments_keep_checkpoint() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before bigint;
    newest bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('payments_ledger', 0));
    SELECT coalesce(max(upto), 0) INTO before FROM payments_checkpoint;
    SELECT coalesce(max(number), 0) INTO newest FROM payments_transaction;
    IF newest > before THEN
        INSERT INTO payments_checkpoint (upto, made_at) VALUES (newest, clock_timestamp());
        INSERT INTO payments_checkpointbalance (checkpoint_id, account_id, cents)
            SELECT newest, account_id, sum(cents) FROM (
                SELECT account_id, cents FROM payments_checkpointbalance
                    WHERE checkpoint_id = before
                UNION ALL
                SELECT account_id, cents FROM payments_leg WHERE transaction_id > before
            ) AS everything GROUP BY account_id;
    END IF;
    RETURN newest;
END $$;
"""

CLOSE = """
CREATE FUNCTION payments_close(day date) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('payments_ledger', 0));
    IF EXISTS (SELECT FROM payments_closing WHERE until >= day) THEN
        RAISE EXCEPTION 'the period of % is closed', day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'period_is_open';
    END IF;
    INSERT INTO payments_closing (until, closed_at) VALUES (day, clock_timestamp());
END $$;
"""

BALANCES = """
CREATE VIEW payments_balance AS
    WITH newest AS (SELECT coalesce(max(upto), 0) AS upto FROM payments_checkpoint)
    SELECT account.id AS account_id,
           (coalesce(kept.cents, 0) + coalesce(
               (SELECT sum(cents) FROM payments_leg
                WHERE account_id = account.id AND transaction_id > newest.upto), 0))::bigint AS cents
    FROM payments_account AS account
    CROSS JOIN newest
    LEFT JOIN payments_checkpointbalance AS kept
        ON kept.checkpoint_id = newest.upto AND kept.account_id = account.id;
"""

TABLES = (
    "payments_transaction",
    "payments_leg",
    "payments_checkpoint",
    "payments_checkpointbalance",
    "payments_closing",
)
FUNCTIONS = (
    "payments_number_transaction()",
    "payments_place_leg()",
    "payments_balance_transaction()",
    "payments_keep_account()",
    "payments_post(text, text, date, text, text, text, bigint[], bigint[], bigint)",
    "payments_open_day(date, date)",
    "payments_keep_checkpoint()",
    "payments_close(date)",
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_ledger"), ("audit", "0002_append_only")]

    operations = [
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE payments_transaction_number"),
        *(
            migrations.RunSQL(
                ONLY_GROWS.format(table=table), f"DROP TRIGGER {table}_only_grows ON {table}"
            )
            for table in TABLES
        ),
        migrations.RunSQL(
            [HEADER, LEG, BALANCE, ACCOUNT, POST, OPEN_DAY, CHECKPOINT, CLOSE],
            [f"DROP FUNCTION {name} CASCADE" for name in FUNCTIONS],
        ),
        migrations.RunSQL(BALANCES, "DROP VIEW payments_balance"),
    ]
