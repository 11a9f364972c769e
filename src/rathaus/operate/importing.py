"""`./rathaus import WHAT FILE`: take in data that a city already has."""

from collections.abc import Sequence

from rathaus.operate import manage
from rathaus.operate.problem import Problem


def run(words: Sequence[str]) -> int:
    """Run the importer of that name."""
    if len(words) < 2:
        raise Problem(
            "Bitte sagen, was woher: ./rathaus import services DATEI",
            "Please say what from where: ./rathaus import services FILE",
        )
    what, *rest = words
    return manage.run([f"import_{what}", *rest])
