"""The papers of payments: the proof of a receipt and the letters of dunning, as tagged PDF."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from rathaus.accounts.queries import Recipient, recipient
from rathaus.core import pdf
from rathaus.core.clock import local_date
from rathaus.core.files import store
from rathaus.core.localized import SOURCE_LANGUAGE, Localized, localize, localize_amount
from rathaus.core.models import StoredFile
from rathaus.core.money import Money
from rathaus.core.notation import address_lines, day_in
from rathaus.core.transaction import atomic
from rathaus.payments.models import Claim, PaymentReference, Receipt, Share
from rathaus.payments.queries.accounts import bank_account
from rathaus.payments.references import printed_reference


def language_of_receipt(receipt: Receipt) -> str:
    """The language in which its payer asked for what it paid."""
    first = receipt.shares.select_related("claim").order_by("position").first()
    return first.claim.language if first else SOURCE_LANGUAGE


@atomic
def keep_receipt_document(receipt: UUID) -> StoredFile:
    """The proof of a payment in the language of its payer; the first who asks makes it, and it
    never changes again.
    """
    row = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt)
    if row.document is not None:
        return row.document
    with override(language_of_receipt(row)):
        content = pdf.render("receipt", _receipt_data(row))
        row.document = store(content, name=" ".join([_("Zahlungsbeleg"), f"{row.number}.pdf"]))
    row.save(update_fields=["document"])
    return row.document


def keep_letter(
    claim: Claim, *, name: Localized, fees: Iterable[Claim], due_on: date
) -> StoredFile:
    """The letter of a reminder, in the language in which the claim was raised."""
    with override(claim.language):
        title = localize(name)
        content = pdf.render("letter", _letter_data(claim, title, list(fees), due_on))
        return store(content, name=f"{title} {claim.reference}.pdf")


def _receipt_data(row: Receipt) -> dict[str, object]:
    shares = row.shares.select_related("claim").order_by("position")
    lines = [
        _fact(_what(share.claim), share.cents, row.currency) for share in shares if share.cents
    ]
    over = row.cents - sum(share.cents for share in shares)
    if over:
        lines.append(_fact(_("Guthaben"), over, row.currency))
    return {
        "title": _("Zahlungsbeleg"),
        "number": row.number,
        "addressee": _addressee(recipient(row.payer_id)) if row.payer_id else [],
        "facts": [
            {"label": _("Belegnummer"), "value": row.number},
            {"label": _("Eingelangt am"), "value": _day(row.received_on)},
            {"label": _("Zahlungsmittel"), "value": str(row.get_means_display())},
            {"label": _("Verbucht am"), "value": _day(local_date(row.made_at))},
        ],
        "text": _("Wir haben Ihre Zahlung über %(amount)s erhalten.")
        % {"amount": localize_amount(row.amount)},
        "sections": [{"title": _("Dafür verwendet"), "rows": lines}],
        "closing": _closing(shares, over),
    }


def _closing(shares: Iterable[Share], over: int) -> str:
    words = []
    if any(share.outcome == "double" for share in shares):
        words.append(_("Eine Forderung war schon bezahlt; dieses Geld ist Ihr Guthaben."))
    if over:
        words.append(_("Ein Guthaben zahlen wir zurück oder verrechnen es, wie Sie es wünschen."))
    return "\n\n".join(words)


def _letter_data(claim: Claim, title: str, fees: list[Claim], due_on: date) -> dict[str, object]:
    total = sum((fee.rest for fee in fees), claim.rest)
    account = bank_account(claim.currency)
    rows = [f"{_what(one)}: {localize_amount(one.rest)}" for one in [claim, *fees]]
    how = [_("Bitte zahlen Sie %(amount)s bis %(day)s.") % _facts(total, due_on)]
    if account is not None:
        holder = _("Lautend auf")
        how.append(f"IBAN: {account.iban}\n{holder}: {account.holder}")
    return {
        "title": title,
        "number": claim.reference,
        "addressee": _addressee(recipient(claim.debtor_id)),
        "facts": [
            {"label": _("Bezug"), "value": claim.reference},
            {"label": _("Zahlungsreferenz"), "value": _reference(claim)},
            {"label": _("Fällig war"), "value": _day(claim.due_on) if claim.due_on else "–"},
        ],
        "text": "\n\n".join(
            [
                _("Diese Zahlung ist bei uns noch nicht eingelangt:"),
                "\n".join(rows),
                *how,
                _("Haben Sie inzwischen bezahlt? Dann müssen Sie nichts tun."),
            ]
        ),
    }


def _reference(claim: Claim) -> str:
    row = PaymentReference.objects.filter(claim=claim.pk).first()
    return printed_reference(row.reference) if row else "–"


def _facts(amount: Money, day: date) -> dict[str, str]:
    return {"amount": localize_amount(amount), "day": _day(day)}


def _what(claim: Claim) -> str:
    return f"{localize(claim.purpose)} ({claim.reference})"


def _fact(label: str, cents: int, currency: str) -> dict[str, str]:
    return {"label": label, "value": localize_amount(Money(cents, currency))}


def _addressee(to: Recipient) -> list[str]:
    return [to.name, *address_lines(to.address)]


def _day(day: date) -> str:
    return day_in(get_language() or SOURCE_LANGUAGE, day)
