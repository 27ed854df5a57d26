"""A process that sends one mail and kills itself on the way."""

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from alerts.database import Database
from alerts.email import Email, MailServer
from alerts.messages import Message
from alerts.people_file import load
from tests.alerts.post_office import PostOffice

WHERE = {"before": 1, "after": 2}
"""Where it dies, and how many mails arrive in the end: only the server knew of one."""


@dataclass
class Dying:
    """Hands a message over, or not, and dies."""

    mail: Email
    where: str

    def send(self, message: Message) -> str:
        """Die before or after the server has taken the message."""
        if self.where == "after":
            self.mail.send(message)
        os.kill(os.getpid(), signal.SIGKILL)
        return ""

    def found(self, message: Message) -> str | None:
        """Return nothing, as mail does."""
        return self.mail.found(message)


def main() -> None:
    """Send as a sender does."""
    where, url, people, port = sys.argv[1:]
    server = MailServer(
        host="127.0.0.1", port=int(port), sender="vigil@example.org", security="none"
    )
    channel = Dying(Email(server), where)
    office = PostOffice(Database.open(url), load(Path(people)), channel, name="email")
    office.sender().send_due()


if __name__ == "__main__":
    main()
