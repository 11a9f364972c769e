"""Which entries are one occurrence: examples of real clicks, and that no entry is ever lost."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.audit.chain import Content
from rathaus.audit.occurrences import (
    LOOK,
    SAME_CLICK,
    Occurrence,
    how_many_fit,
    occurrences_of,
)

EVA = UUID("11111111-1111-4111-8111-111111111111")
GEORG = UUID("22222222-2222-4222-8222-222222222222")
MORNING = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
SEEN = Content(
    seq=1,
    at=MORNING,
    act=LOOK,
    actor=EVA,
    actor_kind="staff",
    office="Bürgerservice",
    did="cases.read",
    thing_type="",
    thing_id="",
    case="HU-2026-000001",
    why="",
    about=(),
)
DECIDED = replace(SEEN, act="change", did="cases.decided")


def trail(*steps: tuple[float, Content]) -> list[Content]:
    """Entries so many seconds after the first moment, numbered, the newest first."""
    numbered = [
        replace(entry, seq=number, at=MORNING + timedelta(seconds=seconds))
        for number, (seconds, entry) in enumerate(steps, 1)
    ]
    return numbered[::-1]


def day_of(moment: datetime) -> date:
    return moment.date()


def numbers(entries: list[Content]) -> list[list[int]]:
    """The entries' numbers in each occurrence."""
    return [[entry.seq for entry in it.entries] for it in occurrences_of(entries, day_of)]


def test_a_change_what_was_read_for_it_and_the_page_after_it_are_one():
    [click] = occurrences_of(trail((0, DECIDED), (0.017, SEEN), (0.167, SEEN)), day_of)

    assert [entry.seq for entry in click.entries] == [3, 2, 1]
    assert [entry.seq for entry in click.told] == [1]
    assert click.times == 1
    assert (click.began, click.ended) == (MORNING, MORNING + timedelta(seconds=0.167))


@pytest.mark.parametrize(("pause", "found"), [(5, [[2, 1]]), (5.001, [[2], [1]])])
def test_what_comes_later_than_five_seconds_is_another_click(pause, found):
    assert numbers(trail((0, DECIDED), (pause, DECIDED))) == found


def test_a_click_may_last_as_long_as_it_goes_on():
    assert numbers(trail(*((4 * step, DECIDED) for step in range(4)))) == [[4, 3, 2, 1]]


def test_a_clock_that_was_set_back_does_not_join_what_lies_far_apart():
    assert numbers(trail((60, DECIDED), (0, DECIDED))) == [[2], [1]]
    assert numbers(trail((3, DECIDED), (0, DECIDED))) == [[2, 1]]


@pytest.mark.parametrize(
    "other",
    [{"actor": GEORG}, {"actor_kind": "guest"}, {"office": "Bauamt"}, {"case": ""}],
)
def test_another_person_office_or_matter_is_another_occurrence(other):
    interleaved = trail(
        (0, DECIDED), (0.1, replace(SEEN, **other)), (0.2, SEEN), (0.3, replace(SEEN, **other))
    )
    assert numbers(interleaved) == [[4, 2], [3, 1]]


def test_looking_again_on_the_same_day_is_told_once():
    hour = 3600
    [looking] = occurrences_of(trail((0, SEEN), (1, SEEN), (hour, SEEN), (9 * hour, SEEN)), day_of)

    assert [entry.seq for entry in looking.entries] == [4, 3, 2, 1]
    assert looking.times == 3
    assert [entry.seq for entry in looking.told] == [1, 2, 3, 4]


def test_a_deed_stands_for_itself_between_two_looks():
    assert numbers(trail((0, SEEN), (60, DECIDED), (60.1, SEEN), (120, SEEN))) == [[4, 1], [3, 2]]


def test_each_day_has_its_own_looks_and_a_click_at_midnight_belongs_to_its_end():
    day = 24 * 3600
    late = 16 * 3600 - 1  # 23:59:59
    assert numbers(trail((0, SEEN), (late, SEEN), (late + 2, SEEN), (day, SEEN))) == [
        [4, 3, 2],
        [1],
    ]


@pytest.mark.parametrize("act", ["change", "refused"])
def test_what_was_refused_is_told_like_what_was_done(act):
    [click] = occurrences_of(trail((0, SEEN), (1, replace(SEEN, act=act))), day_of)
    assert [entry.act for entry in click.told] == [act]


def test_a_page_ends_where_one_occurrence_more_would_begin():
    two_clicks = trail((0, DECIDED), (0.1, SEEN), (60, DECIDED), (60.1, SEEN))
    assert [how_many_fit(two_clicks, most, day_of) for most in (1, 2, 3)] == [2, 4, 4]
    assert how_many_fit([], 1, day_of) == 0


entries = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.2, 4.9, 5.0, 5.1, 3600.0, 50_000.0]),
        st.builds(
            replace,
            st.just(SEEN),
            act=st.sampled_from([LOOK, LOOK, "change", "refused"]),
            actor=st.sampled_from([EVA, GEORG, None]),
            case=st.sampled_from(["", "HU-2026-000001"]),
        ),
    ),
    max_size=25,
).map(lambda steps: trail(*_after_each_other(steps)))


def _after_each_other(steps):
    passed = 0.0
    for pause, entry in steps:
        passed += pause
        yield passed, entry


@given(entries)
def test_every_entry_is_in_exactly_one_occurrence(trail):
    told = [entry.seq for it in occurrences_of(trail, day_of) for entry in it.entries]

    assert Counter(told) == Counter(entry.seq for entry in trail)


@given(entries)
def test_the_latest_comes_first_among_and_within_occurrences(trail):
    found = numbers(trail)

    assert [inner[0] for inner in found] == sorted((inner[0] for inner in found), reverse=True)
    assert all(inner == sorted(inner, reverse=True) for inner in found)


@given(entries)
def test_an_occurrence_is_one_click_or_the_looks_of_one_day(trail):
    for it in occurrences_of(trail, day_of):
        assert len({(entry.actor, entry.case) for entry in it.entries}) == 1
        only_looks = all(entry.act == LOOK for entry in it.entries)
        pauses = [newer.at - older.at for newer, older in pairwise(it.entries)]
        assert it.times == 1 + sum(pause > SAME_CLICK for pause in pauses)
        assert it.times == 1 or only_looks
        assert all((entry.act == LOOK) == only_looks for entry in it.told)


@given(entries)
def test_whatever_belongs_together_stands_together(trail):
    together = {
        frozenset((one.seq, other.seq))
        for it in occurrences_of(trail, day_of)
        for one in it.entries
        for other in it.entries
    }
    for place, newer in enumerate(trail):
        before = [it for it in trail[place + 1 :] if (it.actor, it.case) == _of(newer)]
        if before and newer.at - before[0].at <= SAME_CLICK:
            assert frozenset((newer.seq, before[0].seq)) in together


def _of(entry):
    return entry.actor, entry.case


@given(entries)
def test_more_entries_never_make_fewer_occurrences(trail):
    made = [len(occurrences_of(trail[:length], day_of)) for length in range(len(trail) + 1)]

    assert made == sorted(made)


@given(entries, st.integers(1, 8))
def test_a_page_holds_as_much_as_fits_and_the_pages_hold_everything(trail, most):
    rest, pages = trail, []
    while rest:
        length = how_many_fit(rest, most, day_of)
        assert _makes(rest[:length]) <= most
        assert length == len(rest) or _makes(rest[: length + 1]) > most
        pages += rest[:length]
        rest = rest[length:]

    assert pages == trail


def _makes(trail: list[Content]) -> int:
    found: list[Occurrence] = occurrences_of(trail, day_of)
    return len(found)
