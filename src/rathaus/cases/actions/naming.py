"""Who applies: as the eID proved it, or as a guest says without proof."""

from collections.abc import Mapping

from rathaus.cases.models import Case
from rathaus.core.actor import ActorKind

LONGEST_NAME = 420


def name_applicant(case: Case, name: str, address: Mapping[str, str]) -> None:
    """Write name and address of the applicant into the case, and into what a search looks through.

    A guest is who they say they are, marked as not confirmed; nobody else can take another name.
    The address of the account comes first where it has one.
    """
    person = case.applicant
    claimed = " ".join(name.replace("\x00", "").split())[:LONGEST_NAME]
    is_claim = person.kind == ActorKind.GUEST and bool(claimed)
    case.applicant_name = claimed if is_claim else person.full_name
    case.name_confirmed = not is_claim
    case.applicant_address = person.address or dict(address)
    case.search_text = case.searchable()
