"""What a catalogue must not say: every contradiction in its exact German words."""

from datetime import time

import pytest
from pydantic import ValidationError

from rathaus.core.documents.parts import OpeningHours
from rathaus.services.catalogue import Catalogue, contradictions, merged

OFFICE = {
    "slug": "amt",
    "name": {"de": "Amt"},
    "street": "Rathausplatz 1",
    "postal_code": "4890",
    "town": "Lindenfurt",
}
SITUATION = {"slug": "umzug", "title": {"de": "Umzug"}, "summary": {"de": "Neu hier"}}
SERVICE = {
    "slug": "hund",
    "title": {"de": "Hund"},
    "offices": ["amt"],
    "channels": ["paper"],
    "life_situations": ["umzug"],
}
WHOLE = {"offices": [OFFICE], "life_situations": [SITUATION], "services": [SERVICE]}


def said(**changed: object) -> list[str]:
    return contradictions(Catalogue.model_validate({**WHOLE, **changed}))


def test_a_whole_catalogue_does_not_contradict_itself():
    assert said() == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"offices": [OFFICE, OFFICE]}, ["das Amt „amt“ steht 2-mal im Katalog"]),
        (
            {"life_situations": [SITUATION] * 3},
            ["die Lebenslage „umzug“ steht 3-mal im Katalog"],
        ),
        ({"services": [SERVICE, SERVICE]}, ["die Leistung „hund“ steht 2-mal im Katalog"]),
        ({"offices": []}, ["die Leistung „hund“ nennt ein unbekanntes Amt „amt“"]),
        (
            {"life_situations": []},
            ["die Leistung „hund“ nennt eine unbekannte Lebenslage „umzug“"],
        ),
        ({"services": [{**SERVICE, "offices": []}]}, ["die Leistung „hund“ hat kein Amt"]),
        (
            {"services": [{**SERVICE, "channels": []}]},
            ["die Leistung „hund“ hat keinen Weg (online, appointment, paper)"],
        ),
        (
            {"services": [{**SERVICE, "channels": [], "offices": [], "external_id": "5"}]},
            [],
        ),
    ],
)
def test_a_contradiction_is_said_in_german(changed, expected):
    assert said(**changed) == expected


def test_all_contradictions_are_said_in_one_go():
    lonely = {**SERVICE, "slug": "katze", "offices": ["weg", "amt"], "channels": []}
    assert said(services=[lonely, SERVICE], offices=[OFFICE, OFFICE]) == [
        "das Amt „amt“ steht 2-mal im Katalog",
        "die Leistung „katze“ nennt ein unbekanntes Amt „weg“",
        "die Leistung „katze“ hat keinen Weg (online, appointment, paper)",
    ]


def test_files_are_joined_in_their_order():
    words = {"words": ["Hund", "Vierbeiner"]}
    first = Catalogue.model_validate({**WHOLE, "synonyms": [words]})
    second = Catalogue.model_validate({"services": [{**SERVICE, "slug": "katze"}]})
    joined = merged(iter([first, second]))
    assert joined == Catalogue.model_validate(
        {**WHOLE, "services": [SERVICE, {**SERVICE, "slug": "katze"}], "synonyms": [words]}
    )


def test_hours_end_after_they_begin():
    hours = OpeningHours(days=("mo",), opens=time(8), closes=time(8, 1))
    assert (hours.opens, hours.closes) == (time(8), time(8, 1))
    for closes in (time(8), time(7)):
        with pytest.raises(ValidationError) as refused:
            OpeningHours(days=("mo",), opens=time(8), closes=closes)
        [error] = refused.value.errors()
        assert error["msg"] == "Value error, closes liegt nicht nach opens"


def test_a_form_needs_the_way_online():
    online = {**SERVICE, "form": "hund", "channels": ["paper", "online"]}
    assert said(services=[online]) == []
    with pytest.raises(ValidationError) as refused:
        said(services=[{**SERVICE, "form": "hund"}])
    [error] = refused.value.errors()
    assert error["msg"] == "Value error, eine Leistung mit Formular braucht den Weg online"
