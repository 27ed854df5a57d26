"""Secrets: made at the first start, kept in the state folder, the owner's alone."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Self

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

from producers.refused_settings import refused
from producers.secrecy import MADE, OWN, own
from stack.errors import StackError
from stack.settings import PREFIX, Settings

USERS: Final = f"{PREFIX}GATEWAY_USERS"
USER: Final = "nurse"

NEEDED: Final[Mapping[str, Callable[[], str]]] = {
    USERS: lambda: f"{USER}:{secrets.token_urlsafe(12)}",
    f"{PREFIX}GATEWAY_SECRET": lambda: secrets.token_urlsafe(32),
    f"{PREFIX}INFLUX_PASSWORD": lambda: secrets.token_urlsafe(24),
    f"{PREFIX}INFLUX_TOKEN": lambda: secrets.token_urlsafe(48),
}
"""How each secret is made that nobody gave."""

IN_CONTAINERS: Final[Mapping[str, Callable[[], str]]] = {
    **NEEDED,
    f"{PREFIX}GRAFANA_PASSWORD": lambda: secrets.token_urlsafe(12),
}

HEAD: Final = (
    "# Made once, for this installation alone. Its owner may read it, nobody else.\n"
)

Secret = Annotated[SecretStr, Field(min_length=8), AfterValidator(own)]


class InfluxAdmin(BaseModel):
    """With what InfluxDB is set up. No server and no job ever sees it."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    influx_password: Secret
    influx_token: Secret

    @classmethod
    def load(cls, settings: Settings, env: Mapping[str, str], file: Path = OWN) -> Self:
        """Return what was made, or given in ``file`` or ``env``; the later one wins."""
        found = {**_read(made_in(settings)), **_read(file), **env}
        try:
            return cls.model_validate(
                {
                    name.removeprefix(PREFIX).lower(): text
                    for name, text in found.items()
                }
            )
        except ValidationError as error:
            msg = f"settings: {refused(error)} (make up makes what is missing)"
            raise StackError(msg) from None


def made_in(settings: Settings) -> Path:
    """Return the file of the secrets that were made for this state folder."""
    return settings.state_dir / MADE


def make(settings: Settings, env: Mapping[str, str], file: Path = OWN) -> Path:
    """Make each secret that neither ``file`` nor ``env`` gives, once."""
    given = {**_read(file), **env}
    wanted = {name: new for name, new in NEEDED.items() if name not in given}
    made = made_in(settings)
    made.parent.mkdir(parents=True, exist_ok=True)
    with _alone(made.parent):
        known = _read(made)
        lacking = {name: new() for name, new in wanted.items() if name not in known}
        if lacking:
            write(made, HEAD + _lines({**known, **lacking}))
    return made


def make_flink_key(settings: Settings) -> None:
    """Make the key without which Flink's REST interface changes nothing, once."""
    file = settings.flink_key_file
    file.parent.mkdir(parents=True, exist_ok=True)
    with _alone(file.parent):
        if not (file.exists() and file.read_text("utf-8").strip()):
            write(file, secrets.token_urlsafe(32))


def make_for_containers(example: Path, target: Path = OWN) -> None:
    """Write ``target``: the example's settings, and secrets of its own, once.

    Raises
    ------
    StackError
        It is there already: its secrets are in use.
    """
    with _alone(target.parent):
        known = _read(target)
        lacking = {n: new() for n, new in IN_CONTAINERS.items() if not known.get(n)}
        if not lacking:
            msg = f"{target} has all secrets already: remove it to have new ones"
            raise StackError(msg)
        before = target if target.exists() else example
        write(target, f"{before.read_text('utf-8')}\n{HEAD}{_lines(lacking)}")


def sign_in(settings: Settings) -> str:
    """Return as whom to open the page, and where the password is, if it was made."""
    made = made_in(settings)
    user, _, _ = _read(made).get(USERS, "").partition(":")
    return user and f", as {user}; the password is in {_shown(made)}"


def write(file: Path, text: str) -> None:
    """Write ``file``, whole and the owner's alone, in one step."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(descriptor)
    unfinished.replace(file)


def quoted(values: Mapping[str, str]) -> str:
    """Return ``values`` as lines of a settings file, whatever they hold."""
    escaped = {
        name: text.replace("\\", r"\\").replace("'", r"\'")
        for name, text in values.items()
    }
    return _lines({name: f"'{text}'" for name, text in escaped.items()})


def _lines(values: Mapping[str, str]) -> str:
    return "".join(f"{name}={text}\n" for name, text in values.items())


def _read(file: Path) -> dict[str, str]:
    found = dotenv_values(file, interpolate=False)
    return {name: text or "" for name, text in found.items()}


def _shown(file: Path) -> str:
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time make secrets in ``folder``."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
