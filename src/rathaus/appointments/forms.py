"""What people type when they book."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.actions import Whom


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
