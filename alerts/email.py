"""E-mail over SMTP, always with TLS but on a loopback, threaded by alarm.

No SMTP server can say whether it has a message already. Where we died, or the line
broke, between the end of a message and its answer, it is sent again under the same
Message-ID, by which most mail stores know it as the same one.
"""

import smtplib
import ssl
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final, Literal

from pydantic import SecretStr

from alerts.channels import NeverError, NotNowError
from alerts.messages import Message
from cep_patterns.pattern import Severity

PATIENCE_S: Final = 10
PERMANENT: Final = 500
"""SMTP's answers from here on mean: never."""

NO_PASSWORD: Final = SecretStr("")
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail goes, and as whom. ``ca_file`` is trusted besides the usual ones."""

    host: str
    port: int
    sender: str
    security: Security = "starttls"
    user: str = ""
    password: SecretStr = NO_PASSWORD
    ca_file: str | None = None


@dataclass(slots=True)
class Email:
    """Sends mail; each thread keeps a connection."""

    server: MailServer
    _own: threading.local = field(default_factory=threading.local)

    def send(self, message: Message) -> str:
        """Hand a message to the server."""
        mail = written(message, self.server.sender)
        try:
            self._connection().send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            self._forget()
            raise _refused(next(iter(error.recipients.values()))) from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            self._forget()
            raise _refused((error.smtp_code, error.smtp_error)) from None
        except (smtplib.SMTPException, OSError) as error:
            self._forget()
            raise NotNowError(str(error)) from None
        return str(mail["Message-ID"])

    def found(self, message: Message) -> str | None:  # noqa: ARG002 - nobody can be asked
        """Return nothing: SMTP has no such question."""
        return None

    def _connection(self) -> smtplib.SMTP:
        """Return this thread's connection; it fails through no message's fault."""
        kept: smtplib.SMTP | None = getattr(self._own, "smtp", None)
        if kept is None or not _alive(kept):
            self._forget()
            kept = self._own.smtp = _connected(self.server)
        return kept

    def _forget(self) -> None:
        kept: smtplib.SMTP | None = getattr(self._own, "smtp", None)
        self._own.smtp = None
        if kept is not None:
            kept.close()


def _connected(server: MailServer) -> smtplib.SMTP:
    tls = ssl.create_default_context()
    if server.ca_file:
        tls.load_verify_locations(server.ca_file)
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=PATIENCE_S, context=tls
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_S)
    try:
        if server.security == "starttls":
            smtp.starttls(context=tls)
        if server.user:
            smtp.login(server.user, server.password.get_secret_value())
    except (smtplib.SMTPException, OSError):
        smtp.close()
        raise
    return smtp


def _alive(smtp: smtplib.SMTP) -> bool:
    try:
        return smtp.noop()[0] == 250  # noqa: PLR2004 - SMTP's "yes"
    except (smtplib.SMTPException, OSError):
        return False


def _refused(answer: tuple[int, bytes | str]) -> NeverError | NotNowError:
    code, text = answer
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    kind = NeverError if code >= PERMANENT else NotNowError
    return kind(f"{code} {words}")


def written(message: Message, sender: str) -> EmailMessage:
    """Return the mail: plain and HTML, the same whenever it is written."""
    domain = sender.rsplit("@", 1)[-1].rstrip(">")
    thread = f"<{message.notices[0].alarm_id}@{domain}>"
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, message.address
    mail["Subject"] = message.subject
    mail["Message-ID"] = f"<{message.message_id}@{domain}>"
    mail["In-Reply-To"] = mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"
    if message.notices[0].severity is Severity.HIGH:
        mail["Importance"] = "high"
    mail.set_content(message.rendered("txt"))
    mail.add_alternative(message.rendered("html"), subtype="html")
    return mail
