"""What the editor of decisions offers."""

from collections.abc import Sequence
from uuid import UUID

from rathaus.cases.decision_faults import DecisionText
from rathaus.cases.decision_texts import proposal
from rathaus.cases.queries.content import newest_sections
from rathaus.cases.queries.finding import find_case, reading_case
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.localized import localize


def decision_templates(*, by: Actor, case: UUID) -> Sequence[tuple[str, str]]:
    """The templates of the case's procedure: slug and name."""
    rules = find_case(by, case).procedure.rules
    return [(template.slug, localize(template.name.plain())) for template in rules.templates]


def proposed_decision(*, by: Actor, case: UUID, template: str) -> DecisionText | None:
    """What a template says about the case; `None` for a template that does not exist."""
    row = find_case(by, case)
    words = row.procedure.rules.template(template)
    if words is None:
        return None
    with reading_case(by, case):
        return proposal(row, newest_sections(row), words, today())
