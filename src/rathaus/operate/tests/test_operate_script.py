import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[4]
NEEDED = ("sh", "cat", "dirname", "cmp", "flock", "rm", "mkdir", "tail", "grep", "cp")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the start script on a machine that has nothing but the usual small tools."""
    folder = tmp_path / "Rathaus mit Leerzeichen"
    (folder / "bin").mkdir(parents=True)
    shutil.copy(PROJECT / "rathaus", folder / "rathaus")
    (folder / "requirements.lock").touch()
    (folder / "requirements-dev.lock").touch()
    for name in NEEDED:
        (folder / "bin" / name).symlink_to(str(shutil.which(name)))
    return folder


def python(clone: Path, name: str, script: str) -> None:
    program = clone / "bin" / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def run(clone: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [clone / "rathaus", *words],
        env={"PATH": str(clone / "bin"), "HOME": os.environ.get("HOME", "/")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def test_without_a_python_it_names_the_packages(clone: Path) -> None:
    assert run(clone, "demo") == (
        1,
        "Rathaus braucht Python 3.11 oder neuer: sudo apt install python3 python3-venv\n"
        "(Rathaus needs Python 3.11 or newer: sudo apt install python3 python3-venv)\n",
    )


def test_a_shim_that_does_not_run_is_no_python(clone: Path) -> None:
    python(clone, "python3", "exit 127")

    code, said = run(clone, "demo")

    assert (code, said.split("\n")[0][:36]) == (1, "Rathaus braucht Python 3.11 oder neu")


def test_without_venv_it_names_the_package_of_that_version(clone: Path) -> None:
    python(clone, "python3", f'case "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"')
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"

    assert run(clone, "demo") == (
        1,
        f"Dem Python {version} fehlt das Modul venv: sudo apt install python{version}-venv\n"
        f"(Python {version} lacks the module venv: sudo apt install python{version}-venv)\n",
    )


def test_a_broken_shim_hides_no_python_that_runs(clone: Path) -> None:
    python(clone, "python3", "exit 127")
    python(clone, "python3.11", f'exec {sys.executable} "$@"')

    code, said = run(clone, "demo")

    assert code == 1
    assert "Python-Umgebung wird angelegt …" in said
    assert "No module named 'rathaus'" in said  # all is installed, but this clone is empty


def test_a_folder_in_the_way_is_said_in_one_sentence(clone: Path) -> None:
    python(clone, "python3", f'exec {sys.executable} "$@"')
    (clone / "bin" / "mkdir").unlink()
    python(clone, "mkdir", "exit 1")

    code, said = run(clone, "demo")

    assert code == 1
    assert "darf nicht geschrieben werden, oder der Datenträger ist voll." in said


def test_a_full_disk_during_the_installation_is_said(clone: Path) -> None:
    fake = 'case "$2" in venv) echo "[Errno 28] No space left on device"; exit 1;; esac'
    python(clone, "python3", f'{fake}\nexec {sys.executable} "$@"')

    code, said = run(clone, "demo")

    assert (code, said.splitlines()[-2]) == (1, "Der Datenträger ist voll.")
