"""What people type into the pages of a case; the rules are in the actions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rathaus.cases.actions.changing import LONGEST_TEXT
from rathaus.cases.decision_faults import DecisionText
from rathaus.cases.models import Outcome
from rathaus.cases.queries.inbox import InboxFilter


class LongText(forms.CharField):
    """A text of several lines; `element` is its id on a page with several such forms."""

    def __init__(self, *, rows: int = 6, element: str | None = None, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows} | ({"id": element} if element else {}))
        super().__init__(max_length=LONGEST_TEXT, widget=widget, **options)


class SeenForm(forms.Form):
    """A form that says which revision of the case was on the screen."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class MessageForm(forms.Form):
    """A message to the other side; it may be files only."""

    text = LongText(label=_("Ihre Nachricht"), rows=5, element="id_message-text", required=False)


class NoteForm(forms.Form):
    """An internal note."""

    text = LongText(
        label=_("Interne Notiz"),
        rows=3,
        element="id_note-text",
        help_text=_("Nur das Amt sieht sie."),
    )


class AssignForm(SeenForm):
    """Who shall handle the case; nobody is an answer too."""

    clerk = forms.UUIDField(required=False)


class ForwardForm(SeenForm):
    """Which department is competent, and why."""

    department = forms.ChoiceField(label=_("Zuständige Abteilung"))
    why = LongText(
        label=_("Warum ist sie zuständig?"),
        rows=3,
        help_text=_("Nur das Amt sieht das. Die Person erfährt, wer sich jetzt kümmert."),
    )

    def __init__(self, *data: Any, departments: Sequence[tuple[str, str]]) -> None:
        super().__init__(*data)
        self.fields["department"].choices = [("", _("Bitte wählen")), *departments]  # type: ignore[attr-defined]  # it is a ChoiceField


class StateForm(SeenForm):
    """The finer state inside the phase; `begin` is the step into examination."""

    state = forms.SlugField(required=False)
    begin = forms.BooleanField(required=False)


class DayField(forms.DateField):
    """A day as people write it, `24.12.2026`."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%d.%m.%Y", attrs={"inputmode": "numeric"})
        super().__init__(input_formats=["%d.%m.%Y", "%Y-%m-%d"], widget=widget, **options)


class CorrectionForm(SeenForm):
    """What is missing, in words and as a list, and until when."""

    text = LongText(
        label=_("Was fehlt oder zu verbessern ist"),
        help_text=_("Schreiben Sie so, dass die Person genau weiß, was sie tun soll."),
    )
    items = forms.CharField(
        label=_("Fehlende Unterlagen"),
        required=False,
        max_length=8_000,
        help_text=_("Eine Unterlage je Zeile."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    due_on = DayField(label=_("Zeit bis"), help_text=_("Zum Beispiel 24.12.2026"))

    def lines(self) -> list[str]:
        """The list, line by line."""
        return [line for line in self.cleaned_data["items"].splitlines() if line.strip()]


class ExtendForm(SeenForm):
    """Until when the applicant has more time."""

    due_on = DayField(label=_("Zeit bis"), help_text=_("Zum Beispiel 24.12.2026"))


class DecisionForm(SeenForm):
    """The words of a decision, as the clerk signs them."""

    template = forms.SlugField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Ergebnis"), choices=Outcome)
    title = forms.CharField(label=_("Überschrift des Dokuments"), max_length=250)
    ruling = LongText(label=_("Spruch (bei einem Brief: der Text)"), rows=8)
    reasons = LongText(
        label=_("Begründung"),
        rows=8,
        required=False,
        help_text=_("Nötig, wenn nicht alles bewilligt wird (§ 58 Abs. 2 AVG)."),
    )
    remedy = LongText(
        label=_("Rechtsmittelbelehrung"),
        rows=6,
        required=False,
        help_text=_("Leer lassen, wenn das Schreiben kein Bescheid ist."),
    )

    def text(self) -> DecisionText:
        """The words as the action takes them."""
        data = self.cleaned_data
        return DecisionText(
            outcome=data["outcome"],
            title=data["title"],
            ruling=data["ruling"],
            reasons=data["reasons"],
            remedy=data["remedy"],
            template=data["template"],
        )


class ReturnForm(SeenForm):
    """Why a draft is given back to its author."""

    note = LongText(label=_("Was soll geändert werden?"), rows=4)


class CloseForm(SeenForm):
    """Why a case is put away."""

    why = LongText(label=_("Grund"), rows=3, required=False)


class WithdrawForm(forms.Form):
    """Why the applicant takes the matter back, if they want to say."""

    why = LongText(label=_("Grund"), rows=3, required=False)


class AnswerForm(forms.Form):
    """The answer to a correction request."""

    text = LongText(label=_("Ihre Antwort"), element="id_answer-text", required=False)


class InboxForm(forms.Form):
    """The filters of the inbox; whatever cannot be understood does not filter."""

    words = forms.CharField(required=False, max_length=200)
    phase = forms.CharField(required=False, max_length=20)
    level = forms.IntegerField(required=False, min_value=0, max_value=3)
    state = forms.IntegerField(required=False, min_value=0)
    department = forms.IntegerField(required=False, min_value=0)
    procedure = forms.IntegerField(required=False, min_value=0)
    assigned = forms.CharField(required=False, max_length=20)

    def wanted(self) -> InboxFilter:
        """The filter; an empty phase means the open ones, `all` means no filter."""
        self.is_valid()
        data = {name: self.cleaned_data.get(name) for name in self.fields}
        return InboxFilter(
            phase=data["phase"] or "open",
            state=data["state"],
            department=data["department"],
            procedure=data["procedure"],
            assigned=data["assigned"] or "",
            level=data["level"],
            words=data["words"] or "",
        )
