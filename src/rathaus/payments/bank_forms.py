"""What people type on the pages of the bank account; the rules are in the actions."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from rathaus.core.money import Money
from rathaus.payments.incoming import Part
from rathaus.payments.models import MovementKind, MovementState
from rathaus.payments.queries import BankFilter
from rathaus.payments.typed_amounts import parse_amount

LONGEST_REASON = 300
ALL = "all"


class BankFilterForm(forms.Form):
    """Which movements to show; what is not understood does not filter."""

    state = forms.ChoiceField(choices=[*MovementState.choices, (ALL, "")], required=False)
    kind = forms.ChoiceField(choices=MovementKind, required=False)
    words = forms.CharField(max_length=200, required=False)
    file = forms.UUIDField(required=False)
    before = forms.IntegerField(min_value=1, max_value=2**62, required=False)

    def wanted(self) -> BankFilter:
        """The filter in plain values; without a state, what is left to clear."""
        self.is_valid()
        values = self.cleaned_data
        return BankFilter(
            state=values.get("state") or MovementState.LEFT.value,
            kind=values.get("kind") or "",
            words=values.get("words") or "",
            file=values.get("file"),
        )

    def place(self) -> int:
        """Before which movement the page ends; 0 for the first page."""
        return int(self.cleaned_data.get("before") or 0)


class ClearForm(forms.Form):
    """Claims with the amount that each gets (fields `claim` and `amount-<claim>`), and to whom the
    rest is credited.
    """

    claim = forms.TypedMultipleChoiceField(coerce=UUID, required=False)
    credit_to = forms.UUIDField(required=False)

    def __init__(self, posted: QueryDict, *, currency: str) -> None:
        super().__init__(posted)
        self._currency = currency
        self._chosen = posted.getlist("claim")
        self.fields["claim"].choices = [(one, one) for one in self._chosen if _is_uuid(one)]  # type: ignore[attr-defined]  # it is a choice field
        self.parts: list[Part] = []

    def clean(self) -> dict[str, Any]:
        """Read the amount of every chosen claim."""
        values = super().clean() or {}
        for claim in dict.fromkeys(values.get("claim", [])):
            typed = self.data.get(f"amount-{claim}", "")
            amount = parse_amount(typed, self._currency)
            if amount is None or not amount:
                sentence = _("„%(typed)s“ ist kein Betrag. Bitte schreiben Sie ihn wie 12,50.")
                self.add_error(None, sentence % {"typed": typed})
                continue
            self.parts.append(Part(claim, Money(amount.cents, self._currency)))
        return values

    def typed(self) -> dict[str, str]:
        """What was typed beside each chosen claim, for the page that is shown again."""
        return {claim: self.data.get(f"amount-{claim}", "") for claim in self._chosen}


class RefuseForm(forms.Form):
    """Where the money goes back to, and why."""

    iban = forms.CharField(label=_("IBAN"), max_length=42)
    name = forms.CharField(label=_("Name des Kontos"), max_length=70)
    why = forms.CharField(
        label=_("Grund"),
        help_text=_("Steht im Protokoll; auch wer das Geld zurückbekommt, kann ihn lesen."),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Bitte schreiben Sie, warum das Geld zurückgeht.")},
    )


class SeenForm(forms.Form):
    """What came of a movement that is no receipt."""

    why = forms.CharField(
        label=_("Vermerk"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Bitte schreiben Sie, was damit geschehen ist.")},
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
