"""What a case's page says about money."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rathaus.core.actor import Actor
from rathaus.core.domain import CaseFact
from rathaus.core.localized import localize, localize_amount
from rathaus.payments.models import State
from rathaus.payments.queries import ClaimRow, claims_about


def case_facts(reader: Actor, number: str) -> Iterator[CaseFact]:
    """The claims of a case that this reader may see, with what is still to be done."""
    for claim in claims_about(number, by=reader):
        yield CaseFact(
            label=localize(claim.purpose), value=localize_amount(claim.amount), note=_note(claim)
        )


def _note(claim: ClaimRow) -> str:
    if claim.state == State.OPEN:
        return _("offen, fällig bis %(day)s") % {
            "day": date_format(claim.due_on, "SHORT_DATE_FORMAT")
        }
    return str(State(claim.state).label)
