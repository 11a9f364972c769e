"""What staff type to let a claim go."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 300


class CancelForm(forms.Form):
    """Which claim, and why."""

    claim = forms.UUIDField(widget=forms.HiddenInput)
    why = forms.CharField(
        label=_("Grund der Stornierung"),
        help_text=_("Steht im Protokoll; auch die Person, um die es geht, kann ihn lesen."),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Bitte schreiben Sie, warum die Forderung wegfällt.")},
    )
