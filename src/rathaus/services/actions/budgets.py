"""How much the city sets aside for grants: taken from a file, or set by hand with a reason."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.services.budgets import BudgetEntry
from rathaus.services.catalogue_errors import LessThanReserved, ReasonMissing
from rathaus.services.models import GrantBudget

RIGHT = "services.edit_catalogue"


@dataclass
class BudgetReport:
    """What an import did with each budget; those set by hand stay as they are."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)


@atomic
def import_budgets(*, by: Actor, budgets: Iterable[BudgetEntry]) -> BudgetReport:
    """Take over all budgets; the same ones a second time change nothing.

    Raises `NotAllowed`, and `LessThanReserved` where more is promised already than a sum holds;
    nothing has changed then.
    """
    by.require(RIGHT)
    report = BudgetReport()
    for entry in budgets:
        _take_over(entry, report)
    if report.new or report.changed:
        record(by=by, did="services.grants_imported", thing_type="grants", details=asdict(report))
    return report


@atomic
def set_total(*, by: Actor, budget: int, total: Money, why: str) -> None:
    """Set the sum of a budget; the reason is its source from now on.

    Raises `NotAllowed`, `NotFound`, `ReasonMissing`, and `LessThanReserved`.
    """
    by.require(RIGHT)
    row = GrantBudget.objects.select_for_update().filter(pk=budget).first()
    if row is None:
        raise NotFound
    if not why.strip():
        raise ReasonMissing
    before = row.total_cents
    _change(row, {"total_cents": total.cents, "source": why.strip(), "set_by_hand": True})
    details = {"before": before, "after": total.cents}
    record(by=by, did="services.grant_total_set", on=row, why=why.strip(), details=details)


def _take_over(entry: BudgetEntry, report: BudgetReport) -> None:
    values: dict[str, object] = {
        "name": dict(entry.name),
        "total_cents": Money.of(entry.total).cents,
        "source": entry.source,
    }
    known = GrantBudget.objects.select_for_update()
    row = known.filter(slug=entry.budget, year=entry.year).first()
    if row is None:
        row = GrantBudget.objects.create(slug=entry.budget, year=entry.year, **values)
        report.new.append(str(row))
    elif row.set_by_hand:
        report.by_hand.append(str(row))
    elif all(getattr(row, name) == value for name, value in values.items()):
        report.same.append(str(row))
    else:
        _change(row, values)
        report.changed.append(str(row))


def _change(row: GrantBudget, values: dict[str, object]) -> None:
    """Save the locked row with these values. Raises `LessThanReserved`."""
    for name, value in values.items():
        setattr(row, name, value)
    if row.total_cents < row.reserved_cents:
        raise LessThanReserved(str(row), row.reserved)
    row.save(update_fields=list(values))
