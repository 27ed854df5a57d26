"""Talk to the supervisor that keeps the servers running."""

import subprocess
import sys
import xmlrpc.client
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final, Self

import psutil
from supervisor.xmlrpc import Faults, SupervisorTransport

from stack.ending import end
from stack.errors import StackError
from stack.orphans import of_stack
from stack.paths import Paths
from stack.servers import NATIVE
from stack.waiting import until

SERVICES: Final = (
    "kafka",
    "influxd",
    "jobmanager",
    "taskmanager",
    "alerts",
    "fixes",
    "timetable",
    "keeper",
    "gateway",
)
STOPPING_S: Final = 240
"""Longer than all servers together may take by ``stopwaitsecs``."""
GRACE_S: Final = 10

Unreachable = (OSError, HTTPException)
"""How it shows that there is no supervisor."""
Ending = (*Unreachable, xmlrpc.client.Error)
"""And that it is about to end: then it answers nothing but that."""
_GOES_ON: Final = (Faults.ALREADY_STARTED, Faults.ABNORMAL_TERMINATION)


@dataclass(frozen=True, slots=True)
class Process:
    """One supervised server, as the supervisor sees it now."""

    name: str
    state: str
    pid: int
    uptime_s: int

    @classmethod
    def of(cls, info: Mapping[str, Any]) -> Self:
        """Read one entry of the supervisor's answer."""
        uptime_s = info["now"] - info["start"] if info["pid"] else 0
        return cls(info["name"], info["statename"].lower(), info["pid"], uptime_s)


@dataclass(frozen=True, slots=True)
class Supervisor:
    """The supervisor of one state folder."""

    paths: Paths

    def _ask(self, method: str, *arguments: str) -> Any:  # noqa: ANN401 - its answer
        transport = SupervisorTransport(None, None, f"unix://{self.paths.socket}")
        with xmlrpc.client.ServerProxy("http://localhost", transport) as supervisor:
            return getattr(supervisor.supervisor, method)(*arguments)

    def is_up(self) -> bool:
        """Return whether the supervisor answers."""
        try:
            return bool(self._ask("getState")["statename"] == "RUNNING")
        except Ending:
            return False

    def launch(self, env: Mapping[str, str]) -> None:
        """Start the supervisor, which starts every server; wait until it answers."""
        conf = NATIVE / "supervisord.conf"
        done = subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(conf)],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            msg = (
                f"the supervisor did not start: {(done.stderr or done.stdout).strip()}"
            )
            raise StackError(msg)
        log = self.paths.log("supervisord")
        until(self.is_up, otherwise=lambda: f"the supervisor is silent: read {log}")

    def processes(self) -> list[Process]:
        """Return the servers, the most basic first; none when down."""
        try:
            answer = self._ask("getAllProcessInfo")
        except Ending:
            return []
        found = {info["name"]: Process.of(info) for info in answer}
        return [found[name] for name in SERVICES if name in found]

    def pid(self, service: str) -> int:
        """Return the process id of a running server."""
        for process in self.processes():
            if process.name == service and process.pid:
                return process.pid
        msg = f"{service} is not running: see {self.paths.log(service)}"
        raise StackError(msg)

    def start(self, service: str) -> None:
        """Start one server and return as soon as its process runs.

        One that the supervisor has started meanwhile, or starts again because it
        died at once, is the supervisor's.
        """
        try:
            self._ask("startProcess", service)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode not in _GOES_ON:
                raise

    def stop(self, service: str) -> None:
        """Stop one server and keep it stopped until it is started again."""
        self._ask("stopProcess", service)

    def shut_down(self) -> list[int]:
        """Stop every server, then the supervisor; return what had to be killed.

        A worker whose task manager was killed belongs to nobody any more, and a
        supervisor that was killed stops nothing: both are swept up here.
        """
        with suppress(ValueError, OSError, psutil.Error):
            supervisor = psutil.Process(int(self.paths.pid_file.read_text("utf-8")))
            if supervisor in self.survivors():
                with suppress(*Ending):
                    self._ask("shutdown")
                supervisor.wait(STOPPING_S)
        stubborn = end(self.survivors(), GRACE_S)
        self.paths.socket.unlink(missing_ok=True)
        return [process.pid for process in stubborn]

    def survivors(self) -> list[psutil.Process]:
        """Return every process of this stack that is still there."""
        return of_stack(str(self.paths.socket))
