"""Ports, names and folders: read once, at the edge, and passed on. None is secret.

Values come from ``docker/.env.example``, then ``docker/.env``, then the
environment; the later one wins. ``${NAME}`` inside a value is replaced last, so
a port changed in the environment also changes the address that contains it.
"""

import re
import string
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

import httpx
from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from producers.refused_settings import refused
from producers.transport import confidential
from stack.environment import ROOT, cache_dir
from stack.errors import StackError

PREFIX: Final = "VIGIL_"
FILES: Final = (ROOT / "docker/.env.example", ROOT / "docker/.env")


UNFIT: Final = re.compile(r"[^\w /.@+~()-]")
"""What Kafka, Flink or the supervisor take for something else than a name."""


def _folder(path: Path) -> Path:
    """Return where the stack keeps its things; refuse what servers read otherwise."""
    if found := UNFIT.search(str(path)):
        msg = f"{str(path)!r} has {found[0]!r}, which servers misread: name another"
        raise ValueError(msg)
    return path


def _clock(text: str) -> str:
    """Return ``text``, a time of day (HH:MM) or nothing; refuse all else."""
    if text:
        time.strptime(text, "%H:%M")
    return text


def _address(url: str) -> str:
    """Return ``url``, if a server can be asked there."""
    try:
        whole = httpx.URL(url)
    except httpx.InvalidURL:
        whole = httpx.URL()
    if whole.scheme not in {"http", "https"} or not whole.host:
        msg = f"{url!r} is no address: write http://HOST:PORT"
        raise ValueError(msg)
    return url


Url = Annotated[str, AfterValidator(_address)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseModel):
    """Where everything listens, and where it keeps what it stores."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kafka_port: Port
    kafka_controller_port: Port
    kafka_brokers: str
    kafka_home: str = ""

    flink_port: Port
    flink_rpc_port: Port
    flink_slots: Annotated[int, Field(ge=1)]
    flink_url: Url
    flink_key_file: Path
    flink_home: str = ""

    influx_port: Port
    influx_url: Annotated[Url, AfterValidator(confidential)]
    influx_org: str
    influx_user: str
    influx_write_token_file: Path
    influx_read_token_file: Path
    influxd: str = ""

    grafana_port: Port
    grafana_user: str

    gateway_port: Port
    gateway_url: Url

    baselines_at: Annotated[str, AfterValidator(_clock)] = ""

    state_dir: Annotated[Path, AfterValidator(_folder)] = Path(".vigil")
    cache: Path = Path()

    @classmethod
    def load(cls, env: Mapping[str, str], files: tuple[Path, ...] = FILES) -> Self:
        """Build settings from ``files`` and ``env``; name every problem at once."""
        values = _values(env, files)
        state = ROOT / (values.get("state_dir") or ".vigil")
        values["state_dir"] = str(state)
        for role in ("write", "read"):
            token = state / f"data/influx-{role}.token"
            name = f"influx_{role}_token_file"
            values[name] = values.get(name) or str(token)
        key = values.get("flink_key_file") or state / "data/flink.key"
        values["flink_key_file"] = str(ROOT / key)
        values["cache"] = str(cache_dir(env))
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise StackError(_problems(error)) from None

    def environment(self) -> dict[str, str]:
        """Return the variables that processes read."""
        return {f"{PREFIX}{n.upper()}": str(getattr(self, n)) for n in PASSED_ON}


PASSED_ON: Final = tuple(
    name
    for name in Settings.model_fields
    if name not in {"kafka_home", "flink_home", "influxd"}
)


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
    return f"settings: {refused(error)} (docker/.env.example has working values)"
