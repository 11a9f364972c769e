"""The forms of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context, ratelimit
from django import forms
from django.utils.translation import gettext_lazy as _

from rathaus.accounts import actions
from rathaus.accounts.models import Department, Person, Role
from rathaus.core.domain import all_rights
from rathaus.core.localized import localize

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


EVERYWHERE = "alle"


class RequestCodeForm(RequestLoginCodeForm):  # type: ignore[misc]  # allauth has no types
    """Asks for an address. Whoever may come in by code is a guest from now on; others get a mail
    that says why not.
    """

    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    _user: Person | None = None

    def clean_email(self) -> str:
        """The address; the answer of the page is the same whoever it belongs to."""
        address: str = self.cleaned_data["email"].strip().lower()
        if not ratelimit.consume(context.request, action="request_login_code", key=address):
            raise forms.ValidationError(
                _("Für diese Adresse wurden zu viele Codes angefordert. Bitte warten Sie etwas.")
            )
        self._user = actions.guest_for(email=address)
        return address

    def clean(self) -> dict[str, Any]:
        """Nothing beyond the address."""
        return dict(self.cleaned_data)


class StaffAddressForm(forms.Form):
    """Asks staff for their address."""

    email = forms.EmailField(
        label=_("Dienstliche E-Mail-Adresse"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class PhoneForm(forms.Form):
    """Asks for a telephone number."""

    phone = forms.CharField(
        label=_("Telefon"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        help_text=_("Für Rückfragen zu Ihren Anliegen"),
    )


class ContactEmailForm(forms.Form):
    """Asks a citizen where mail should go."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_(
            "Wir schicken einen Code dorthin, damit wir sicher sind, dass die Adresse stimmt."
        ),
    )


class GuestAddressForm(forms.Form):
    """Asks a citizen for the address with which they came in as a guest."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse des Gastzugangs"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Wir schicken einen Code dorthin. So wissen wir, dass die Adresse Ihre ist."),
    )


class _References(forms.MultipleChoiceField):
    """Takes every reference: whether it is there to be taken, the action asks under its lock."""

    def valid_value(self, value: object) -> bool:
        """Always."""
        return True


class ChosenMattersForm(forms.Form):
    """Asks which matters are one's own."""

    matters = _References(
        label=_("Welche Anliegen sind Ihre?"),
        error_messages={"required": actions.NothingChosen.message},
    )


class CodeForm(forms.Form):
    """Asks for the code from a mail."""

    code = forms.CharField(
        label=_("Code aus der E-Mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


class ReasonForm(forms.Form):
    """Asks why."""

    why = forms.CharField(
        label=_("Grund"),
        max_length=300,
        help_text=_("Steht im Protokoll, zum Beispiel „Karenz ab 1.12.“"),
    )


class PlaceForm(ReasonForm):
    """Asks for a role and where it holds; `everywhere` offers all departments at once, as the last
    choice.
    """

    field_order = ["role", "department", "why"]

    def __init__(
        self,
        *args: Any,
        roles: list[Role],
        departments: list[Department],
        everywhere: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        last: list[tuple[str, StrOrPromise]] = [(EVERYWHERE, _("Alle Abteilungen"))]
        self.fields["role"] = _one_of(roles, label=_("Rolle"))
        self.fields["department"] = _one_of(
            departments, label=_("Abteilung"), last=last if everywhere else []
        )
        self.order_fields(self.field_order)

    @property
    def place(self) -> dict[str, Any]:
        """Role, department and reason as the actions want them."""
        return {
            "role": self.cleaned_data["role"],
            "department": self.cleaned_data["department"],
            "why": self.cleaned_data["why"],
        }


class InviteForm(PlaceForm):
    """Asks who comes, and as what."""

    given_name = forms.CharField(label=_("Vorname"), max_length=100)
    family_name = forms.CharField(label=_("Nachname"), max_length=100)
    email = forms.EmailField(label=_("Dienstliche E-Mail-Adresse"), max_length=254)
    field_order = ["given_name", "family_name", "email", "role", "department", "why"]


class GroupForm(PlaceForm):
    """Asks what a group of the directory stands for."""

    group = forms.CharField(label=_("Gruppe im Verzeichnis"), max_length=200)
    field_order = ["group", "role", "department", "why"]


class RightsForm(ReasonForm):
    """Asks which rights a role holds."""

    field_order = ["rights", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rights"] = forms.MultipleChoiceField(
            label=_("Rechte"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(right.name, right.label) for right in all_rights()],
        )
        self.order_fields(self.field_order)


class RoleForm(RightsForm):
    """Asks for a new role."""

    name = forms.CharField(label=_("Name der Rolle"), max_length=100)
    field_order = ["name", "rights", "why"]


def _one_of(
    things: list[Role] | list[Department],
    *,
    label: StrOrPromise,
    last: list[tuple[str, StrOrPromise]] | None = None,
) -> forms.TypedChoiceField:
    """A choice among things with a localized name, by id; nothing is chosen beforehand.

    What `last` adds at the end stands for all of them and is answered with `None`.
    """
    choices: list[tuple[str, StrOrPromise]] = [("", _("Bitte wählen"))]
    choices += [(str(thing.pk), localize(thing.name)) for thing in things]
    return forms.TypedChoiceField(label=label, choices=choices + (last or []), coerce=_id)


def _id(choice: str) -> int | None:
    return None if choice == EVERYWHERE else int(choice)
