"""What the page's server reads from its environment, once.

What the environment lacks comes from ``docker/.env``, then ``docker/.env.example``.
"""

from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from alerts.settings import FILES


def _pairs(users: SecretStr) -> SecretStr:
    for pair in users.get_secret_value().split(","):
        name, _, password = pair.strip().partition(":")
        if not name or not password:
            msg = "write users as name:password, with commas between them"
            raise ValueError(msg)
    return users


class GatewaySettings(BaseSettings):
    """Where the page reads, where it listens, and who may see it."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIL_", env_file=FILES, frozen=True, extra="ignore"
    )

    kafka_brokers: str
    gateway_host: str = "127.0.0.1"
    gateway_port: int
    gateway_users: Annotated[SecretStr, AfterValidator(_pairs)]
    gateway_secret: Annotated[SecretStr, Field(min_length=16)]

    @property
    def users(self) -> dict[str, str]:
        """Return each user's password."""
        pairs = self.gateway_users.get_secret_value().split(",")
        split = (pair.strip().partition(":") for pair in pairs)
        return {name: password for name, _, password in split}


def from_environment() -> GatewaySettings:
    """Return the settings, or end with one line that names all that is wrong."""
    try:
        return GatewaySettings()
    except ValidationError as error:
        wrong = "; ".join(
            f"VIGIL_{str(each['loc'][0]).upper()}: {each['msg']}"
            for each in error.errors()
        )
        msg = f"settings: {wrong} (docker/.env.example has working values)"
        raise SystemExit(msg) from None
