"""How a mishap at the keyboard is said: one sentence in German, the same in English."""

import errno

import psycopg

_ANOTHER_HOME = "Bitte mit RATHAUS_HOME einen anderen Ordner wählen."
_ANOTHER_HOME_IN_ENGLISH = "Please choose another folder with RATHAUS_HOME."


class Problem(Exception):
    """Something that the person at the terminal can mend; the program ends with exit code 1."""

    def __init__(self, german: str, english: str) -> None:
        super().__init__(f"{german} ({english})")


def disk_full() -> Problem:
    """Whoever noticed it: the system, PostgreSQL, or a program that we called."""
    return Problem(
        "Der Datenträger ist voll. Bitte Platz schaffen und neu starten.",
        "The disk is full. Please free some space and start again.",
    )


def says_disk_full(said: str) -> bool:
    """Whether the words of another program mean it."""
    return "No space left on device" in said


def problem_of(error: OSError) -> Problem:
    """The plain sentence for what the operating system refused."""
    place = error.filename or "?"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full()
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Problem(
            f"In {place} darf nicht geschrieben werden. Bitte die Rechte ändern oder mit "
            "RATHAUS_HOME einen anderen Ordner wählen.",
            f"{place} is not writable. Please change its permissions or choose another folder "
            "with RATHAUS_HOME.",
        )
    if error.errno in (errno.EEXIST, errno.ENOTDIR, errno.ENOENT):
        return Problem(
            f"Der Ordner {place} lässt sich nicht anlegen. {_ANOTHER_HOME}",
            f"The folder {place} cannot be made. {_ANOTHER_HOME_IN_ENGLISH}",
        )
    return Problem(
        f"Das Betriebssystem meldet: {error.strerror} ({place}).",
        f"The operating system reports: {error.strerror}, {place}.",
    )


def problem_of_database(error: psycopg.Error) -> Problem:
    """The plain sentence for what PostgreSQL refused while the house opened."""
    if isinstance(error, psycopg.errors.DiskFull) or says_disk_full(str(error)):
        return disk_full()
    reason = reason_in(error)
    return Problem(f"Die Datenbank meldet: {reason}.", f"The database reports: {reason}.")


def reason_in(error: psycopg.Error) -> str:
    """The reason alone, `Connection refused`, without the address before and the hint after it."""
    first = (str(error).strip().splitlines() or ["?"])[0]
    return first.rpartition("failed: ")[2].removeprefix("FATAL:").strip().rstrip(".")
