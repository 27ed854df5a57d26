"""Whether alarms reach anybody, in words for the page where they do not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alerts.heartbeat import Heartbeat
from alerts.watch import CHAIN_S
from gateway.look import Banner

BROKEN_MS: Final = CHAIN_S * 1000
"""The synthetic patient comes through once a minute; alarms bear as long."""

NOBODY_SERVES: Final = (
    "Nobody is serving alarms: nobody is told of anything. Look at the patients."
)
BROKEN: Final = (
    "The alarm chain is broken: what the synthetic patient has is not found, or not"
    " told. Look at the patients."
)
NO_CHANNEL: Final = (
    "Nobody is told by mail or SMS: no channel is set up. Alarms are seen here alone."
)
NO_OUTSIDE_WATCH: Final = (
    "No outside watch is set up: if this machine dies, nobody is told."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What is set up of it; ``began_ms`` is since when this page looks."""

    began_ms: int
    has_channel: bool = True
    has_synthetic: bool = True

    def banners(self, beat: Heartbeat | None, now_ms: int) -> Iterator[Banner]:
        """Yield what is wrong, as of the last beat of those who serve alarms."""
        if beat is None or beat.is_stale(now_ms):
            yield Banner(NOBODY_SERVES, since_ms=beat.at_ms if beat else None)
        elif self._is_broken(beat, now_ms):
            yield Banner(BROKEN, since_ms=beat.synthetic_ms)
        if not self.has_channel:
            yield Banner(NO_CHANNEL, "warning")
        if beat is not None and not beat.outside_watch:
            yield Banner(NO_OUTSIDE_WATCH, "note")

    def _is_broken(self, beat: Heartbeat, now_ms: int) -> bool:
        """Return whether the synthetic patient is missing, and was to be expected.

        Before the first reading of anybody no job may run yet.
        """
        if not self.has_synthetic:
            return False
        if beat.synthetic_ms is None:
            return beat.streamed and now_ms - self.began_ms > BROKEN_MS
        return now_ms - beat.synthetic_ms > BROKEN_MS
