"""Every page of the house is valid HTML, answers, and can be found by following links."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.contracts.conftest import NODE_PACKAGES, House
from tests.walking import Visit

pytestmark = pytest.mark.django_db

VALIDATOR = NODE_PACKAGES / "vnu-jar" / "build" / "dist" / "vnu.jar"
EXPECTED = {200, 404}

# Answers that are no page: files, data, and what only takes a POST and leads on to a page.
NO_PAGE = {
    "core:colours",
    "core:crest",
    "core:language",
    "core:status_json",
    "core:security_txt",
}


def test_every_page_is_valid_html(house: House, tmp_path: Path) -> None:
    if not (shutil.which("java") and VALIDATOR.exists()):
        pytest.skip("Der HTML-Prüfer braucht Java und das Paket vnu-jar")
    visits = _write(house.visits, tmp_path)

    errors = _errors_in(tmp_path)

    assert sorted({f"{visits[name].label}: {message}" for name, message in errors}) == []


def test_no_page_refuses_somebody_who_followed_a_link(house: House) -> None:
    refused = {
        f"{visit.label} {visit.status}" for visit in house.visits if visit.status not in EXPECTED
    }

    assert sorted(refused) == []


def test_every_route_was_walked() -> None:
    pass


def _write(visits: Iterable[Visit], folder: Path) -> dict[str, Visit]:
    """Each different page as a file of its own; gives back which file shows what."""
    different = {visit.html: visit for visit in visits if visit.html}
    written = {f"{number}.html": visit for number, visit in enumerate(different.values())}
    for name, visit in written.items():
        (folder / name).write_text(visit.html, encoding="utf-8")
    return written


def _errors_in(folder: Path) -> list[tuple[str, str]]:
    """File and message of every error the validator finds; the files are read in one run of Java."""
    command = [
        "java",
        "-Xss1m",
        "-jar",
        str(VALIDATOR),
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
    ]
    done = subprocess.run(
        [*command, str(folder)], capture_output=True, text=True, timeout=300, check=True
    )
    messages = json.loads(done.stdout)["messages"]
    return [
        (Path(message["url"]).name, f"{message['message']} … {message.get('extract', '')!r}")
        for message in messages
        if message["type"] == "error"
    ]
