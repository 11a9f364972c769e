"""allauth's forms as our pages want them: our labels without placeholders, no markup in hints."""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.contrib.auth.forms import SetPasswordForm
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NEW_PASSWORD = _("Neues Passwort")
NEW_PASSWORD_AGAIN = _("Neues Passwort noch einmal")
CODE_OF_THE_APP = _("Code aus der App")


class _Plain:
    """Takes from every field what the label says already; `labels` are ours, for some of them."""

    labels: ClassVar[Mapping[str, str | Promise]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]  # mixed into forms
            field.label = self.labels.get(name, field.label)
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)


class LoginForm(_Plain, account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Address and password."""

    labels: ClassVar = {"login": _("Dienstliche E-Mail-Adresse")}


class ReauthenticateForm(_Plain, account.ReauthenticateForm):  # type: ignore[misc]  # see above
    """The password once more."""


class ChangePasswordForm(_Plain, account.ChangePasswordForm):  # type: ignore[misc]  # see above
    """The old password and the new one."""

    labels: ClassVar = {
        "oldpassword": _("Bisheriges Passwort"),
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD_AGAIN,
    }


class ChoosePasswordForm(_Plain, SetPasswordForm):  # type: ignore[type-arg]  # in its stubs alone
    """The first password, or a new one in place of a forgotten one."""

    labels: ClassVar = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD_AGAIN}


class ConfirmLoginCodeForm(_Plain, account.ConfirmLoginCodeForm):  # type: ignore[misc]  # see above
    """The code from the mail."""

    labels: ClassVar = {"code": _("Code aus der E-Mail")}


class AuthenticateForm(_Plain, mfa.AuthenticateForm):  # type: ignore[misc]  # see above
    """The code of the second factor."""

    labels: ClassVar = {"code": CODE_OF_THE_APP}


class ConfirmByCodeForm(_Plain, mfa.ReauthenticateForm):  # type: ignore[misc]  # see above
    """The code of the second factor once more."""

    labels: ClassVar = {"code": CODE_OF_THE_APP}


class ActivateTOTPForm(_Plain, totp.ActivateTOTPForm):  # type: ignore[misc]  # see above
    """The first code of a new app."""

    labels: ClassVar = {"code": CODE_OF_THE_APP}
