"""Our side of OpenID Connect: code flow with PKCE and nonce, all claims from the id_token, nothing
kept but a hash.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from rathaus.accounts.identifiers import hashed_identifier
from rathaus.accounts.models import Person
from rathaus.accounts.providers.id_austria import (
    ActsForSomebody,
    Citizen,
    MissingClaim,
    read_citizen,
)
from rathaus.accounts.providers.id_token import BadToken, Claims, nonce_for, read_id_token
from rathaus.accounts.providers.staff_directory import Colleague, read_colleague

ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class IdentityLogin(SocialLogin):  # type: ignore[misc]  # allauth has no types
    """A sign-in under way, with what the provider said about the person, which is never stored."""

    visitor: Citizen | Colleague


class OidcClient(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """Talks to one provider."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's own description, complete and of the issuer we asked, or `OAuth2Error`."""
        config = super().openid_config
        if not isinstance(config, dict) or not all(
            isinstance(config.get(name), str) for name in ENDPOINTS
        ):
            raise OAuth2Error("the provider's description is incomplete")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the provider sends people back to."""
        return request.build_absolute_uri(self.get_provider().get_callback_url())

    def get_access_token_data(
        self,
        request: HttpRequest,
        app: SocialApp,
        client: OAuth2Client,
        pkce_code_verifier: str | None = None,
    ) -> dict[str, Any]:
        """Exchange the code for tokens; the verifier of this sign-in also gives the nonce it must
        carry.
        """
        self.nonce = nonce_for(pkce_code_verifier or "")
        data = super().get_access_token_data(
            request, app, client, pkce_code_verifier=pkce_code_verifier
        )
        if not isinstance(data.get("id_token"), str):
            raise OAuth2Error("no id_token")
        return dict(data)

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **details: Any
    ) -> SocialLogin:
        """Check the id_token and read the person from it. Raises `OAuth2Error` for everything that
        proves nothing.
        """
        try:
            claims = read_id_token(
                details["response"]["id_token"],
                keys=self._keys(),
                issuer=self.openid_config["issuer"],
                client=app.client_id,
                nonce=self.nonce,
            )
            return self.get_provider().login_of(claims)
        except (BadToken, MissingClaim, ActsForSomebody) as error:
            raise OAuth2Error(str(error)) from error

    def _keys(self) -> list[dict[str, Any]]:
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
            keys = response.json().get("keys")
        if not isinstance(keys, list):
            raise BadToken("NoKeys")
        return keys


class IdentityProvider(OpenIDConnectProvider, ABC):  # type: ignore[misc]  # allauth has no types
    """What both doors share; which claims make a person is the subclass's part."""

    oauth2_adapter_class = OidcClient
    supports_token_authentication = False
    pkce_enabled_default = True
    door: ClassVar[str]

    def get_login_url(self, request: HttpRequest, **parameters: str) -> str:
        """The address that begins the sign-in."""
        return reverse(f"accounts:{self.door}")

    def get_callback_url(self) -> str:
        """The address to come back to."""
        return reverse(f"accounts:{self.door}_callback")

    def get_default_scope(self) -> list[str]:
        """What to ask for; ID Austria decides by registration, most directories by scope."""
        return ["openid", "profile"]

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Never from the address bar, as allauth would allow."""
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Never from the address bar, as allauth would allow."""
        return dict(self.get_auth_params())

    def get_pkce_params(self) -> dict[str, str]:
        """PKCE, and the nonce that belongs to its verifier."""
        parameters = dict(super().get_pkce_params())
        return {**parameters, "nonce": nonce_for(parameters["code_verifier"])}

    def login_of(self, claims: Claims) -> IdentityLogin:
        """The sign-in of the person in the claims, known again by a hash and nothing else."""
        visitor = self.visitor(claims)
        uid = hashed_identifier(
            visitor.identifier, register=self.id, pepper=settings.IDENTIFIER_PEPPER
        )
        account = SocialAccount(provider=self.app.provider_id, uid=uid, extra_data={})
        login = IdentityLogin(user=Person(), account=account, provider=self)
        login.visitor = visitor
        return login

    @abstractmethod
    def visitor(self, claims: Claims) -> Citizen | Colleague:
        """The person in the claims, or `MissingClaim`."""


class IdAustria(IdentityProvider):
    """The door of citizens."""

    id = "id_austria"
    name = "ID Austria"
    door = "id_austria"

    def visitor(self, claims: Claims) -> Citizen:
        """A citizen."""
        return read_citizen(claims)


class StaffDirectory(IdentityProvider):
    """The door of staff who are known to the city's own directory."""

    id = "staff_directory"
    name = "Verzeichnis der Stadt"
    door = "staff_directory"

    def get_default_scope(self) -> list[str]:
        """Groups decide on roles."""
        return ["openid", "profile", "email", "groups"]

    def visitor(self, claims: Claims) -> Colleague:
        """A member of staff."""
        return read_colleague(claims, second_factor=self.app.settings.get("second_factor", ()))
