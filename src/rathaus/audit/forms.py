"""What may stand in the address of a list."""

from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from rathaus.audit.models import Act
from rathaus.audit.queries import Filter

LARGEST = 2**63 - 1


class Cursor(forms.Form):
    """Where in a list the page begins."""

    vor = forms.IntegerField(min_value=1, max_value=LARGEST, required=False)

    @classmethod
    def of(cls, request: HttpRequest) -> int | None:
        """The number before which the page begins; whatever is no such number is the beginning."""
        form = cls(request.GET)
        return form.cleaned_data["vor"] if form.is_valid() else None


class OwnLines(Cursor):
    """Which of the lines about themselves somebody wants to see."""

    anliegen = forms.CharField(max_length=60, required=False)
    auch = forms.ChoiceField(choices=[("eigenes", "")], required=False)

    def case(self) -> str:
        """The number of one case, or nothing for all."""
        return self._said("anliegen")

    def with_own(self) -> bool:
        """Whether what they did themself is wanted as well."""
        return bool(self._said("auch"))

    def rest(self) -> str:
        """Both as they stand in the address of the next page."""
        said = {"anliegen": self.case(), "auch": self._said("auch")}
        return urlencode({name: value for name, value in said.items() if value})

    def _said(self, name: str) -> str:
        self.full_clean()
        return str(self.cleaned_data.get(name, ""))


class RecordsForm(forms.Form):
    """What an auditor looks for."""

    anliegen = forms.CharField(label=_("Aktenzeichen"), max_length=60, required=False)
    was = forms.CharField(label=_("Vorgang"), max_length=120, required=False)
    art = forms.ChoiceField(label=_("Art"), choices=[("", _("alle")), *Act.choices], required=False)
    wer = forms.UUIDField(
        label=_("Kennung der handelnden Person"),
        required=False,
        error_messages={"invalid": _("Diese Kennung gibt es nicht.")},
    )

    def wanted(self) -> Filter:
        """The filter; without what could not be understood."""
        self.full_clean()
        known = self.cleaned_data
        return Filter(
            case=known.get("anliegen", ""),
            did=known.get("was", ""),
            act=known.get("art", ""),
            actor=known.get("wer"),
        )

    def rest(self) -> str:
        """The filter as it stands in the address of the next page."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})
