import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests.factories import make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import ANONYMOUS, SYSTEM
from rathaus.core.documents.taken import Taken
from rathaus.core.errors import NotAllowed
from rathaus.services import munich
from rathaus.services.actions.importing import import_catalogue
from rathaus.services.catalogue import Catalogue, contradictions
from rathaus.services.models import CatalogueStamp, LifeSituation, Office, Service, Synonym
from rathaus.services.reading import Unreadable, read_folder

YAML = """
offices:
  - {slug: buergerservice, name: {de: Bürgerservice}, street: Rathausplatz 1, postal_code: "4890",
     town: Lindenfurt, opening_hours: [{days: [mo, di], opens: "07:30", closes: "12:30"}]}
  - {slug: amt, name: {de: Ämterhaus}, street: Hauptplatz 2, postal_code: "4890", town: Lindenfurt}
life_situations:
  - {slug: tiere, title: {de: Tiere, en: Animals}, summary: {de: Hund und Katze}, icon: dog}
services:
  - slug: hund
    title: {de: Hund anmelden, en: Register a dog}
    summary: {de: Binnen drei Tagen.}
    documents: [{de: Chipnummer}]
    legal_basis: [{title: Oö. Hundehaltegesetz}]
    offices: [amt, buergerservice]
    channels: [online, paper]
    life_situations: [tiere]
    keywords: {de: [Vierbeiner]}
synonyms:
  - {words: [Hund, Wauwau]}
"""
MUNICH = Path(__file__).parents[5] / "shared" / "data" / "services" / "munich-catalogue"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "all.yaml").write_text(YAML, encoding="utf-8")
    return tmp_path


def imported(folder: Path) -> Catalogue:
    catalogue = read_folder(folder)
    import_catalogue(by=SYSTEM, catalogue=catalogue)
    return catalogue


@pytest.mark.django_db
def test_a_catalogue_is_taken_over_completely(folder: Path) -> None:
    imported(folder)

    service = Service.objects.get()
    assert service.title == {"de": "Hund anmelden", "en": "Register a dog"}
    assert service.documents == [{"de": "Chipnummer"}]
    assert service.legal_basis == [{"title": "Oö. Hundehaltegesetz", "url": None}]
    assert service.channels == ["online", "paper"]
    assert [place.office.slug for place in service.places.all()] == ["amt", "buergerservice"]
    assert [situation.slug for situation in service.life_situations.all()] == ["tiere"]
    assert LifeSituation.objects.get().icon == "dog"
    assert [office.slug for office in Office.objects.all()] == ["amt", "buergerservice"]
    assert Office.objects.get(slug="buergerservice").opening_hours == [
        {"days": ["mo", "di"], "opens": "07:30", "closes": "12:30", "by_appointment": False}
    ]
    assert Synonym.objects.get().words == ["Hund", "Wauwau"]
    assert Entry.objects.get().did == "services.catalogue_imported"


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing_but_the_stamp(folder: Path) -> None:
    catalogue = imported(folder)
    before = Service.objects.values().get()

    report = import_catalogue(by=SYSTEM, catalogue=catalogue)

    assert report.services == Taken(same=1)
    assert report.offices == Taken(same=2)
    assert report.life_situations == Taken(same=1)
    assert report.synonyms == Taken(same=1)
    assert Service.objects.values().get() == before
    assert CatalogueStamp.objects.get().number == 2


@pytest.mark.django_db
def test_what_changed_in_the_file_is_changed_and_the_rest_stays(folder: Path) -> None:
    imported(folder)
    changed = YAML.replace("Binnen drei Tagen.", "Binnen einer Woche.")
    (folder / "all.yaml").write_text(changed.replace("[amt, buerg", "[buerg"), encoding="utf-8")

    report = import_catalogue(by=SYSTEM, catalogue=read_folder(folder))

    assert report.services == Taken(changed=1)
    service = Service.objects.get()
    assert service.summary == {"de": "Binnen einer Woche."}
    assert [place.office.slug for place in service.places.all()] == ["buergerservice"]


@pytest.mark.django_db
def test_only_editors_import(folder: Path) -> None:
    catalogue = read_folder(folder)
    for nobody in (ANONYMOUS, actor_of(make_clerk())):
        with pytest.raises(NotAllowed):
            import_catalogue(by=nobody, catalogue=catalogue)
    assert Service.objects.count() == 0

    import_catalogue(by=actor_of(make_clerk(None, "services.edit_catalogue")), catalogue=catalogue)
    assert Service.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("services: [", "Zeile 1: kein gültiges YAML: "),
        (
            "services:\n  - slug: a\n    title: {de: A}\n    titel: {de: B}\n",
            "Zeile 4: den Schlüssel „titel“ gibt es hier nicht",
        ),
        ("services:\n  - slug: Ä\n", "Zeile 2: „Ä“ passt nicht zur Schreibweise"),
        ("offices:\n  - slug: a\n", "Zeile 2: „name“ fehlt"),
        (
            "services:\n  - {slug: a, title: {de: A}, offices: [x], channels: [paper]}\n",
            "die Leistung „a“ nennt ein unbekanntes Amt „x“",
        ),
        ("services:\n  - {slug: a, title: {de: A}}\n", "die Leistung „a“ hat kein Amt"),
    ],
)
def test_mistakes_are_named_with_file_line_and_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable) as refused:
        read_folder(file)
    assert str(refused.value).startswith(f"{file}: ")
    assert reason in str(refused.value)


def test_doubled_slugs_are_found_across_files(folder: Path) -> None:
    (folder / "more.yaml").write_text(YAML, encoding="utf-8")
    with pytest.raises(Unreadable, match="die Leistung „hund“ steht 2-mal im Katalog"):
        read_folder(folder)


def test_the_example_in_the_readme_is_valid(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (example,) = (
        block.split("```")[0]
        for block in readme.split("```yaml\n")[1:]
        if block.startswith("offices:")
    )
    (tmp_path / "example.yaml").write_text(example, encoding="utf-8")
    assert [service.slug for service in read_folder(tmp_path).services] == ["hund-anmelden"]


def test_a_form_needs_the_online_channel() -> None:
    with pytest.raises(ValueError, match="braucht den Weg online"):
        Catalogue.model_validate(
            {"services": [{"slug": "a", "title": {"de": "A"}, "channels": ["paper"], "form": "a"}]}
        )


def test_an_empty_catalogue_contradicts_nothing() -> None:
    assert contradictions(Catalogue()) == []


RECORD = {
    "id": "1",
    "name": "Große Prüfung",
    "public": True,
    "leika": "12",
    "description": "<p>Erster Satz. Zweiter.</p><script>x</script>",
    "fees": "",
    "meta": {"keywords": "eins, , zwei"},
    "forms": [],
    "links": [],
    "duration": 15,
    "locations": [{"location": "9", "appointment": {"allowed": True}}],
}
PLACE = {
    "id": "9",
    "name": "Amt (X)",
    "displayName": "Amt",
    "contact": {},
    "geo": None,
    "address": {"street": "Weg", "house_number": "1", "postal_code": "80331", "city": "München"},
}


def written(folder: Path, name: str, *records: object) -> Path:
    file = folder / name
    file.write_text(json.dumps({"data": records}), encoding="utf-8")
    return file


def test_foreign_records_are_translated(tmp_path: Path) -> None:
    offices = written(tmp_path, "offices.json", PLACE)
    found = munich.read(written(tmp_path, "services.json", RECORD), offices)

    service = found.catalogue.services[0]
    assert (service.slug, service.external_id) == ("grosse-pruefung", "munich:1")
    assert service.summary is not None
    assert service.summary.de == "Erster Satz."
    assert service.body is not None
    assert service.body.de == "Erster Satz. Zweiter."
    assert (service.offices, service.channels) == (("amt",), ("appointment",))
    assert service.keywords.de == ("eins", "zwei")
    assert found.left_out == ("Leistung 1: LeiKa-Schlüssel „12“ hat nicht 14 Ziffern",)


def test_services_and_offices_that_lie_together_are_read_together(tmp_path: Path) -> None:
    services = written(tmp_path, "services_de.json", RECORD)
    written(tmp_path, "locations_de.json", PLACE)

    for place in (tmp_path, services):
        assert [office.slug for office in munich.read(place).catalogue.offices] == ["amt"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "options", "reason"),
    [
        ("locations_de.json", [], "das sind Ämter, keine Leistungen. Bitte den Ordner angeben"),
        ("services_de.json", ["--offices", "services_de.json"], "das sind keine Ämter, denn"),
        ("..", [], r"nicht genau ein Katalog; bitte einen wählen: .*munich, .*other"),
    ],
)
def test_the_wrong_file_is_refused_with_a_hint(
    tmp_path: Path, chosen: str, options: list[str], reason: str
) -> None:
    folders = tmp_path / "munich", tmp_path / "other"
    for folder in folders:
        folder.mkdir()
        written(folder, "services_de.json", RECORD)
        written(folder, "locations_de.json", PLACE)
    given = [name if name.startswith("--") else str(folders[0] / name) for name in options]

    with pytest.raises(CommandError, match=reason) as refused:
        call_command("import_services", str((folders[0] / chosen).resolve()), *given)

    assert refused.value.returncode == 1
    assert (Service.objects.count(), Office.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_another_citys_catalogue_never_overwrites_ours(folder: Path, tmp_path: Path) -> None:
    imported(folder)
    place = {**PLACE, "displayName": "Amt"}
    record = {**RECORD, "name": "Hund", "leika": None}
    offices = written(tmp_path, "offices.json", place)
    foreign = munich.read(written(tmp_path, "services.json", record), offices).catalogue

    for _again in range(2):
        import_catalogue(by=SYSTEM, catalogue=foreign)

    rows = Service.objects.order_by("slug").values_list("slug", "external_id", "title__de")
    assert list(rows) == [("hund", "", "Hund anmelden"), ("hund-2", "munich:1", "Hund")]
    assert [place.office.slug for place in Service.objects.get(slug="hund-2").places.all()] == [
        "amt-2"
    ]


def test_a_record_of_unknown_shape_is_left_out_with_its_reason(tmp_path: Path) -> None:
    nameless = {key: value for key, value in RECORD.items() if key != "name"}
    found = munich.read(written(tmp_path, "s.json", nameless, 7, {**RECORD, "leika": None}), None)

    assert [service.external_id for service in found.catalogue.services] == ["munich:1"]
    assert len(found.left_out) == 2
    assert found.left_out[0] == ("Leistung 1: das Feld 'name' fehlt oder hat eine unbekannte Form")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"data": [\n{]}', "Zeile 2: kein gültiges JSON"),
        (b"[]", "erwartet wird eine Liste unter „data“"),
        (b"\xff\xfe\x00", "kein Text in UTF-8"),
    ],
)
def test_the_command_ends_with_line_and_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=reason) as refused:
        call_command("import_services", str(file))
    assert refused.value.returncode == 1
    assert Service.objects.count() == 0


@pytest.mark.django_db
def test_a_missing_file_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.json: diese Datei gibt es nicht"):
        call_command("import_services", str(tmp_path / "absent.json"))


@pytest.mark.django_db
@pytest.mark.skipif(not MUNICH.is_dir(), reason="der Katalog von München liegt nicht daneben")
def test_the_real_catalogue_of_munich_comes_in(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_services", str(MUNICH))
    said = capsys.readouterr().out

    assert "Leistungen: 287 (287 neu, 0 geändert, 0 unverändert)" in said
    assert "Ämter: 109 (109 neu, 0 geändert, 0 unverändert)" in said
    assert said.count("Nicht übernommen: ") == 1
    assert Service.objects.exclude(leika="").count() == 131
    assert Service.objects.exclude(cost={}).count() == 193

    call_command("import_services", str(MUNICH / "services_de.json"))
    assert "Leistungen: 287 (0 neu, 0 geändert, 287 unverändert)" in capsys.readouterr().out
    assert not Service.objects.filter(body__icontains="<p").exists()
