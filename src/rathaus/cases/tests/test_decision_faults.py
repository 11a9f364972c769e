"""What keeps a decision from going out (§§ 13, 58, 60, 61 AVG)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.cases.decision_faults import (
    Circumstances,
    DecisionText,
    Fault,
    Found,
    faults,
    not_fillable,
)

COMPLETE = DecisionText("refused", "Bescheid", "Wird abgewiesen.", "Weil.", "Beschwerde: …")
FORMAL, INFORMAL = Circumstances(is_formal=True), Circumstances(is_formal=False)


def kinds(text: DecisionText, circumstances: Circumstances) -> list[tuple[str, Fault]]:
    return [(found.part, found.fault) for found in faults(text, circumstances)]


@pytest.mark.parametrize("outcome", ["granted", "partly_granted", "refused", "rejected", "settled"])
def test_a_complete_decision_may_go_out(outcome: str) -> None:
    assert faults(replace(COMPLETE, outcome=outcome), FORMAL) == []


@pytest.mark.parametrize("part", ["title", "ruling", "reasons", "remedy"])
@pytest.mark.parametrize(
    "gap", ["[Bitte hier antworten.]", "[Grund]", "[angaben.rufname]", "[zwei\nZeilen]"]
)
def test_a_gap_of_the_template_stays_inside(part: str, gap: str) -> None:
    text = replace(COMPLETE, **{part: f"Davor {gap} danach"})
    assert faults(text, INFORMAL) == [Found(part, Fault.GAP, gap)]


@pytest.mark.parametrize("words", ["[…]", "[...]", "[1]", "[ ]", "(eingeklammert)", "a ] b ["])
def test_what_is_no_gap_goes_out(words: str) -> None:
    assert faults(replace(COMPLETE, reasons=words), FORMAL) == []


@pytest.mark.parametrize(
    ("outcome", "lacks"),
    [
        ("granted", []),
        ("settled", []),
        ("partly_granted", [("reasons", Fault.NO_REASONS)]),
        ("refused", [("reasons", Fault.NO_REASONS)]),
        ("rejected", [("reasons", Fault.NO_REASONS)]),
    ],
)
def test_who_does_not_get_everything_is_told_why(
    outcome: str, lacks: list[tuple[str, Fault]]
) -> None:
    text = replace(COMPLETE, outcome=outcome, reasons=" \n")
    assert kinds(text, FORMAL) == lacks
    assert kinds(text, INFORMAL) == lacks, "the words about the remedy make it a Bescheid"


@pytest.mark.parametrize("outcome", ["granted", "refused"])
def test_a_decision_says_how_to_fight_it_and_a_letter_need_not(outcome: str) -> None:
    text = replace(COMPLETE, outcome=outcome, remedy=" ")
    assert kinds(text, FORMAL) == [("remedy", Fault.NO_REMEDY)]
    assert kinds(text, INFORMAL) == []
    assert kinds(replace(text, reasons=""), INFORMAL) == []


@pytest.mark.parametrize("part", ["title", "ruling"])
def test_nothing_goes_out_without_a_title_or_a_ruling(part: str) -> None:
    assert kinds(replace(COMPLETE, **{part: " "}), FORMAL) == [(part, Fault.NOT_WRITTEN)]


def test_nobody_is_rejected_while_they_may_still_correct() -> None:
    running = Circumstances(is_formal=True, correction_until=date(2026, 12, 7))

    assert faults(replace(COMPLETE, outcome="rejected"), running) == [
        Found("outcome", Fault.TOO_EARLY, date(2026, 12, 7))
    ]
    assert faults(replace(COMPLETE, outcome="granted"), running) == []


def test_all_faults_are_named_at_once_in_the_order_of_the_page() -> None:
    text = DecisionText("rejected", "Bescheid", "[Text hier]", "", "")
    running = Circumstances(is_formal=True, correction_until=date(2026, 12, 7))

    assert kinds(text, running) == [
        ("outcome", Fault.TOO_EARLY),
        ("ruling", Fault.GAP),
        ("reasons", Fault.NO_REASONS),
        ("remedy", Fault.NO_REMEDY),
    ]


def test_what_nothing_fills_is_named() -> None:
    text = replace(COMPLETE, ruling="{{ name }} {{ nmae }} {{ angaben.x }}", remedy="{{ name }")

    assert not_fillable(text, {"name"}) == [
        Found("ruling", Fault.UNKNOWN_PLACEHOLDER, "nmae"),
        Found("remedy", Fault.STRAY_BRACES),
    ]
    assert not_fillable(COMPLETE, set()) == []


@settings(deadline=None)
@given(st.text(alphabet="ab[]{} 1…\n"), st.sampled_from(["title", "ruling", "reasons", "remedy"]))
def test_no_bracketed_word_ever_goes_out(words: str, part: str) -> None:
    """Against brute force: the innermost brackets around any letter."""
    innermost = [piece.split("]")[0] for piece in words.split("[")[1:] if "]" in piece]
    expected = any(set(inside) & set("ab") for inside in innermost)
    found = kinds(replace(COMPLETE, **{part: words}), INFORMAL)
    assert ((part, Fault.GAP) in found) is expected
