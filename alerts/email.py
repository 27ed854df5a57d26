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

from alerts.channels import AwayError, BrokenError, NeverError, NotNowError
from alerts.messages import Message
from alerts.plain_text import plain
from cep_patterns.pattern import Severity

PATIENCE_S: Final = 10
PERMANENT: Final = 500
"""SMTP's answers from here on mean: never."""
TOO_LARGE: Final = 552
"""The one answer to a sender's name that is about the mail."""
LONGEST_ANSWER: Final = 300

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
        mail = _written(message, self.server.sender)
        smtp = self._connection()
        try:
            smtp.send_message(mail)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            self._forget()
            raise _fault(error) from None
        return str(mail["Message-ID"])

    def found(self, message: Message) -> str | None:  # noqa: ARG002 - nobody can be asked
        """Return nothing: SMTP has no such question."""
        return None

    def _connection(self) -> smtplib.SMTP:
        """Return this thread's connection; it fails through no message's fault."""
        kept: smtplib.SMTP | None = getattr(self._own, "smtp", None)
        if kept is None or not _alive(kept):
            self._forget()
            try:
                kept = self._own.smtp = _connected(self.server)
            except (smtplib.SMTPException, OSError, UnicodeError) as error:
                raise _fault_of_server(error) from None
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
        smtp.ehlo_or_helo_if_needed()  # what it offers is asked before it is needed
        if server.user:
            smtp.login(server.user, server.password.get_secret_value())
    except (smtplib.SMTPException, OSError, UnicodeError):
        smtp.close()
        raise
    return smtp


def _alive(smtp: smtplib.SMTP) -> bool:
    try:
        return smtp.noop()[0] == 250  # noqa: PLR2004 - SMTP's "yes"
    except (smtplib.SMTPException, OSError):
        return False


def _fault_of_server(error: Exception) -> NeverError | NotNowError:
    """Return what it means that nobody can be sent anything: now, or until mended."""
    if isinstance(error, smtplib.SMTPResponseException):
        kind = BrokenError if error.smtp_code >= PERMANENT else AwayError
        return kind(_words(error.smtp_code, error.smtp_error))
    if isinstance(error, UnicodeError):
        return BrokenError("SMTP takes no such user or password: write them in ASCII")
    return AwayError(str(error))


def _fault(error: Exception) -> NeverError | NotNowError:
    """Return what it means that a server did not take one mail."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _refused(*next(iter(error.recipients.values())))
        case smtplib.SMTPSenderRefused() if error.smtp_code != TOO_LARGE:
            return _fault_of_server(error)
        case smtplib.SMTPSenderRefused() | smtplib.SMTPDataError():
            return _refused(error.smtp_code, error.smtp_error)
        case smtplib.SMTPNotSupportedError() | UnicodeError():
            return NeverError(str(error))
    return _fault_of_server(error)


def _refused(code: int, text: bytes | str) -> NeverError | NotNowError:
    kind = NeverError if code >= PERMANENT else NotNowError
    return kind(_words(code, text))


def _words(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return plain(f"{code} {words}", LONGEST_ANSWER)


def _written(message: Message, sender: str) -> EmailMessage:
    try:
        return written(message, sender)
    except (ValueError, LookupError, AttributeError) as error:
        msg = f"no mail can be written to {message.recipient}: {error}"
        raise NeverError(msg) from None


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
