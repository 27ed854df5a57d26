"""Everything a job reads from its environment, read once, in ``main``."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from producers.refused_settings import refused
from producers.transport import confidential


class JobSettings(BaseSettings):
    """Where a job reads and writes."""

    model_config = SettingsConfigDict(env_prefix="VIGIL_", frozen=True, extra="ignore")

    kafka_brokers: str
    influx_url: Annotated[str, AfterValidator(confidential)]
    influx_org: str
    influx_write_token_file: Path

    def influx_token(self) -> str:
        """Read the token, where it is used: it never travels with a job."""
        return self.influx_write_token_file.read_text(encoding="utf-8").strip()


def from_environment() -> JobSettings:
    """Return the settings, or end with one line that names all that is wrong."""
    try:
        return JobSettings()
    except ValidationError as error:
        msg = f"settings: {refused(error)} (docker/.env.example has working values)"
        raise SystemExit(msg) from None
