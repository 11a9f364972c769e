"""On which accounts Lindenfurt books."""

from pathlib import Path

from rathaus.core.actor import SYSTEM
from rathaus.payments.actions.charting import install_chart

CHART = Path(__file__).with_name("chart.yaml")


def load() -> None:
    """Bring the chart of accounts up to date, as `rathaus import chart` would."""
    install_chart(by=SYSTEM, text=CHART.read_text(encoding="utf-8"))
