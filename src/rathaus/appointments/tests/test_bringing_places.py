"""The places that a city brings along: one document, taken whole or not at all."""

from datetime import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from rathaus.accounts.models import Department
from rathaus.appointments.actions.bringing import install_places
from rathaus.appointments.models import Counter, Location, Offer, OpeningHours, Quota, TicketSeries
from rathaus.audit.models import Entry
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.documents.source import BadDocument
from rathaus.core.errors import NotAllowed

pytestmark = pytest.mark.django_db

DOCUMENT = """\
skills:
  ausweise: {de: Ausweise}
offers:
  - {slug: reisepass, title: {de: Reisepass}, minutes: 15, max_persons: 3, further_minutes: 10,
     skill: ausweise}
  - {slug: auskunft, title: {de: Auskunft}, minutes: 5, kinds: [in_person, video],
     service: auskunft}
locations:
  - slug: stadthaus
    name: {de: Stadthaus, en: Town house}
    department: buergeramt
    address: Hauptplatz 1
    hours:
      - {days: [mo, so], opens: "07:30", closes: "12:00"}
      - {days: [di], opens: "13:00", closes: "18:00", by_appointment: true, valid_from: 2026-01-01}
    quotas: {online: 70}
    counters:
      - {number: 1, name: Schalter 1}
      - {number: 2, name: Video, kind: video}
    series:
      - {letter: A, title: {de: Alles}, offers: [reisepass, auskunft]}
"""


@pytest.fixture(autouse=True)
def department(db: None) -> Department:
    found, _is_new = Department.objects.get_or_create(
        slug="buergeramt", defaults={"name": {"de": "Bürgeramt"}}
    )
    return found


def test_a_city_brings_its_places() -> None:
    assert install_places(by=SYSTEM, text=DOCUMENT) == ["stadthaus"]

    place = Location.objects.get()
    assert (place.slug, place.name["en"], place.address) == (
        "stadthaus",
        "Town house",
        "Hauptplatz 1",
    )
    counters = Counter.objects.order_by("number").values_list("number", "name", "kind")
    assert list(counters) == [(1, "Schalter 1", "in_person"), (2, "Video", "video")]
    passport, advice = Offer.objects.order_by("-slug")
    assert (passport.minutes, passport.further_minutes, passport.skill.slug) == (15, 10, "ausweise")
    assert (advice.kinds, advice.skill, advice.service_slug) == (
        ["in_person", "video"],
        None,
        "auskunft",
    )
    hours = OpeningHours.objects.order_by("weekday").values_list("weekday", "opens", "channels")
    assert [(day, opens, sorted(channels)) for day, opens, channels in hours] == [
        (0, time(7, 30), ["online", "phone", "walk_in"]),
        (1, time(13), ["online", "phone"]),
        (6, time(7, 30), ["online", "phone", "walk_in"]),
    ]
    assert list(Quota.objects.values_list("channel", "share")) == [("online", 70)]
    assert TicketSeries.objects.get().offers.count() == 2
    assert Entry.objects.get().did == "appointments.places_installed"


def test_brought_again_it_changes_what_it_names_and_leaves_the_rest_to_the_planners() -> None:
    install_places(by=SYSTEM, text=DOCUMENT)
    OpeningHours.objects.filter(weekday=1).delete()
    Quota.objects.update(share=50)

    install_places(by=SYSTEM, text=DOCUMENT.replace("Schalter 1", "Zimmer 1").replace("15,", "20,"))

    assert Counter.objects.get(number=1).name == "Zimmer 1"
    assert Offer.objects.get(slug="reisepass").minutes == 20
    assert sorted(OpeningHours.objects.values_list("weekday", flat=True)) == [0, 6]
    assert Quota.objects.get().share == 50


@pytest.mark.parametrize(
    ("before", "after", "line", "reason"),
    [
        ("skill: ausweise", "skill: zaubern", 5, "die Fähigkeit „zaubern“ steht nicht in skills"),
        (
            "department: buergeramt",
            "department: nirgends",
            11,
            "die Abteilung „nirgends“ gibt es nicht",
        ),
        (
            "[reisepass, auskunft]",
            "[reisepass, rat]",
            21,
            "das Angebot „rat“ steht nicht in offers",
        ),
        ("number: 2", "number: 1", 18, "„1“ steht hier zweimal"),
        ("slug: auskunft,", "slug: reisepass,", 4, "„reisepass“ steht hier zweimal"),
        ('closes: "12:00"', 'closes: "06:00"', 14, "closes liegt nicht nach opens"),
        ("max_persons: 3, ", "", 4, "further_minutes ohne max_persons"),
        ("minutes: 5,", "minutes: 0,", 6, "mindestens 1"),
        ("letter: A", "letter: AB", 21, ""),
        ("online: 70", "online: 170", 16, "höchstens 100"),
        ("address: Hauptplatz 1", "adress: Hauptplatz 1", 12, "adress"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_nothing_is_installed(
    before: str, after: str, line: int, reason: str
) -> None:
    assert before in DOCUMENT

    with pytest.raises(BadDocument) as refused:
        install_places(by=SYSTEM, text=DOCUMENT.replace(before, after, 1))

    told = [(mistake.line, mistake.reason) for mistake in refused.value.mistakes]
    assert any(at == line and reason in said for at, said in told), told
    assert not Location.objects.exists()
    assert not Offer.objects.exists()


def test_a_planner_of_one_department_does_not_bring_places(clerk: Actor) -> None:
    with pytest.raises(NotAllowed):
        install_places(by=clerk, text=DOCUMENT)


def test_the_command_says_what_was_taken_and_where_the_mistake_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "places.yaml"
    file.write_text(DOCUMENT, encoding="utf-8")
    call_command("import_places", file)
    assert capsys.readouterr().out == f"{file}: stadthaus\n"

    file.write_text(DOCUMENT.replace("minutes: 15", "minutes: viel"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"places\.yaml.*4"):
        call_command("import_places", file)
