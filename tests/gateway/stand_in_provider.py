"""A provider of OpenID Connect on this machine, that a test can tell to lie.

It is as strict as a real one: it looks at the client's password, the address to come
back to and the code's proof (PKCE), takes a code once, and signs with RSA.
"""

import asyncio
import base64
import hashlib
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import KeyParameters, RSAKey
from joserfc.jws import JWSRegistry

from gateway.forms import form_of
from stack.waiting import until

CLIENT_ID: Final = "vigil"
SECRET: Final = "a-client-secret"  # noqa: S105 - made up
KEY_ID: Final[KeyParameters] = {"kid": "the-key"}
OWN_KEY: Final = RSAKey.generate_key(2048, KEY_ID)
ANOTHER_KEY: Final = RSAKey.generate_key(2048, KEY_ID)
ACCESS_TOKEN: Final = "an-access-token"  # noqa: S105 - made up


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@dataclass
class StandIn:
    """A provider where Ada is signed in, and what it says otherwise than it should."""

    port: int = field(default_factory=free_port)
    denies: bool = False
    lies: dict[str, Any] = field(default_factory=dict)
    """Claims of the ID token; None leaves one out."""
    says_of_itself: dict[str, Any] = field(default_factory=dict)
    tells: dict[str, str] = field(default_factory=lambda: {"sub": "ada-1"})
    """What is told of her beside the token."""
    key: RSAKey = field(default_factory=lambda: OWN_KEY)
    keys: object = field(
        default_factory=lambda: {"keys": [OWN_KEY.as_dict(private=False)]}
    )
    """The public keys it names."""
    algorithm: str = "RS256"
    token: Response | None = None
    """What stands where the token should."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> dict[str, str]:
        """Return the settings of a page that asks it."""
        return {
            "gateway_oidc_issuer": self.issuer,
            "gateway_oidc_client_id": CLIENT_ID,
            "gateway_oidc_client_secret": SECRET,
            "gateway_oidc_name": "the hospital",
        }

    def discovery(self) -> dict[str, Any]:
        """Return what it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/leave",
            "id_token_signing_alg_values_supported": ["RS256", "none"],
            **self.says_of_itself,
        }

    def authorized(self, asked: dict[str, str]) -> str:
        """Return where the browser goes after Ada has said yes, or no."""
        self.asked.append(asked)
        code = f"code-{len(self.asked)}"
        self.codes[code] = asked
        said = {"error": "access_denied"} if self.denies else {"code": code}
        query = urlencode({**said, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{query}"

    def redeemed(self, form: dict[str, str], authorization: str) -> Response:
        """Return the token that a code is worth."""
        expected = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        if authorization != f"Basic {expected}":
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form["code"], {})
        if not asked or not _fits(form, asked):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return self.token or JSONResponse(
            {
                "access_token": ACCESS_TOKEN,
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": self.id_token(asked["nonce"]),
            }
        )

    def id_token(self, nonce: str) -> str:
        """Return what it says of Ada, signed."""
        now_s = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "ada-1",
            "aud": CLIENT_ID,
            "iat": now_s,
            "exp": now_s + 300,
            "nonce": nonce,
            "preferred_username": "ada",
            **self.lies,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, **KEY_ID}
        registry = JWSRegistry(algorithms=[self.algorithm])
        return jwt.encode(header, said, self.key, registry=registry)


def _fits(form: dict[str, str], asked: dict[str, str]) -> bool:
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (
        challenge == asked["code_challenge"]
        and asked["code_challenge_method"] == "S256"
        and form["redirect_uri"] == asked["redirect_uri"]
    )


def application(stand_in: StandIn) -> FastAPI:
    """Return its HTTP."""
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return stand_in.discovery()

    @app.get("/keys")
    async def keys() -> Response:
        return JSONResponse(stand_in.keys)

    @app.get("/authorize")
    async def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        return RedirectResponse(stand_in.authorized(asked), 303)

    @app.post("/token")
    async def token(request: Request) -> Response:
        authorization = request.headers.get("authorization", "")
        return stand_in.redeemed(await form_of(request), authorization)

    @app.get("/userinfo")
    async def userinfo(request: Request) -> Response:
        known = request.headers.get("authorization") == f"Bearer {ACCESS_TOKEN}"
        return JSONResponse(stand_in.tells if known else {}, 200 if known else 401)

    @app.get("/leave")
    async def leave(post_logout_redirect_uri: str) -> Response:
        return RedirectResponse(post_logout_redirect_uri, 303)

    return app


class Running:
    """A provider that answers, in a thread."""

    def __init__(self, stand_in: StandIn) -> None:
        """Begin to answer, and return when it does."""
        config = uvicorn.Config(
            application(stand_in), port=stand_in.port, log_level="critical"
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(
            target=lambda: asyncio.run(self.server.serve()), daemon=True
        )
        self.thread.start()
        until(lambda: self.server.started, otherwise=lambda: "it does not start")

    def stop(self) -> None:
        """Answer no more."""
        self.server.should_exit = True
        self.thread.join()
