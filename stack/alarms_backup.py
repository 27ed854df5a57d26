"""The database of alarms, as one file: SQLite's own copy, or PostgreSQL's own dump."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url

from stack.errors import StackError

SQLITE: Final = "alarms.db"
POSTGRESQL: Final = "alarms.pgdump"


def write(database_url: str, folder: Path) -> None:
    """Copy the database into ``folder``, whole, also while it is written to."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        _copy(Path(url.database or ""), folder / SQLITE)
    else:
        file = str(folder / POSTGRESQL)
        _run(url, "pg_dump", "--format=custom", "--no-owner", f"--file={file}")


def put_back(database_url: str, folder: Path) -> None:
    """Make the database what ``folder`` holds.

    Raises
    ------
    StackError
        The backup is of the other kind of database.
    """
    url = make_url(database_url)
    name = SQLITE if url.get_backend_name() == "sqlite" else POSTGRESQL
    file = folder / name
    if not file.exists():
        other = next(folder.glob("alarms.*"), None)
        if other is None:
            return
        msg = f"the backup holds {other.name}: VIGIL_ALERTS_DATABASE_URL must fit it"
        raise StackError(msg)
    if name == SQLITE:
        _copy(file, Path(url.database or ""))
    else:
        _run(url, "pg_restore", "--clean", "--if-exists", "--no-owner", str(file))


def _copy(source: Path, target: Path) -> None:
    if not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        read.backup(written)


def _run(url: URL, program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs; the password is on no command line."""
    if shutil.which(program) is None:
        msg = f"{program} is missing: install PostgreSQL's client programs"
        raise StackError(msg)
    address = url.set(drivername="postgresql", password=None)
    done = subprocess.run(  # noqa: S603 - our own command line
        [program, *options, f"--dbname={address.render_as_string()}"],
        env={**os.environ, "PGPASSWORD": url.password or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        msg = f"{program} failed: {done.stderr.strip().splitlines()[-1:]}"
        raise StackError(msg)
