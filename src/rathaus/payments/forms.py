"""What staff type about money; the rules are in the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rathaus.payments.models import Form

LONGEST_REASON = 300
DAY = ["%d.%m.%Y", "%Y-%m-%d"]


class CancelForm(forms.Form):
    """Which claim, and why."""

    claim = forms.UUIDField(widget=forms.HiddenInput)
    why = forms.CharField(
        label=_("Grund der Stornierung"),
        help_text=_("Steht im Protokoll; auch die Person, um die es geht, kann ihn lesen."),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Bitte schreiben Sie, warum die Forderung wegfällt.")},
    )


class DayField(forms.DateField):
    """A day as people type it, with a sentence for each mistake."""

    def __init__(self, **options: Any) -> None:
        wrong = _("Bitte geben Sie ein Datum ein, zum Beispiel 24.12.2026.")
        super().__init__(
            input_formats=DAY, error_messages={"required": wrong, "invalid": wrong}, **options
        )


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
