"""What must be true before anything is installed or started.

Each check returns the problems it found, one line each: cause, then fix. They
are gathered, so that a person reads all of them at once.
"""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import psutil

from stack.errors import StackError

Problems = list[str]

JAVA_OLDEST: Final = 17
DISK_GB: Final = 3
LOCALHOST: Final = "127.0.0.1"


def demand(problems: Iterable[str]) -> None:
    """Raise one error that names all problems, or none."""
    lines = list(problems)
    if lines:
        raise StackError("\n".join(lines))


def java(env: Mapping[str, str]) -> str:
    """Return the Java that Flink's own scripts would choose."""
    home = env.get("JAVA_HOME")
    return f"{home}/bin/java" if home else shutil.which("java", path=path(env)) or ""


def path(env: Mapping[str, str]) -> str:
    """Return where programs are looked for."""
    return env.get("PATH", os.defpath)


def java_problems(env: Mapping[str, str]) -> Problems:
    """Say what is wrong with Java, if anything."""
    program = java(env)
    fix = f"install JDK {JAVA_OLDEST} or later, and let JAVA_HOME or PATH lead to it"
    if not program or not os.access(program, os.X_OK):
        return [f"Java is missing{f' in JAVA_HOME ({program})' * bool(program)}: {fix}"]
    version = java_version(_output([program, "-version"], env))
    if version < JAVA_OLDEST:
        return [f"Java {version} ({program}) is too old: {fix}"]
    return []


def java_version(text: str) -> int:
    """Return the major version that ``java -version`` printed; 0 if it is not there."""
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found.group(1)) if found else 0


def tool_problems(env: Mapping[str, str], tools: Mapping[str, str]) -> Problems:
    """Name the tools that are not on PATH; ``tools`` maps each to why and how."""
    return [
        f"{tool} is missing: {why}"
        for tool, why in tools.items()
        if not shutil.which(tool, path=path(env))
    ]


def disk_problems(
    folder: Path,
    *,
    needed_gb: float = DISK_GB,
    usage: Callable[[Path], object] = shutil.disk_usage,
) -> Problems:
    """Say when the disk that holds ``folder`` is too full."""
    existing = next(p for p in (folder, *folder.parents) if p.exists())
    free_gb = getattr(usage(existing), "free", 0) / 1e9
    if free_gb >= needed_gb:
        return []
    msg = (
        f"disk of {folder} has {free_gb:.1f} GB free, {needed_gb:g} GB are needed: "
        "free some, or set VIGIL_CACHE and VIGIL_STATE_DIR to another disk"
    )
    return [msg]


def port_problems(ports: Mapping[str, int]) -> Problems:
    """Name each busy port and who holds it; ``ports`` maps setting to number."""
    return [
        f"port {port} is taken by {holder(port)}: stop it, or set {setting} to a "
        "free port"
        for setting, port in ports.items()
        if not is_free(port)
    ]


def shared_ports(ports: Mapping[str, int]) -> Problems:
    """Name each port that two settings give, of which only one server could have it."""
    by_port: dict[int, list[str]] = {}
    for setting, port in ports.items():
        by_port.setdefault(port, []).append(setting)
    return [
        f"port {port} is that of {' and '.join(settings)}: give each its own"
        for port, settings in by_port.items()
        if len(settings) > 1
    ]


def is_free(port: int) -> bool:
    """Return whether a server could listen on ``port`` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """Return who listens on ``port``, as far as one may see."""
    try:
        held = psutil.net_connections("tcp")
        pids = [c.pid for c in held if _listens(c, port) and c.pid]
        return f"{psutil.Process(pids[0]).name()} (pid {pids[0]})"
    except (psutil.Error, IndexError):
        return "another process"


def _listens(connection: object, port: int) -> bool:
    address = getattr(connection, "laddr", None)
    listening = getattr(connection, "status", "") == psutil.CONN_LISTEN
    return listening and getattr(address, "port", None) == port


def _output(command: list[str], env: Mapping[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own command lines
        command, env=dict(env), capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr
