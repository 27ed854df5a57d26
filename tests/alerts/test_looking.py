"""What is looked at may answer anything, or for ever: the watch goes on."""

import shutil
import socket
from pathlib import Path
from threading import Thread

import pytest

from alerts.looking import answers, disk


def test_a_disk_that_cannot_be_looked_at_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disk(tmp_path / "not" / "there") is not None

    def stale(_path: Path) -> None:
        raise OSError(116, "Stale file handle")

    monkeypatch.setattr(shutil, "disk_usage", stale)
    assert disk(tmp_path) is None


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://127.0.0.1:99999", "http://[", "page", "x://y"]
)
def test_an_address_that_leads_nowhere_does_not_answer(url: str) -> None:
    assert answers(url) is False


def test_who_says_that_all_is_well_is_believed_before_the_answer_has_ended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def say() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
                connection.recv(1)  # until the other side has heard enough

        thread = Thread(target=say)
        thread.start()
        assert answers(f"http://127.0.0.1:{server.getsockname()[1]}") is True
        thread.join()
