import errno
import os
import stat
from pathlib import Path

import pytest

from rathaus.operate.home import Home, home_from_environment
from rathaus.operate.problem import Problem, problem_of
from rathaus.operate.tests.conftest import Spawn


def test_everything_in_the_home_is_closed_to_others(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")

    home.prepare()

    folders = [home.folder, home.files, home.secrets, home.logs]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 4


def test_a_home_is_held_by_one_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    refusal = r"Rathaus läuft in diesem Ordner schon \(Prozess \d+\)"
    with home.claimed(), pytest.raises(Problem, match=refusal), home.claimed():
        pass
    with home.claimed():
        pass


HOLDER = """
import sys, time
from pathlib import Path
from rathaus.operate.home import Home
with Home(Path(sys.argv[1])).claimed():
    print("mine", flush=True)
    time.sleep(60)
"""


def test_a_killed_holder_holds_nothing(tmp_path: Path, spawn_python: Spawn) -> None:
    holder = spawn_python(HOLDER, tmp_path)
    with pytest.raises(Problem), Home(tmp_path).claimed():
        pass

    holder.kill()
    holder.wait()

    with Home(tmp_path).claimed():
        pass


def test_a_demo_never_becomes_a_city(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.remember("embedded")
    home.remember("embedded")

    with pytest.raises(Problem, match="gehört zur Vorführung oder zu einer echten Stadt"):
        home.remember("production")

    assert home.profile() == "embedded"


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Problem, match="file/home lässt sich nicht anlegen"):
        Home(tmp_path / "file" / "home").prepare()
    with pytest.raises(Problem, match="file lässt sich nicht anlegen"):
        Home(tmp_path / "file").prepare()


def test_the_home_of_another_account_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    home.secrets.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: home.secrets.stat().st_uid + 1)

    with pytest.raises(Problem, match="gehört einem anderen Konto"):
        home.prepare()

    assert list(tmp_path.iterdir()) == [home.secrets]


def test_a_note_that_cannot_be_read_belongs_to_no_profile(tmp_path: Path) -> None:
    (tmp_path / "profile").write_bytes(b"\xff\xfe")
    with pytest.raises(Problem, match="gehört zur Vorführung oder zu einer echten Stadt"):
        Home(tmp_path).remember("embedded")
    assert (tmp_path / "profile").read_bytes() == b"\xff\xfe"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "Der Datenträger ist voll."),
        (errno.EROFS, "In /srv/rathaus darf nicht geschrieben werden."),
        (errno.EACCES, "In /srv/rathaus darf nicht geschrieben werden."),
        (errno.ENOENT, "Der Ordner /srv/rathaus lässt sich nicht anlegen."),
        (errno.EIO, "Das Betriebssystem meldet: kaputt (/srv/rathaus)."),
    ],
)
def test_what_the_system_refuses_is_one_sentence(number: int, sentence: str) -> None:
    assert str(problem_of(OSError(number, "kaputt", "/srv/rathaus"))).startswith(sentence)


def test_the_environment_names_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RATHAUS_HOME", str(tmp_path))
    assert home_from_environment(profile="production").folder == tmp_path

    monkeypatch.setenv("RATHAUS_HOME", "")
    assert home_from_environment(profile="embedded").folder.parts[-2:] == ("var", "demo")

    monkeypatch.delenv("RATHAUS_HOME")
    assert home_from_environment(profile="production").folder.parts[-2:] == ("var", "city")
    assert home_from_environment(profile="embedded").folder.parts[-2:] == ("var", "demo")
