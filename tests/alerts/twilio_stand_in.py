"""A server that follows the part of Twilio's published HTTP contract that we use.

Sources: Twilio, "Message resource" (create, read multiple; errors as JSON with code,
message, more_info, status; 201 on creation; Basic authentication by SID and token).
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from alerts.sms import Twilio

SID = "AC" + "0" * 32
TOKEN = "right"  # noqa: S105 - opens nothing but the server below
PATH = f"/2010-04-01/Accounts/{SID}/Messages.json"

Answer = tuple[int, Any]
NOBODY = ("+15005550001", 21211, "The 'To' number is not a valid phone number.")


@dataclass
class Account:
    """Messages taken, newest last. ``faults`` come first, one for each POST.

    A status is answered and nothing is taken; ``lost`` takes the message, and the
    answer never arrives; ``dead`` hangs up at once.
    """

    messages: list[dict[str, str]] = field(default_factory=list)
    faults: list[int | str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    answers: list[Answer] = field(default_factory=list)
    """These are given before anything else."""
    reading: list[Answer] = field(default_factory=list)
    """These, when it is asked what it has."""

    def create(self, form: dict[str, str]) -> Answer:
        """Return the answer to POST …/Messages.json."""
        if not form.get("From") and not form.get("MessagingServiceSid"):
            return error(400, 21603, "A 'From' phone number is required.")
        if not form.get("Body"):
            return error(400, 21602, "Message body is required.")
        if self.answers:
            return self.answers.pop(0)
        if form["To"] in self.refused:
            return error(400, *NOBODY[1:])
        sid = f"SM{len(self.messages):032}"
        self.messages.append({**form, "sid": sid})
        return 201, resource(self.messages[-1])

    def read(self, query: dict[str, str]) -> Answer:
        """Return the answer to GET …/Messages.json: the newest first."""
        if self.reading:
            return self.reading.pop(0)
        fits = [m for m in self.messages if query.get("To") in {None, m["To"]}]
        page = [resource(m) for m in reversed(fits)]
        return 200, {
            "messages": page,
            "next_page_uri": None,
            "page": 0,
            "page_size": 50,
            "uri": PATH,
        }


def error(status: int, code: int, message: str) -> Answer:
    """Return an error as Twilio writes it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": message, "more_info": more, "status": status}
    return status, body


def resource(message: dict[str, str]) -> dict[str, Any]:
    """Return a message as Twilio writes it."""
    return {
        "sid": message["sid"],
        "account_sid": SID,
        "to": message["To"],
        "from": message.get("From"),
        "messaging_service_sid": message.get("MessagingServiceSid"),
        "body": message["Body"],
        "status": "queued",
        "direction": "outbound-api",
        "date_created": "Mon, 01 Jun 2026 10:00:00 +0000",
        "date_updated": "Mon, 01 Jun 2026 10:00:00 +0000",
        "date_sent": None,
        "num_segments": "1",
        "num_media": "0",
        "error_code": None,
        "error_message": None,
        "api_version": "2010-04-01",
        "uri": PATH,
        "subresource_uris": {},
    }


class Handler(BaseHTTPRequestHandler):
    """HTTP in front of an :class:`Account`."""

    account: ClassVar[Account]
    protocol_version = (
        "HTTP/1.1"  # one connection for many messages, as Twilio keeps it
    )
    timeout = 30

    def do_GET(self) -> None:
        """Read messages."""
        if self._is_allowed():
            query = parse_qs(urlsplit(self.path).query)
            self._reply(self.account.read({k: v[0] for k, v in query.items()}))

    def do_POST(self) -> None:
        """Create a message, unless there is a fault."""
        length = int(self.headers.get("Content-Length") or 0)
        form = parse_qs(self.rfile.read(length).decode())
        fields = {name: values[0] for name, values in form.items()}
        if not self._is_allowed():
            return
        fault = self.account.faults.pop(0) if self.account.faults else None
        if isinstance(fault, int):
            self._reply(error(fault, 20000 + fault, "not now"))
            return
        answer = self.account.create(fields) if fault != "dead" else None
        if fault is None and answer:
            self._reply(answer)
        else:
            self.close_connection = True

    def _is_allowed(self) -> bool:
        right = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {right}":
            self._reply(error(401, 20003, "Authenticate"))
        elif urlsplit(self.path).path != PATH:
            self._reply(error(404, 20404, "The requested resource was not found"))
        else:
            return True
        return False

    def _reply(self, answer: Answer) -> None:
        body = answer[1]
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(answer[0])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Keep the test's output quiet."""


class Server(ThreadingHTTPServer):
    """Lets all in who come at once; by default the sixth waits for a second."""

    request_queue_size = 128


@contextmanager
def twilio(account: Account, port: int = 0, **changes: Any) -> Iterator[Twilio]:  # noqa: ANN401 - any field
    """Run the stand-in, and yield how it is reached."""
    handler = type("Handler", (Handler,), {"account": account})
    with Server(("127.0.0.1", port), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        fields: dict[str, Any] = {
            "account_sid": SID,
            "auth_token": SecretStr(TOKEN),
            "sender": "+15005550006",
            "url": f"http://127.0.0.1:{server.server_port}",
        }
        yield Twilio(**(fields | changes))
        server.shutdown()
        thread.join()
