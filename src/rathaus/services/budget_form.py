"""The form by which editors set the sum of a budget."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rathaus.core.money import Money
from rathaus.core.notation import euros
from rathaus.services.models import GrantBudget

LONGEST_REASON = 300


class BudgetForm(forms.Form):
    """An amount in euros, and where it was decided."""

    total = forms.CharField(
        label=_("Summe in Euro"),
        help_text=_("Zum Beispiel 25.000,00. Nicht weniger, als schon reserviert ist."),
        max_length=20,
    )
    why = forms.CharField(
        label=_("Grundlage"),
        help_text=_("Zum Beispiel der Beschluss des Gemeinderats mit Datum."),
        max_length=LONGEST_REASON,
    )

    @classmethod
    def showing(cls, budget: GrantBudget) -> "BudgetForm":
        """The form with the sum as it is."""
        return cls(initial={"total": str(budget.total).removeprefix("€ ")})

    def clean_total(self) -> Money:
        """The amount."""
        try:
            return euros(self.cleaned_data["total"])
        except ValueError as error:
            raise forms.ValidationError(
                _("Bitte geben Sie einen Betrag ein, zum Beispiel 25.000,00.")
            ) from error
