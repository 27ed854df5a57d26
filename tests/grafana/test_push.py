"""Pushing boards, against a server that follows Grafana's documented HTTP contract."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest

from grafana.build import DASHBOARDS
from grafana.push import PushError, Settings, push
from tests.grafana.fake_grafana import TOKEN, FakeGrafana, Handler

WRONG = "glsa_wrong"
INFLUX = {
    "VIGIL_INFLUX_URL": "http://influxdb:8086",
    "VIGIL_INFLUX_ORG": "vigil",
    "VIGIL_INFLUX_READ_TOKEN": "influx-secret",
}


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
    assert source["secureJsonData"] == {"token": INFLUX["VIGIL_INFLUX_READ_TOKEN"]}
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


@pytest.mark.parametrize("name", ["GRAFANA_URL", "VIGIL_INFLUX_URL"])
def test_no_token_goes_in_clear_over_a_network(name: str) -> None:
    right = {"GRAFANA_URL": "http://grafana:3000", "GRAFANA_TOKEN": TOKEN, **INFLUX}
    Settings.from_env(right)
    with pytest.raises(PushError, match=rf"^{name}: .*in clear to 10\.0\.0\.7: begin"):
        Settings.from_env({**right, name: "http://10.0.0.7:3000"})


def test_secrets_do_not_show() -> None:
    shown = repr(settings("http://127.0.0.1:3000"))
    assert TOKEN not in shown
    assert INFLUX["VIGIL_INFLUX_READ_TOKEN"] not in shown


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
