"""One thing that `./rathaus doctor` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is well, and what to do where it is not."""

    what: str
    well: bool
    advice: str = ""
    needed: bool = True

    def line(self) -> str:
        """One line for the terminal."""
        mark = "gut   " if self.well else ("FEHLT " if self.needed else "fehlt ")
        return f"  {mark} {self.what}" + ("" if self.well else f": {self.advice}")
