"""What people type about money; the rules are in the actions."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rathaus.core.money import Money
from rathaus.core.notation import euros
from rathaus.payments.actions.demanding import KINDS
from rathaus.payments.incoming import Means
from rathaus.payments.models import ClaimKind, Form

LONGEST_REASON = 300
DAY = ["%d.%m.%Y", "%Y-%m-%d"]
CLAIM = "forderung"
MOST_CHOSEN = 500

MEANS_WORDS = {
    Means.CARD: _("Karte oder Wallet (auf der Seite des Zahlungsdienstes)"),
    Means.EPS: _("eps-Überweisung (mit dem Online-Banking Ihrer Bank)"),
    Means.BANK: _("Überweisung mit QR-Code oder Zahlungsreferenz"),
    Means.CASH: _("bar bei uns am Schalter"),
}


def chosen_in(fields: QueryDict) -> set[UUID]:
    """The claims that somebody ticked; what is no id counts as nothing."""
    found = set()
    for text in fields.getlist(CLAIM)[:MOST_CHOSEN]:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found


class CancelForm(forms.Form):
    """Which claim, and why."""

    claim = forms.UUIDField(widget=forms.HiddenInput)
    why = forms.CharField(
        label=_("Grund der Stornierung"),
        help_text=_("Steht im Protokoll; auch die Person, um die es geht, kann ihn lesen."),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Bitte schreiben Sie, warum die Forderung wegfällt.")},
    )


class ChoiceForm(forms.Form):
    """How to pay, and the name of this very request: pressing twice is one payment."""

    means = forms.ChoiceField(
        label=_("Wie möchten Sie bezahlen?"),
        choices=list(MEANS_WORDS.items()),
        error_messages={"required": _("Bitte wählen Sie, wie Sie bezahlen möchten.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    @property
    def request_key(self) -> str:
        """Under which this request is known."""
        return f"page:{self.cleaned_data['key']}"


class MoneyField(forms.CharField):
    """An amount in euros as people type it."""

    default_error_messages = {
        "no_amount": _("Bitte geben Sie einen Betrag ein, zum Beispiel 12,50."),
        "required": _("Bitte geben Sie einen Betrag ein, zum Beispiel 12,50."),
    }

    def __init__(self, *, label: str | Promise) -> None:
        super().__init__(label=label, max_length=15)  # type: ignore[arg-type]  # lazy words are fine

    def to_python(self, value: object) -> Money | None:  # type: ignore[override]  # money, not text
        """The amount. Raises `ValidationError`."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return euros(text)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["no_amount"]) from error

    def run_validators(self, value: object) -> None:
        """An amount has no length."""


class DeskForm(forms.Form):
    """A new desk."""

    name = forms.CharField(label=_("Name der Barkassa"), max_length=80)


class FloatForm(forms.Form):
    """What lies in the drawer in the morning."""

    float = MoneyField(label=_("Anfangsbestand"))


class TakeForm(forms.Form):
    """What somebody puts on the counter, for which reference."""

    reference = forms.CharField(widget=forms.HiddenInput, max_length=60)
    given = MoneyField(label=_("Gegeben"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_key(self) -> str:
        """As the action takes it."""
        return str(self.cleaned_data["key"])


class CountForm(forms.Form):
    """What lies in the drawer in the evening."""

    counted = MoneyField(label=_("Gezählt"))
    remark = forms.CharField(label=_("Anmerkung"), max_length=LONGEST_REASON, required=False)


class DecideForm(forms.Form):
    """What becomes of a payment that brought something else than was asked for."""

    payment = forms.UUIDField(widget=forms.HiddenInput)
    deed = forms.ChoiceField(choices=[("book", "book"), ("drop", "drop")])
    why = forms.CharField(
        label=_("Begründung"),
        help_text=_("Steht im Protokoll; auch die Person, um die es geht, kann sie lesen."),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Bitte schreiben Sie, warum.")},
    )


class DayField(forms.DateField):
    """A day as people type it, with a sentence for each mistake."""

    def __init__(self, **options: Any) -> None:
        wrong = _("Bitte geben Sie ein Datum ein, zum Beispiel 24.12.2026.")
        super().__init__(
            input_formats=DAY, error_messages={"required": wrong, "invalid": wrong}, **options
        )


class DemandForm(forms.Form):
    """What is asked of somebody by hand."""

    kind = forms.ChoiceField(
        label=_("Art"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        widget=forms.RadioSelect,
        initial=ClaimKind.FEE,
        help_text=_("Eine Kaution wird nur aufbewahrt und später zurückgegeben oder einbehalten."),
        error_messages={"required": _("Bitte wählen Sie, was es ist.")},
    )
    purpose = forms.CharField(
        label=_("Wofür"),
        help_text=_("So steht es im Konto und auf dem Beleg, zum Beispiel: Kaution Schlüssel."),
        max_length=120,
        error_messages={"required": _("Bitte schreiben Sie, wofür zu zahlen ist.")},
    )
    amount = MoneyField(label=_("Betrag in Euro"))
    due_on = DayField(label=_("Zu zahlen bis"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def wanted(self) -> dict[str, Any]:
        """As the action takes it."""
        said = self.cleaned_data
        return {**said, "kind": ClaimKind(said["kind"]), "key": f"clerk:{said['key']}"}


class JournalForm(forms.Form):
    """Which page of the journal, and of which reference."""

    before = forms.IntegerField(min_value=0, max_value=2**63 - 1, required=False)
    words = forms.RegexField(r"^[^\x00]*$", max_length=80, required=False)

    def wanted(self) -> tuple[int | None, str]:
        """The booking before which the page begins, and the reference; nonsense asks for all."""
        if not self.is_valid():
            return None, ""
        return self.cleaned_data["before"], str(self.cleaned_data["words"])


class PeriodForm(forms.Form):
    """From which day until which."""

    first = DayField(label=_("Von"))
    last = DayField(label=_("Bis"))


class CloseForm(forms.Form):
    """The last day of the period that is closed."""

    until = DayField(label=_("Abschließen bis"))


class ExportForm(PeriodForm):
    """Which bookings in which form."""

    form = forms.ChoiceField(
        label=_("Form"),
        choices=Form.choices,
        error_messages={"required": _("Bitte wählen Sie die Form.")},
    )
    company = forms.RegexField(
        r"^[A-Z0-9]{0,4}$",
        label=_("Buchungskreis"),
        help_text=_("Vier Zeichen, wie ihn die Buchhaltung führt; nur für Buchungsbelege."),
        required=False,
        error_messages={"invalid": _("Ein Buchungskreis hat höchstens vier Zeichen.")},
    )


class FailedForm(forms.Form):
    """Why a refund did not go."""

    problem = forms.CharField(
        label=_("Warum ging es nicht?"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Bitte schreiben Sie, warum es nicht ging.")},
    )


class AmountField(forms.RegexField):
    """An amount in euros as people write it, `12,50`; its value is cents."""

    def __init__(self, **options: Any) -> None:
        wrong = _("Bitte geben Sie einen Betrag ein, zum Beispiel 12,50.")
        messages = {"required": wrong, "invalid": wrong}
        super().__init__(r"^[0-9]{1,9}(,[0-9]{2})?$", error_messages=messages, **options)

    def clean(self, value: Any) -> int:
        """Cents; raises `ValidationError`."""
        euros, _comma, cents = str(super().clean(value)).partition(",")
        return int(euros) * 100 + int(cents or 0)


class SetOffForm(forms.Form):
    """Which credit pays, and how many cents of it as the page showed them."""

    credit = forms.UUIDField(widget=forms.HiddenInput)
    cents = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)


class InstalmentsForm(forms.Form):
    """In how many monthly parts, from when on."""

    count = forms.IntegerField(
        label=_("Anzahl der Raten"),
        min_value=2,
        max_value=36,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("Bitte geben Sie eine Zahl von 2 bis 36 ein."),
        ),
    )
    first_due = DayField(label=_("Erste Rate fällig am"))


class GiveBackForm(forms.Form):
    """How much of which receipt, why, and to which account."""

    receipt = forms.UUIDField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = AmountField(label=_("Betrag in Euro"))
    why = forms.CharField(
        label=_("Grund der Rückzahlung"),
        help_text=_("Steht im Protokoll; auch die Person, um die es geht, kann ihn lesen."),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Bitte schreiben Sie, warum Geld zurückgeht.")},
    )
    iban = forms.CharField(
        label=_("IBAN"),
        help_text=_("Leer: so, wie es kam (Karte oder bar)."),
        max_length=42,
        required=False,
    )
    name = forms.CharField(label=_("Kontoname"), max_length=70, required=False)
