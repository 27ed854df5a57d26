"""The jobs' plans, kept from one start to the next: making one takes seconds.

A plan fits as long as nothing that goes into it has changed: our packages, the
settings, Flink and its configuration. Its file is named after all of that.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from stack import configuration
from stack.environment import ROOT
from stack.flink_run import Cluster, packed_files

OPTION: Final = "vigil.plan"
"""The option by which a job learns its file (``jobs.environment.PLAN``)."""


def kept(
    cluster: Cluster, names: Iterable[str], root: Path = ROOT
) -> dict[str, dict[str, str]]:
    """Return, for each of the jobs called ``names``, the option that names its plan.

    Plans of these jobs that do not fit any more are removed.
    """
    digest = _digest(cluster, root)
    return {name: _kept(cluster.paths.plans, name, digest) for name in names}


def _kept(folder: Path, name: str, digest: str) -> dict[str, str]:
    file = folder / f"{name}-{digest}.json"
    for other in folder.glob(f"{name}-*.json"):
        if other != file:
            other.unlink()
    return {OPTION: str(file)}


def _digest(cluster: Cluster, root: Path) -> str:
    digest = hashlib.sha256()
    for part in _parts(cluster, root):
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()[:16]


def _parts(cluster: Cluster, root: Path) -> Iterator[bytes]:
    yield configuration.python().encode()
    yield json.dumps(cluster.settings.environment(), sort_keys=True).encode()
    yield str(cluster.servers.flink_home).encode()
    yield (cluster.paths.conf / "flink/config.yaml").read_bytes()
    for file, name in packed_files(root):
        yield str(name).encode()
        yield file.read_bytes()
