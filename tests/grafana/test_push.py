"""Pushing boards, against a server that follows Grafana's documented HTTP contract."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from grafana.build import DASHBOARDS
from grafana.push import PushError, Settings, push

TOKEN = "glsa_right"  # noqa: S105 - opens nothing but the server below
WRONG = "glsa_wrong"
INFLUX = {
    "VIGIL_INFLUX_URL": "http://influxdb:8086",
    "VIGIL_INFLUX_ORG": "vigil",
    "VIGIL_INFLUX_TOKEN": "influx-secret",
}

Answer = tuple[int, dict[str, Any]]


class FakeGrafana:
    """Folders, data sources and boards by uid, and what was asked of them."""

    def __init__(self) -> None:
        self.folders: dict[str, dict[str, Any]] = {}
        self.datasources: dict[str, dict[str, Any]] = {}
        self.boards: dict[str, dict[str, Any]] = {}
        self.writes: list[str] = []
        self.paths: list[str] = []
        self.healthy = True
        self.role_is_enough = True

    def answer(self, verb: str, path: str, body: dict[str, Any]) -> Answer:
        """Return the status and the body of Grafana's answer."""
        if verb != "GET":
            self.writes.append(f"{verb} {path}")
            if not self.role_is_enough:
                return 403, {"message": "You'll need additional permissions"}
        kind, *rest = path.removeprefix("/api/").split("/")
        answer: Answer = getattr(self, f"_{kind}")(verb, rest, body)
        return answer

    def _folders(self, verb: str, rest: list[str], body: dict[str, Any]) -> Answer:
        if verb == "GET":
            return _found(self.folders, rest[0], "folder not found")
        if body["uid"] in self.folders:
            return 409, {"message": "a folder with that uid exists"}
        self.folders[body["uid"]] = body
        return 200, body

    def _datasources(self, verb: str, rest: list[str], body: dict[str, Any]) -> Answer:
        if rest[2:] == ["health"]:
            ok = {"status": "OK", "message": "datasource is working"}
            return (200, ok) if self.healthy else (400, {"message": "no such host"})
        if verb == "GET":
            return _found(self.datasources, rest[1], "Data source not found")
        uid = rest[1] if rest else body["uid"]
        if self.datasources.get(uid, {}).get("readOnly"):
            return 403, {"message": "Cannot update read-only data source"}
        if not rest and uid in self.datasources:
            return 409, {"message": "data source with the same name already exists"}
        self.datasources[uid] = {**body, "readOnly": False}
        return 200, {"datasource": body, "message": "Datasource saved"}

    def _dashboards(self, verb: str, rest: list[str], body: dict[str, Any]) -> Answer:
        if verb == "GET":
            return _found(self.boards, rest[1], "Dashboard not found")
        uid = body["dashboard"]["uid"]
        old = self.boards.get(uid)
        if body["folderUid"] not in self.folders:
            return 400, {"message": "folder not found"}
        if old and old["meta"].get("provisioned"):
            return 400, {"message": "Cannot save provisioned dashboard"}
        if old and not body["overwrite"]:
            return 412, {"message": "version-mismatch", "status": "version-mismatch"}
        version = old["dashboard"]["version"] + 1 if old else 1
        meta = {"folderUid": body["folderUid"], "url": f"/d/{uid}/x"}
        self.boards[uid] = {
            "dashboard": {**body["dashboard"], "id": 7, "version": version},
            "meta": meta,
        }
        return 200, {"uid": uid, "url": meta["url"], "version": version}


def _found(there: dict[str, dict[str, Any]], uid: str, message: str) -> Answer:
    return (200, there[uid]) if uid in there else (404, {"message": message})


class Handler(BaseHTTPRequestHandler):
    """HTTP in front of :class:`FakeGrafana`."""

    grafana: ClassVar[FakeGrafana]

    def _reply(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or "{}")
        self.grafana.paths.append(self.path)
        status, content = 401, {"message": "Invalid API key"}
        if self.headers["Authorization"] == f"Bearer {TOKEN}":
            status, content = self.grafana.answer(self.command, self.path, body)
        text = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = _reply  # noqa: N815 - names that http.server calls

    def log_message(self, *_: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def grafana() -> FakeGrafana:
    return FakeGrafana()


@pytest.fixture
def url(grafana: FakeGrafana) -> Iterator[str]:
    handler = type("Bound", (Handler,), {"grafana": grafana})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def settings(url: str, token: str = TOKEN) -> Settings:
    return Settings.from_env({"GRAFANA_URL": url, "GRAFANA_TOKEN": token, **INFLUX})


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level("INFO", logger="grafana.push")
    return caplog


def test_everything_is_made_in_an_empty_grafana(
    grafana: FakeGrafana, url: str, said: pytest.LogCaptureFixture
) -> None:
    push(settings(url))
    assert grafana.folders == {"vigil": {"title": "Vigil", "uid": "vigil"}}
    assert len(grafana.boards) == len(DASHBOARDS)
    assert all(each["meta"]["folderUid"] == "vigil" for each in grafana.boards.values())
    (source,) = grafana.datasources.values()
    assert source["secureJsonData"] == {"token": INFLUX["VIGIL_INFLUX_TOKEN"]}
    assert f"{url}/d/vigil-ward/x" in said.text
    assert "InfluxDB answers" in said.text


def test_a_second_push_changes_no_board(
    grafana: FakeGrafana, url: str, said: pytest.LogCaptureFixture
) -> None:
    push(settings(url))
    del grafana.writes[:]
    push(settings(url))
    assert grafana.writes == ["PUT /api/datasources/uid/vigil-influxdb"]
    assert said.text.count("unchanged") == len(DASHBOARDS)
    assert all(each["dashboard"]["version"] == 1 for each in grafana.boards.values())


def test_a_board_changed_by_hand_is_set_right(grafana: FakeGrafana, url: str) -> None:
    push(settings(url))
    grafana.boards["vigil-ward"]["dashboard"]["panels"] = []
    push(settings(url))
    assert grafana.boards["vigil-ward"]["dashboard"]["panels"]
    assert grafana.boards["vigil-patient"]["dashboard"]["version"] == 1


def test_what_grafana_provisions_is_left_alone(
    grafana: FakeGrafana, url: str, said: pytest.LogCaptureFixture
) -> None:
    push(settings(url))
    grafana.datasources["vigil-influxdb"]["readOnly"] = True
    for each in grafana.boards.values():
        each["meta"]["provisioned"] = True
    del grafana.writes[:]
    push(settings(url))
    assert grafana.writes == []
    assert said.text.count("left alone") == 1 + len(DASHBOARDS)


def test_an_influxdb_out_of_grafanas_reach_is_said(
    grafana: FakeGrafana, url: str, said: pytest.LogCaptureFixture
) -> None:
    grafana.healthy = False
    push(settings(url))
    assert "no answer from InfluxDB at http://influxdb:8086" in said.text


def test_a_grafana_below_a_path_is_found_there(grafana: FakeGrafana, url: str) -> None:
    with pytest.raises(PushError, match="refused"):
        push(settings(f"{url}/below/", WRONG))
    assert grafana.paths == ["/below/api/folders/vigil"]


def test_a_refused_token_is_said_in_one_line(url: str) -> None:
    with pytest.raises(PushError) as caught:
        push(settings(url, WRONG))
    message = str(caught.value)
    assert "401" in message
    assert "GRAFANA_TOKEN" in message
    assert "\n" not in message
    assert WRONG not in message


def test_a_token_without_the_right_is_told_which_it_needs(
    grafana: FakeGrafana, url: str
) -> None:
    grafana.role_is_enough = False
    with pytest.raises(PushError, match="needs the role Admin"):
        push(settings(url))


def test_a_server_that_is_not_there_is_said_in_one_line() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(PushError, match=f"no Grafana answers at {url}"):
        push(settings(url))


def test_all_missing_settings_are_named_at_once() -> None:
    with pytest.raises(PushError) as caught:
        Settings.from_env({"GRAFANA_URL": "http://127.0.0.1:3000"})
    assert str(caught.value) == f"set GRAFANA_TOKEN, {', '.join(INFLUX)}"


def test_an_address_without_a_scheme_is_refused() -> None:
    with pytest.raises(PushError, match="no address such as"):
        settings("localhost:3000")


def test_secrets_do_not_show() -> None:
    shown = repr(settings("http://127.0.0.1:3000"))
    assert TOKEN not in shown
    assert INFLUX["VIGIL_INFLUX_TOKEN"] not in shown


def test_the_command_ends_in_one_line_and_not_in_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grafana.push"],
        capture_output=True,
        text=True,
        check=False,
        env={"GRAFANA_URL": "http://127.0.0.1:3000"},
    )
    assert done.returncode == 1
    assert done.stderr.startswith("boards not pushed: set GRAFANA_TOKEN")
    assert done.stderr.count("\n") == 1
