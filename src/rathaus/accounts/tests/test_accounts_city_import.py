"""A city comes in as one document: all of it or nothing, with line and reason of every mistake."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from tests.factories import make_clerk, make_department

from rathaus.accounts import actions
from rathaus.accounts.administration import MANAGE
from rathaus.accounts.city_file import read_city
from rathaus.accounts.models import Department, Role
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import SYSTEM
from rathaus.core.city import current_city, forget_city
from rathaus.core.errors import NotAllowed
from rathaus.core.models import City

pytestmark = pytest.mark.django_db

CREST = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1"/></svg>'
CITY = """name: Musterstadt
authority: Stadtamt Musterstadt
federal_state: AT-7
address: |-
  Hauptplatz 1
  6000 Musterstadt
email: stadt@musterstadt.example
crest: wappen.svg
colours: {primary: "#1b4e8f", accent: "#9a3412"}
opening_hours: [{days: [mo, di], opens: "08:00", closes: "12:00"}]
texts: {imprint: {de: "UID: ATU00000000"}}
departments:
  - {slug: buergerservice, name: {de: Bürgerservice}, number_prefix: BS}
  - {slug: finanzen, name: {de: Finanzen}, number_prefix: FIN, phone: "+43 1 2"}
roles:
  - {slug: sachbearbeitung, name: {de: Sachbearbeitung}, rights: [cases.read, cases.handle]}
  - {slug: administration, name: {de: Administration}, rights: [accounts.manage]}
"""


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "wappen.svg").write_text(CREST)
    written = tmp_path / "stadt.yaml"
    written.write_text(CITY)
    forget_city()
    yield written
    forget_city()


def said(file: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    call_command("import_city", str(file))
    return capsys.readouterr().out.splitlines()


def test_a_city_comes_in_whole(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(file, capsys)

    city = current_city()
    assert (city.name, city.authority, city.crest) == (
        "Musterstadt",
        "Stadtamt Musterstadt",
        CREST,
    )
    assert city.colours == {
        "primary": "#1b4e8f",
        "primary-dark": "#12335d",
        "primary-light": "#e8edf4",
        "accent": "#9a3412",
    }
    assert city.texts == {"imprint": {"de": "UID: ATU00000000"}}
    assert sorted(Department.objects.values_list("slug", "number_prefix")) == [
        ("buergerservice", "BS"),
        ("finanzen", "FIN"),
    ]
    assert Role.objects.get(slug="sachbearbeitung").rights == ["cases.handle", "cases.read"]
    assert lines[0].startswith("Stadt: Musterstadt (übernommen: Name, Behörde, Bundesland,")
    assert lines[1:4] == [
        "Abteilungen: 2 (2 neu, 0 geändert, 0 unverändert)",
        "Rollen: 2 (2 neu, 0 geändert, 0 unverändert)",
        "Feiertage: die österreichischen, dazu für AT-7, Hl. Josef",
    ]
    assert "Kontrast: primary auf #ffffff 8,3 : 1" in lines
    assert Entry.objects.filter(did="accounts.city_founded").count() == 1


def test_the_same_file_again_changes_nothing(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(file, capsys)

    lines = said(file, capsys)

    assert lines[:3] == [
        "Stadt: Musterstadt (unverändert)",
        "Abteilungen: 2 (0 neu, 0 geändert, 2 unverändert)",
        "Rollen: 2 (0 neu, 0 geändert, 2 unverändert)",
    ]
    assert Entry.objects.filter(did="accounts.city_founded").count() == 1


def test_what_changed_is_told_and_noted(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(file, capsys)
    make_department("fremd")
    file.write_text(CITY.replace("Hauptplatz 1", "Ring 2").replace("cases.handle", "cases.decide"))

    lines = said(file, capsys)

    assert lines[0] == "Stadt: Musterstadt (übernommen: Anschrift)"
    assert lines[2] == "Rollen: 2 (0 neu, 1 geändert, 1 unverändert)"
    assert lines[3] == "Rechte der Rolle sachbearbeitung: + cases.decide, - cases.handle"
    assert lines[4] == "Nicht in der Datei, bleibt wie es ist: Abteilung Fremd"
    entry = Entry.objects.filter(did="accounts.city_founded").latest("seq")
    assert entry.details["city"] == ["Anschrift"]
    assert entry.details["rights"] == {
        "sachbearbeitung": {"added": ["cases.decide"], "removed": ["cases.handle"]}
    }


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("name: Musterstadt\n", "", "Zeile 1: „name“ fehlt"),
        ("AT-7", "AT-10", "Zeile 3: erlaubt ist hier: 'AT-1'"),
        ("colours: {primary", "colours: {farbe", "Zeile 9: den Schlüssel „farbe“ gibt es hier"),
        ("#1b4e8f", "#9fc5e8", "Zeile 9: primary auf #ffffff ist schlecht lesbar: Kontrast 1,8 : "),
        ("12:00", "07:00", "Zeile 10: closes liegt nicht nach opens"),
        ("slug: finanzen", "slug: buergerservice", "Zeile 14: die Abteilung „buergerservice“ st"),
        ("cases.handle", "cases.fly", "Zeile 16: das Recht „cases.fly“ gibt es nicht, sondern: ac"),
        ("wappen.svg", "fehlt.svg", "Zeile 8: Wappen fehlt.svg: .*diese Datei gibt es nicht"),
        ("roles:", "roles: [", "kein gültiges YAML"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_changes_nothing(
    file: Path, old: str, new: str, reason: str
) -> None:
    file.write_text(CITY.replace(old, new))

    with pytest.raises(CommandError, match=reason) as refused:
        call_command("import_city", str(file))

    assert refused.value.returncode == 1
    assert (City.objects.count(), Department.objects.count(), Role.objects.count()) == (0, 0, 0)


def test_all_mistakes_are_told_at_once(file: Path) -> None:
    file.write_text(CITY.replace("#1b4e8f", "#eeeeee").replace("cases.read", "cases.fly"))

    with pytest.raises(CommandError) as refused:
        call_command("import_city", str(file))

    assert [line.split(": ")[1] for line in str(refused.value).splitlines()] == [
        "Zeile 9",
        "Zeile 9",
        "Zeile 9",
        "Zeile 16",
    ]


@pytest.mark.parametrize(
    ("drawing", "reason"),
    [
        ("<svg><script>x</script></svg>", "das Element <script> ist in einem Wappen nicht"),
        ('<svg onload="x()"/>', "das Attribut onload"),
        ('<svg><a href="https://x.example"/></svg>', "das Attribut href"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "DOCTYPE und ENTITY"),
        ("<html/>", "keine SVG-Zeichnung"),
        ("<svg>", "kein gültiges XML"),
    ],
)
def test_a_crest_only_shows_itself(file: Path, drawing: str, reason: str) -> None:
    (file.parent / "wappen.svg").write_text(drawing)

    with pytest.raises(CommandError, match=f"Zeile 8: Wappen wappen.svg: .*{reason}"):
        call_command("import_city", str(file))

    assert not City.objects.exists()


def test_nobody_locks_the_last_administrator_out(file: Path) -> None:
    call_command("import_city", str(file))
    role = Role.objects.get(slug="administration")
    make_clerk(None).memberships.update(role=role)
    file.write_text(CITY.replace("accounts.manage", "audit.read"))

    with pytest.raises(CommandError, match="letzte Person, die Personen und Rollen verwalten"):
        call_command("import_city", str(file))

    role.refresh_from_db()
    assert role.rights == [MANAGE]


def test_only_administrators_of_the_whole_house_found_a_city(file: Path) -> None:
    document, crest = read_city(file)
    for clerk in (make_clerk(None, "cases.read"), make_clerk("finanzen", MANAGE)):
        with pytest.raises(NotAllowed):
            actions.found_city(by=actor_of(clerk), document=document, crest=crest)

    assert not City.objects.exists()
    assert actions.found_city(by=SYSTEM, document=document, crest=crest).changed_anything
