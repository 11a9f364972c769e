"""What the terminal shows when a command refuses."""

from pathlib import Path

import pytest
from django.core.management.base import CommandError

from rathaus.core.documents.files import Unreadable, documents_in, text_of
from rathaus.core.documents.source import BadDocument, Mistake
from rathaus.core.errors import NotAllowed
from rathaus.core.terminal import TerminalCommand, reading


class Refusing(TerminalCommand):
    """Reads nothing and refuses."""

    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: object, **options: object) -> None:
        with reading(Path("stadt.yaml")):
            raise BadDocument(Mistake(3, "das fehlt"), Mistake(1, "das auch"))


def test_the_terminal_shows_lines_and_reasons_and_no_name_of_an_exception(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        Refusing().run_from_argv(["rathaus", "refuse"])

    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said == "stadt.yaml: Zeile 1: das auch\nstadt.yaml: Zeile 3: das fehlt\n"


def test_a_program_gets_the_refusal_itself() -> None:
    with pytest.raises(CommandError, match="Zeile 1: das auch"):
        Refusing().execute(no_color=True, force_color=False, skip_checks=True)


def test_every_refusal_of_a_domain_names_the_file() -> None:
    with (
        pytest.raises(CommandError, match=r"x\.yaml: Dazu haben Sie keine"),
        reading(Path("x.yaml")),
    ):
        raise NotAllowed


def test_why_a_file_cannot_be_read_is_said_in_german(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xe4")
    for name, reason in (
        ("nie", "diese Datei gibt es nicht"),
        ("", "erwartet wird eine Datei, kein Ordner"),
        ("latin", "kein Text in UTF-8"),
    ):
        with pytest.raises(Unreadable, match=reason):
            text_of(tmp_path / name)
    with pytest.raises(Unreadable, match=r"keine Datei mit der Endung \.yaml"):
        documents_in(tmp_path)
