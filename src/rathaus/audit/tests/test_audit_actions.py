"""Entries are chained without a gap, written with the deed or not at all, and stay."""

from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from tests.all_at_once import all_at_once

from rathaus.accounts.models import Person
from rathaus.audit import queries, verify
from rathaus.audit.actions import examine, export, record, refused, seal
from rathaus.audit.chain import GENESIS
from rathaus.audit.models import Act, Entry, Root
from rathaus.core.actor import SYSTEM
from rathaus.core.errors import Attempt, NotAllowed, NotFound
from rathaus.core.transaction import OutsideTransaction, atomic, unit_of_work


def trail() -> list[tuple[int, str]]:
    return list(Entry.objects.order_by("seq").values_list("seq", "did"))


def faults() -> list[str]:
    return verify.check_trail(queries.trail_lines(), queries.roots_document()["roots"])


def test_an_entry_says_who_did_what_to_whose_data(clerk, anna, bert):
    with unit_of_work():
        record(by=clerk, did="accounts.changed", on=anna, about=[bert.id, anna.id, anna.id],
               case="BS-1", why="Umzug", details={"fields": ["address"]})  # fmt: skip

    entry = Entry.objects.get()
    assert (entry.seq, entry.act, entry.did) == (1, Act.CHANGE, "accounts.changed")
    assert (entry.actor, entry.actor_kind, entry.office) == (clerk.person, "staff", clerk.office)
    assert (entry.thing_type, entry.thing_id) == ("person", str(anna.id))
    assert entry.about == sorted([anna.id, bert.id])
    assert (entry.case, entry.why, entry.details) == ("BS-1", "Umzug", {"fields": ["address"]})
    assert bytes(entry.previous) == GENESIS
    assert faults() == []


def test_entries_are_chained_within_and_across_units_of_work(clerk, write):
    write(2)
    with unit_of_work():
        record(by=clerk, did="a")
        record(by=SYSTEM, did="b")

    entries = list(Entry.objects.order_by("seq"))
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert [bytes(entry.previous) for entry in entries[1:]] == [
        bytes(entry.hash) for entry in entries[:-1]
    ]
    assert faults() == []


def test_a_unit_of_work_costs_two_queries(clerk, django_assert_num_queries):
    with django_assert_num_queries(4), unit_of_work():  # two of them open and close the savepoint
        record(by=clerk, did="a")
        record(by=clerk, did="b")


def test_an_action_that_fails_leaves_no_entry(clerk):
    @atomic
    def act() -> None:
        record(by=clerk, did="a")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act()

    assert trail() == []


def test_an_inner_action_that_fails_leaves_no_entry_though_the_outer_goes_on(clerk):
    @atomic
    def inner() -> None:
        record(by=clerk, did="inner")
        raise RuntimeError

    with unit_of_work():
        record(by=clerk, did="before")
        with pytest.raises(RuntimeError):
            inner()
        record(by=clerk, did="after")

    assert trail() == [(1, "before"), (2, "after")]


def test_recording_needs_a_unit_of_work(clerk, db):
    with pytest.raises(OutsideTransaction):
        record(by=clerk, did="a")

    assert trail() == []


def test_details_without_a_single_spelling_undo_the_action(clerk, anna):
    @atomic
    def act() -> None:
        Person.objects.filter(pk=anna.pk).update(given_name="Eva")
        record(by=clerk, did="a", details={"share": 0.5})

    with pytest.raises(TypeError):
        act()

    anna.refresh_from_db()
    assert anna.given_name == "Anna"
    assert trail() == []


def test_a_refused_attempt_is_noted(clerk, anna):
    attempt = Attempt("cases.read", "case", "7", "BS-1", [anna.id])
    refused(by=clerk, attempt=attempt)

    entry = Entry.objects.get()
    assert (entry.act, entry.did, entry.case) == (Act.REFUSED, "cases.read", "BS-1")
    assert (entry.thing_type, entry.thing_id, entry.about) == ("case", "7", [anna.id])


def test_export_needs_the_right_and_is_noted(clerk, anna):
    from rathaus.accounts.queries import actor_of

    lines = list(export(by=clerk))
    assert trail() == [(1, "audit.exported")]
    assert len(lines) == 1

    with pytest.raises(NotAllowed):
        export(by=actor_of(anna))
    assert trail() == [(1, "audit.exported")]


@pytest.mark.parametrize("table", settings.RATHAUS_APPEND_ONLY_TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"]
)
def test_even_the_owner_of_the_tables_is_refused(db, table, statement):
    with connection.cursor() as cursor:
        first, *_others = connection.introspection.get_table_description(cursor, table)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        connection.cursor().execute(statement.format(table, first.name))


@pytest.fixture
def program_role(transactional_db):
    """A role with the rights that the program has in production."""
    name = "audit_test_program"
    tables = ", ".join(settings.RATHAUS_APPEND_ONLY_TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {name} NOLOGIN")
        cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {tables} FROM {name}")
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {name}")
        cursor.execute(f"DROP ROLE {name}")


@pytest.mark.parametrize("table", settings.RATHAUS_APPEND_ONLY_TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {0}",
        "TRUNCATE {0}",
        "ALTER TABLE {0} DISABLE TRIGGER ALL",
        "DROP TABLE {0}",
    ],
)
def test_the_program_s_role_has_no_right_to_change_the_trail(program_role, table, statement):
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"SET LOCAL ROLE {program_role}")
        with pytest.raises(DatabaseError) as refusal:
            cursor.execute(statement.format(table))
        transaction.set_rollback(True)
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert "only grows" not in str(refusal.value)


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_make_one_chain():
    def work() -> None:
        for _ in range(10):
            with unit_of_work():
                record(by=SYSTEM, did="a", about=[UUID(int=1)])
                record(by=SYSTEM, did="b")

    all_at_once(*[work] * 8)

    assert [seq for seq, _did in trail()] == list(range(1, 161))
    assert faults() == []


def test_sealing_publishes_once_a_day_and_keeps_up(write):
    assert seal() is None
    write(3)
    first = seal()
    assert first is not None
    assert (first.size, first.published_on is not None) == (3, True)
    assert seal() is None
    write(2)
    second = seal()
    assert second is not None
    assert (second.size, second.published_on) == (5, None)
    assert Root.objects.count() == 2
    assert [root["size"] for root in queries.roots_document()["roots"]] == [3, 5]
    assert faults() == []


def test_the_trail_is_published_anew_on_the_next_day(write, time_machine):
    write(1)
    time_machine.move_to("2030-01-02T10:00:00+01:00")
    assert str(seal().published_on) == "2030-01-02"
    time_machine.move_to("2030-01-03T00:01:00+01:00")
    assert str(seal().published_on) == "2030-01-03"
    assert [str(root.published_on) for root in queries.published_roots()] == [
        "2030-01-03",
        "2030-01-02",
    ]


def test_an_examination_is_an_entry_itself(write):
    write(2)
    seal()
    assert examine() == []
    assert trail()[-1] == (3, "audit.examined")
    assert queries.last_examination().details == {"faults": []}


def test_an_examination_tells_what_was_forged(write):
    write(2)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_entry SET why = 'forged' WHERE seq = 1")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert examine() == ["Eintrag 1 wurde verändert."]
    assert queries.last_examination().details == {"faults": ["Eintrag 1 wurde verändert."]}


def test_proofs_are_for_the_person_concerned_only(write, anna, bert):
    write(300, about=[anna.id, bert.id], why="geheim")
    seal()
    proof = queries.proof_of(299, reader=anna.id)

    assert verify.check_proof(proof, queries.roots_document()["roots"]) == []
    assert str(bert.id) not in str(proof)
    assert str(anna.id) not in str(proof)
    forged = {**proof, "entry": {**proof["entry"], "office": "Niemand"}}
    assert verify.check_proof(forged, queries.roots_document()["roots"]) != []
    with pytest.raises(NotFound):
        queries.proof_of(299, reader=UUID(int=5))
    with pytest.raises(NotFound):
        queries.proof_of(301, reader=anna.id)


def test_a_proof_waits_for_the_next_fingerprint(write, anna):
    write(1, about=[anna.id])
    with pytest.raises(queries.NotSealedYet):
        queries.proof_of(1, reader=anna.id)


def test_growth_is_proved_across_tiles(write):
    from rathaus.audit.merkle import consistent

    write(257)
    seal()
    write(300)
    seal()
    write(1)
    seal()
    for old, new in ((257, 557), (257, 558), (557, 558), (558, 558)):
        proof = queries.growth_proof(old, new)
        roots = [bytes.fromhex(proof[side]["root"]) for side in ("old", "new")]
        assert consistent(old, new, *roots, map(bytes.fromhex, proof["path"]))
    with pytest.raises(NotFound):
        queries.growth_proof(1, 557)
    with pytest.raises(NotFound):
        queries.growth_proof(557, 257)
    assert faults() == []
