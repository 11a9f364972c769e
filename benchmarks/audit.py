"""Audit trail: tampering found, a million entries verified, proofs, and what writing costs.

The forger is a superuser of the database: triggers are off, and every second forgery computes the
whole chain anew. The judge has the published fingerprint and the export, nothing else.
"""

import argparse
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID, uuid4

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")

import django  # noqa: E402  # the path comes first

django.setup()

from django.db import connection, transaction  # noqa: E402
from psycopg import sql  # noqa: E402
from psycopg.types.json import Jsonb  # noqa: E402

from rathaus.accounts.models import Person  # noqa: E402
from rathaus.audit import queries, verify  # noqa: E402
from rathaus.audit.actions import record, seal  # noqa: E402
from rathaus.audit.chain import GENESIS, Content, entry_hash  # noqa: E402
from rathaus.audit.models import Act, Entry  # noqa: E402
from rathaus.core.actor import Actor, ActorKind  # noqa: E402
from rathaus.core.transaction import unit_of_work  # noqa: E402
from rathaus.operate.measuring import percentile, report  # noqa: E402

ENTRIES, QUICK_ENTRIES = 1_000_000, 20_000
TRIALS, QUICK_TRIALS = 1_000, 150
PROOFS, QUICK_PROOFS = 400, 100
SECONDS, QUICK_SECONDS = 8.0, 2.0
FORGED_TRAIL = 150
WRITERS = 8
PEOPLE = [UUID(int=number + 1, version=4) for number in range(5_000)]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
CLERK = Actor(kind=ActorKind.STAFF, person=uuid4(), office="Bürgerservice")

# For each column, an expression that is never what stands there.
OTHER = {
    "at": "at + interval '1 microsecond'",
    "act": "CASE WHEN act = 'read' THEN 'change' ELSE 'read' END",
    "actor": "gen_random_uuid()",
    "actor_kind": "actor_kind || 'x'",
    "office": "office || ' '",
    "did": "did || 'x'",
    "thing_type": "thing_type || 'x'",
    "thing_id": "thing_id || '0'",
    "case_number": "case_number || 'x'",
    "why": "why || '.'",
    "about": "array_append(about, gen_random_uuid())",
    "details": """details || '{"x": 1}'""",
    "previous": "sha256(previous)",
    "hash": "sha256(hash)",
    "seq": "seq + 1000000000",
}


def main() -> None:
    """Forge a small trail, fill a large one, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    logging.disable(logging.INFO)
    if Entry.objects.exists():
        raise SystemExit("this needs a database of its own")
    figures = forgery_figures(QUICK_TRIALS if quick else TRIALS)
    figures |= writing_figures(QUICK_SECONDS if quick else SECONDS)
    figures |= size_figures(QUICK_ENTRIES if quick else ENTRIES)
    figures |= proof_figures(QUICK_PROOFS if quick else PROOFS)
    report("audit", figures)


def write_entries(count: int) -> None:
    """More entries, chained by the program's own rule and copied in: reads of lists, changes of
    single cases.
    """
    last = Entry.objects.order_by("seq").last()
    begin, previous = (last.seq + 1, bytes(last.hash)) if last else (1, GENESIS)
    columns = [field.column for field in Entry._meta.concrete_fields]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor() as cursor:
        statement = sql.SQL("COPY audit_entry ({}) FROM STDIN").format(names)
        with cursor.copy(statement) as copy:
            for seq in range(begin, begin + count):
                content = entry(seq)
                following = entry_hash(content, previous)
                values = {**vars(content), "about": list(content.about)}
                values["details"] = Jsonb(content.details)
                copy.write_row([*values.values(), previous, following])
                previous = following


def entry(seq: int) -> Content:
    """Every third one is a change; the others are reads of lists."""
    change = seq % 3 == 0
    return Content(
        seq=seq,
        at=BEGIN + timedelta(seconds=seq),
        act=Act.CHANGE.value if change else Act.READ.value,
        actor=CLERK.person,
        actor_kind=CLERK.kind.value,
        office=CLERK.office,
        did="cases.state_set" if change else "cases.inbox",
        thing_type="case" if change else "",
        thing_id=str(seq) if change else "",
        case=f"BS-2026-{seq:06d}" if change else "",
        why="Bearbeitung",
        about=tuple(sorted({PEOPLE[seq * 7919 % len(PEOPLE)], PEOPLE[seq % len(PEOPLE)]})),
        details={"tables": ["cases_case"]},
    )


def forgery_figures(trials: int) -> dict[str, float]:
    """Random forgeries by a superuser, each judged by the stand-alone verifier."""
    write_entries(FORGED_TRAIL)
    seal()
    roots = json.loads(json.dumps(queries.roots_document()["roots"]))
    honest = list(queries.trail_lines())
    if verify.check_trail(honest, roots):
        raise SystemExit("the honest trail is called forged")
    chance = random.Random(2026)
    found = 0
    for trial in range(trials):
        forged = honest
        while forged == honest:  # chaining anew undoes what was done to hashes and numbers only
            forged = forgery(chance, clever=trial % 2 == 1)
        found += bool(verify.check_trail(forged, roots))
    return {"trials": trials, "found": found, "found_share": round(100 * found / trials, 2)}


def forgery(chance: random.Random, *, clever: bool) -> list[str]:
    """The export of a forged trail; the forgery itself is forgotten."""
    with forging():
        chance.choice(FORGERIES)(chance)
        if clever:
            chain_anew()
        return list(queries.trail_lines())


@contextmanager
def forging() -> Iterator[None]:
    """A transaction of a superuser without triggers; nothing of it stays."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        transaction.set_rollback(True)


def execute(statement: str, *values: object) -> None:
    """One statement of the forger, which must hit."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if cursor.rowcount < 1:
            raise SystemExit(f"hit nothing: {statement}")


def change(chance: random.Random) -> None:
    """Another value in any column of any row."""
    column, other = chance.choice(sorted(OTHER.items()))
    execute(f"UPDATE audit_entry SET {column} = {other} WHERE seq = %s", place(chance))  # noqa: S608 - from OTHER


def delete(chance: random.Random) -> None:
    """A row less."""
    execute("DELETE FROM audit_entry WHERE seq = %s", place(chance))


def insert(chance: random.Random) -> None:
    """A row more, somewhere in between."""
    at = place(chance)
    execute("UPDATE audit_entry SET seq = -seq - 1 WHERE seq >= %s", at)
    execute("UPDATE audit_entry SET seq = -seq WHERE seq < 0")
    execute(
        """INSERT INTO audit_entry SELECT %s, at, act, actor, actor_kind, office, did, thing_type,
               thing_id, case_number, 'erfunden', about, details, previous, hash
           FROM audit_entry WHERE seq = %s""",
        at,
        at + 1,
    )


def swap(chance: random.Random) -> None:
    """Two rows change places."""
    first, second = sorted(chance.sample(range(1, FORGED_TRAIL + 1), 2))
    execute("UPDATE audit_entry SET seq = -seq WHERE seq IN (%s, %s)", first, second)
    execute("UPDATE audit_entry SET seq = %s + seq WHERE seq < 0", first + second)


def truncate(chance: random.Random) -> None:
    """The last rows are gone."""
    execute("DELETE FROM audit_entry WHERE seq >= %s", place(chance))


def place(chance: random.Random) -> int:
    """Any row."""
    return chance.randint(1, FORGED_TRAIL)


FORGERIES: list[Callable[[random.Random], None]] = [change, delete, insert, swap, truncate]


def chain_anew() -> None:
    """What a clever forger does afterwards: number and chain all rows as if nothing had been."""
    previous = bytes(32)
    rows = []
    for seq, entry in enumerate(Entry.objects.order_by("seq"), 1):
        entry.seq = seq
        rows.append(Entry.chained(entry.content, previous))
        previous = rows[-1].hash
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry")
    Entry.objects.bulk_create(rows)


def writing_figures(seconds: float) -> dict[str, float]:
    """Small actions of eight writers at once, with and without their entry."""
    people = [
        Person.objects.create(email=f"writer{number}@example.org") for number in range(WRITERS)
    ]
    keys = [person.pk for person in people]
    bare = rate(keys, seconds, noted=False)
    noted = rate(keys, seconds, noted=True)
    return {
        "writers": WRITERS,
        "bare_per_s": round(bare, 1),
        "actions_per_s": round(noted, 1),
        "kept_share": round(100 * noted / bare, 1),
    }


def rate(people: list[UUID], seconds: float, *, noted: bool) -> float:
    """Actions per second of all writers together, each a process of its own."""
    connection.close()
    context = get_context("fork")
    with context.Pool(len(people)) as pool:
        done = pool.starmap(write_for, [(person, seconds, noted) for person in people])
    return sum(done) / seconds


def write_for(person: UUID, seconds: float, noted: bool) -> int:
    """Change one row again and again; how often it was done."""
    done = 0
    connection.ensure_connection()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        with unit_of_work():
            Person.objects.filter(pk=person).update(phone=str(done))
            if noted:
                record(by=CLERK, did="accounts.changed", thing_type="person", about=[person])
        done += 1
    return done


def size_figures(entries: int) -> dict[str, float]:
    """Fill the trail, seal it, take it out and verify it with nothing but the two files."""
    filling = taken(lambda: write_entries(entries - queries.size()))
    sealing = taken(seal)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        exporting = taken(lambda: export_to(folder))
        (folder / "verify.py").write_bytes(Path(verify.__file__).read_bytes())
        command = [sys.executable, "-I", "verify.py", "export.jsonl", "wurzeln.json"]
        verifying = taken(lambda: subprocess.run(command, cwd=folder, check=True))
        size = (folder / "export.jsonl").stat().st_size
    return {
        "entries": queries.size(),
        "fill_s": filling,
        "seal_s": sealing,
        "export_s": exporting,
        "export_mb": round(size / 1e6, 1),
        "verify_s": verifying,
    }


def export_to(folder: Path) -> None:
    """The two files of an auditor."""
    (folder / "wurzeln.json").write_text(json.dumps(queries.roots_document()), encoding="utf-8")
    with (folder / "export.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(queries.trail_lines())


def taken(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    begin = time.perf_counter()
    work()
    return round(time.perf_counter() - begin, 2)


def proof_figures(proofs: int) -> dict[str, float]:
    """Proofs of random entries for one of the people concerned, each checked; and their pages."""
    roots = queries.roots_document()["roots"]
    chance = random.Random(7)
    milliseconds = []
    sizes = []
    for seq in chance.sample(range(FORGED_TRAIL, queries.size()), proofs):
        about = Entry.objects.values_list("about", flat=True).get(seq=seq)
        begin = time.perf_counter()
        proof = queries.proof_of(seq, reader=about[0])
        milliseconds.append((time.perf_counter() - begin) * 1000)
        sizes.append(len(proof["path"]))
        if verify.check_proof(proof, roots):
            raise SystemExit(f"the proof of {seq} is wrong")
    readers = [Actor(ActorKind.CITIZEN, person) for person in PEOPLE[:100]]
    pages = [
        1000 * taken_exactly(lambda who=who: queries.occurrences_about(by=who)) for who in readers
    ]
    return {
        "proof_ms": round(percentile(milliseconds, 0.95), 2),
        "proof_p50_ms": round(percentile(milliseconds, 0.5), 2),
        "proof_steps": max(sizes),
        "mine_p95_ms": round(percentile(pages, 0.95), 2),
    }


def taken_exactly(work: Callable[[], object]) -> float:
    """Seconds, not rounded."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
