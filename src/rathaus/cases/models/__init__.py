"""Procedures, and the cases that run by them."""

from rathaus.cases.models.case import Case, CaseContent, CaseFile, CaseStep, NumberCounter
from rathaus.cases.models.correspondence import Message, Note
from rathaus.cases.models.procedure import CaseState, Procedure
from rathaus.cases.models.proceedings import (
    CorrectionRequest,
    Decision,
    DecisionDraft,
    Outcome,
    Suspension,
)

__all__ = [
    "Case",
    "CaseContent",
    "CaseFile",
    "CaseState",
    "CaseStep",
    "CorrectionRequest",
    "Decision",
    "DecisionDraft",
    "Message",
    "Note",
    "NumberCounter",
    "Outcome",
    "Procedure",
    "Suspension",
]
