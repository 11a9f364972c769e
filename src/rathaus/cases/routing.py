"""To which department a case goes: by the first rule that fits, else the procedure's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class RoutingRule:
    """Cases whose answer `key` is one of `values` go to this department (its slug)."""

    key: str
    values: frozenset[str]
    department: str

    def fits(self, answers: Mapping[str, str]) -> bool:
        """Whether the answers carry one of the values."""
        return answers.get(self.key) in self.values


def department_for(answers: Mapping[str, str], rules: Iterable[RoutingRule], otherwise: str) -> str:
    """The slug of the department that handles a case with these answers."""
    return next((rule.department for rule in rules if rule.fits(answers)), otherwise)
