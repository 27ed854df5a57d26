"""Sign-in with OpenID Connect: a provider says who somebody is.

page -> provider -> page with a code -> provider's token -> a name, by the code flow
with PKCE, state and nonce. Authlib does the protocol; this is what we ask of it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx2
from authlib.integrations.base_client.errors import MismatchingStateError
from authlib.integrations.starlette_client import (
    OAuthError,
    StarletteIntegration,
    StarletteOAuth2App,
)
from fastapi import Request, Response
from joserfc.errors import JoseError
from pydantic import SecretStr
from starlette.status import (
    HTTP_403_FORBIDDEN,
    HTTP_502_BAD_GATEWAY,
    HTTP_503_SERVICE_UNAVAILABLE,
)

PATIENCE_S: Final = 8.0
"""A provider that takes longer, in all, counts as away."""
LEEWAY_S: Final = 60
"""So far two clocks may differ when a token's times are looked at."""
NAME_LENGTH: Final = 100
SIGNED: Final = [
    f"{way}{bits}" for way in ("RS", "PS", "ES") for bits in (256, 384, 512)
]
"""Signatures that count, whatever a provider offers: it may offer none at all."""
KEY: Final = "openid"

logger = logging.getLogger(__name__)


class NotSignedInError(Exception):
    """Nobody was signed in; says why in words for the page."""

    def __init__(self, words: str, status: int = HTTP_403_FORBIDDEN) -> None:
        """Keep the words, and the status that goes with them."""
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class Provider:
    """Whom we ask who somebody is, and as whom we ask."""

    issuer: str
    client_id: str
    client_secret: SecretStr
    user_claim: str
    scopes: str
    name: str

    async def question(self, request: Request, back: str) -> Response:
        """Return what leads a browser to the provider, and from there ``back``."""
        async with self._plainly():
            client = await self._client()
            answer: Response = await client.authorize_redirect(request, back)
            return answer

    async def user(self, request: Request) -> str:
        """Return the name of whom the provider sent back."""
        async with self._plainly():
            client = await self._client()
            token = await client.authorize_access_token(
                request, claims_options=self._expected(), leeway=LEEWAY_S
            )
            return self._name(await self._claims(client, token))

    async def farewell(self, back: str) -> str:
        """Return where the provider signs somebody out, too; ``back``: nowhere."""
        try:
            async with self._plainly():
                client = await self._client()
                leave = await client.create_logout_url(back, client_id=self.client_id)
                return str(leave["url"])
        except NotSignedInError:
            return back

    async def _client(self) -> StarletteOAuth2App:
        """Return a client that has read what the provider says of itself.

        It is read anew each time: people sign in seldom, new keys count at once, and a
        provider that is away is noticed here and not by a browser that went there.
        """
        client = StarletteOAuth2App(
            StarletteIntegration(KEY),
            KEY,
            client_id=self.client_id,
            client_secret=self.client_secret.get_secret_value(),
            server_metadata_url=(
                f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            ),
            client_kwargs={"scope": self.scopes, "code_challenge_method": "S256"},
        )
        known = await client.load_server_metadata()
        if known.get("issuer") != self.issuer:
            msg = f"it calls itself {known.get('issuer')}"
            raise OAuthError(description=msg)
        known["id_token_signing_alg_values_supported"] = SIGNED
        return client

    def _expected(self) -> dict[str, dict[str, object]]:
        """Return what an ID token must say; without it Authlib asks for no audience."""
        return {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
        }

    async def _claims(
        self, client: StarletteOAuth2App, token: Mapping[str, Any]
    ) -> Mapping[str, object]:
        """Return what is said of somebody: in the token, or where the token leads."""
        claims: Mapping[str, object] = token["userinfo"]
        elsewhere = "userinfo_endpoint" in client.server_metadata
        if self.user_claim in claims or not elsewhere:
            return claims
        more: Mapping[str, object] = await client.userinfo(token=token)
        if more["sub"] != claims["sub"]:
            msg = "it told of somebody else"
            raise OAuthError(description=msg)
        return more

    def _name(self, claims: Mapping[str, object]) -> str:
        name = claims.get(self.user_claim)
        if isinstance(name, str) and name.isprintable() and name.strip() == name != "":
            return name[:NAME_LENGTH]
        msg = f"{self.name} does not say your name ({self.user_claim})."
        logger.warning("%s says no name in the claim %s", self.issuer, self.user_claim)
        raise NotSignedInError(msg)

    @asynccontextmanager
    async def _plainly(self) -> AsyncIterator[None]:
        """Turn whatever goes wrong into words for the page, and a line in the log."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                yield
        except FAILURES as error:
            what = f"{type(error).__name__} {error}"
            logger.warning("sign-in with %s failed: %r", self.issuer, what)
            raise self._said(error) from error

    def _said(self, error: Exception) -> NotSignedInError:
        if isinstance(error, AWAY):
            words = f"{self.name} does not answer now. Try again in a while."
            return NotSignedInError(words, HTTP_503_SERVICE_UNAVAILABLE)
        if isinstance(error, MismatchingStateError):
            words = "This sign-in did not begin in this browser: begin again."
            return NotSignedInError(words)
        if isinstance(error, OAuthError) and error.error == "access_denied":
            return NotSignedInError(f"{self.name} was told not to sign you in.")
        words = f"What {self.name} answered does not count: nobody is signed in."
        return NotSignedInError(words, HTTP_502_BAD_GATEWAY)


AWAY: Final = (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError)
UNFIT: Final = (OAuthError, JoseError, RuntimeError, LookupError, TypeError, ValueError)
"""What Authlib raises when an answer is not what the standard says."""
FAILURES: Final = (*AWAY, *UNFIT)
