"""The watch on Vigil itself: looks every few seconds, and folds what it judges."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from alerts.fold import Rules, fold
from alerts.ledger import Ledger
from alerts.match import Match
from alerts.system import SYSTEM, Trouble, as_end, as_match
from alerts.watch import Sight, Verdicts, judge, remembered

EVERY_S: Final = 5.0


@dataclass(slots=True)
class Guard:
    """Looks at the broker and at Flink, and remembers what it saw."""

    look: Callable[[], Sight]
    also: Callable[[], Verdicts] = dict
    """What else is judged, and by whom it is known already."""
    _seen: Sequence[Sight] = field(default=(), init=False)
    verdicts: Verdicts = field(default_factory=dict, init=False)

    def run(self, stop: Event) -> None:
        """Look until ``stop``."""
        while not stop.is_set():
            self.once()
            stop.wait(EVERY_S)

    def once(self) -> None:
        """Look once, and judge."""
        self._seen = remembered([*self._seen, self.look()])
        self.verdicts = {**judge(self._seen), **self.also()}


def report(ledger: Ledger, verdicts: Verdicts, rules: Rules) -> None:
    """Raise an alarm for each trouble that is there, and end those that are not."""
    ledger.load([SYSTEM])
    news = [
        match
        for trouble, verdict in verdicts.items()
        for match in _news(ledger, trouble, verdict)
    ]
    fold(ledger, news, rules)


def _news(ledger: Ledger, trouble: Trouble, verdict: bool | None) -> list[Match]:  # noqa: FBT001 - three answers
    """Return what the alarms do not know yet; nothing where nobody can tell."""
    alarm = ledger.at((SYSTEM, trouble.name))
    ends = as_end(trouble, alarm, ledger.now_ms) if alarm else []
    if verdict is None or verdict is bool(ends):
        return []
    return [as_match(trouble, ledger.now_ms)] if verdict else ends
