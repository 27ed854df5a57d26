"""Flink's own ``flink run``: its command line, and what its output means."""

import json
import os
import re
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stack import configuration
from stack.environment import ROOT
from stack.flink_rest import Flink, authorization
from stack.paths import Paths
from stack.servers import Servers, without_version
from stack.settings import Settings
from stack.wishes import Wishes

PACKAGES: Final = ("jobs", "cep_patterns", "scores", "producers", "eeg")
JOBS_FOLDER: Final = ROOT / "jobs"
ARCHIVE: Final = ROOT / "build/vigil.zip"
CLIENT_ERROR: Final = re.compile(r"(?m)^\S+ ERROR org\.apache\.flink\.client\.")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where jobs are sent, and with which Flink."""

    settings: Settings
    servers: Servers
    env: Mapping[str, str]

    @property
    def paths(self) -> Paths:
        """Where checkpoints and logs are."""
        return Paths(self.settings.state_dir)

    @property
    def flink(self) -> Flink:
        """The cluster's REST interface."""
        return Flink(self.settings.flink_url, self.settings.flink_key_file)

    @property
    def wishes(self) -> Wishes:
        """Which jobs are to run."""
        return Wishes(self.paths.wishes)

    def checkpoints(self, name: str) -> Path:
        """Return where the job called ``name`` keeps its checkpoints."""
        return self.paths.checkpoints / name


def archive(root: Path = ROOT, target: Path = ARCHIVE) -> Path:
    """Write the packages that jobs import into one zip file, in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(f".{os.getpid()}")
    with zipfile.ZipFile(unfinished, "w") as packed:
        for file, name in packed_files(root):
            packed.write(file, name)
    return unfinished.replace(target)


def packed_files(root: Path = ROOT) -> Iterator[tuple[Path, Path]]:
    """Yield the files of the packages that jobs import, and their names below."""
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file, file.relative_to(root)


def newest_checkpoint(checkpoints: Path) -> Path | None:
    """Return the last complete checkpoint that a job's folder holds.

    Of one that was being written when the machine lost its power, the file may be
    there and empty.
    """
    complete = _with_stat(checkpoints.glob("*/chk-*/_metadata"))
    whole = [(stat.st_mtime_ns, file) for stat, file in complete if stat.st_size]
    return max(whole)[1].parent if whole else None


def _with_stat(files: Iterable[Path]) -> Iterator[tuple[os.stat_result, Path]]:
    """Yield what is known of each file; a job that runs may just have removed one."""
    for file in files:
        with suppress(FileNotFoundError):
            yield file.stat(), file


def options(cluster: Cluster, name: str, *, fresh: bool) -> dict[str, str]:
    """Return the Flink options of the job called ``name``.

    Unless ``fresh``, it goes on from its newest checkpoint, and owns it.
    """
    checkpoints = cluster.checkpoints(name)
    keep = {"execution.checkpointing.dir": configuration.flink_path(checkpoints)}
    newest = None if fresh else newest_checkpoint(checkpoints)
    if newest is None:
        return keep
    path = configuration.flink_path(newest)
    resume = {"path": path, "claim-mode": "CLAIM"}
    return keep | {f"execution.state-recovery.{k}": v for k, v in resume.items()}


def command_line(
    cluster: Cluster, jobs: Mapping[str, Mapping[str, str]], packed: Path
) -> list[str]:
    """Return the ``flink run`` line that submits ``jobs``, each with its options."""
    python = configuration.python()
    command = [f"{cluster.servers.flink_home}/bin/flink", "run", "--detached"]
    command += _jars(cluster.servers)
    command += ["-pyexec", python, "-pyclientexec", python]
    command += ["-pyfs", str(packed), "-py", str(JOBS_FOLDER / "together.py")]
    return [*command, json.dumps(jobs)]


def _jars(servers: Servers) -> list[str]:
    """Bring along what tables need and that Flink has not."""
    there = {without_version(j) for j in servers.flink_home.glob("lib/*.jar")}
    lacking = [
        jar.as_uri()
        for part in (servers.connector, servers.flat_json)
        for jar in part.glob("*.jar")
        if without_version(jar) not in there
    ]
    return [f"-Dpipeline.jars={';'.join(lacking)}"] if lacking else []


def run(cluster: Cluster, command: list[str], log: Path) -> str:
    """Run ``flink``, keep what it says in ``log``, and return it."""
    environment = configuration.environment(
        cluster.settings, cluster.servers, cluster.paths, cluster.env
    )
    environment |= client_headers(cluster.settings)
    done = subprocess.run(  # noqa: S603 - our own command line
        command,
        cwd=cluster.paths.run,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    log.write_text(f"$ {' '.join(command)}\n{done.stdout}", encoding="utf-8")
    return done.stdout


def client_headers(settings: Settings) -> dict[str, str]:
    """Return the variable by which Flink's client sends the key: its only way."""
    headers = authorization(settings.flink_key_file).items()
    lines = "\n".join(f"{name}:{value}" for name, value in headers)
    return {"FLINK_REST_CLIENT_HEADERS": lines} if lines else {}


def root_cause(output: str) -> str:
    """Return the innermost cause that Java or Python names in ``output``.

    Flink's client repeats each failure with a stack of its own; what counts
    stands before that, if it stands anywhere.
    """
    said = CLIENT_ERROR.split(output, maxsplit=1)
    lines = [line for line in said[0].splitlines() if line and line[0] not in "$ \t"]
    causes = [line for line in lines if line.startswith("Caused by: ")]
    found = (causes or lines or said[-1].splitlines()[1:2] or ["nothing said"])[-1]
    return found.removeprefix("Caused by: ")
