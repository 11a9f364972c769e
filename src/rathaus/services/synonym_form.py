"""The form by which editors keep words that mean the same."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rathaus.services.models import Synonym

LONGEST_WORD = 300


class SynonymForm(forms.Form):
    """One word or short phrase a line."""

    words = forms.CharField(
        label=_("Wörter, die dasselbe meinen"),
        help_text=_("Ein Wort oder eine kurze Wendung je Zeile, mindestens zwei."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    @classmethod
    def showing(cls, group: Synonym) -> "SynonymForm":
        """The form with the words of a group."""
        return cls(initial={"words": "\n".join(group.words)})

    def clean_words(self) -> list[str]:
        """The lines, none of them too long."""
        words: list[str] = self.cleaned_data["words"].splitlines()
        if any(len(word) > LONGEST_WORD for word in words):
            raise forms.ValidationError(_("Eine Zeile ist zu lang."))
        return words
