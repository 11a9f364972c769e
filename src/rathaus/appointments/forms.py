"""What people type when they book."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.actions import Whom
from rathaus.core.domain import Applicant
from rathaus.core.localized import SOURCE_LANGUAGE

APPLICANT, SOMEBODY_ELSE = "anliegen", "andere"


class NameForm(forms.Form):
    """Who comes, where only their mailbox is known: people at the counter ask for a name."""

    name = forms.CharField(
        label=_("Vor- und Nachname"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Telefon"),
        max_length=60,
        required=False,
        help_text=_("Falls wir Sie kurzfristig erreichen müssen."),
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )

    def whom(self) -> Whom:
        """What was typed, for the action."""
        return Whom(**self.cleaned_data)


class ContactForm(NameForm):
    """Who comes, and where mail reaches them."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        help_text=_("Dorthin senden wir den Link zum Bestätigen."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    field_order: tuple[str, ...] = ("name", "email", "phone")


class CallerForm(forms.Form):
    """Who comes: whose case it is, or a name, which is enough unless the way to a meeting by video
    must reach them by mail.
    """

    whose = forms.ChoiceField(
        label=_("Für wen ist der Termin?"),
        widget=forms.RadioSelect,
        help_text=_(
            "Wer das Anliegen hat, findet den Termin unter „Meine Termine“ und bekommt die "
            "Bestätigung per E-Mail."
        ),
    )
    name = forms.CharField(
        label=_("Vor- und Nachname"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "autofocus": True}),
    )
    phone = forms.CharField(
        label=_("Telefon"),
        max_length=60,
        required=False,
        help_text=_("Falls wir kurzfristig zurückrufen müssen."),
        widget=forms.TextInput({"autocomplete": "off", "type": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        required=False,
        help_text=_("Dorthin senden wir die Bestätigung, mit Links zum Verschieben und Absagen."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Sprache der E-Mail"), choices=settings.LANGUAGES, required=False
    )

    def __init__(
        self, *given: Any, by_video: bool, applicant: Applicant | None = None, **named: Any
    ) -> None:
        super().__init__(*given, **named)
        email = self.fields["email"]
        email.required = by_video
        if by_video:
            email.error_messages["required"] = _(
                "Per Video geht es nur mit E-Mail-Adresse: Dorthin senden wir den Link."
            )
        self.applicant = applicant
        if applicant is None:
            del self.fields["whose"]
        else:
            self._ask_whose(applicant)

    def _ask_whose(self, applicant: Applicant) -> None:
        whose = self.fields["whose"]
        whose.initial = APPLICANT
        people = [(APPLICANT, applicant.name), (SOMEBODY_ELSE, _("jemand anderes"))]
        whose.choices = people  # type: ignore[attr-defined]  # it is a choice field
        self.fields["name"].widget.attrs.pop("autofocus")

    @property
    def of_others(self) -> list[forms.BoundField]:
        """What is asked of whoever is not the one whose case it is."""
        return [field for field in self if field.name != "whose"]

    def clean(self) -> dict[str, Any]:
        """Of whoever has the case nothing more is asked."""
        known: dict[str, Any] = super().clean() or self.cleaned_data
        if known.get("whose") == APPLICANT:
            for field in self.of_others:
                self.errors.pop(field.name, None)
        return known

    def whom(self) -> Whom:
        """Who was chosen or typed, for the action."""
        known = self.cleaned_data
        if self.applicant is not None and known["whose"] == APPLICANT:
            return Whom(person=self.applicant.person, name=self.applicant.name)
        return Whom(name=known["name"], email=known["email"], phone=known["phone"])

    def clean_language(self) -> str:
        """The house's own language where none was chosen."""
        return self.cleaned_data["language"] or SOURCE_LANGUAGE
