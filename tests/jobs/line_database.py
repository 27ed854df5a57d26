"""A database that takes lines over HTTP, in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

from jobs.settings import JobSettings


class Database(BaseHTTPRequestHandler):
    """Takes lines, refuses those with ``bad`` in them, and is away now and then."""

    answers: ClassVar[list[int]] = []
    taken: ClassVar[list[str]] = []
    requests: ClassVar[int] = 0

    def do_POST(self) -> None:
        """Take a batch, or refuse it whole."""
        type(self).requests += 1
        lines = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status = self.answers.pop(0) if self.answers else 204
        if status < 300 and "bad" in lines:
            status = 400
        if status < 300:
            self.taken.extend(lines.split("\n"))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def line_database(folder: Path) -> Iterator[JobSettings]:
    """Run an empty database; return the settings that lead to it, its token's too."""
    token = folder / "token"
    token.write_text("t\n", encoding="utf-8")
    Database.answers, Database.taken, Database.requests = [], [], 0
    server = HTTPServer(("127.0.0.1", 0), Database)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield JobSettings.model_validate(
            {
                "kafka_brokers": "",
                "influx_url": url,
                "influx_org": "o",
                "influx_write_token_file": token,
            }
        )
    finally:
        server.shutdown()
        server.server_close()
