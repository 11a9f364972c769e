"""What people type when they book."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.actions import Whom
from rathaus.core.localized import SOURCE_LANGUAGE


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
    """Who calls: a name is enough, unless the way to a meeting by video must reach them by mail."""

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

    def __init__(self, *given: Any, by_video: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        email = self.fields["email"]
        email.required = by_video
        if by_video:
            email.error_messages["required"] = _(
                "Per Video geht es nur mit E-Mail-Adresse: Dorthin senden wir den Link."
            )

    def whom(self) -> Whom:
        """What was typed, for the action."""
        known = self.cleaned_data
        return Whom(name=known["name"], email=known["email"], phone=known["phone"])

    def clean_language(self) -> str:
        """The house's own language where none was chosen."""
        return self.cleaned_data["language"] or SOURCE_LANGUAGE
