"""Reads a document's words from disk, or says in German why that is not possible."""

from pathlib import Path


class Unreadable(ValueError):
    """A file that cannot be taken; the message names file, line and reason."""


def text_of(file: Path) -> str:
    """The words of a file in UTF-8. Raises `Unreadable`."""
    try:
        return bytes_of(file).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{file}: kein Text in UTF-8 (Stelle {error.start})") from error


def bytes_of(file: Path) -> bytes:
    """What is in a file. Raises `Unreadable`."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Unreadable(f"{file}: {_reason(error)}") from error


def documents_in(place: Path) -> list[Path]:
    """The file itself, or all `*.yaml` of a folder by name. Raises `Unreadable` for none."""
    if not place.is_dir():
        return [place]
    files = sorted(place.glob("*.yaml"))
    if not files:
        raise Unreadable(f"{place}: in diesem Ordner liegt keine Datei mit der Endung .yaml")
    return files


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "diese Datei gibt es nicht"
    if isinstance(error, IsADirectoryError | NotADirectoryError):
        return "erwartet wird eine Datei, kein Ordner"
    if isinstance(error, PermissionError):
        return "diese Datei darf nicht gelesen werden"
    return f"die Datei lässt sich nicht lesen ({error.strerror})"
