"""What the page's server reads from its environment, once.

What the environment lacks comes from the files of :mod:`producers.secrecy`.
"""

from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from authlib.common.security import is_secure_transport
from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.openid import Provider
from producers.refused_settings import refused
from producers.secrecy import EXAMPLE, OWN, files, own

NOTHING: Final = SecretStr("")


def _pairs(users: SecretStr) -> SecretStr:
    for name, password in _split(users):
        if not name or not password:
            msg = "write users as name:password, with commas between them"
            raise ValueError(msg)
    return users


def _split(users: SecretStr) -> list[tuple[str, str]]:
    text = users.get_secret_value()
    pairs = (pair.strip().partition(":") for pair in text.split(",") if text)
    return [(name, password) for name, _, password in pairs]


def _private(issuer: str) -> str:
    if issuer and not is_secure_transport(issuer):
        msg = "begin with https:// (with http:// on this machine alone)"
        raise ValueError(msg)
    return issuer


def _with_openid(scopes: str) -> str:
    if "openid" not in scopes.split():
        msg = "the scope openid must be among them, with spaces between them"
        raise ValueError(msg)
    return scopes


class GatewaySettings(BaseSettings):
    """Where the page reads, where it listens, and who may see it."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIL_",
        env_file=(EXAMPLE, OWN),
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    kafka_brokers: str
    gateway_host: str = "127.0.0.1"
    gateway_port: int
    gateway_url: str = ""
    """Where the rest of Vigil looks whether it lives."""
    gateway_users: Annotated[SecretStr, AfterValidator(_pairs), AfterValidator(own)]
    gateway_secret: Annotated[SecretStr, Field(min_length=16), AfterValidator(own)]

    gateway_oidc_issuer: Annotated[str, AfterValidator(_private)] = ""
    gateway_oidc_client_id: str = ""
    gateway_oidc_client_secret: SecretStr = NOTHING
    gateway_oidc_user_claim: Annotated[str, Field(min_length=1)] = "preferred_username"
    gateway_oidc_scopes: Annotated[str, AfterValidator(_with_openid)] = "openid profile"
    gateway_oidc_name: str = ""

    @model_validator(mode="after")
    def _has_a_whole_way_in(self) -> Self:
        """Refuse half a provider, and a page that nobody could enter."""
        parts = ("issuer", "client_id", "client_secret")
        names = [f"gateway_oidc_{part}" for part in parts]
        missing = [name for name in names if not getattr(self, name)]
        if 0 < len(missing) < len(names):
            lacking = " and ".join(f"VIGIL_{name}".upper() for name in missing)
            msg = f"OpenID Connect needs {lacking}, too"
            raise ValueError(msg)
        if missing and not self.users:
            msg = "VIGIL_GATEWAY_USERS: name a user, or a provider of OpenID Connect"
            raise ValueError(msg)
        return self

    @property
    def users(self) -> dict[str, str]:
        """Return each local user's password."""
        return dict(_split(self.gateway_users))

    @property
    def provider(self) -> Provider | None:
        """Return who else says who somebody is; None: nobody."""
        if not self.gateway_oidc_issuer:
            return None
        host = urlsplit(self.gateway_oidc_issuer).hostname or ""
        return Provider(
            issuer=self.gateway_oidc_issuer,
            client_id=self.gateway_oidc_client_id,
            client_secret=self.gateway_oidc_client_secret,
            user_claim=self.gateway_oidc_user_claim,
            scopes=self.gateway_oidc_scopes,
            name=self.gateway_oidc_name or host,
        )


def from_environment() -> GatewaySettings:
    """Return the settings, or end with one line that names all that is wrong."""
    try:
        return GatewaySettings(_env_file=files())
    except ValidationError as error:
        msg = f"settings: {refused(error)} (make up makes secrets that are missing)"
        raise SystemExit(msg) from None
