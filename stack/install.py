"""Install what is missing into the user's cache, whole or not at all."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console

from stack import checks, influxd_build
from stack.servers import (
    AUTHORIZATION_POM,
    CONNECTOR_POM,
    FLAT_JSON_POM,
    KAFKA_POM,
    Servers,
    find,
    named_problems,
    pyflink_home,
    without_version,
)
from stack.settings import Settings
from stack.steps import Tell, run, step

UNFINISHED: Final = ".unfinished-"
MAVEN: Final = {"mvn": "it fetches Kafka; install Maven 3"}


def install(settings: Settings, env: Mapping[str, str], console: Console) -> Servers:
    """Make every part available, and return where the parts are."""
    servers = find(settings, env)
    checks.demand(problems(settings, servers, env))
    if missing(servers):
        with _alone(settings.cache, console):
            _install(servers, settings.cache, env, console)
    for jars in (servers.connector, servers.flat_json):
        _add(jars, pyflink_home() / "lib")
    return servers


def problems(
    settings: Settings, servers: Servers, env: Mapping[str, str]
) -> checks.Problems:
    """Return everything that stands in the way, one line each."""
    found = named_problems(settings) + checks.java_problems(env)
    if missing(servers):
        found += checks.disk_problems(settings.cache)
    if not all(part.exists() for part in _by_maven(servers)):
        found += checks.tool_problems(env, MAVEN)
    if not servers.influxd.exists() and not settings.influxd:
        found += checks.tool_problems(env, influxd_build.NEEDED)
    return found


def missing(servers: Servers) -> bool:
    """Return whether anything has yet to be installed."""
    parts = (*_by_maven(servers), servers.influxd)
    return not all(part.exists() for part in parts)


def _by_maven(servers: Servers) -> tuple[Path, ...]:
    return (
        servers.kafka_libs,
        servers.connector,
        servers.flat_json,
        servers.authorization,
    )


def _install(
    servers: Servers, cache: Path, env: Mapping[str, str], console: Console
) -> None:
    if not servers.kafka_libs.exists():
        with _whole(servers.kafka_libs.parent) as (target, _):
            log = _empty_log(cache, "kafka")
            with step(console, "Kafka broker") as tell:
                _fetch(KAFKA_POM, target / "libs", env, log, tell)
    if not servers.connector.exists():
        with _whole(servers.connector) as (target, _):
            log = _empty_log(cache, "connector")
            with step(console, "Flink's Kafka connector") as tell:
                _fetch(CONNECTOR_POM, target, env, log, tell)
    if not servers.flat_json.exists():
        with _whole(servers.flat_json) as (target, _):
            log = _empty_log(cache, "flat-json")
            with step(console, "Flink's reader of messages") as tell:
                _build(FLAT_JSON_POM, target, env, log, tell)
    if not servers.authorization.exists():
        with _whole(servers.authorization) as (target, _):
            log = _empty_log(cache, "authorization")
            with step(console, "Key to Flink's REST interface") as tell:
                _build(AUTHORIZATION_POM, target, env, log, tell)
    if not servers.influxd.exists():
        with _whole(servers.influxd.parent) as (target, work):
            log = _empty_log(cache, "influxdb")
            influxd_build.build(target, work, env, log, console)


def _fetch(
    pom: Path, target: Path, env: Mapping[str, str], log: Path, tell: Tell
) -> None:
    """Copy what ``pom`` names, and all that needs, into ``target``."""
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
    _maven(pom, [*goal, f"-DoutputDirectory={target}"], env, log, tell)


def _build(
    pom: Path, target: Path, env: Mapping[str, str], log: Path, tell: Tell
) -> None:
    """Compile what lies beside ``pom`` into a jar in ``target``."""
    _maven(pom, ["package", f"-DoutputDirectory={target}"], env, log, tell)


def _maven(
    pom: Path, goal: list[str], env: Mapping[str, str], log: Path, tell: Tell
) -> None:
    command = ["mvn", "-B", "-f", str(pom), *goal]
    run(command, cwd=pom.parent, env=env, log=log, tell=tell)


def _empty_log(cache: Path, name: str) -> Path:
    log = cache / "logs" / f"install-{name}.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text("", encoding="utf-8")
    return log


def _add(jars: Path, lib: Path) -> None:
    """Put the jars of a folder among Flink's own, in one step; replace older ones."""
    for jar in jars.glob("*.jar"):
        name = without_version(jar)
        for old in lib.glob("*.jar"):
            if without_version(old) == name and old.name != jar.name:
                old.unlink()
        if not (lib / jar.name).exists():
            unfinished = lib / f"{jar.name}.{os.getpid()}"
            shutil.copyfile(jar, unfinished)
            unfinished.rename(lib / jar.name)


@contextmanager
def _whole(final: Path) -> Iterator[tuple[Path, Path]]:
    """Yield a folder that becomes ``final`` if all goes well, and a scratch one."""
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=final.parent) as folder:
        target, work = Path(folder, "target"), Path(folder, "work")
        target.mkdir()
        work.mkdir()
        yield target, work
        target.rename(final)


@contextmanager
def _alone(cache: Path, console: Console) -> Iterator[None]:
    """Let one install at a time into ``cache``; sweep up after one that was killed."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "install.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.print("another install is at work; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in cache.glob(f"{UNFINISHED}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield
