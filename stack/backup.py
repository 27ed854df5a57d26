"""One file with all that cannot be made again, and the stack made from it.

Readings on their way are not in it: what was stored of them is, in InfluxDB. The file
holds secrets and what is known of patients: it is the owner's alone, and belongs where
such files are kept.
"""

import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console

from stack import alarms_backup, influx_backup, kept_topics
from stack.credentials import InfluxAdmin
from stack.errors import StackError
from stack.flink_run import newest_checkpoint
from stack.paths import Paths
from stack.settings import Settings
from stack.steps import step
from stack.supervision import Supervisor

FILES: Final = (
    "secrets.env",
    "link.key",
    "flink.key",
    "influx-write.token",
    "influx-read.token",
)
"""What lies in the data folder and is copied as it is."""
FOLDERS: Final = ("data", "influxdb", "topics", "checkpoints")
"""What every backup has, were it empty."""
TRIES: Final = 5


def save(
    settings: Settings,
    database_url: str,
    env: Mapping[str, str],
    file: Path,
    console: Console,
) -> None:
    """Write the backup into ``file``, in one step, while the stack runs."""
    if file.exists():
        msg = f"{file} is there already: name another"
        raise StackError(msg)
    paths = Paths(settings.state_dir)
    admin = InfluxAdmin.load(settings, env)
    with _beside(file.absolute()) as (folder, unfinished):
        for name in FOLDERS:
            (folder / name).mkdir()
        with step(console, "Secrets, jobs and their checkpoints"):
            _copy_files(paths, folder)
        with step(console, "Alarms"):
            alarms_backup.write(database_url, folder / "data")
        with step(console, "Topics"):
            kept_topics.write(settings.kafka_brokers, folder / "topics")
        with step(console, "InfluxDB"):
            influx_backup.write(settings, admin, folder / "influxdb")
        with step(console, "Pack"):
            _pack(folder, unfinished)
            unfinished.replace(file)


def restore(
    settings: Settings, database_url: str, file: Path, console: Console
) -> None:
    """Make the stack, which is down and wiped, what ``file`` holds.

    Topics are filled when the broker is up: by the next ``up``.
    """
    paths = Paths(settings.state_dir)
    with paths.alone():
        _demand_empty(paths)
        if not file.exists():
            msg = f"there is no {file}"
            raise StackError(msg)
        paths.make()
        with tempfile.TemporaryDirectory(dir=paths.run) as temporary:
            folder = Path(temporary)
            with step(console, "Unpack"):
                _unpack(file, folder)
            paths.restoring.write_text(str(file), encoding="utf-8")
            with step(console, "Alarms"):
                alarms_backup.put_back(database_url, folder / "data")
            with step(console, "Everything else"):
                _put_back(paths, folder)
        paths.restoring.unlink()


def demand_whole(paths: Paths) -> None:
    """Refuse a stack of which only a part was restored."""
    if paths.restoring.exists():
        file = paths.restoring.read_text("utf-8")
        msg = f"{file} was restored in part only: make reset, and restore it again"
        raise StackError(msg)


def fill_topics(settings: Settings) -> None:
    """Publish what a backup held of topics, if it was not published yet."""
    folder = Paths(settings.state_dir).topics
    if folder.exists():
        kept_topics.publish(settings.kafka_brokers, folder)
        shutil.rmtree(folder)


def _demand_empty(paths: Paths) -> None:
    if Supervisor(paths).is_up():
        msg = f"the stack in {paths.state} is running: make down first"
        raise StackError(msg)
    demand_whole(paths)
    if paths.data.exists() and any(paths.data.iterdir()):
        msg = f"{paths.data} is not empty: make reset first"
        raise StackError(msg)


def _copy_files(paths: Paths, folder: Path) -> None:
    for name in FILES:
        if (paths.data / name).exists():
            shutil.copy2(paths.data / name, folder / "data")
    if paths.wishes.exists():
        shutil.copytree(paths.wishes, folder / "wishes")
    for job in sorted(paths.checkpoints.glob("*")):
        _copy_checkpoint(job, folder / "checkpoints" / job.name)


def _copy_checkpoint(job: Path, target: Path) -> None:
    """Copy a job's newest checkpoint; a newer one may take its place meanwhile."""
    for _ in range(TRIES):
        newest = newest_checkpoint(job)
        if newest is None:
            return
        copy = target / newest.relative_to(job)
        try:
            shutil.copytree(newest, copy)
        except (shutil.Error, FileNotFoundError):
            shutil.rmtree(copy, ignore_errors=True)
        else:
            return
    msg = f"{job} changes too fast to be copied: try again"
    raise StackError(msg)


def _put_back(paths: Paths, folder: Path) -> None:
    for name in FILES:
        if (folder / "data" / name).exists():
            shutil.copy2(folder / "data" / name, paths.data)
    for name, target in (
        ("influxdb", paths.data / "influxdb"),
        ("checkpoints", paths.checkpoints),
        ("wishes", paths.wishes),
        ("topics", paths.topics),
    ):
        if (folder / name).exists():
            shutil.copytree(folder / name, target, dirs_exist_ok=True)


@contextmanager
def _beside(file: Path) -> Iterator[tuple[Path, Path]]:
    """Yield a folder and a file on the disk of ``file``; neither outlives this."""
    with tempfile.TemporaryDirectory(prefix=".vigil-", dir=file.parent) as temporary:
        folder = Path(temporary, "files")
        folder.mkdir()
        yield folder, Path(temporary, "packed")


def _pack(folder: Path, target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        with tarfile.open(fileobj=opened, mode="w:gz", compresslevel=3) as packed:
            packed.add(folder, ".")
        opened.flush()
        os.fsync(descriptor)


def _unpack(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file) as packed:
            packed.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        msg = f"{file} is no whole backup: {error}"
        raise StackError(msg) from None
    if missing := [name for name in FOLDERS if not (folder / name).is_dir()]:
        msg = f"{file} is no backup of Vigil: there is no {', '.join(missing)} in it"
        raise StackError(msg)
