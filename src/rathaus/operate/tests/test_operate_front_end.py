import gettext
import subprocess
from pathlib import Path

import pytest

from rathaus.operate import front_end
from rathaus.operate.problem import Problem

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Hund anmelden"
msgstr "Register a dog"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one domain whose bundles are written by a fake bundler that counts."""
    sources = tmp_path / "src" / "rathaus"
    (sources / "parking" / "static_src").mkdir(parents=True)
    (sources / "parking" / "static" / "parking").mkdir(parents=True)
    (sources / "parking" / "static_src" / "main.ts").write_text("let a = 1")
    (tmp_path / "front_end.mjs").touch()
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(front_end, "PROJECT", tmp_path)
    monkeypatch.setattr(front_end, "SOURCES", sources)
    monkeypatch.setattr(front_end, "_STAMP", sources / "front_end.sha256")
    monkeypatch.setattr(front_end, "install_node_packages", lambda *, development: None)
    monkeypatch.setattr(front_end, "run_node", lambda words: bundle(tmp_path))
    return tmp_path


def bundle(project: Path) -> str:
    with (project / "builds").open("a") as builds:
        builds.write("x")
    (project / "src/rathaus/parking/static/parking/main.js").write_text("bundled")
    return ""


def builds(project: Path) -> int:
    story = project / "builds"
    return len(story.read_text()) if story.exists() else 0


def test_nothing_is_bundled_twice(project: Path) -> None:
    assert front_end.build_front_end() is True
    assert front_end.build_front_end() is False
    assert builds(project) == 1


def test_a_changed_source_and_a_lost_bundle_are_made_anew(project: Path) -> None:
    front_end.build_front_end()
    (project / "src/rathaus/parking/static_src/main.ts").write_text("let a = 2")
    assert front_end.front_end_is_current() is False
    assert front_end.build_front_end() is True

    (project / "src/rathaus/parking/static/parking/main.js").unlink()
    assert front_end.build_front_end() is True

    assert builds(project) == 3


def test_a_release_without_sources_builds_nothing(project: Path) -> None:
    (project / "front_end.mjs").unlink()

    assert front_end.build_front_end() is False
    assert builds(project) == 0


def test_a_fingerprint_knows_names_and_contents(project: Path) -> None:
    first, second = project / "first", project / "second"
    first.write_text("a")
    second.write_text("b")
    before = front_end.fingerprint([first, second])

    assert front_end.fingerprint([second, first, first]) == before
    first.write_text("b")
    second.write_text("a")
    assert front_end.fingerprint([first, second]) != before


def test_translations_are_compiled_when_they_are_newer(project: Path) -> None:
    folder = project / "src/rathaus/locale/en/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(CATALOGUE)

    front_end.compile_translations()

    with (folder / "django.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Hund anmelden") == "Register a dog"
    made = (folder / "django.mo").stat().st_mtime_ns
    front_end.compile_translations()
    assert (folder / "django.mo").stat().st_mtime_ns == made


def test_a_failing_tool_says_why() -> None:
    with pytest.raises(Problem, match=r"sh ist gescheitert:\nno such module"):
        front_end.run_quietly(["sh", "-c", "echo no such module; exit 3"])


def test_an_old_node_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v18.19.0\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    fetched: list[str] = []
    monkeypatch.setattr(front_end, "find_spec", lambda name: None)
    monkeypatch.setattr(front_end, "_install_node", lambda: fetched.append("node"))

    with pytest.raises(Problem, match="Node ließ sich nicht installieren"):
        front_end.find_node()
    assert fetched == ["node"]

    (tmp_path / "node").write_text("#!/bin/sh\necho v20.0.0\n")
    assert front_end.find_node() == (tmp_path / "node", [str(tmp_path / "npm")])
    assert (
        subprocess.run(["node", "--version"], capture_output=True, text=True).stdout == "v20.0.0\n"
    )
