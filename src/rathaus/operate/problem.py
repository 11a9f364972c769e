"""How a mishap at the keyboard is said: one sentence in German, the same in English."""

import errno


class Problem(Exception):
    """Something that the person at the terminal can mend; the program ends with exit code 1."""

    def __init__(self, german: str, english: str) -> None:
        super().__init__(f"{german} ({english})")


def problem_of(error: OSError) -> Problem:
    """The plain sentence for what the operating system refused."""
    place = error.filename or "?"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem(
            "Der Datenträger ist voll. Bitte Platz schaffen und neu starten.",
            "The disk is full. Please free some space and start again.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Problem(
            f"In {place} darf nicht geschrieben werden. Bitte die Rechte ändern oder mit "
            "RATHAUS_HOME einen anderen Ordner wählen.",
            f"{place} is not writable. Please change its permissions or choose another folder "
            "with RATHAUS_HOME.",
        )
    return Problem(
        f"Das Betriebssystem meldet: {error.strerror} ({place}).",
        f"The operating system reports: {error.strerror}, {place}.",
    )
