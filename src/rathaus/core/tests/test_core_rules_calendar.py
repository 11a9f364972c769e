"""Easter against an independent computation; rules of holidays read from a file of data."""

from datetime import date

import pytest
from dateutil.easter import easter

from rathaus.core.calendar import Holiday, Kind, easter_sunday, holidays
from rathaus.core.calendar.holidays import known_holidays

RULES = """
statutory:
  - {name: {de: Märztag, en: March Day}, day: 03-01, from: 1990, until: 1999, source: Gesetz}
patron:
  - {name: {de: Ostertag, en: Easter}, easter: 0, from: 2000, states: [AT-4], source: Brauch}
"""


def test_easter_agrees_with_an_independent_computation():
    years = range(1583, 4100)
    assert [easter_sunday(year) for year in years] == [easter(year) for year in years]


@pytest.fixture
def rules_of_a_file(tmp_path, monkeypatch):
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    monkeypatch.setattr(holidays, "SOURCE", path)
    known_holidays.cache_clear()
    yield known_holidays()
    known_holidays.cache_clear()


def test_a_rule_is_read_whole(rules_of_a_file):
    march, spring = rules_of_a_file
    assert march == Holiday(
        name={"de": "Märztag", "en": "March Day"},
        kind=Kind.STATUTORY,
        source="Gesetz",
        first_year=1990,
        last_year=1999,
        on=(3, 1),
        easter=0,
        states=frozenset(),
    )
    assert spring == Holiday(
        name={"de": "Ostertag", "en": "Easter"},
        kind=Kind.PATRON,
        source="Brauch",
        first_year=2000,
        last_year=None,
        on=None,
        easter=0,
        states=frozenset({"AT-4"}),
    )
    assert spring.day_in(2026) == date(2026, 4, 5)
