"""What people type when they book."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.actions import Whom


class ContactForm(forms.Form):
    """Who comes, where mail reaches them, and the key that makes two clicks one booking."""

    name = forms.CharField(
        label=_("Vor- und Nachname"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        help_text=_("Dorthin senden wir den Link zum Bestätigen."),
        widget=forms.EmailInput({"autocomplete": "email"}),
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
