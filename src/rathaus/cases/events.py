"""What other domains may hear of a case."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class CaseOpened:
    """A case has come in and has its number."""

    case: UUID
    number: str
    procedure: str
    applicant: UUID
    department: int
    origin: str


@dataclass(frozen=True)
class CorrectionRequested:
    """The office has asked the applicant to correct or complete what was filed."""

    case: UUID
    number: str
    applicant: UUID
    due_on: date


@dataclass(frozen=True)
class CorrectionExtended:
    """The applicant has more time for the correction, until `due_on`."""

    case: UUID
    number: str
    applicant: UUID
    due_on: date


@dataclass(frozen=True)
class CorrectionReceived:
    """The applicant has answered a correction request."""

    case: UUID
    number: str
    applicant: UUID


@dataclass(frozen=True)
class CaseDecided:
    """The decision is delivered; `outcome` is one of `models.Outcome`."""

    case: UUID
    number: str
    procedure: str
    applicant: UUID
    outcome: str
    origin: str


@dataclass(frozen=True)
class CaseForwarded:
    """Another department is competent and handles the case from now on."""

    case: UUID
    number: str
    applicant: UUID
    department: int


@dataclass(frozen=True)
class CaseWithdrawn:
    """The applicant has taken the matter back."""

    case: UUID
    number: str
    procedure: str
    applicant: UUID
    origin: str


@dataclass(frozen=True)
class CaseClosedUndecided:
    """The office has put a case away without a decision."""

    case: UUID
    number: str
    procedure: str
    applicant: UUID
    origin: str


@dataclass(frozen=True)
class MessageSent:
    """Somebody has written; `to_citizen` tells in which direction."""

    case: UUID
    number: str
    applicant: UUID
    to_citizen: bool
