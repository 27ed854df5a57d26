"""Whatever apprise can reach, and a stand-in for what is not set up."""

from collections.abc import Callable
from dataclasses import dataclass

from apprise import Apprise

from alerts.channels import NeverError, NotNowError
from alerts.database import ERRORS, Database
from alerts.messages import Message
from alerts.notice_table import LocalMessage


class Other:
    """Sends by the address that apprise reads; it says whether, and never why not."""

    def send(self, message: Message) -> str:
        """Hand a message over."""
        apprise = Apprise()
        if not apprise.add(message.address):
            msg = f"apprise does not know the {message.channel} address"
            raise NeverError(msg)
        if not apprise.notify(title=message.subject, body=message.short):
            msg = f"{message.channel} did not take it"
            raise NotNowError(msg)
        return ""

    def found(self, message: Message) -> str | None:  # noqa: ARG002 - nobody can be asked
        """Return nothing: apprise has no such question."""
        return None


@dataclass(frozen=True, slots=True)
class Local:
    """Keeps messages in the database, where a page shows them; each once.

    Whoever is signed in reads them: whoever makes them withholds links that work.
    """

    database: Database
    now_ms: Callable[[], int]

    def send(self, message: Message) -> str:
        """Keep a message."""
        text = message.short if message.channel == "sms" else message.rendered("txt")
        kept = LocalMessage(
            message_id=message.message_id,
            channel=message.channel,
            recipient=message.recipient,
            subject=message.subject,
            text=text,
            sent_ms=self.now_ms(),
        )
        try:
            with self.database.writing() as session:
                session.merge(kept)
        except ERRORS as error:
            msg = f"the database: {str(error).splitlines()[0]}"
            raise NotNowError(msg) from None
        return message.message_id

    def found(self, message: Message) -> str | None:
        """Return the id of a message that is kept already."""
        with self.database.reading() as session:
            kept = session.get(LocalMessage, message.message_id)
        return kept.message_id if kept else None
