"""What taking over a document did, kind by kind."""

from dataclasses import dataclass


@dataclass
class Taken:
    """How many entries of one kind were new, changed, or the same already."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def line(self, kind: str) -> str:
        """One line of a report at the terminal."""
        total = self.new + self.changed + self.same
        return f"{kind}: {total} ({self.new} neu, {self.changed} geändert, {self.same} unverändert)"
