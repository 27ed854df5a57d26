"""A real SMTP server on the loopback, with and without TLS, that can misbehave."""

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from alerts.email import MailServer, Security
from stack.waiting import PATIENCE_S

DROP = "drop"
"""Instead of an answer: the line goes dead."""


@dataclass
class Mailbox:
    """What arrived. ``answers`` are given first, in order: of MAIL, RCPT, or DATA."""

    arrived: list[EmailMessage] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)

    def _answer(self, server: SMTP, command: str) -> str | None:
        if not self.answers or self.answers[0][0] != command:
            return None
        _, answer = self.answers.pop(0)
        if answer == DROP:
            transport: Any = server.transport
            transport.abort()
        return answer

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _s: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        """Take a sender, or answer as told."""
        if answer := self._answer(server, "MAIL"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _s: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        """Take a recipient, or answer as told."""
        answer = self._answer(server, "RCPT")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _s: Session, envelope: Envelope
    ) -> str:
        """Take a message; one whose answer gets lost is taken, too."""
        answer = self._answer(server, "DATA")
        if answer and answer != DROP:
            return answer
        content = envelope.original_content or b""
        mail: Any = message_from_bytes(content, policy=default)
        self.arrived.append(mail)
        transport: Any = server.transport
        self.over_tls.append(transport.get_extra_info("sslcontext") is not None)
        await asyncio.sleep(0)
        return "250 OK"


def certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    """Make a certificate of the loopback; return the server's side and the file."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl to make a certificate")
    key, file = folder / "key.pem", folder / "certificate.pem"
    options = "-x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(file)]
    subprocess.run(  # noqa: S603 - our own words
        ["openssl", "req", *options.split(), *names, *files],  # noqa: S607 - as on PATH
        check=True,
        capture_output=True,
        timeout=PATIENCE_S,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, key)
    return context, str(file)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def asks_for(password: str) -> dict[str, Any]:
    """Return the options of a server that lets in whoever knows ``password``."""

    def allowed(*asked: Any) -> AuthResult:  # noqa: ANN401 - aiosmtpd's
        given = asked[-1].password
        return AuthResult(success=given == password.encode(), handled=False)

    return {"authenticator": allowed, "auth_require_tls": False}


@contextmanager
def mail_server(
    mailbox: Mailbox,
    security: Security = "none",
    folder: Path | None = None,
    port: int = 0,
    **more: Any,  # noqa: ANN401 - what aiosmtpd takes
) -> Iterator[MailServer]:
    """Run the server, and yield how it is reached."""
    tls, ca_file = certificate(folder) if folder else (None, None)
    options = {"hostname": "127.0.0.1", "port": port or free_port(), **more}
    if security == "tls":
        options["ssl_context"] = tls
    elif security == "starttls":
        options |= {"tls_context": tls, "require_starttls": True}
    controller = Controller(mailbox, ready_timeout=PATIENCE_S, **options)
    controller.start()
    try:
        yield MailServer(
            host="127.0.0.1",
            port=options["port"],
            sender="Vigil <vigil@example.org>",
            security=security,
            ca_file=ca_file,
        )
    finally:
        controller.stop()
