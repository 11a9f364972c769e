"""What the house knows about what a person owes and pays, for the export of one's own data."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rathaus.core.clock import local_date
from rathaus.core.domain import ExportSection, Matter
from rathaus.core.localized import localize, localize_amount
from rathaus.payments.models import (
    BankMovement,
    Claim,
    ClaimKind,
    Credit,
    Levy,
    LevyYear,
    Payment,
    Receipt,
    Refund,
)


def matters(person: UUID) -> Iterator[Matter]:
    """What somebody owes or owed, by what it is for: also where no other domain knows of it.

    What is owed each year goes with its levy, and that with the case that began it.
    """
    years = LevyYear.objects.filter(levy__debtor_id=person).select_related("levy__kind")
    of_levies = [year.reference for year in years]
    claims = Claim.objects.filter(debtor_id=person, fee_for=None).exclude(reference__in=of_levies)
    for levy in Levy.objects.filter(debtor_id=person, matter="").select_related("kind"):
        name = f"{localize(levy.kind.entry.name.plain())}: {levy.about}"
        yield Matter(levy.number, name, local_date(levy.begun_at))
    for claim in claims.order_by("raised_at"):
        yield Matter(claim.reference, localize(claim.purpose), local_date(claim.raised_at))


def personal_data(person: UUID) -> Iterator[ExportSection]:
    """All claims against the person, and all their payments."""
    rows = [
        {
            _("Bezug"): claim.reference,
            _("Art"): str(ClaimKind(claim.kind).label),
            _("Zweck"): localize(claim.purpose),
            _("Betrag"): localize_amount(claim.amount),
            _("Fällig am"): _day(claim.due_on),
            _("Stand"): str(claim.state.label),
        }
        for claim in Claim.objects.filter(debtor_id=person).order_by("raised_at")
    ]
    if rows:
        yield ExportSection(title=_("Forderungen"), rows=rows)
    yield from _levies(person)
    yield from _payments(person)
    yield from _money(person)
    yield from _transfers(person)


def _levies(person: UUID) -> Iterator[ExportSection]:
    rows: list[dict[str, object]] = [
        {
            _("Nummer"): levy.number,
            _("Abgabe"): localize(levy.kind.entry.name.plain()),
            _("Wofür"): levy.about,
            _("Beginnt am"): date_format(levy.begins_on, "SHORT_DATE_FORMAT"),
            _("Endet am"): (
                date_format(levy.ends_on, "SHORT_DATE_FORMAT") if levy.ends_on else "–"
            ),
            _("Grund der Befreiung"): levy.exempt_why or "–",
        }
        for levy in Levy.objects.filter(debtor_id=person).select_related("kind").order_by("number")
    ]
    if rows:
        yield ExportSection(title=_("Wiederkehrende Abgaben"), rows=rows)


def _payments(person: UUID) -> Iterator[ExportSection]:
    payments = [
        {
            _("Begonnen"): date_format(payment.made_at, "SHORT_DATETIME_FORMAT"),
            _("Betrag"): localize_amount(payment.amount),
            _("Zahlungsmittel"): str(payment.get_means_display()),
            _("Stand"): str(payment.get_state_display()),
        }
        for payment in Payment.objects.filter(payer_id=person).order_by("made_at")
    ]
    if payments:
        yield ExportSection(title=_("Zahlungsvorgänge"), rows=payments)


def _money(person: UUID) -> Iterator[ExportSection]:
    receipts: list[dict[str, object]] = [
        {
            _("Belegnummer"): receipt.number,
            _("Zahlungsmittel"): str(receipt.get_means_display()),
            _("Betrag"): localize_amount(receipt.amount),
            _("Eingelangt am"): _day(receipt.received_on),
        }
        for receipt in Receipt.objects.filter(payer_id=person).order_by("made_at")
    ]
    if receipts:
        yield ExportSection(title=_("Zahlungen"), rows=receipts)
    credits: list[dict[str, object]] = [
        {_("Guthaben"): localize_amount(credit.left)}
        for credit in Credit.objects.filter(owner_id=person, left_cents__gt=0).order_by("made_at")
    ]
    if credits:
        yield ExportSection(title=_("Guthaben"), rows=credits)
    refunds: list[dict[str, object]] = [
        {
            _("Betrag"): localize_amount(refund.amount),
            _("IBAN"): refund.iban,
            _("Kontoname"): refund.name,
            _("Stand"): str(refund.get_state_display()),
        }
        for refund in Refund.objects.filter(payee_id=person).order_by("requested_at")
    ]
    if refunds:
        yield ExportSection(title=_("Rückzahlungen"), rows=refunds)


def _transfers(person: UUID) -> Iterator[ExportSection]:
    """What the bank told of transfers that were booked for the person."""
    rows: list[dict[str, object]] = [
        {
            _("Gebucht am"): _day(movement.booked_on),
            _("Betrag"): localize_amount(movement.amount),
            _("Name"): movement.party,
            _("IBAN"): movement.party_account,
            _("Verwendungszweck"): " ".join([*movement.structured, *movement.texts]),
        }
        for movement in BankMovement.objects.filter(payer_id=person).order_by("pk")
    ]
    if rows:
        yield ExportSection(title=_("Überweisungen"), rows=rows)


def _day(due_on: date | None) -> str:
    return date_format(due_on, "SHORT_DATE_FORMAT") if due_on else _("nach der Entscheidung")
