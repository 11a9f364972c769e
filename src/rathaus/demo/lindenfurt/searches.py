"""What people looked for in vain, so that editors have something to answer."""

from datetime import timedelta
from pathlib import Path

import yaml

from rathaus.core.clock import as_of, now
from rathaus.services.actions.editing import note_miss

SEARCHES = Path(__file__).parent / "searches.yaml"


def load() -> None:
    """Ask each question as often as it was asked."""
    for question, times, days_ago in yaml.safe_load(SEARCHES.read_text(encoding="utf-8"))[
        "searches"
    ]:
        with as_of(now() - timedelta(days=days_ago)):
            for _ in range(times):
                note_miss(question=question, language="de")
