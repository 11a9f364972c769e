"""The stand-alone verifier, run as its users run it: from files, without the program."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rathaus.audit import queries, verify
from rathaus.audit.actions import seal
from rathaus.audit.models import Entry

SIZE = 40
VERIFIER = Path(verify.__file__)
Trail = list[dict[str, object]]


@pytest.fixture
def trail(write, anna) -> Trail:
    write(SIZE, about=[anna.id], why="weil", case="BS-1", details={"version": 2})
    seal()
    return [json.loads(line) for line in queries.trail_lines()]


@pytest.fixture
def roots(trail) -> list[dict[str, object]]:
    known: list[dict[str, object]] = queries.roots_document()["roots"]
    return known


def faults(trail: Trail, roots: list[dict[str, object]]) -> list[str]:
    return verify.check_trail(map(json.dumps, trail), roots)


def rehash(trail: Trail) -> None:
    """What a clever forger does: compute the whole chain anew."""
    previous = "0" * 64
    for line in trail:
        line["previous"] = previous
        previous = line["hash"] = verify.entry_hash(line)


def test_an_honest_trail_is_sound(trail, roots):
    assert faults(trail, roots) == []


FORGERIES: dict[str, Callable[[Trail], object]] = {
    "change": lambda trail: trail[7].update(office="Andere"),
    "delete": lambda trail: trail.pop(7),
    "insert": lambda trail: trail.insert(7, dict(trail[3])),
    "swap": lambda trail: trail.insert(7, trail.pop(8)),
    "truncate": lambda trail: trail.pop(),
    "empty": lambda trail: trail.clear(),
    "foreign key": lambda trail: trail[7].update(name="Anna"),
    "missing key": lambda trail: trail[7].pop("office"),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forgery_is_found(trail, roots, forge):
    forge(trail)
    assert faults(trail, roots) != []


RENUMBERED = ["change", "delete", "insert", "swap", "truncate"]


@pytest.mark.parametrize("name", RENUMBERED)
def test_a_forgery_with_a_new_chain_is_found_by_the_fingerprint(trail, roots, name):
    FORGERIES[name](trail)
    for seq, line in enumerate(trail, 1):
        line["seq"] = seq
    rehash(trail)
    assert faults(trail, []) == []
    assert len(faults(trail, roots)) == 1


def test_forged_fingerprints_are_found(trail, roots):
    assert faults(trail, [{**roots[0], "root": "0" * 64}]) == [
        f"Der Fingerabdruck über {SIZE} Einträge stimmt nicht."
    ]
    assert faults(trail, [*roots, {**roots[0], "root": "0" * 64}]) != []
    assert faults(trail, [{"size": 0, "root": "0" * 64}]) != []
    assert faults(trail, [{"size": 0, "root": verify.Tree().root()}, *roots]) == []


def test_what_came_after_the_last_fingerprint_may_be_there(trail, roots, write):
    write(3)
    assert verify.check_trail(queries.trail_lines(), roots) == []


def test_the_list_of_faults_ends_somewhere(trail, roots):
    for line in trail:
        line.update(office="x", seq=0, previous="00")
    assert len(faults(trail * 2, roots)) <= verify.AT_MOST + 3


def test_every_field_of_every_entry_counts(trail, roots):
    chance = random.Random(7)
    fields = sorted(verify.KEYS)
    for field in fields:
        forged = [dict(line) for line in trail]
        line = chance.choice(forged)
        line[field] = "0" * 64 if isinstance(line[field], str) else [field]
        assert faults(forged, roots) != [], field


@pytest.fixture
def run(tmp_path, trail, roots):
    """Run the verifier on files, in a folder that holds nothing else."""
    (tmp_path / "verify.py").write_bytes(VERIFIER.read_bytes())
    (tmp_path / "wurzeln.json").write_text(json.dumps({"roots": roots}))

    def run_verifier(name: str, content: str) -> tuple[int, str]:
        (tmp_path / name).write_text(content)
        done = subprocess.run(
            [sys.executable, "-I", "verify.py", name, "wurzeln.json"],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.stderr == ""
        return done.returncode, done.stdout

    return run_verifier


def test_the_program_checks_an_export(run, trail):
    lines = [json.dumps(line) for line in trail]
    assert run("export.jsonl", "\n".join(lines)) == (0, "Alles in Ordnung.\n")
    code, output = run("export.jsonl", "\n".join(lines[1:]))
    assert (code, output.splitlines()[0]) == (1, "An der Stelle von Eintrag 1 steht Eintrag 2.")


def test_the_program_checks_a_proof(run, anna):
    proof = queries.proof_of(11, reader=anna.id)
    assert run("beweis.json", json.dumps(proof)) == (0, "Alles in Ordnung.\n")
    proof["entry"]["office"] = "Niemand"
    assert run("beweis.json", json.dumps(proof)) == (
        1,
        "Eintrag 11 steht so nicht im veröffentlichten Protokoll.\nFehler gefunden.\n",
    )
    proof["size"] = 39
    assert run("beweis.json", json.dumps(proof))[0] == 1


@pytest.mark.parametrize("content", ["", "[]", "{", '{"entry": 1}', "\x00"])
def test_what_is_no_proof_is_unreadable(run, content):
    code, output = run("beweis.json", content)
    assert code == 2
    assert output.startswith("Nicht lesbar: ")


def test_without_files_it_explains_itself(capsys):
    assert verify.main([]) == 2
    assert capsys.readouterr().out == verify.__doc__


def test_the_export_holds_exactly_what_is_stored(trail):
    stored = list(Entry.objects.order_by("seq").values_list("seq", "did", "why", "case"))
    assert [(it["seq"], it["did"], it["why"], it["case"]) for it in trail] == stored
