import argparse
import json
import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from rathaus.operate import bench, doctor, opening
from rathaus.operate.__main__ import main
from rathaus.operate.chromium import find_chromium
from rathaus.operate.demo import sign_ins
from rathaus.operate.home import PROJECT, Home
from rathaus.operate.installation import CITY, DEMO, installation
from rathaus.operate.measuring import percentile, report
from rathaus.operate.problem import Problem
from rathaus.operate.tests.conftest import Spawn


def test_an_unknown_command_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])

    assert ended.value.code == 2
    assert "invalid choice: 'fly'" in capsys.readouterr().err


def test_what_a_person_can_mend_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RATHAUS_HOSTS", raising=False)
    monkeypatch.setenv("RATHAUS_HOME", str(tmp_path / "home"))

    assert main(["serve"]) == 1

    said = capsys.readouterr()
    assert said.out.startswith("\nBitte mit RATHAUS_HOSTS sagen")
    assert said.err == ""
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x", "", "８０"])
def test_what_is_no_port_is_one_sentence(
    port: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RATHAUS_HOME", str(tmp_path / "home"))

    assert main(["demo", f"--port={port}"]) == 1

    said = capsys.readouterr()
    assert said.out.startswith(
        f"\n„{port}“ ist kein Port. Bitte mit --port eine Zahl von 1 bis 65535"
    )
    assert said.err == ""
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("host", ["nonsense.invalid", "203.0.113.9"])
def test_a_foreign_address_is_one_sentence(host: str) -> None:
    with pytest.raises(Problem, match=f"{host} ist keine Adresse dieses Rechners"):
        opening._door(host, 8000)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            psycopg.errors.DiskFull('could not extend file "base/1": No space left on device'),
            "Der Datenträger ist voll.",
        ),
        (
            psycopg.OperationalError(
                'connection failed: connection to server at "127.0.0.1", port 1 failed: '
                "Connection refused\n\tIs the server running on that host?"
            ),
            "Die Datenbank meldet: Connection refused. (",
        ),
        (
            psycopg.OperationalError('… failed: FATAL:  role "x" does not exist'),
            'Die Datenbank meldet: role "x" does not exist. (',
        ),
    ],
)
def test_what_the_database_refuses_is_one_sentence(
    error: psycopg.Error,
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_options: object) -> int:
        raise error

    monkeypatch.setattr(doctor, "run", fail)

    assert main(["doctor"]) == 1

    said = capsys.readouterr()
    assert said.out.startswith(f"\n{sentence}")
    assert (len(said.out.strip().splitlines()), said.err) == (1, "")


def test_a_demo_home_is_never_served(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    home.prepare()
    home.remember(DEMO)
    monkeypatch.setenv("RATHAUS_HOME", str(tmp_path))
    monkeypatch.setenv("RATHAUS_HOSTS", "rathaus.example")

    assert main(["serve"]) == 1

    assert "gehört zur Vorführung oder zu einer echten Stadt" in capsys.readouterr().out
    assert home.profile() == DEMO


def test_a_city_uses_its_own_server_and_the_demo_never_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://rathaus_app@db.example/rathaus")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://rathaus@db.example/rathaus")

    city = installation(profile=CITY, home=Home(tmp_path / "city"))
    demo = installation(profile=DEMO, home=Home(tmp_path / "demo"))

    assert city.cluster is None
    assert city.program.database == "postgresql://rathaus_app@db.example/rathaus"
    assert city.program.owner == "postgresql://rathaus@db.example/rathaus"
    assert demo.cluster is not None
    assert demo.program.database == demo.cluster.url(role="rathaus_app")
    assert demo.program.environment()["DATABASE_URL"] == demo.program.database


LONG_COMMAND = """
import signal, sys, time
from rathaus.operate import __main__ as rathaus
if sys.argv[1] == "nohup":
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
else:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
rathaus._end_politely()
def work(arguments):
    print("working", flush=True)
    time.sleep(60)
rathaus._run = work
sys.exit(rathaus.main([]))
"""


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_asked_to_end_ends_like_by_ctrl_c(
    wish: signal.Signals, spawn_python: Spawn
) -> None:
    command = spawn_python(LONG_COMMAND, "")

    command.send_signal(wish)

    assert command.stdout is not None
    assert (command.wait(10), command.stdout.read()) == (130, b"\nAbgebrochen.\n")


def test_a_command_without_its_terminal_goes_on(spawn_python: Spawn) -> None:
    command = spawn_python(LONG_COMMAND, "nohup")

    command.send_signal(signal.SIGHUP)
    time.sleep(0.2)

    assert command.poll() is None


def test_an_import_without_a_file_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "services"]) == 1

    assert "./rathaus import services DATEI" in capsys.readouterr().out


def test_every_role_of_the_demo_is_named_once() -> None:
    roles = [role for role, _ in sign_ins()]

    assert roles[0] == "Bürgerin"
    assert "Leitung einer Abteilung" in roles
    assert len(roles) == len(set(roles))


def test_the_named_chromium_is_taken_and_a_missing_one_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser = tmp_path / "my-chromium"
    browser.touch(mode=0o755)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROMIUM", str(browser))
    assert find_chromium() == str(browser)

    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    assert find_chromium() is None

    kept = tmp_path / "chromium-1234" / "chrome-linux" / "chrome"
    kept.parent.mkdir(parents=True)
    kept.touch(mode=0o755)
    assert find_chromium() == str(kept)


def test_keys_that_others_can_read_are_found(tmp_path: Path) -> None:
    place = installation(profile=DEMO, home=Home(tmp_path / "home"))
    key = place.home.secrets / "file_key"
    key.touch(mode=0o600)
    assert doctor.secrets_are_private(place).well is True

    key.chmod(0o640)

    finding = doctor.secrets_are_private(place)
    assert finding.well is False
    assert finding.line().startswith("  FEHLT  Schlüssel nur für den Eigentümer lesbar: chmod 600 ")


def test_a_benchmark_shows_a_table_and_ends_with_one_line_of_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report("search", {"p95_ms": 12.5}, peers={"other": {"p95_ms": 20.0}})

    lines = capsys.readouterr().out.splitlines()
    result = json.loads(lines[-1])
    assert lines[0].split() == ["p95_ms", "rathaus", "12.500"]
    assert lines[1].split() == ["p95_ms", "other", "20.000"]
    assert (result["bench"], result["figures"], result["peers"]) == (
        "search",
        {"p95_ms": 12.5},
        {"other": {"p95_ms": 20.0}},
    )
    assert result["machine"]["cores"] == os.cpu_count()


def test_a_percentile_is_a_measured_value() -> None:
    values = [float(number) for number in range(100, 0, -1)]

    assert [percentile(values, share) for share in (0, 0.5, 0.95, 1)] == [1, 51, 96, 100]


def test_every_benchmark_says_in_one_line_what_it_measures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench.run(argparse.Namespace(name=None, list=True, quick=False, keep=False))

    lines = capsys.readouterr().out.splitlines()
    programs = (PROJECT / "benchmarks").glob("*.py")
    names = sorted(path.stem.rstrip("_") for path in programs if not path.stem.startswith("_"))
    assert [line.split()[0] for line in lines] == names
    assert [len(line.split()) > 3 for line in lines] == [True] * len(names)
