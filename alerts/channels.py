"""What every way to reach somebody has in common."""

from typing import Protocol

from alerts.messages import Message


class NotNowError(Exception):
    """It could not be sent now: try again later."""


class AwayError(NotNowError):
    """The provider does not answer anybody: nothing can be sent by this channel now."""


class NeverError(Exception):
    """It can never be sent so: somebody else must be told."""


class BrokenError(NeverError):
    """Nothing can be sent by this channel until somebody mends it: say so."""


class Channel(Protocol):
    """A provider that takes messages."""

    def send(self, message: Message) -> str:
        """Hand ``message`` over, and return the provider's id of it.

        Raises ``NotNowError`` or ``NeverError``, or which of them concerns all.
        """
        ...

    def found(self, message: Message) -> str | None:
        """Return the provider's id, if it says that it has ``message`` already."""
        ...
