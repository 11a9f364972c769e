"""The verifier as a rule: every fault of a trail or a proof has its own German sentence."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from rathaus.audit import verify
from rathaus.audit.chain import (
    GENESIS,
    Content,
    entry_hash,
    open_part,
    seal,
    sealed_part,
)
from rathaus.audit.merkle import (
    Subtree,
    fold,
    inclusion_path,
    leaf_hash,
    node_hash,
    range_hash,
)

SIZE = 7
FIRST = Content(
    seq=1,
    at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    act="change",
    actor=None,
    actor_kind="system",
    office="Bürgerservice",
    did="cases.decided",
    thing_type="case",
    thing_id="42",
    case="BS-2026-000123",
    why="vollständig",
    about=(UUID(int=7),),
    details={"größe": [1, True, None, "ü"]},
)
Line = dict[str, object]


def written_trail(size: int = SIZE) -> list[Line]:
    trail: list[Line] = []
    previous = GENESIS
    for number in range(size):
        content = replace(FIRST, seq=number + 1, at=FIRST.at + timedelta(seconds=number))
        digest = entry_hash(content, previous)
        line = open_part(content) | sealed_part(content)
        trail.append({**line, "previous": previous.hex(), "hash": digest.hex()})
        previous = digest
    return trail


def leaves(trail: list[Line]) -> list[bytes]:
    return [leaf_hash(bytes.fromhex(str(line["hash"]))) for line in trail]


def over(hashes: list[bytes], start: int, stop: int) -> bytes:
    def hash_of(subtree: Subtree) -> bytes:
        return fold(hashes[subtree.start : subtree.stop])

    return range_hash(start, stop, hash_of)


def root_of(trail: list[Line], size: int) -> Line:
    return {"size": size, "root": over(leaves(trail), 0, size).hex()}


def proof_of(trail: list[Line], index: int) -> Line:
    path = inclusion_path(index, len(trail))
    content = replace(FIRST, seq=index + 1, at=FIRST.at + timedelta(seconds=index))
    entry = {**open_part(content), "sealed": seal(content), "previous": trail[index]["previous"]}
    hashes = [over(leaves(trail), start, stop).hex() for start, stop in path]
    return {"entry": entry, "size": len(trail), "path": hashes}


def check(trail: list[Line], roots: list[Line]) -> list[str]:
    return verify.check_trail(map(json.dumps, trail), roots)


@pytest.mark.parametrize("size", range(9))
def test_a_sound_trail_has_no_faults_at_any_size(size):
    trail = written_trail(size)
    assert check(trail, [root_of(trail, known) for known in range(size + 1)]) == []


def test_a_changed_word_is_found_at_its_entry_and_in_the_fingerprint():
    trail = written_trail()
    roots = [root_of(trail, 2), root_of(trail, 3)]
    trail[2]["why"] = "unvollständig"
    assert check(trail, roots) == ["Eintrag 3 wurde verändert."]


def test_a_forged_chain_differs_from_the_fingerprint():
    trail = written_trail()
    other = replace(FIRST, why="anders")
    forged = open_part(other) | sealed_part(other)
    trail[0] = {**forged, "previous": GENESIS.hex(), "hash": entry_hash(other, GENESIS).hex()}
    assert check(trail[:1], [root_of(written_trail(), 1)]) == [
        "Der Fingerabdruck über 1 Einträge stimmt nicht."
    ]


def test_two_published_fingerprints_of_one_size_cannot_both_be_right():
    trail = written_trail()
    wrong = {"size": 3, "root": "00" * 32}
    assert check(trail, [root_of(trail, 3), wrong]) == [
        "Der Fingerabdruck über 3 Einträge stimmt nicht."
    ]


def test_a_gap_breaks_number_and_chain():
    trail = written_trail()
    del trail[1]
    assert check(trail[:2], []) == [
        "An der Stelle von Eintrag 2 steht Eintrag 3.",
        "Eintrag 3 schließt nicht an seinen Vorgänger an.",
    ]


def test_what_is_missing_at_the_end_is_counted():
    trail = written_trail()
    roots = [root_of(trail, 7), root_of(trail, 6), root_of(trail, 5)]
    assert check(trail[:5], roots) == [
        "Es fehlen Einträge am Ende: veröffentlicht waren 6, vorhanden sind 5.",
        "Es fehlen Einträge am Ende: veröffentlicht waren 7, vorhanden sind 5.",
    ]


def test_the_fingerprint_of_nothing_is_checked_too():
    assert check([], [root_of([], 0)]) == []
    assert check(written_trail(2), [{"size": 0, "root": "00" * 32}]) == [
        "Der Fingerabdruck des leeren Protokolls stimmt nicht."
    ]


@pytest.mark.parametrize("change", [{"fremd": 1}, {"why": None}])
def test_an_entry_has_exactly_its_keys(change):
    trail = written_trail(2)
    first = {**trail[0], **change}
    if change == {"why": None}:
        del first["why"]
    assert check([first, trail[1]], []) == ["Eintrag 1 hat fehlende oder fremde Angaben."]


def test_an_entry_without_a_hash_is_passed_over():
    trail = written_trail(3)
    del trail[1]["hash"]
    assert check(trail, []) == [
        "Eintrag 2 hat fehlende oder fremde Angaben.",
        "Eintrag 3 schließt nicht an seinen Vorgänger an.",
    ]


@pytest.mark.parametrize(("broken", "said"), [(100, 100), (101, 101), (102, 101)])
def test_after_a_hundred_faults_nobody_reads_on(broken, said):
    trail = written_trail(1) * (broken + 1)
    lines = [{**line, "seq": number + 1} for number, line in enumerate(trail)]
    for line in lines[1:]:
        line["fremd"] = 1
    faults = check(lines, [])
    assert len(faults) == said
    assert faults[-1] == f"Eintrag {said + 1} hat fehlende oder fremde Angaben."


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 13])
def test_each_entry_is_proved_and_no_other(size):
    trail = written_trail(size)
    roots = [root_of(trail, size)]
    for index in range(size):
        proof = proof_of(trail, index)
        assert verify.check_proof(proof, roots) == []
        refused = [f"Eintrag {index + 1} steht so nicht im veröffentlichten Protokoll."]
        path = list(proof["path"])
        assert verify.check_proof({**proof, "path": [*path, "00" * 32]}, roots) == refused
        changed = {**proof["entry"], "office": "Bauamt"}
        assert verify.check_proof({**proof, "entry": changed}, roots) == refused
        if path:
            assert verify.check_proof({**proof, "path": path[:-1]}, roots) == refused


def test_a_proof_needs_a_published_fingerprint_of_its_size():
    trail = written_trail(4)
    assert verify.check_proof(proof_of(trail, 1), [root_of(trail, 3)]) == [
        "Über 4 Einträge wurde kein Fingerabdruck veröffentlicht."
    ]


def test_a_proof_against_two_different_fingerprints_is_none():
    trail = written_trail(4)
    roots = [root_of(trail, 4), {"size": 4, "root": "00" * 32}]
    assert verify.check_proof(proof_of(trail, 1), roots) == [
        "Eintrag 2 steht so nicht im veröffentlichten Protokoll."
    ]


@pytest.mark.parametrize("index", [-1, 1, 2])
def test_no_climb_from_outside_the_tree(index):
    assert verify._climb(b"x", index, 1, []) is None


def test_a_climb_of_one_step():
    assert verify._climb(b"x", 0, 1, []) == b"x"
    assert verify._climb(b"x", 0, 2, [b"y"]) == node_hash(b"x", b"y")
    assert verify._climb(b"x", 1, 2, [b"y"]) == node_hash(b"y", b"x")
    assert verify._climb(b"x", 0, 2, []) is None


def written(folder: Path, name: str, value: object) -> str:
    path = folder / name
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return str(path)


def exported(folder: Path, trail: list[Line]) -> str:
    path = folder / "export.jsonl"
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in trail)
    path.write_text(lines, encoding="utf-8")
    return str(path)


def test_the_program_says_that_a_trail_is_sound(tmp_path, capsys):
    trail = written_trail()
    roots = written(tmp_path, "wurzeln.json", {"roots": [root_of(trail, SIZE)]})
    assert verify.main([exported(tmp_path, trail), roots]) == 0
    assert capsys.readouterr().out == "Alles in Ordnung.\n"


def test_the_program_names_every_fault(tmp_path, capsys):
    trail = written_trail()
    roots = written(tmp_path, "wurzeln.json", {"roots": [root_of(trail, SIZE)]})
    assert verify.main([exported(tmp_path, trail[:-1]), roots]) == 1
    assert capsys.readouterr().out == (
        "Es fehlen Einträge am Ende: veröffentlicht waren 7, vorhanden sind 6.\nFehler gefunden.\n"
    )


def test_the_program_checks_a_single_proof(tmp_path, capsys):
    trail = written_trail()
    roots = written(tmp_path, "wurzeln.json", {"roots": [root_of(trail, SIZE)]})
    proof = written(tmp_path, "beweis.json", proof_of(trail, 2))
    assert verify.main([proof, roots]) == 0
    assert capsys.readouterr().out == "Alles in Ordnung.\n"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("{", "JSONDecodeError"),
        ("{}", "KeyError('entry')"),
        ("[]", "TypeError"),
        (None, "FileNotFoundError"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, capsys, content, error):
    roots = written(tmp_path, "wurzeln.json", {"roots": []})
    subject = tmp_path / "beweis.json"
    if content is not None:
        subject.write_text(content, encoding="utf-8")
    assert verify.main([str(subject), roots]) == 2
    said = capsys.readouterr().out
    assert said.startswith(f"Nicht lesbar: {error}")
    assert said.endswith(")\n")


@pytest.mark.parametrize("arguments", [[], ["eins"], ["eins", "zwei", "drei"]])
def test_without_two_files_it_explains_itself(arguments, capsys):
    assert verify.main(arguments) == 2
    assert capsys.readouterr().out == verify.__doc__
