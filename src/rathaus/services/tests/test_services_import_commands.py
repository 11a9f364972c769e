"""What a city brings along: addresses and forms, with mistakes named by file, line and reason."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from rathaus.services.models import FormVersion, StreetAddress
from rathaus.services.queries.addresses import addresses_like

pytestmark = pytest.mark.django_db

FORM = """schema: 1
form: probe
service: probe
title: Probe
pages:
  - id: eins
    title: Eins
    fields:
      - {id: wort, type: text, label: Wort}
"""


def test_the_list_of_addresses_is_replaced(tmp_path: Path) -> None:
    table = tmp_path / "addresses.csv"
    table.write_text("postcode;place;street;first;last\n4890;Ort;Lindengasse;1;3\n")

    call_command("import_addresses", table)
    call_command("import_addresses", table)

    assert sorted(StreetAddress.objects.values_list("number", flat=True)) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("linden 3", ["Lindengasse 3"]),
        ("Lindeng. 1", ["Lindengasse 1"]),
        ("an der", ["An der Linde 2"]),
        ("an d lin 2", ["An der Linde 2"]),
        ("gasse", []),
        ("linden .*", ["Lindengasse 1", "Lindengasse 3"]),
        ("3", []),
        ("", []),
    ],
)
def test_addresses_are_found_by_the_beginnings_of_their_words(
    typed: str, found: list[str], tmp_path: Path
) -> None:
    table = tmp_path / "addresses.csv"
    streets = ["Lindengasse;1;1", "Lindengasse;3;3", "An der Linde;2;2"]
    rows = ["postcode;place;street;first;last", *(f"4890;Ort;{street}" for street in streets)]
    table.write_text("\n".join(rows))
    call_command("import_addresses", table)

    assert [f"{row.street} {row.number}" for row in addresses_like(typed)] == found


def test_a_bad_line_of_addresses_changes_nothing(tmp_path: Path) -> None:
    table = tmp_path / "addresses.csv"
    table.write_text("postcode;place;street;first;last\n4890;Ort;Lindengasse;eins;3\n")

    with pytest.raises(CommandError, match=r"addresses\.csv: .*2") as refused:
        call_command("import_addresses", table)

    assert refused.value.returncode == 1
    assert StreetAddress.objects.count() == 0


def test_forms_of_a_folder_are_published_once(tmp_path: Path) -> None:
    (tmp_path / "probe.yaml").write_text(FORM)

    call_command("import_forms", tmp_path)
    call_command("import_forms", tmp_path)

    assert list(FormVersion.objects.values_list("form", "number")) == [("probe", 1)]


def test_one_mistake_in_a_folder_publishes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FORM)
    (tmp_path / "b.yaml").write_text(FORM.replace("type: text", "type: txt"))

    with pytest.raises(CommandError, match=r"b\.yaml.*9"):
        call_command("import_forms", tmp_path)

    assert FormVersion.objects.count() == 0
