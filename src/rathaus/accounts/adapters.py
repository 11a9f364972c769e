"""What allauth asks the house: where to go after a sign-in, how mail leaves, who may come in by an
identity provider.
"""

import time
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthError, Provider
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from rathaus.accounts import actions
from rathaus.accounts.models import Person
from rathaus.accounts.providers.base import IdentityLogin
from rathaus.accounts.providers.staff_directory import Colleague
from rathaus.accounts.sealing import seal, unseal
from rathaus.accounts.second_factor import note_second_factor
from rathaus.accounts.views.provider_failed import provider_failed
from rathaus.core.city import current_city
from rathaus.core.mail import send
from rathaus.core.transaction import unit_of_work

log = structlog.get_logger("rathaus.accounts")

STAFF_START = "/amt/"
CITIZEN_START = "/meine-anliegen/"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in by e-mail code and by password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: guests appear with their first code, citizens with their eID, staff by
        invitation.
        """
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The workspace for staff, the own matters for everybody else."""
        person = request.user
        is_staff = isinstance(person, Person) and person.kind == Person.Kind.STAFF
        return STAFF_START if is_staff else CITIZEN_START

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this very host: no other host of ours, no other scheme."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render allauth's mail with our words and hand it to the house's own mail."""
        known = {**context, "city": current_city(), "email": email}
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", known).split())
        send(
            to=email,
            subject=subject,
            text=render_to_string(f"{template_prefix}_message.txt", known),
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell somebody what changed in their sign-in, at the address of the person itself."""
        address = email or user.email
        if address:
            self.send_mail(template_prefix, address, context or {})

    def reauthenticate(self, user: Person, password: str) -> bool:
        """Whether it is the person's own password; wrong ones count as failed sign-ins."""
        return bool(self.authenticate(context.request, email=user.email, password=password) == user)

    def is_reauthentication_required(self, *, app: str, **details: Any) -> bool:
        """Not for whoever proved a moment ago who they are."""
        request = context.request
        proofs = get_authentication_records(request, request.user)
        newest = max((proof["at"] for proof in proofs), default=0.0)
        return bool(time.time() - newest >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors of staff."""

    def get_totp_issuer(self) -> str:
        """The name that the authenticator app shows."""
        return current_city().name

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Never the last one: without a second factor nobody works here."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(
            pk=authenticator.pk
        )
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def encrypt(self, text: str) -> str:
        """Secrets are sealed at rest."""
        return seal(text, secret=settings.FILE_ENCRYPTION_KEY)

    def decrypt(self, encrypted_text: str) -> str:
        """The other way round."""
        return unseal(encrypted_text, secret=settings.FILE_ENCRYPTION_KEY)


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in by ID Austria and by the city's directory."""

    def pre_social_login(self, request: HttpRequest, sociallogin: IdentityLogin) -> None:
        """Let the person in: known again by the hash, or new. The provider's account is joined to
        the person.
        """
        visitor, account = sociallogin.visitor, sociallogin.account
        with unit_of_work():
            if isinstance(visitor, Colleague):
                person = actions.admit_colleague(colleague=visitor, identifier_hash=account.uid)
            else:
                person = actions.admit_citizen(citizen=visitor, identifier_hash=account.uid)
            sociallogin.account, _made = SocialAccount.objects.update_or_create(
                provider=account.provider,
                uid=account.uid,
                defaults={"user": person, "extra_data": {}},
            )
        sociallogin.user = person
        if isinstance(visitor, Colleague) and visitor.showed_second_factor:
            note_second_factor(request, person)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Answer with a plain page; the log gets the kind of failure, nothing of what was said."""
        cause = exception.__cause__ if exception and exception.__cause__ else exception
        kind = "Cancelled" if error == AuthError.CANCELLED else type(cause).__name__
        log.warning(
            "sign-in refused",
            provider=provider.id,
            failure=kind,
            reason=getattr(cause, "reason", ""),
        )
        raise ImmediateHttpResponse(
            provider_failed(request, door=provider.id, error=error, cause=cause)
        )
