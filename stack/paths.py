"""Where the running stack keeps its things: data, logs, sockets, settings."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path


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
    def given(self) -> Path:
        """Settings of alarms and of the page that the environment gave to ``up``."""
        return self.conf / "given.env"

    @property
    def socket(self) -> Path:
        """The supervisor's socket; the state folder's path may be too long for one."""
        name = hashlib.sha256(str(self.state).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"vigil-{name}.sock"

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
