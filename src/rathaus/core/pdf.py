"""Documents of the city as tagged PDF, set by typst from templates of the house.

Data reaches a template as a virtual JSON file and is never part of the source, so that nothing in a name or a text can
act: `#read("/etc/passwd")` is printed as it stands.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import typst

TEMPLATES = Path(__file__).parent / "typst"
STANDARDS = ["ua-1", "a-2a"]


def render(template: str, data: Mapping[str, object]) -> bytes:
    """The document `template` (`receipt`, `decision`, `letter`) with this data, as PDF/UA-1.

    `data` is what `json.dumps` takes; what each template needs is written at its top. Raises `LookupError` for an unknown
    template and `typst.TypstError` for missing data.
    """
    sources = _sources()
    if template not in sources:
        raise LookupError(template)
    files = {**sources, "main": sources[template], "data.json": json.dumps(data).encode()}
    return bytes(_compiler().compile(files, format="pdf", pdf_standards=STANDARDS))


@cache
def _sources() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in TEMPLATES.glob("*.typ")}


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)
