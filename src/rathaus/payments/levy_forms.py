"""What people type about levies and deposits; the rules are in the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rathaus.core.localized import localize
from rathaus.core.money import ZERO, Money
from rathaus.payments.actions import Exempt
from rathaus.payments.forms import LONGEST_REASON, DayField
from rathaus.payments.queries.deposits import HELD, DepositFilter
from rathaus.payments.queries.deposits import STATES as DEPOSIT_STATES
from rathaus.payments.queries.levies import RUNNING, LevyFilter
from rathaus.payments.queries.levies import STATES as LEVY_STATES
from rathaus.payments.typed_amounts import parse_amount

ALL = "all"
FIRST_YEAR, LAST_YEAR = 1900, 2999
NO_NULL = r"^[^\x00]*$"


class LevyFilterForm(forms.Form):
    """Which levies to show; what is not understood does not filter."""

    words = forms.RegexField(NO_NULL, max_length=200, required=False)
    kind = forms.RegexField(NO_NULL, max_length=50, required=False)
    state = forms.ChoiceField(choices=[*LEVY_STATES.items(), (ALL, "")], required=False)
    after = forms.RegexField(NO_NULL, max_length=20, required=False)

    def wanted(self) -> LevyFilter:
        """The filter in plain values; without a state, those that run."""
        self.is_valid()
        said = self.cleaned_data
        return LevyFilter(
            words=said.get("words") or "",
            kind=said.get("kind") or "",
            state=said.get("state") or RUNNING,
        )


class DepositFilterForm(forms.Form):
    """Which deposits to show; what is not understood does not filter."""

    words = forms.RegexField(NO_NULL, max_length=200, required=False)
    state = forms.ChoiceField(choices=[*DEPOSIT_STATES.items(), (ALL, "")], required=False)

    def wanted(self) -> DepositFilter:
        """The filter in plain values; without a state, those that are held."""
        self.is_valid()
        said = self.cleaned_data
        return DepositFilter(words=said.get("words") or "", state=said.get("state") or HELD)


class AccountForm(forms.Form):
    """Of which year the account is asked for; nonsense asks for all."""

    jahr = forms.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def year(self) -> int | None:
        """The year, or nothing."""
        return self.cleaned_data["jahr"] if self.is_valid() else None


class _ReasonField(forms.CharField):
    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            help_text=_("Steht im Protokoll; auch die Person, um die es geht, kann ihn lesen."),
            max_length=LONGEST_REASON,
            error_messages={"required": _("Bitte schreiben Sie, warum.")},
        )


class _YearField(forms.IntegerField):
    def __init__(self, label: Any) -> None:
        wrong = _("Bitte geben Sie ein Jahr ein, zum Beispiel 2027.")
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
        super().__init__(
            label=label,
            required=False,
            min_value=FIRST_YEAR,
            max_value=LAST_YEAR,
            error_messages=messages,
        )


class BeginLevyForm(forms.Form):
    """A new levy: by which tariff, for what, from when on."""

    rate = forms.ChoiceField(
        label=_("Abgabe und Tarif"),
        error_messages={"required": _("Bitte wählen Sie Abgabe und Tarif.")},
    )
    about = forms.CharField(
        label=_("Wofür"),
        help_text=_("Steht auf jeder Vorschreibung, zum Beispiel der Name des Hundes."),
        max_length=120,
        error_messages={"required": _("Bitte schreiben Sie, wofür die Abgabe zu zahlen ist.")},
    )
    begins_on = DayField(label=_("Beginnt am"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rates: list[tuple[str, Any, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(slug, f"{localize(name)}: {localize(rate)}") for slug, name, rate in rates]
        self.fields["rate"].choices = choices  # type: ignore[attr-defined]  # it is a choice field

    def wanted(self) -> dict[str, Any]:
        """As the action takes it."""
        said = self.cleaned_data
        kind, _colon, rate = said["rate"].partition(":")
        return {
            "kind": kind,
            "rate": rate,
            "about": said["about"],
            "begins_on": said["begins_on"],
            "key": f"clerk:{said['key']}",
        }


class ChangeLevyForm(forms.Form):
    """Tariff, words and exemption of a levy."""

    rate = forms.CharField(label=_("Tarif"), max_length=50)
    about = forms.CharField(label=_("Wofür"), max_length=120)
    exempt_from = _YearField(_("Befreit ab dem Jahr"))
    exempt_until = _YearField(_("Befreit bis einschließlich"))
    exempt_why = forms.CharField(
        label=_("Grund der Befreiung"), max_length=LONGEST_REASON, required=False
    )
    why = _ReasonField(_("Grund der Änderung"))

    def exempt(self) -> Exempt | None:
        """As the action takes it; no first year is no exemption."""
        said = self.cleaned_data
        if said["exempt_from"] is None:
            return None
        return Exempt(said["exempt_from"], said["exempt_until"], said["exempt_why"])


class EndLevyForm(forms.Form):
    """The last day of a levy."""

    ends_on = DayField(label=_("Letzter Tag"))
    why = _ReasonField(_("Grund"))


class AmountOrNothing(forms.CharField):
    """An amount as people type it; left empty it is nothing."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, max_length=20, required=False)

    def clean(self, value: Any) -> Money:
        """The amount. Raises `ValidationError`."""
        text = str(super().clean(value))
        amount = parse_amount(text) if text else ZERO
        if amount is None:
            raise forms.ValidationError(_("Bitte geben Sie einen Betrag ein, zum Beispiel 12,50."))
        return amount


class ReturnDepositForm(forms.Form):
    """How much of a deposit goes back and how much is retained, why, and to which account."""

    returned = AmountOrNothing(_("Zurückgeben (Euro)"))
    retained = AmountOrNothing(_("Einbehalten (Euro)"))
    why = _ReasonField(_("Grund"))
    iban = forms.CharField(
        label=_("IBAN"),
        help_text=_("Leer: so, wie es kam (Karte oder bar)."),
        max_length=42,
        required=False,
    )
    name = forms.CharField(label=_("Kontoname"), max_length=70, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)


class ReturnDayForm(forms.Form):
    """Until when a deposit is to go back."""

    return_on = DayField(label=_("Zurückzugeben bis"))
