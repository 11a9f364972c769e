"""Everything that changes a case: permission first, one transaction, one audit entry each."""

from rathaus.cases.actions.correcting import (
    answer_correction,
    extend_correction,
    request_correction,
)
from rathaus.cases.actions.deciding import close, decide, preview
from rathaus.cases.actions.drafting import return_draft, save_draft, submit_draft
from rathaus.cases.actions.filing import add_document
from rathaus.cases.actions.forwarding import forward_case
from rathaus.cases.actions.handling import assign, set_state, take, write_note
from rathaus.cases.actions.installing import install_procedures
from rathaus.cases.actions.opening import amend_case, open_case, withdraw
from rathaus.cases.actions.releasing import release_cases
from rathaus.cases.actions.sweeping import sweep_deadlines
from rathaus.cases.actions.taking_over import take_over_cases
from rathaus.cases.actions.talking import mark_read, send_message
from rathaus.cases.sections import Attachment, CaseRef, Row, RowKind, Section

__all__ = [
    "Attachment",
    "CaseRef",
    "Row",
    "RowKind",
    "Section",
    "add_document",
    "amend_case",
    "answer_correction",
    "assign",
    "close",
    "decide",
    "extend_correction",
    "forward_case",
    "install_procedures",
    "mark_read",
    "open_case",
    "preview",
    "release_cases",
    "request_correction",
    "return_draft",
    "save_draft",
    "send_message",
    "set_state",
    "submit_draft",
    "sweep_deadlines",
    "take",
    "take_over_cases",
    "withdraw",
    "write_note",
]
