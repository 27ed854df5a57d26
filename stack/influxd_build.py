"""Build the InfluxDB server from source, where none is installed.

Its query language is a Rust library that Go links in. A wrapper of InfluxData's
own stands in for ``pkg-config``, and builds that library when Go asks for it.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rich.console import Console

from stack.servers import INFLUXDB_MODULE
from stack.steps import run, step

PACKAGE: Final = "github.com/influxdata/influxdb/v2/cmd/influxd"
WRAPPER: Final = "github.com/influxdata/pkg-config"
TAGS: Final = "sqlite_foreign_keys,sqlite_json"
VERSION: Final = "2.7.12"

NEEDED: Final = {
    "go": "it builds InfluxDB; install Go 1.23 or later, or an influxd 2.x",
    "cargo": "it builds InfluxDB; install Rust, or an influxd 2.x",
    "gcc": "it builds InfluxDB; install a C compiler, or an influxd 2.x",
    "pkg-config": "it builds InfluxDB; install pkg-config, or an influxd 2.x",
}

LENIENT_RUSTC: Final = '#!/bin/sh\nexec "$@" --cap-lints warn\n'
"""The library denies warnings; compilers younger than it have new ones."""


def build(
    target: Path, work: Path, env: Mapping[str, str], log: Path, console: Console
) -> None:
    """Build ``influxd`` in the empty folder ``work`` and put it into ``target``."""
    module = shutil.copytree(INFLUXDB_MODULE, work / "module")
    build_env = _environment(work, env)
    with step(console, "InfluxDB 1/3: download its sources") as tell:
        for command in (["go", "mod", "download"], _go_build(work, WRAPPER)):
            run(command, cwd=module, env=build_env, log=log, tell=tell)
    with step(console, "InfluxDB 2/3: build its query library (Rust)") as tell:
        wrapper = [f"{work}/bin/pkg-config", "--cflags", "flux"]
        run(wrapper, cwd=module, env=build_env, log=log, tell=tell)
    with step(console, "InfluxDB 3/3: build the server (Go)") as tell:
        command = _go_build(work, PACKAGE, "-v", "-trimpath", "-tags", TAGS)
        run(command, cwd=module, env=build_env, log=log, tell=tell)
    (work / "bin/influxd").rename(target / "influxd")


def _go_build(work: Path, package: str, *options: str) -> list[str]:
    flags = f"-s -w -X main.version={VERSION}"
    return ["go", "build", *options, "-ldflags", flags, "-o", f"{work}/bin/", package]


def _environment(work: Path, env: Mapping[str, str]) -> dict[str, str]:
    """Return ``env`` with a compiler cache of its own.

    A half-made one must not outlive the build that was interrupted.
    """
    lenient = work / "rustc.sh"
    lenient.write_text(LENIENT_RUSTC, encoding="utf-8")
    lenient.chmod(0o700)
    (work / "bin").mkdir()
    return {
        **env,
        "PATH": f"{work}/bin{os.pathsep}{env.get('PATH', os.defpath)}",
        "PKG_CONFIG": f"{work}/bin/pkg-config",
        "GOCACHE": f"{work}/go-cache",
        "GOFLAGS": "-mod=readonly",
        "RUSTC_WRAPPER": str(lenient),
        **_toolchain(env),
    }


def _toolchain(env: Mapping[str, str]) -> dict[str, str]:
    """Name the user's own Rust: the library asks rustup for one that is not there."""
    if "RUSTUP_TOOLCHAIN" in env or not shutil.which("rustup", path=env.get("PATH")):
        return {}
    active = subprocess.run(
        ["rustup", "default"],  # noqa: S607 - the user's own
        env=dict(env),
        capture_output=True,
        text=True,
        check=False,
    )
    return {"RUSTUP_TOOLCHAIN": active.stdout.split()[0]} if active.stdout else {}
