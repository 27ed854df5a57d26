"""Two commands at once, or a command while another ends: each does all, or waits."""

import os
import threading
import xmlrpc.client
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rich.console import Console

from stack import lifecycle, supervision
from stack.orphans import MARK
from stack.paths import Paths
from stack.servers import Servers, find
from stack.settings import FILES, Settings
from stack.supervision import Supervisor
from stack.waiting import until

SLOW = """
[unix_http_server]
file=%(ENV_VIGIL_SOCKET)s
[supervisord]
directory=%(ENV_VIGIL_RUN)s
logfile=%(ENV_VIGIL_LOGS)s/supervisord.log
pidfile=%(ENV_VIGIL_RUN)s/supervisord.pid
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[program:kafka]
command=bash -c 'trap "sleep 3; exit" TERM; while :; do sleep 0.1; done'
startsecs=0
stopwaitsecs=100
"""
"""One server that takes its time to stop."""


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    """Run a supervisor of a server that stops slowly."""
    monkeypatch.setattr(supervision, "NATIVE", tmp_path)
    (tmp_path / "supervisord.conf").write_text(SLOW, encoding="utf-8")
    paths = Paths(tmp_path / "state")
    paths.make()
    supervisor = Supervisor(paths)
    socket = str(paths.socket)
    ours = {MARK: socket, "VIGIL_SOCKET": socket, "VIGIL_RUN": str(paths.run)}
    supervisor.launch({**os.environ, **ours, "VIGIL_LOGS": str(paths.logs)})
    yield supervisor
    supervisor.shut_down()


def _is_ending(supervisor: Supervisor) -> bool:
    try:
        supervisor._ask("getState")  # noqa: SLF001 - what others are told of is this
    except xmlrpc.client.Fault:
        return True
    return False


def test_who_stops_a_stack_that_is_stopping_waits_for_it(slow: Supervisor) -> None:
    with ThreadPoolExecutor() as pool:
        first = pool.submit(slow.shut_down)
        until(lambda: _is_ending(slow), otherwise=lambda: "it does not end")
        assert not slow.is_up()
        assert slow.processes() == []
        assert slow.shut_down() == []
        assert slow.survivors() == []
        assert first.result() == []


def test_of_two_who_start_a_stack_one_does_and_the_other_sees_it_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second would take what the first has started for left behind, and end it."""
    env = {"VIGIL_STATE_DIR": str(tmp_path / "state")}
    settings = Settings.load(env, FILES[:1])
    up, both = threading.Event(), threading.Barrier(2)
    launched: list[Supervisor] = []

    def launch(supervisor: Supervisor, *_: object) -> None:
        launched.append(supervisor)
        up.wait(1)  # as long as the other needs to come in between
        up.set()

    monkeypatch.setattr(Supervisor, "is_up", lambda _: up.is_set())
    monkeypatch.setattr(lifecycle, "_launch", launch)
    monkeypatch.setattr(lifecycle, "_wait", lambda *_: None)
    monkeypatch.setattr(lifecycle, "prepare", lambda *_: None)

    def start(servers: Servers, given: Mapping[str, str]) -> None:
        both.wait()
        lifecycle.up(settings, servers, given, Console(quiet=True))

    with ThreadPoolExecutor() as pool:
        for each in [pool.submit(start, find(settings, env), env) for _ in range(2)]:
            each.result()
    assert len(launched) == 1
