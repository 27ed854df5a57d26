"""A database alone: each token does its part, and a backup is the database."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from jobs.measurements import BUCKETS
from producers.secrecy import EXAMPLE
from stack import credentials, influx_backup, influxdb
from stack.credentials import InfluxAdmin
from stack.servers import find
from stack.settings import Settings
from stack.waiting import PATIENCE_S, until
from tests.alerts.mail_server import free_port

pytestmark = pytest.mark.system

POINTS = 500


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings of a database of the test's own."""
    port = free_port()
    env = {"VIGIL_STATE_DIR": str(tmp_path / "state"), "VIGIL_INFLUX_PORT": str(port)}
    return Settings.load(env, (EXAMPLE,))


@pytest.fixture
def admin(settings: Settings, tmp_path: Path) -> InfluxAdmin:
    """Return with what it is set up."""
    none = tmp_path / "none"
    credentials.make(settings, {}, none)
    return InfluxAdmin.load(settings, {}, none)


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Run the database; what it stores stays."""
    folder = settings.state_dir / "data/influxdb"
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        *(find(settings, {}).influxd, "--hardening-enabled", "--reporting-disabled"),
        *("--bolt-path", folder / "influxd.bolt"),
        *("--sqlite-path", folder / "influxd.sqlite"),
        *("--engine-path", folder / "engine"),
        *("--http-bind-address", f"127.0.0.1:{settings.influx_port}"),
    ]
    log = settings.state_dir / "influxd.log"
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            list(map(str, command)), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        until(
            lambda: influxdb.is_healthy(settings.influx_url),
            otherwise=lambda: log.read_text(encoding="utf-8"),
        )
        yield
    finally:
        process.terminate()
        process.wait()


def client(settings: Settings, token: str) -> httpx.Client:
    return httpx.Client(
        base_url=settings.influx_url,
        headers={"Authorization": f"Token {token}"},
        params={"org": settings.influx_org, "bucket": "readings"},
        timeout=PATIENCE_S,
    )


def written(settings: Settings, lines: str) -> int:
    token = settings.influx_write_token_file.read_text(encoding="utf-8")
    with client(settings, token) as asked:
        return asked.post("/api/v2/write", content=lines).status_code


def values(settings: Settings) -> list[int]:
    """Return all values that boards can read."""
    flux = """from(bucket: "readings") |> range(start: -1d) |> group()
        |> keep(columns: ["_value"]) |> sort()"""
    token = settings.influx_read_token_file.read_text(encoding="utf-8")
    with client(settings, token) as asked:
        answer = asked.post("/api/v2/query", json={"query": flux})
    rows = (line.split(",") for line in answer.raise_for_status().text.splitlines())
    return [int(row[3]) for row in rows if len(row) > 3 and row[3].isdigit()]


def test_each_token_of_the_database_can_do_just_its_part(
    settings: Settings, admin: InfluxAdmin
) -> None:
    with running(settings):
        influxdb.prepare(settings, admin)
        write, read = (
            file.read_text(encoding="utf-8")
            for file in (
                settings.influx_write_token_file,
                settings.influx_read_token_file,
            )
        )
        may = {
            (name, what): _asked(settings, token, what)
            for name, token in (("write", write), ("read", read))
            for what in ("write", "query", "tokens", "users")
        }
    assert may == {
        ("write", "write"): httpx.codes.NO_CONTENT,
        ("write", "query"): httpx.codes.NOT_FOUND,
        ("write", "tokens"): 0,
        ("write", "users"): 0,
        ("read", "write"): httpx.codes.FORBIDDEN,
        ("read", "query"): httpx.codes.OK,
        ("read", "tokens"): 0,
        ("read", "users"): 0,
    }


def _asked(settings: Settings, token: str, what: str) -> int:
    """Return the answer's status; of a list, how many are in it."""
    with client(settings, token) as asked:
        if what == "write":
            return asked.post("/api/v2/write", content="kept value=42").status_code
        if what == "query":
            flux = 'from(bucket: "readings") |> range(start: -1h)'
            return asked.post("/api/v2/query", json={"query": flux}).status_code
        path, listed = ("authorizations",) * 2 if what == "tokens" else ("users",) * 2
        return len(asked.get(f"/api/v2/{path}").json().get(listed, ()))


def test_tokens_are_made_once_and_anew_when_they_are_lost(
    settings: Settings, admin: InfluxAdmin
) -> None:
    file = settings.influx_write_token_file
    with running(settings):
        influxdb.prepare(settings, admin)
        first = file.read_text(encoding="utf-8")
        influxdb.prepare(settings, admin)
        assert file.read_text(encoding="utf-8") == first
        file.write_text("another database's", encoding="utf-8")
        influxdb.prepare(settings, admin)
        assert written(settings, "kept value=1i") == httpx.codes.NO_CONTENT
        with client(settings, first) as asked:
            refused = asked.post("/api/v2/write", content="kept value=1i")
        assert refused.status_code == httpx.codes.UNAUTHORIZED
    assert file.stat().st_mode & 0o077 == 0


def test_a_backup_is_the_database_as_it_was(
    settings: Settings, admin: InfluxAdmin, tmp_path: Path
) -> None:
    copy, folder = tmp_path / "copy", settings.state_dir / "data/influxdb"
    copy.mkdir()
    lines = "\n".join(f"kept,n={n} value={n}i" for n in range(POINTS))
    with running(settings):
        influxdb.prepare(settings, admin)
        assert written(settings, lines) == httpx.codes.NO_CONTENT
        influx_backup.write(settings, admin, copy)
        assert written(settings, "kept value=9999i") == httpx.codes.NO_CONTENT
    folder.rename(tmp_path / "lost")
    copy.rename(folder)
    with running(settings):
        assert values(settings) == list(range(POINTS))
        influxdb.prepare(settings, admin)  # changes nothing: all is there
        assert written(settings, "kept value=5000i") == httpx.codes.NO_CONTENT
        assert values(settings) == [*range(POINTS), 5000]
        with client(settings, admin.influx_token.get_secret_value()) as asked:
            found = asked.get("/api/v2/buckets").json()["buckets"]
    assert {each.name for each in BUCKETS} <= {each["name"] for each in found}
