"""The process that sends the readings: start it, notice its death, stop it."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from stack.configuration import named
from stack.environment import ROOT
from stack.flink_run import Cluster
from stack.orphans import MARK
from stack.settings import PREFIX

PATIENCE_S: Final = 15


@dataclass(frozen=True, slots=True)
class Child:
    """A running process whose every word goes to ``log``."""

    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, command: Sequence[str], env: Mapping[str, str], log: Path) -> Self:
        """Start ``command`` apart from the terminal, so that Ctrl-C is ours alone."""
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own command line
                command,
                cwd=ROOT,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(process, log)

    @classmethod
    def beside(cls, cluster: Cluster, command: Sequence[str], name: str) -> Self:
        """Start ``command`` as a part of a stack; its log is that of ``name``."""
        mark = {MARK: str(cluster.paths.socket)}
        given = {k: v for k, v in cluster.env.items() if not k.startswith(PREFIX)}
        env = {**given, **named(cluster.settings, cluster.env), **mark}
        return cls.start(command, env, cluster.paths.log(name))

    def death(self) -> str:
        """Return why it is no longer there, in its own last words; nothing if it is."""
        code = self.process.poll()
        if code is None:
            return ""
        words = last_words(self.log.read_text("utf-8", "replace"))
        why = words if code >= 0 else f"killed by {signal.Signals(-code).name}"
        return f"no more readings, the sender ended: {why} (its log: {self.log})"

    def stop(self) -> None:
        """Ask it to end, and see that it does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def last_words(output: str) -> str:
    """Return the last line that says something."""
    said = [line.strip() for line in output.splitlines() if line.strip()]
    return said[-1] if said else "it said nothing"
