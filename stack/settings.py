"""Ports, credentials and folders: read once, at the edge, and passed on.

Values come from ``docker/.env.example``, then ``docker/.env``, then the
environment; the later one wins. ``${NAME}`` inside a value is replaced last, so
a port changed in the environment also changes the address that contains it.
"""

import string
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, ValidationError

from stack.environment import ROOT, cache_dir
from stack.errors import StackError

PREFIX: Final = "VIGIL_"
FILES: Final = (ROOT / "docker/.env.example", ROOT / "docker/.env")


def _clock(text: str) -> str:
    """Return ``text``, a time of day (HH:MM) or nothing; refuse all else."""
    if text:
        time.strptime(text, "%H:%M")
    return text


class Settings(BaseModel):
    """Where everything listens, and with which credentials."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kafka_port: int
    kafka_controller_port: int
    kafka_brokers: str
    kafka_home: str = ""

    flink_port: int
    flink_rpc_port: int
    flink_slots: int
    flink_url: str
    flink_home: str = ""

    influx_port: int
    influx_url: str
    influx_org: str
    influx_user: str
    influx_password: SecretStr
    influx_token: SecretStr
    influxd: str = ""

    grafana_port: int
    grafana_user: str
    grafana_password: SecretStr

    gateway_port: int
    gateway_url: str
    gateway_users: SecretStr
    gateway_secret: SecretStr

    alerts_database_url: SecretStr = SecretStr("")

    baselines_at: Annotated[str, AfterValidator(_clock)] = ""

    state_dir: Path = Path(".vigil")
    cache: Path = Path()

    @classmethod
    def load(cls, env: Mapping[str, str], files: tuple[Path, ...] = FILES) -> Self:
        """Build settings from ``files`` and ``env``; name every problem at once."""
        values = _values(env, files)
        values["state_dir"] = str(ROOT / values.get("state_dir", ".vigil"))
        values["cache"] = str(cache_dir(env))
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise StackError(_problems(error)) from None

    @property
    def alarms_url(self) -> str:
        """Where the database of alarms is, as ``alerts.settings`` has it."""
        own = f"sqlite:///{self.state_dir / 'data/alarms.db'}"
        return self.alerts_database_url.get_secret_value() or own

    def environment(self) -> dict[str, str]:
        """Return the variables that processes read, secrets included."""
        return {f"{PREFIX}{name.upper()}": text(self, name) for name in PASSED_ON}


PASSED_ON: Final = tuple(
    name
    for name in Settings.model_fields
    if name not in {"kafka_home", "flink_home", "influxd", "alerts_database_url"}
)


def text(settings: Settings, name: str) -> str:
    """Return one setting as a process would read it."""
    value = getattr(settings, name)
    return str(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _values(env: Mapping[str, str], files: tuple[Path, ...]) -> dict[str, str]:
    raw: dict[str, str] = {}
    for file in files:
        raw |= {k: v or "" for k, v in dotenv_values(file, interpolate=False).items()}
    raw |= {k: v for k, v in env.items() if k.startswith(PREFIX)}
    return {
        name.removeprefix(PREFIX).lower(): string.Template(value).safe_substitute(raw)
        for name, value in raw.items()
    }


def _problems(error: ValidationError) -> str:
    each = (f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
    return f"settings: {'; '.join(each)} (docker/.env.example has working values)"
