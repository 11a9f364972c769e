"""What the city offers: services, forms, what it pays, and how it handles what comes in."""

from collections.abc import Iterable
from pathlib import Path

from rathaus.cases.actions import install_procedures
from rathaus.core.actor import SYSTEM
from rathaus.services.actions import (
    import_budgets,
    import_catalogue,
    parse_budgets,
    publish_form,
)
from rathaus.services.forms.loading import load_yaml
from rathaus.services.reading import read_folder

HERE = Path(__file__).parent


def load(years: Iterable[int]) -> None:
    """Bring catalogue, procedures, forms and the budgets of these years up to date."""
    import_catalogue(by=SYSTEM, catalogue=read_folder(HERE / "services"))
    for file in sorted((HERE / "procedures").glob("*.yaml")):
        install_procedures(by=SYSTEM, text=file.read_text(encoding="utf-8"))
    budgets = parse_budgets((HERE / "grants.yaml").read_text(encoding="utf-8"))
    for year in sorted(years):
        import_budgets(
            by=SYSTEM, budgets=[its.model_copy(update={"year": year}) for its in budgets]
        )
    for file in sorted((HERE / "forms").glob("*.yaml")):
        publish_form(by=SYSTEM, document=load_yaml(file.read_text(encoding="utf-8")))
