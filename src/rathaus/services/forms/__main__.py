"""Checks form files: `python -m rathaus.services.forms FILE …`."""

import sys
from pathlib import Path

from rathaus.core.documents.files import Unreadable, text_of
from rathaus.core.documents.source import BadDocument
from rathaus.services.forms.document import as_json, fingerprint
from rathaus.services.forms.loading import load_json, load_yaml
from rathaus.services.forms.outline import Outline, conditions_of


def check(path: Path) -> bool:
    """Print what is wrong about the file, or that it is in order."""
    try:
        text = text_of(path)
        document = load_json(text) if path.suffix == ".json" else load_yaml(text)
    except BadDocument as error:
        for mistake in error.mistakes:
            _say(f"{path}:{mistake.line}: {mistake.reason}")
        return False
    except Unreadable as error:
        _say(str(error))
        return False
    outline = Outline(document)
    conditions = sum(1 for _ in conditions_of(outline))
    size = f"{len(outline.places)} Felder, {conditions} Bedingungen"
    _say(f"{path}: in Ordnung, {size}, {fingerprint(as_json(document))}")
    return True


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    results = [check(Path(name)) for name in sys.argv[1:]]
    sys.exit(0 if all(results) else 1)
