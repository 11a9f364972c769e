"""The small rules: phases, routing, numbers, placeholders, dated law."""

from datetime import date
from itertools import chain, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.cases import placeholders
from rathaus.cases.case_number import CaseNumber, parse_case_number
from rathaus.cases.deadlines import LadderShares, Period, Unit
from rathaus.cases.law import RemedyKind, law
from rathaus.cases.phases import OPEN, Phase, is_open, may_follow
from rathaus.cases.placeholders import UnknownPlaceholder, check, fill, names_in
from rathaus.cases.routing import RoutingRule, department_for
from rathaus.core.dated import Dated, in_force


@pytest.fixture(autouse=True, scope="module")
def read_anew() -> None:
    """What an earlier test file had read may not hide a change of the reading."""
    law.cache_clear()


ALLOWED = {
    "draft received",
    "draft withdrawn",
    "received incomplete",
    "received examining",
    "received decided",
    "received closed",
    "received withdrawn",
    "incomplete examining",
    "incomplete decided",
    "incomplete withdrawn",
    "examining incomplete",
    "examining decided",
    "examining closed",
    "examining withdrawn",
    "decided closed",
    "withdrawn closed",
}


@pytest.mark.parametrize(("current", "wanted"), list(product(Phase, Phase)))
def test_which_phase_may_follow_which(current: Phase, wanted: Phase) -> None:
    assert may_follow(current, wanted) is (f"{current} {wanted}" in ALLOWED)


def test_a_decision_is_owed_in_three_phases() -> None:
    assert {Phase.RECEIVED, Phase.INCOMPLETE, Phase.EXAMINING} == OPEN
    assert [phase for phase in Phase if is_open(phase)] == ["received", "incomplete", "examining"]


RULES = [
    RoutingRule("bezirk", frozenset({"Nord", "Ost"}), "nord-ost"),
    RoutingRule("art", frozenset({"laut"}), "ordnung"),
    RoutingRule("bezirk", frozenset({"Nord"}), "nie"),
]


@pytest.mark.parametrize(
    ("answers", "department"),
    [
        ({"bezirk": "Nord"}, "nord-ost"),
        ({"bezirk": "Ost", "art": "laut"}, "nord-ost"),
        ({"bezirk": "Süd", "art": "laut"}, "ordnung"),
        ({"bezirk": "Süd"}, "allgemein"),
        ({}, "allgemein"),
    ],
)
def test_the_first_rule_that_fits_wins(answers: dict[str, str], department: str) -> None:
    assert department_for(answers, RULES, "allgemein") == department


def test_a_case_number_reads_as_people_write_it() -> None:
    assert str(CaseNumber("BA", 2026, 123)) == "BA-2026-000123"
    assert str(CaseNumber("Ö1", 2026, 1_234_567)) == "Ö1-2026-1234567"
    assert parse_case_number(" ba-2026-000123 ") == CaseNumber("BA", 2026, 123)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BA-2026",
        "BA-26-000123",
        "BA-2026-123",
        "2A-2026-000123",
        "x BA-2026-000123",
        "BA-2026-000123 x",
        "ABCDEFGHI-2026-000001",
    ],
)
def test_what_is_no_case_number(text: str) -> None:
    assert parse_case_number(text) is None


@pytest.mark.parametrize("prefix", ["", "ba", "1A", "B-A", "ABCDEFGHI", "A "])
def test_a_prefix_that_cannot_be_read_back_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="cannot begin a case number"):
        CaseNumber(prefix, 2026, 1)


@settings(deadline=None)
@given(
    st.builds(str.__add__, st.sampled_from("ABZÄÖÜ"), st.text("AKZÄÖÜ059", max_size=7)),
    st.integers(1000, 9999),
    st.integers(1, 10**9),
)
def test_numbers_survive_writing_and_reading(prefix: str, year: int, running: int) -> None:
    number = CaseNumber(prefix, year, running)
    assert parse_case_number(str(number)) == number


def test_placeholders_are_named_and_filled() -> None:
    text = "{{ name }} hält {{angaben.rufname}} ({{ angaben.farbe }})."
    assert names_in(text) == ["name", "angaben.rufname", "angaben.farbe"]
    assert (
        fill(text, {"name": "Ada", "angaben.rufname": "Rex"}) == "Ada hält Rex ([angaben.farbe])."
    )
    assert fill("{{ name }}", {"name": ""}) == "[name]"


def test_an_unknown_placeholder_is_named() -> None:
    with pytest.raises(UnknownPlaceholder) as refusal:
        fill("{{ name }} {{ nmae }}", {"name": "Ada", "datum": "heute"})
    assert refusal.value.name == "nmae"
    assert refusal.value.known == ("datum", "name")
    assert str(refusal.value) == "den Platzhalter „nmae“ gibt es nicht, sondern: datum, name"


def test_checking_needs_no_values() -> None:
    check("{{ name }} {{ angaben.x }}", {"name"})
    with pytest.raises(UnknownPlaceholder):
        check("{{ }}", {"name"})


def test_what_stands_for_a_placeholder_is_not_searched_again() -> None:
    assert fill("{{ name }}", {"name": "{{ datum }}", "datum": "!"}) == "{{ datum }}"


@settings(deadline=None)
@given(st.text())
def test_a_text_without_placeholders_stays_as_it_is(text: str) -> None:
    if not placeholders.PLACEHOLDER.search(text):
        assert fill(text, {}) == text


@pytest.mark.parametrize(
    "evil", ["{{ name.__class__ }}", "{{ name|upper }}", "{{ 1+1 }}", "{{ name() }}"]
)
def test_nothing_is_evaluated(evil: str) -> None:
    with pytest.raises(UnknownPlaceholder):
        fill(evil, {"name": "Ada"})


ROWS = [
    Dated(date(2014, 1, 1), "new", "B"),
    Dated(date(1991, 2, 1), "old", "A"),
    Dated(date(2030, 1, 1), "future", "C"),
]


@pytest.mark.parametrize(
    ("day", "figure"),
    [
        (date(1991, 2, 1), "old"),
        (date(2013, 12, 31), "old"),
        (date(2014, 1, 1), "new"),
        (date(2026, 1, 1), "new"),
        (date(2030, 1, 1), "future"),
    ],
)
def test_the_newest_figure_in_force_counts(day: date, figure: str) -> None:
    assert in_force(ROWS, day) == figure


def test_no_figure_before_the_first() -> None:
    with pytest.raises(LookupError, match="no figure in force on 1991-01-31"):
        in_force(ROWS, date(1991, 1, 31))


def test_the_law_as_shipped() -> None:
    day = date(2026, 11, 22)
    assert in_force(law().decision, day) == Period(6, Unit.MONTHS, "§ 73 Abs. 1 AVG")
    assert in_force(law().correction, day) == Period(2, Unit.WEEKS, "§ 13 Abs. 3 AVG")
    assert in_force(law().warnings, day) == LadderShares(3, 10, least_soon=2, least_urgent=1)
    rows = (*law().decision, *law().correction, *law().warnings, *chain(*law().remedies.values()))
    assert all(row.source for row in rows)


@pytest.mark.parametrize(
    ("kind", "period", "says"),
    [
        (
            "complaint",
            Period(4, Unit.WEEKS, "§ 7 Abs. 4 VwGVG"),
            ("vier Wochen", "Landesverwaltungsgericht", "aufschiebende Wirkung", "€ 50,00"),
        ),
        (
            "tax_complaint",
            Period(1, Unit.MONTHS, "§ 245 Abs. 1 BAO"),
            ("eines Monats", "Landesverwaltungsgericht", "§ 254 BAO", "§ 212a BAO"),
        ),
        (
            "appeal",
            Period(2, Unit.WEEKS, "§ 63 Abs. 5 AVG"),
            ("zwei Wochen", "Berufung", "aufschiebende Wirkung"),
        ),
    ],
)
def test_the_remedies_of_the_law(kind: RemedyKind, period: Period, says: tuple[str, ...]) -> None:
    remedy = in_force(law().remedies[kind], date(2026, 11, 22))

    assert remedy.period == period
    assert set(remedy.text) == {"de", "en"}
    assert [words for words in says if words not in remedy.text["de"]] == []
    assert all("{{ behörde }}" in words for words in remedy.text.values())
    assert all("{{ aktenzeichen }}" in words for words in remedy.text.values())


def test_a_complaint_names_its_fee_from_the_day_of_the_higher_one_on() -> None:
    before, since = (
        in_force(law().remedies[RemedyKind.COMPLAINT], day).text["de"]
        for day in (date(2025, 6, 30), date(2025, 7, 1))
    )
    assert "€" not in before
    assert "€ 50,00" in since
