"""What is taken at a location as packed numbers, from an index alone; and a time taken with one
statement: whoever wants it waits for one answer of the database instead of three.
"""

from django.db import migrations, models

OLD = """
DROP FUNCTION appointments_taken(text, timestamptz, timestamptz, timestamptz, uuid);
"""

# Moments as the numbers that the database keeps, one behind the other and in no order: what is
# cheapest to make here and to take apart there.
TAKEN = """
CREATE FUNCTION appointments_taken(
    the_location text, since timestamptz, until timestamptz, first date, last date,
    at timestamptz, but uuid,
    OUT version bigint, OUT counters bytea, OUT begins bytea, OUT ends bytea, OUT used json
) LANGUAGE plpgsql STABLE AS $$
DECLARE
    the_id bigint;
    ours bigint[];
BEGIN
    version := (SELECT plan.version FROM appointments_plan AS plan);
    SELECT id INTO the_id FROM appointments_location WHERE slug = the_location AND active;
    ours := ARRAY(
        SELECT id FROM appointments_counter WHERE location_id = the_id AND active ORDER BY id);
    SELECT string_agg(int8send(counter_id), ''),
        string_agg(timestamptz_send(begins_at), ''),
        string_agg(timestamptz_send(frees_at), '')
    INTO counters, begins, ends
    FROM appointments_booking
    WHERE counter_id = ANY (ours) AND begins_at < until
        AND begins_at > since - interval '1 day' AND frees_at > since
        AND state IN ('held', 'booked', 'arrived')
        AND NOT (state = 'held' AND hold_until <= at)
        AND id IS DISTINCT FROM but;
    used := (
        SELECT json_agg(json_build_array(day, quota.online, quota.phone, quota.walk_in))
        FROM appointments_quotause AS quota
        WHERE location_id = the_id AND day BETWEEN first AND last);
END $$;
"""

# Volatile, so that what somebody has is counted after their lock is held. That nobody's identity is
# meant stands in it literally: else the index of identities were not found by a plan that is kept.
TURN = """
CREATE OR REPLACE FUNCTION appointments_turn(
    who text, day_began timestamptz, at timestamptz, key uuid
) RETURNS json LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF who <> '' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('appointments ' || who, 0));
    END IF;
    RETURN (
        SELECT json_build_object(
            'open', count(*) FILTER (WHERE is_open),
            'today', count(*) FILTER (WHERE made_at >= day_began),
            'offers', coalesce(json_agg(chosen) FILTER (WHERE is_open), '[]'),
            'same', (SELECT id FROM appointments_booking WHERE made_with = key))
        FROM (
            SELECT made_at, chosen, ends_at > at AND (
                state = 'booked' OR state = 'held' AND hold_until > at) AS is_open
            FROM appointments_booking WHERE identity = who AND identity <> '') AS own);
END $$;
"""

# The first counter is simply tried; if it is not free, those are where nobody is, or only holds that
# ran out (`open`). `known` is the version of the plan by which the wish was thought out: by another
# nothing happens. With `bounds` it is a whole deed: nobody has more than `open`, `today` and `offers`
# allow, as `limits.py` says it, and the online quota of the `day` is used.
TAKE = """
CREATE FUNCTION appointments_take(
    known bigint, who text, day_began timestamptz, at timestamptz, lasting boolean,
    wanted jsonb, counters bigint[], bounds jsonb,
    OUT stale boolean, OUT turn json, OUT open bigint[], OUT won bigint
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    made appointments_booking := jsonb_populate_record(NULL::appointments_booking, wanted);
BEGIN
    IF NOT lasting THEN
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    stale := known <> coalesce((SELECT version FROM appointments_plan), 0);
    IF stale THEN
        RETURN;
    END IF;
    turn := appointments_turn(who, day_began, at, made.made_with);
    IF turn ->> 'same' IS NOT NULL THEN
        RETURN;
    END IF;
    IF bounds IS NOT NULL AND NOT appointments_within(turn, bounds) THEN
        RETURN;
    END IF;
    won := appointments_insert(made, counters[1:1]);
    IF won IS NULL THEN
        open := ARRAY(
            SELECT each.id FROM unnest(counters) WITH ORDINALITY AS each (id, number)
            WHERE NOT EXISTS (
                SELECT FROM appointments_booking AS other
                WHERE other.counter_id = each.id AND other.place <> made.place
                    AND other.occupies && tstzrange(made.begins_at, made.frees_at)
                    AND other.state IN ('held', 'booked', 'arrived')
                    AND NOT (other.state = 'held' AND other.hold_until <= at))
            ORDER BY each.number);
        won := appointments_insert(made, open);
    END IF;
    IF won IS NOT NULL AND bounds IS NOT NULL AND made.quota_minutes > 0 THEN
        PERFORM appointments_use_quota(
            made.location_id, (bounds ->> 'day')::date, made.quota_minutes,
            (bounds ->> 'allowed')::int);
    END IF;
END $$;
"""
WITHIN = """
CREATE FUNCTION appointments_within(turn json, bounds jsonb)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF (turn ->> 'open')::int >= (bounds ->> 'open')::int
        OR (turn ->> 'today')::int >= (bounds ->> 'today')::int THEN
        RETURN false;
    END IF;
    RETURN NOT EXISTS (
        SELECT FROM jsonb_each_text(bounds -> 'offers') AS wanted (offer, most)
        WHERE wanted.most::int <= (
            SELECT count(*) FROM json_array_elements(turn -> 'offers') AS chosen,
                json_array_elements(chosen) AS wish
            WHERE wish ->> 'offer' = wanted.offer));
END $$;
"""
# What a first row of the day holds is not asked by ON CONFLICT.
QUOTA = """
CREATE FUNCTION appointments_use_quota(the_location bigint, the_day date, minutes int, allowed int)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF minutes <= allowed THEN
        INSERT INTO appointments_quotause AS used (location_id, day, online)
        VALUES (the_location, the_day, minutes)
        ON CONFLICT (location_id, day) DO UPDATE SET online = used.online + minutes
        WHERE used.online + minutes <= allowed;
        IF FOUND THEN
            RETURN;
        END IF;
    END IF;
    RAISE EXCEPTION 'the quota is used up' USING ERRCODE = 'RQ001';
END $$;
"""
INSERT = """
CREATE FUNCTION appointments_insert(made appointments_booking, counters bigint[])
RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    counter bigint;
BEGIN
    FOREACH counter IN ARRAY counters LOOP
        INSERT INTO appointments_booking (
            id, place, location_id, counter_id, chosen, persons, channel, begins_at, ends_at,
            frees_at, state, hold_until, person_id, guest_name, guest_email, guest_phone, identity,
            language, case_number, quota_minutes, revision, made_with, made_at, changed_at,
            reminded_at)
        VALUES (
            made.id, made.place, made.location_id, counter, made.chosen, made.persons,
            made.channel, made.begins_at, made.ends_at, made.frees_at, made.state,
            made.hold_until, made.person_id, made.guest_name, made.guest_email, made.guest_phone,
            made.identity, made.language, made.case_number, made.quota_minutes, made.revision,
            made.made_with, made.made_at, made.changed_at, made.reminded_at)
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            RETURN counter;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("appointments", "0006_version_of_the_plan")]

    operations = [
        migrations.RemoveIndex(model_name="booking", name="booking_time_taken"),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                fields=["counter", "begins_at"],
                include=["frees_at", "state", "hold_until", "id"],
                condition=models.Q(state__in=["arrived", "booked", "held"]),
                name="booking_time_taken",
            ),
        ),
        migrations.RunSQL(OLD),
        migrations.RunSQL(TAKEN),
        migrations.RunSQL(TURN, migrations.RunSQL.noop),
        migrations.RunSQL(INSERT),
        migrations.RunSQL(WITHIN),
        migrations.RunSQL(QUOTA),
        migrations.RunSQL(TAKE),
    ]
