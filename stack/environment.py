"""Make the Python environment, with nothing but what Python itself brings.

Runs before any package is there: ``python stack/environment.py``. The
environment lies in the user's cache, named after what it is made of, so every
clone with the same requirements shares it. A file written last says that it is
whole; without that file it is made anew.
"""

from __future__ import annotations  # an old Python must get as far as the message

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parent.parent
SUPPORTED: Final = ("3.11", "3.12")
COMPLETE: Final = "vigil-complete"
MADE_OF: Final = (
    "requirements.txt",
    "constraints.txt",
    "docker/native/flink/connector",  # its jar joins PyFlink's own
    "docker/native/flink/flat_json",  # this, too
)


def unsupported(version: str, program: str) -> str:
    """Return why this Python cannot be used, and what to do; nothing if it can."""
    if version in SUPPORTED:
        return ""
    other = next((p for v in SUPPORTED if (p := shutil.which(f"python{v}"))), "")
    fix = "you have another" if other else "install one of them"
    return (
        f"Python {version} ({program}) does not run Vigil, {' and '.join(SUPPORTED)} "
        f"do: {fix} and name it: make PYTHON={other or 'python3.12'}"
    )


def cache_dir(env: Mapping[str, str]) -> Path:
    """Return where everything that is downloaded or built is kept, per user."""
    base = env.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(env.get("VIGIL_CACHE") or Path(base) / "vigil").absolute()


def made_of(root: Path) -> list[Path]:
    """Return the files of ``root`` that its environment is made of."""
    return [file for name in MADE_OF for file in files(root / name)]


def files(place: Path) -> list[Path]:
    """Return a file, or all files of a folder, always in the same order."""
    if place.is_file():
        return [place]
    return sorted(file for file in place.rglob("*") if file.is_file())


def environment_dir(root: Path, cache: Path, version: str) -> Path:
    """Return the folder of the environment that ``root`` asks for."""
    digest = hashlib.sha256(version.encode())
    for file in made_of(root):
        digest.update(file.read_bytes())
    return cache / f"venv-{digest.hexdigest()[:12]}"


def is_complete(environment: Path) -> bool:
    """Return whether ``environment`` was finished and its Python still exists."""
    return (environment / COMPLETE).exists() and (environment / "bin/python").exists()


def link(environment: Path, root: Path) -> None:
    """Point ``.venv`` of the clone at ``environment``, in one step."""
    target = root / ".venv"
    if target.is_symlink() and target.readlink() == environment:
        return
    if target.exists() and not target.is_symlink():
        sys.exit(f"{target} is not ours: move it away, Vigil puts a link there")
    temporary = root / f".venv-{os.getpid()}"
    temporary.symlink_to(environment)
    temporary.replace(target)


def make(environment: Path, root: Path) -> None:
    """Build the environment from the two files, and mark it as whole."""
    shutil.rmtree(environment, ignore_errors=True)
    try:
        venv.create(environment, with_pip=True)
    except (subprocess.CalledProcessError, OSError) as error:
        sys.exit(
            f"cannot make a virtual environment in {environment} ({error}): install "
            "your system's venv package (Debian: python3-venv), or free the disk"
        )
    _install(environment, root)
    (environment / COMPLETE).touch()


def _install(environment: Path, root: Path) -> None:
    log = environment / "pip.log"
    command = [f"{environment}/bin/python", "-m", "pip", "install"]
    command += ["--disable-pip-version-check", "--progress-bar", "off"]
    command += ["-r", f"{root}/requirements.txt", "-c", f"{root}/constraints.txt"]
    total = len((root / "constraints.txt").read_text(encoding="utf-8").splitlines())
    with log.open("w", encoding="utf-8") as copy, _started(command) as pip:
        collected = 0
        for line in pip.stdout or ():
            copy.write(line)
            collected += line.startswith("Collecting ")
            _show(line, f"{min(collected, total)} of {total}")
    if pip.returncode:
        sys.exit(f"\npip failed: {_cause(log)} (whole log: {log})")


@contextlib.contextmanager
def _started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(  # noqa: S603 - our own command line
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process
        except BaseException:
            process.terminate()
            raise


def _show(line: str, progress: str) -> None:
    verb, _, what = line.strip().partition(" ")
    if verb == "Downloading" and sys.stdout.isatty():
        _say(f"\r\033[K  {progress} packages: {what[:60]}")
    elif verb == "Downloading":
        _say(f"  {progress} packages: {what[:60]}\n")
    elif verb == "Installing":
        _say("\r\033[K  unpacking\n")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _cause(log: Path) -> str:
    lines = log.read_text(encoding="utf-8").splitlines()
    errors = [line for line in lines if "ERROR" in line] or lines[-1:]
    return errors[-1].strip() if errors else "it wrote nothing"


def main() -> None:
    """Make the environment if it is not there, and link it into the clone."""
    version = ".".join(map(str, sys.version_info[:2]))
    if problem := unsupported(version, sys.executable):
        sys.exit(problem)
    cache = cache_dir(os.environ)
    environment = environment_dir(ROOT, cache, version)
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_complete(environment):
            _make_and_tell(environment)
        link(environment, ROOT)


def _make_and_tell(environment: Path) -> None:
    started = time.monotonic()
    _say(f"Python environment, once per user: {environment}\n")
    make(environment, ROOT)
    _say(f"Python environment: done in {time.monotonic() - started:.0f} s\n")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nstopped; run it again to start over")
