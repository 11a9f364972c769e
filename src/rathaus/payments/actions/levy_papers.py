"""The letter that tells what is owed for a year of a levy, and the mail that there is one."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.accounts.queries import recipient
from rathaus.core import pdf
from rathaus.core.files import store
from rathaus.core.localized import localize, localize_amount
from rathaus.core.money import Money
from rathaus.core.notation import address_lines, day_in
from rathaus.payments.actions.notices import LEVIED, tell
from rathaus.payments.models import Claim, Levy, LevyYear
from rathaus.payments.queries.accounts import bank_account
from rathaus.payments.queries.references import references_of_claims
from rathaus.payments.references import printed_reference


def send_notice(year: LevyYear) -> None:
    """Keep the letter of a year whose claims were just raised, and mail that it is there."""
    levy = year.levy
    claims = list(
        Claim.objects.filter(reference=year.reference, cancelled_at=None).order_by("due_on", "key")
    )
    with override(levy.language):
        title = _("Vorschreibung")
        content = pdf.render("letter", _letter_data(levy, year, title, claims))
        year.document = store(content, name=f"{title} {year.reference}.pdf")
    year.by_mail = tell(levy.debtor_id, LEVIED, number=year.reference, language=levy.language)
    year.save(update_fields=["document", "by_mail"])


def _letter_data(
    levy: Levy, year: LevyYear, title: str, claims: Iterable[Claim]
) -> dict[str, object]:
    entry = levy.kind.entry
    rate = entry.rate(levy.rate)
    to = recipient(levy.debtor_id)
    account = bank_account()
    references = references_of_claims([claim.pk for claim in claims])
    lines = [
        _("%(amount)s, fällig am %(day)s, Zahlungsreferenz %(reference)s")
        % {
            "amount": localize_amount(claim.rest),
            "day": day_in(levy.language, claim.due_on) if claim.due_on else "–",
            "reference": printed_reference(references.get(claim.pk, "")),
        }
        for claim in claims
    ]
    text = [
        _("Für %(year)s schreiben wir Ihnen diese Abgabe vor:") % {"year": year.year},
        "\n".join(lines),
    ]
    if account is not None:
        holder = _("Lautend auf")
        text.append(f"IBAN: {account.iban}\n{holder}: {account.holder}")
    text.append(
        _(
            "Am einfachsten zahlen Sie im Portal unter „Meine Zahlungen“. Stimmt etwas nicht mehr, "
            "sagen Sie es uns bitte."
        )
    )
    return {
        "title": title,
        "number": year.reference,
        "addressee": [to.name, *address_lines(to.address)],
        "facts": [
            {"label": _("Abgabe"), "value": localize(entry.name.plain())},
            {"label": localize(entry.about.plain()), "value": levy.about},
            {"label": _("Tarif"), "value": localize(rate.name.plain()) if rate else levy.rate},
            {
                "label": _("Betrag im Jahr"),
                "value": localize_amount(Money(year.yearly_cents)),
            },
            {"label": _("Für dieses Jahr"), "value": localize_amount(Money(year.cents))},
        ],
        "text": "\n\n".join(text),
    }
