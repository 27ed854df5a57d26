"""Everything that alarms read from their environment, read once, at the edge.

What the environment lacks comes from the files of :mod:`producers.secrecy`.
"""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from producers.secrecy import EXAMPLE, OWN, ROOT, files


class AlertSettings(BaseSettings):
    """Where alarms are kept, and what is watched."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIL_", env_file=(EXAMPLE, OWN), frozen=True, extra="ignore"
    )

    kafka_brokers: str
    flink_url: str
    influx_url: str = ""
    gateway_url: str = ""
    state_dir: Path = Path(".vigil")
    own_database_url: SecretStr = Field(
        default=SecretStr(""), alias="VIGIL_ALERTS_DATABASE_URL"
    )
    outside_watch_url: SecretStr = Field(
        default=SecretStr(""), alias="VIGIL_ALERTS_OUTSIDE_WATCH_URL"
    )
    synthetic: bool = Field(default=True, alias="VIGIL_ALERTS_SYNTHETIC")

    @property
    def data_dir(self) -> Path:
        """The folder of what must survive."""
        return ROOT / self.state_dir / "data"

    @property
    def database_url(self) -> str:
        """The database's address: SQLite in the state folder, if none is given."""
        own = f"sqlite:///{self.data_dir / 'alarms.db'}"
        return self.own_database_url.get_secret_value() or own


def from_environment() -> AlertSettings:
    """Return the settings, or end with one line that names all that is wrong."""
    try:
        return AlertSettings(_env_file=files())
    except ValidationError as error:
        wrong = ", ".join(f"{e['loc'][0]} ({e['msg']})" for e in error.errors())
        msg = f"settings: {wrong} (docker/.env.example has working values)"
        raise SystemExit(msg) from None
