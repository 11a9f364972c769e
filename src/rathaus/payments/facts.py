"""What a case's page says about money, and whether its applicant pays next."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rathaus.core.actor import Actor
from rathaus.core.domain import CaseFact, NextStep, applicant_of
from rathaus.core.localized import localize, localize_amount
from rathaus.core.money import ZERO
from rathaus.payments.models import State
from rathaus.payments.queries import ClaimRow, claims_about, open_sum
from rathaus.payments.queries.levies import levies_about
from rathaus.payments.queries.receipts import latest_receipts

FIRST = 10


def case_facts(reader: Actor, number: str) -> Iterator[CaseFact]:
    """The claims of a case that this reader may see, what it made to be owed each year, what is
    open in all, and how it is paid.
    """
    claims = claims_about(number, by=reader)
    address = reverse("payments:claims", args=[number]) if reader.may("payments.cancel") else ""
    receipts = latest_receipts(claims, by=reader) if reader.is_citizen else {}
    for claim in claims:
        there = f"{address}#claim-{claim.claim}" if address and claim.is_open else ""
        deed = ""
        if claim.claim in receipts:
            there = reverse("payments:own_receipt", args=[receipts[claim.claim]])
            deed = _("Zahlungsbestätigung (PDF)")
        amount = localize_amount(claim.amount)
        yield CaseFact(localize(claim.purpose), amount, _note(claim), there, deed)
    for levy in levies_about(number, by=reader):
        there = reverse("payments:levy", args=[levy.levy]) if reader.is_staff else ""
        name = f"{localize(levy.name)}: {levy.about}"
        yield CaseFact(name, levy.number, levy.state_label, there)
    to_pay = open_sum(claims)
    if to_pay:
        is_due = reader.is_citizen and any(claim.is_open and claim.due_on for claim in claims)
        yield CaseFact(
            _("Zusammen offen"),
            localize_amount(to_pay),
            address=reverse("payments:mine") if is_due else "",
            deed=_("Jetzt bezahlen") if is_due else "",
        )
    if _may_demand(reader, number):
        there = reverse("payments:demand", args=[number])
        yield CaseFact(
            _("Weiterer Betrag"),
            _("Gebühr, Kaution oder Strafe"),
            address=there,
            deed=_("Betrag vorschreiben"),
        )


def next_steps(applicant: Actor, number: str) -> Iterator[NextStep]:
    """Paying what is due in a case, in one go; what waits for the decision is said to wait."""
    if not applicant.is_citizen:
        return
    claims = [row for row in claims_about(number, by=applicant) if row.state is not State.CANCELLED]
    due = [claim for claim in claims if claim.is_open and claim.due_on]
    to_pay = localize_amount(open_sum(due or claims))
    if due:
        day = date_format(min(claim.due_on for claim in due if claim.due_on), "SHORT_DATE_FORMAT")
        query = urlencode([("forderung", claim.claim) for claim in due])
        yield NextStep(
            _("Offenen Betrag bezahlen"),
            _("%(amount)s, fällig bis %(day)s") % {"amount": to_pay, "day": day},
            _("Jetzt bezahlen"),
            f"{reverse('payments:choose')}?{query}",
            order=FIRST,
        )
    elif any(claim.is_open for claim in claims):
        note = _("%(amount)s, zu zahlen erst nach der Entscheidung") % {"amount": to_pay}
        yield NextStep(_("Offenen Betrag bezahlen"), note, order=FIRST)
    elif claims:
        yield _all_paid(applicant, claims)


def _may_demand(reader: Actor, number: str) -> bool:
    """Whether this reader may ask the applicant for more."""
    if not (reader.is_staff and reader.may("payments.raise")):
        return False
    applicant = applicant_of(reader, number)
    return applicant is not None and reader.may("payments.raise", applicant.department)


def _all_paid(applicant: Actor, claims: Sequence[ClaimRow]) -> NextStep:
    """What was paid, with its receipt; where there are several, with all of them."""
    receipts = set(latest_receipts(claims, by=applicant).values())
    paid = localize_amount(sum((claim.paid for claim in claims), ZERO))
    if len(receipts) == 1:
        action = _("Zahlungsbestätigung (PDF)")
        address = reverse("payments:own_receipt", args=[*receipts])
    else:
        action = _("Belege ansehen") if receipts else ""
        address = reverse("payments:own_receipts") if receipts else ""
    return NextStep(_("Alles bezahlt"), paid, action, address, done=True, order=FIRST)


def _note(claim: ClaimRow) -> str:
    if not claim.is_open:
        return str(State(claim.state).label)
    if claim.paid:
        return _("offen sind noch %(amount)s") % {"amount": localize_amount(claim.rest)}
    if claim.due_on is None:
        return _("offen, zu zahlen nach der Entscheidung")
    return _("offen, fällig bis %(day)s") % {"day": date_format(claim.due_on, "SHORT_DATE_FORMAT")}
