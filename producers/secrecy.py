"""Where settings and secrets are read from, and which secrets are none.

Settings come from ``docker/.env.example``, then the secrets that were made at the
first start, then ``docker/.env``, then what was given to those who started the
servers; the later one wins, and the environment over all of them.
"""

from pathlib import Path
from typing import Final

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT: Final = Path(__file__).resolve().parent.parent
EXAMPLE: Final = ROOT / "docker/.env.example"
OWN: Final = ROOT / "docker/.env"
MADE: Final = "data/secrets.env"
"""The file of secrets that were made, below the state folder."""
PUBLISHED: Final = "change-me"
"""How the passwords ended that once stood in the example."""


class _Places(BaseSettings):
    """Which more files there are."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIL_", env_file=(EXAMPLE, OWN), extra="ignore"
    )

    state_dir: Path = Path(".vigil")
    given_file: Path | None = None


def files() -> tuple[Path, ...]:
    """Return the files of settings, the least first; not all need exist."""
    places = _Places()
    given = (places.given_file,) if places.given_file else ()
    return (EXAMPLE, ROOT / places.state_dir / MADE, OWN, *given)


def own(secret: SecretStr) -> SecretStr:
    """Return ``secret``; refuse one that everybody knows."""
    if PUBLISHED in secret.get_secret_value():
        msg = "this is the published example: leave it out, and one is made"
        raise ValueError(msg)
    return secret
