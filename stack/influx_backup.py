"""All that InfluxDB holds, by its own interface for backups, while it serves.

What it hands out are its own files: put where it looks for them, before it starts,
they are the database as it was. It makes its index anew.
"""

import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import orjson

from stack.credentials import InfluxAdmin
from stack.errors import StackError
from stack.settings import Settings

TIMEOUT_S: Final = 600.0
BOLT: Final = "influxd.bolt"
SQLITE: Final = "influxd.sqlite"
SHARDS: Final = "engine/data"
NAMED: Final = re.compile(rb'name="(\w+)"')


def write(settings: Settings, admin: InfluxAdmin, folder: Path) -> None:
    """Write the database's files into ``folder``, as they lie below its own."""
    token = admin.influx_token.get_secret_value()
    client = httpx.Client(
        base_url=settings.influx_url,
        timeout=TIMEOUT_S,
        headers={"Authorization": f"Token {token}"},
    )
    try:
        with client:
            parts = _metadata(client)
            (folder / BOLT).write_bytes(parts["kv"])
            (folder / SQLITE).write_bytes(parts["sql"])
            for shard in _shards(orjson.loads(parts["buckets"])):
                _write_shard(client, shard, folder / SHARDS)
    except httpx.HTTPError as error:
        msg = f"InfluxDB does not let itself be backed up: {error}"
        raise StackError(msg) from None


def _metadata(client: httpx.Client) -> dict[str, bytes]:
    answer = client.get("/api/v2/backup/metadata").raise_for_status()
    _, _, boundary = answer.headers["Content-Type"].partition("boundary=")
    return dict(parts_of(answer.content, boundary.strip('"').encode()))


def parts_of(body: bytes, boundary: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each part of a multipart ``body``, byte for byte."""
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        if found := NAMED.search(head):
            yield found[1].decode(), content


def _shards(buckets: list[dict[str, Any]]) -> Iterator[int]:
    for bucket in buckets:
        for policy in bucket["retentionPolicies"]:
            for group in policy["shardGroups"] or ():
                if not group.get("deletedAt"):
                    yield from (shard["id"] for shard in group["shards"])


def _write_shard(client: httpx.Client, shard: int, folder: Path) -> None:
    """Write one shard's files; one that ran out meanwhile is none any more."""
    path = f"/api/v2/backup/shards/{shard}"
    folder.mkdir(parents=True, exist_ok=True)
    packed = folder / f"{shard}.tar"
    with client.stream("GET", path) as answer:
        if answer.status_code == httpx.codes.NOT_FOUND:
            return
        answer.raise_for_status()
        with packed.open("wb") as opened:
            for piece in answer.iter_bytes():
                opened.write(piece)
    with tarfile.open(packed) as files:
        files.extractall(folder, filter="data")
    packed.unlink()
