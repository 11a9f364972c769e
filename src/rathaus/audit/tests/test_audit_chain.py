"""The hash of an entry: golden, sensitive to everything, the same for program and verifier."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.audit import verify
from rathaus.audit.chain import (
    GENESIS,
    Content,
    canonical,
    entry_hash,
    open_part,
    seal,
    sealed_part,
)

ANNA = UUID("11111111-1111-4111-8111-111111111111")
BERT = UUID("22222222-2222-4222-8222-222222222222")
ENTRY = Content(
    seq=7,
    at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    act="change",
    actor=BERT,
    actor_kind="staff",
    office="Bürgerservice",
    did="cases.decided",
    thing_type="case",
    thing_id="42",
    case="BS-2026-000123",
    why="vollständig",
    about=(ANNA,),
    details={"template": "Bescheid", "version": 3},
)


def exported(content: Content, previous: bytes) -> dict[str, object]:
    """A line as the export writes it."""
    line = {
        **open_part(content),
        **sealed_part(content),
        "previous": previous.hex(),
        "hash": entry_hash(content, previous).hex(),
    }
    known: dict[str, object] = json.loads(json.dumps(line))
    return known


def test_golden_hash():
    assert seal(ENTRY) == "f2f42c09d5839efa75b853fcca8863c252c32b9e531169f9a63cff95c886cfe0"
    assert (
        entry_hash(ENTRY, GENESIS).hex()
        == "aa9e7054bd02b44f52c66fe23410e18491bc4cbafaf2fc8c1c4a3217f2f4eabd"
    )


def test_canonical_form_is_rfc_8785():
    value = {"b": [True, None, 'ü"\n\u0007'], "a": {"é": 1}}
    assert canonical(value) == '{"a":{"é":1},"b":[true,null,"ü\\"\\n\\u0007"]}'.encode()


@pytest.mark.parametrize("value", [{"a": 1.5}, {"a": [{"b": 0.0}]}, {1: "a"}, {"a": {1, 2}}])
def test_what_has_several_spellings_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 8},
        {"at": ENTRY.at + timedelta(microseconds=1)},
        {"act": "read"},
        {"actor": ANNA},
        {"actor": None},
        {"actor_kind": "citizen"},
        {"office": "Bürgerservice "},
        {"did": "cases.closed"},
        {"thing_type": "file"},
        {"thing_id": "43"},
        {"case": ""},
        {"why": "vollstandig"},
        {"about": ()},
        {"about": (ANNA, BERT)},
        {"details": {}},
    ],
)
def test_every_field_counts(change):
    assert entry_hash(replace(ENTRY, **change), GENESIS) != entry_hash(ENTRY, GENESIS)


def test_the_previous_hash_counts():
    assert entry_hash(ENTRY, bytes(31) + b"\x01") != entry_hash(ENTRY, GENESIS)


def test_the_time_zone_does_not_count():
    elsewhere = replace(ENTRY, at=ENTRY.at.astimezone(timezone(timedelta(hours=1))))
    assert entry_hash(elsewhere, GENESIS) == entry_hash(ENTRY, GENESIS)


contents = st.builds(
    Content,
    seq=st.integers(1, 2**62),
    at=st.datetimes(timezones=st.just(UTC)),
    act=st.sampled_from(["read", "change", "refused"]),
    actor=st.none() | st.uuids(),
    actor_kind=st.sampled_from(["staff", "system"]),
    office=st.text(st.characters(exclude_categories=["Cs"])),
    did=st.text(max_size=5),
    thing_type=st.just("case"),
    thing_id=st.text(max_size=5),
    case=st.text(max_size=5),
    why=st.text(st.characters(exclude_categories=["Cs"])),
    about=st.lists(st.uuids(), max_size=3).map(tuple),
    details=st.dictionaries(st.text(max_size=5), st.integers() | st.text() | st.booleans()),
)


@given(contents, st.binary(min_size=32, max_size=32))
def test_the_verifier_computes_the_same(content, previous):
    line = exported(content, previous)
    assert verify.entry_hash(line) == line["hash"]


@given(contents)
def test_a_proof_computes_the_same_from_the_open_part(content):
    line = {**open_part(content), "sealed": seal(content), "previous": GENESIS.hex()}
    assert verify.entry_hash(line) == entry_hash(content, GENESIS).hex()
