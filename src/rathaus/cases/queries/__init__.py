"""Everything that reads cases; each query begins with what the person may see."""

from rathaus.cases.queries.case_page import (
    amend_address,
    changes_since,
    correction_time,
    own_case,
    staff_case,
    status_of,
)
from rathaus.cases.queries.dashboard import dashboard
from rathaus.cases.queries.deciding import (
    decision_draft,
    decision_templates,
    finished_decision,
    proposed_decision,
)
from rathaus.cases.queries.files import case_file
from rathaus.cases.queries.finding import (
    awaiting_correction,
    awaits_correction,
    find_case,
    has_procedure,
    open_procedure,
    own_name_in,
    own_open_procedure,
)
from rathaus.cases.queries.handing_over import other_departments
from rathaus.cases.queries.inbox import (
    InboxFilter,
    count_hits,
    inbox,
    inbox_choices,
    parse_cursor,
)
from rathaus.cases.queries.mine import my_cases

__all__ = [
    "InboxFilter",
    "amend_address",
    "awaiting_correction",
    "awaits_correction",
    "case_file",
    "changes_since",
    "correction_time",
    "count_hits",
    "dashboard",
    "decision_draft",
    "decision_templates",
    "find_case",
    "finished_decision",
    "has_procedure",
    "inbox",
    "inbox_choices",
    "my_cases",
    "open_procedure",
    "other_departments",
    "own_case",
    "own_name_in",
    "own_open_procedure",
    "parse_cursor",
    "proposed_decision",
    "staff_case",
    "status_of",
]
