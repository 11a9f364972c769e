"""Functions that read a location's timetable, and what is taken there, in one statement each.

Their plans are kept for the connection, which spares more time than the reading takes.
"""

from django.db import migrations

TIMETABLE = """
CREATE FUNCTION appointments_timetable(
    the_location text, the_offers text[], weekdays int[], first date, last date,
    since timestamptz, until timestamptz
) RETURNS json LANGUAGE plpgsql STABLE AS $$
DECLARE
    place appointments_location;
BEGIN
    SELECT * INTO place FROM appointments_location WHERE slug = the_location AND active;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN json_build_object(
        'id', place.id,
        'department', place.department_id,
        'counters', (
            SELECT coalesce(json_agg(json_build_array(id, kind) ORDER BY number), '[]')
            FROM appointments_counter WHERE location_id = place.id AND active),
        'hours', (
            SELECT coalesce(json_agg(json_build_array(weekday,
                (date_part('epoch', opens) / 60)::int, (date_part('epoch', closes) / 60)::int,
                valid_from, valid_until, channels)), '[]')
            FROM appointments_openinghours
            WHERE location_id = place.id AND weekday = ANY (weekdays) AND valid_from <= last
                AND (valid_until IS NULL OR valid_until >= first)),
        'duties', (
            SELECT coalesce(json_agg(json_build_array(weekday,
                (date_part('epoch', starts) / 60)::int, (date_part('epoch', ends) / 60)::int,
                valid_from, valid_until, duty.person_id, duty.counter_id)), '[]')
            FROM appointments_duty AS duty
            JOIN appointments_counter AS counter ON counter.id = duty.counter_id
            WHERE counter.location_id = place.id AND counter.active
                AND weekday = ANY (weekdays) AND valid_from <= last
                AND (valid_until IS NULL OR valid_until >= first)),
        'skills', (
            SELECT coalesce(json_agg(json_build_array(person_id, slugs)), '[]')
            FROM (
                SELECT held.person_id, json_agg(skill.slug) AS slugs
                FROM appointments_staffskill AS held
                JOIN appointments_skill AS skill ON skill.id = held.skill_id
                WHERE held.skill_id IN (
                    SELECT skill_id FROM appointments_offer WHERE slug = ANY (the_offers))
                GROUP BY held.person_id) AS people),
        'absences', (
            SELECT coalesce(json_agg(json_build_array(person_id,
                floor(date_part('epoch', lower(during)) / 60)::int,
                ceil(date_part('epoch', upper(during)) / 60)::int)), '[]')
            FROM appointments_absence WHERE during && tstzrange(since, until)),
        'closed', (
            SELECT coalesce(json_agg(json_build_array(NULL,
                floor(date_part('epoch', lower(during)) / 60)::int,
                ceil(date_part('epoch', upper(during)) / 60)::int)), '[]')
            FROM appointments_closure
            WHERE location_id = place.id AND during && tstzrange(since, until)),
        'closed_counters', (
            SELECT coalesce(json_agg(json_build_array(counter_id,
                floor(date_part('epoch', lower(during)) / 60)::int,
                ceil(date_part('epoch', upper(during)) / 60)::int)), '[]')
            FROM appointments_closure AS closure
            JOIN appointments_counter AS counter ON counter.id = closure.counter_id
            WHERE counter.location_id = place.id AND during && tstzrange(since, until)),
        'quotas', (
            SELECT coalesce(json_agg(json_build_array(channel, share)), '[]')
            FROM appointments_quota WHERE location_id = place.id),
        'used', (
            SELECT coalesce(json_agg(json_build_array(day, used.online, used.phone, used.walk_in)),
                '[]')
            FROM appointments_quotause AS used
            WHERE location_id = place.id AND day BETWEEN first AND last),
        'offers', (
            SELECT coalesce(json_agg(json_build_object('offer', offer.slug, 'minutes', minutes, 'further_minutes', further_minutes, 'max_persons', max_persons,
                'buffer_minutes', buffer_minutes, 'step_minutes', step_minutes,
                'lead_minutes', lead_minutes, 'horizon_days', horizon_days,
                'hold_minutes', hold_minutes, 'open_limit', open_limit, 'kinds', kinds,
                'skill', coalesce(skill.slug, ''))), '[]')
            FROM appointments_offer AS offer
            LEFT JOIN appointments_skill AS skill ON skill.id = offer.skill_id
            WHERE offer.slug = ANY (the_offers) AND active));
END $$;
"""

# Minutes since the first one, as text and in no order: what is cheapest to make here and to take apart there.
TAKEN = """
CREATE FUNCTION appointments_taken(
    the_location text, since timestamptz, until timestamptz, at timestamptz, but uuid
) RETURNS json LANGUAGE plpgsql STABLE AS $$
DECLARE
    counters bigint[] := ARRAY(
        SELECT counter.id FROM appointments_counter AS counter
        JOIN appointments_location AS location ON location.id = counter.location_id
        WHERE location.slug = the_location AND counter.active);
    zero int := floor(date_part('epoch', since) / 60);
BEGIN
    RETURN (
        SELECT coalesce(json_agg(json_build_array(place, begins, ends)), '[]')
        FROM (
            SELECT counter_id AS place,
                string_agg((floor(date_part('epoch', begins_at) / 60)::int - zero)::text, ',') AS begins,
                string_agg((ceil(date_part('epoch', frees_at) / 60)::int - zero)::text, ',') AS ends
            FROM appointments_booking
            WHERE counter_id = ANY (counters) AND begins_at < until
                AND begins_at > since - interval '1 day' AND frees_at > since
                AND state IN ('held', 'booked', 'arrived')
                AND NOT (state = 'held' AND hold_until <= at)
                AND id IS DISTINCT FROM but
            GROUP BY counter_id) AS counted);
END $$;
"""

# Volatile, so that what somebody has is counted after their lock is held.
TURN = """
CREATE FUNCTION appointments_turn(
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
            FROM appointments_booking WHERE identity = who AND who <> '') AS own);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("appointments", "0001_initial")]

    operations = [
        migrations.RunSQL(TIMETABLE, "DROP FUNCTION appointments_timetable"),
        migrations.RunSQL(TAKEN, "DROP FUNCTION appointments_taken"),
        migrations.RunSQL(TURN, "DROP FUNCTION appointments_turn"),
    ]
