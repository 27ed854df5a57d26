"""Where the running stack keeps its things: data, logs, sockets, settings."""

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stack.errors import StackError

LONGEST_SOCKET: Final = 90
"""Linux takes 107 bytes, and the supervisor tries a longer name first."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Folders below the state folder, each with one purpose."""

    state: Path

    @property
    def data(self) -> Path:
        """What must survive ``down`` and ``up``: the broker's and database's files."""
        return self.state / "data"

    @property
    def checkpoints(self) -> Path:
        """The jobs' checkpoints, a folder a job."""
        return self.state / "checkpoints"

    @property
    def plans(self) -> Path:
        """The jobs' plans, a file a job."""
        return self.state / "plans"

    @property
    def wishes(self) -> Path:
        """Which jobs are to run, a file a job."""
        return self.state / "wishes"

    @property
    def logs(self) -> Path:
        """Every log file."""
        return self.state / "logs"

    @property
    def conf(self) -> Path:
        """Configuration files, written anew by every ``up``."""
        return self.state / "conf"

    @property
    def run(self) -> Path:
        """What is worth nothing once the stack is down."""
        return self.state / "run"

    @property
    def topics(self) -> Path:
        """What a backup held of topics, until they are filled with it."""
        return self.data / "topics"

    @property
    def given(self) -> Path:
        """Settings of alarms and of the page that the environment gave to ``up``."""
        return self.conf / "given.env"

    @property
    def socket(self) -> Path:
        """The supervisor's socket, where nobody else can put one.

        Raises
        ------
        StackError
            The state folder's path is too long for a socket, and the folder that we
            would take instead is not ours.
        """
        here = self.run / "supervisor.sock"
        if len(os.fsencode(here)) <= LONGEST_SOCKET:
            return here
        name = hashlib.sha256(os.fsencode(self.state)).hexdigest()[:16]
        return _our_folder() / f"{name}.sock"

    @property
    def restoring(self) -> Path:
        """There as long as a restore is not finished: what lies here is half."""
        return self.state / "restoring"

    @property
    def pid_file(self) -> Path:
        """Where the supervisor says which process it is."""
        return self.run / "supervisord.pid"

    def log(self, service: str) -> Path:
        """Return the log file of one service."""
        return self.logs / f"{service}.log"

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder of the stack's own; what must survive comes first."""
        kept = (self.data, self.checkpoints, self.plans, self.wishes)
        return (*kept, self.run, self.conf, self.logs)

    def make(self) -> None:
        """Create every folder that is missing; what they hold is the owner's alone."""
        for folder in self.folders:
            folder.mkdir(parents=True, exist_ok=True)
        self.state.chmod(0o700)
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)

    @contextmanager
    def alone(self, waits: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Let one process at a time start, wipe or restore this stack."""
        self.state.mkdir(parents=True, exist_ok=True)
        folder = os.open(self.state, os.O_RDONLY | os.O_DIRECTORY)
        try:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waits()
                fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def _our_folder() -> Path:
    """Return our folder among everybody's; refuse one that others may write to."""
    folder = Path(tempfile.gettempdir()) / f"vigil-{os.geteuid()}"
    with suppress(FileNotFoundError):
        found = folder.lstat()
        alone = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if not alone or found.st_uid != os.geteuid():
            msg = f"{folder} is not ours alone: remove it, or shorten VIGIL_STATE_DIR"
            raise StackError(msg)
    return folder
