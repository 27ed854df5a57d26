"""Real processes of `python -m alerts serve`, for tests that kill and pause them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alerts.database import Database
from alerts.heartbeat import ALERTS
from alerts.lease import LeaseRow
from stack.environment import ROOT
from stack.waiting import until

NOWHERE: Final = "127.0.0.1:1"


@dataclass(frozen=True)
class Serve:
    """One process."""

    process: subprocess.Popen[bytes]
    log: Path

    def sends(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def leads(self, database: Database) -> bool:
        """Return whether the lease is its own."""
        with database.reading() as session:
            row = session.get(LeaseRow, ALERTS)
            return row is not None and f":{self.process.pid}:" in row.holder

    def awaited(self, database: Database) -> None:
        """Wait until it leads."""
        until(lambda: self.leads(database), otherwise=self.log.read_text)


@contextmanager
def serving(
    folder: Path,
    name: str,
    settings: Mapping[str, str],
    alerts: Sequence[str] = ("-m", "alerts"),
) -> Iterator[Serve]:
    """Run a process whose state is in ``folder``; end it however it stands."""
    log = folder / f"{name}.log"
    env = {k: v for k, v in os.environ.items() if not k.startswith("VIGIL_")}
    ours = {
        "VIGIL_STATE_DIR": str(folder),
        "VIGIL_KAFKA_BROKERS": NOWHERE,
        "VIGIL_FLINK_URL": f"http://{NOWHERE}",
        "VIGIL_ALERTS_SYNTHETIC": "0",
    }
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, *alerts, "serve"],
            cwd=ROOT,
            env={**env, **ours, **settings},
            stdout=out,
            stderr=out,
        )
    try:
        yield Serve(process, log)
    finally:
        process.kill()
        process.wait()
