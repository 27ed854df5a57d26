"""Everything a job reads from its environment, read once, in ``main``."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

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
        wrong = "; ".join(map(_said, error.errors()))
        msg = f"settings: {wrong} (docker/.env.example has working values)"
        raise SystemExit(msg) from None


def _said(error: ErrorDetails) -> str:
    what = error["msg"].removeprefix("Value error, ")
    return f"VIGIL_{str(error['loc'][0]).upper()}: {what}"
