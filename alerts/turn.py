"""One at a time, in the order of asking: whoever writes often lets others write."""

from threading import Condition


class Turn:
    """A lock that is fair, between the threads of one process."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._asked = 0
        self._served = 0

    def __enter__(self) -> None:
        """Wait until all are served who asked before."""
        with self._changed:
            ticket = self._asked
            self._asked += 1
            self._changed.wait_for(lambda: self._served == ticket)

    def __exit__(self, *_: object) -> None:
        """Let the next one in."""
        with self._changed:
            self._served += 1
            self._changed.notify_all()
