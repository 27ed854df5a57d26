"""A real PostgreSQL for tests, from the wheel that carries its programs."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from stack.waiting import PATIENCE_S

QUICK: Final = "-c fsync=off -c full_page_writes=off -c max_connections=20"


@dataclass(frozen=True)
class Postgres:
    """A server that listens on a socket alone; a test may stop and start it."""

    url: str
    user: str | None
    control: tuple[str | Path, ...]
    options: tuple[str | Path, ...]

    def start(self) -> None:
        """Start it, and return when it answers."""
        _run(
            self.user,
            *self.control,
            "-t",
            str(round(PATIENCE_S)),
            *self.options,
            "start",
        )

    def stop(self) -> None:
        """Take it away at once, whoever is connected."""
        _run(self.user, *self.control, "-m", "immediate", "stop")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a server.

    It refuses to run as root. Then its programs are copied to where somebody
    else may run them.
    """
    with tempfile.TemporaryDirectory(prefix="vigil-pg-") as name:
        folder = Path(name)
        user = "nobody" if os.geteuid() == 0 else None
        programs = _programs(folder, user)
        _run(user, programs / "initdb", "-D", folder / "data", "-U", "vigil", "-N")
        listening = f"-c listen_addresses= -k {folder} {QUICK}"
        control = (programs / "pg_ctl", "-w", "-D", folder / "data")
        log = ("-l", folder / "data/log")
        url = f"postgresql+psycopg://vigil@/postgres?host={folder}"
        server = Postgres(url, user, control, ("-o", listening, *log))
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _programs(folder: Path, user: str | None) -> Path:
    spec = find_spec("pgserver")
    site = Path(str(spec and spec.origin)).parent.parent
    if user is not None:
        for part in ("pgserver/pginstall", "pgserver.libs"):
            shutil.copytree(site / part, folder / part)
        shutil.chown(folder, user)
        site = folder
    return site / "pgserver/pginstall/bin"


def _run(user: str | None, *command: str | Path) -> None:
    subprocess.run(  # noqa: S603 - our own command lines
        list(map(str, command)),
        user=user,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=PATIENCE_S,
    )
