"""The chapter "The first day" of docs/operate.md, typed as it stands there, in a fresh home."""

import http.client
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house import free_port
from tests.letterbox import Letterbox, open_letterbox

from rathaus.operate.home import PROJECT
from rathaus.operate.importing import KINDS
from rathaus.operate.processes import wait_until

CHAPTER = re.search(
    r"\n## The first day\n(.*?)\n## ", (PROJECT / "docs" / "operate.md").read_text(), re.DOTALL
)[1]
OURS = ("DATABASE_", "DJANGO_", "RATHAUS_")
BLOCKS = re.findall(r"```sh\n(.*?)```", CHAPTER, re.DOTALL)


@pytest.fixture
def letterbox() -> Iterator[Letterbox]:
    with open_letterbox() as box:
        yield box


@pytest.fixture
def environment(tmp_path: Path, letterbox: Letterbox) -> dict[str, str]:
    (tmp_path / "account").mkdir()
    others = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return others | {
        "HOME": str(tmp_path / "account"),
        "RATHAUS_HOME": str(tmp_path / "city"),
        "RATHAUS_HOSTS": "rathaus.stadt.example",
        **letterbox.environment,
        "RATHAUS_MAIL_FROM": "rathaus@stadt.example",
    }


@pytest.fixture
def port(tmp_path: Path, environment: dict[str, str]) -> Iterator[int]:
    """A city that was opened as the chapter says, on a port of its own."""
    found = free_port()
    story = tmp_path / "story.txt"
    with story.open("wb") as said:
        command = ["./rathaus", "serve", "--port", str(found)]
        house = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=said, stderr=said)
    try:
        assert wait_until(lambda: "Das Rathaus ist offen" in story.read_text(), seconds=180)
        yield found
    finally:
        house.terminate()
        house.wait(60)


def typed(commands: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-e", "-c", commands],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def page(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Host": "rathaus.stadt.example", "X-Forwarded-Proto": "https"}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    return answer.status, said


def test_the_chapter_leads_to_an_open_city(
    environment: dict[str, str], port: int, letterbox: Letterbox
) -> None:
    *commands, look = BLOCKS
    lacking = typed(look, environment)

    for block in commands:
        done = typed(block, environment)
        assert done.returncode == 0, block + done.stdout + done.stderr

    assert "FEHLT  Stadt: ./rathaus import city DATEI" in lacking.stdout
    assert "FEHLT  Sicherung: noch nie gesichert" in lacking.stdout
    assert page(port, "/")[1].count("Magistrat der Stadt Lindenfurt") > 0
    assert page(port, "/antrag/hund-anmelden/")[0] == 200
    assert wait_until(lambda: letterbox.letters != [], seconds=60)
    link = re.search(r"https://rathaus\.stadt\.example(/amt/passwort/\S+)", letterbox.letters[0])
    assert page(port, link[1])[0] in (200, 302)
    left = typed(look, environment)
    assert left.returncode == 1  # nobody has come in yet: that is done in the browser
    assert [
        line for line in left.stdout.splitlines() if "FEHLT" in line and "Chrom" not in line
    ] == [
        "  FEHLT  Erste Administration: eingeladen, aber noch nie angemeldet: kam die Mail an?",
        "  FEHLT  Jede Abteilung mit Verfahren hat Bearbeitende: niemand bearbeitet Anliegen in: "
        "bauamt, buergerservice, finanzen, gartenamt, gewerbe-und-veranstaltungen, "
        "kinder-und-schulen, soziales, standesamt, strassenamt, umwelt-und-energie, wohnungsamt",
    ]


def test_an_import_before_the_first_opening_says_what_to_do(environment: dict[str, str]) -> None:
    refused = typed("./rathaus import city nirgends.yaml", environment)

    assert refused.returncode == 1
    assert "Bitte zuerst einmal öffnen: ./rathaus serve" in refused.stdout


def test_every_import_of_the_program_is_in_the_chapter() -> None:
    told = set(re.findall(r"\./rathaus import (\w+)", CHAPTER))
    typed_here = set(re.findall(r"\./rathaus import (\w+)", "".join(BLOCKS)))
    assert told == set(KINDS)
    assert told - typed_here == {"camt"}  # comes from the bank each night
