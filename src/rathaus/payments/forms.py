"""What people type about money: choosing what to pay, and what clerks do at the counter."""

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rathaus.core.money import Money
from rathaus.core.notation import euros
from rathaus.payments.incoming import Means

LONGEST_REASON = 300
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
