"""allauth's forms as our pages want them: labels without placeholders, no markup in hints."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp


class _Plain:
    """Takes from every field what the label says already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]  # mixed into forms
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)


class LoginForm(_Plain, account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Address and password."""


class ReauthenticateForm(_Plain, account.ReauthenticateForm):  # type: ignore[misc]  # see above
    """The password once more."""


class ChangePasswordForm(_Plain, account.ChangePasswordForm):  # type: ignore[misc]  # see above
    """The old password and the new one."""


class ConfirmLoginCodeForm(_Plain, account.ConfirmLoginCodeForm):  # type: ignore[misc]  # see above
    """The code from the mail."""


class AuthenticateForm(_Plain, mfa.AuthenticateForm):  # type: ignore[misc]  # see above
    """The code of the second factor."""


class ConfirmByCodeForm(_Plain, mfa.ReauthenticateForm):  # type: ignore[misc]  # see above
    """The code of the second factor once more."""


class ActivateTOTPForm(_Plain, totp.ActivateTOTPForm):  # type: ignore[misc]  # see above
    """The first code of a new app."""
