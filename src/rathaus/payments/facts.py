"""What a case's page says about money."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rathaus.core.actor import Actor
from rathaus.core.domain import CaseFact
from rathaus.core.localized import localize, localize_amount
from rathaus.payments.models import State
from rathaus.payments.queries import ClaimRow, claims_about, open_sum


def case_facts(reader: Actor, number: str) -> Iterator[CaseFact]:
    """The claims of a case that this reader may see, what is open in all, and how it is paid."""
    claims = claims_about(number, by=reader)
    address = reverse("payments:claims", args=[number]) if reader.may("payments.cancel") else ""
    for claim in claims:
        there = f"{address}#claim-{claim.claim}" if address and claim.is_open else ""
        yield CaseFact(localize(claim.purpose), localize_amount(claim.amount), _note(claim), there)
    to_pay = open_sum(claims)
    if to_pay:
        is_due = reader.is_citizen and any(claim.is_open and claim.due_on for claim in claims)
        yield CaseFact(
            _("Zusammen offen"),
            localize_amount(to_pay),
            address=reverse("payments:mine") if is_due else "",
            deed=_("Jetzt bezahlen") if is_due else "",
        )


def _note(claim: ClaimRow) -> str:
    if not claim.is_open:
        return str(State(claim.state).label)
    if claim.paid:
        return _("offen sind noch %(amount)s") % {"amount": localize_amount(claim.rest)}
    if claim.due_on is None:
        return _("offen, zu zahlen nach der Entscheidung")
    return _("offen, fällig bis %(day)s") % {"day": date_format(claim.due_on, "SHORT_DATE_FORMAT")}
