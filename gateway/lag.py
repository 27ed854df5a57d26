"""Whether a reader keeps up with what is written, partition by partition.

Reading alone never says that it does not go on: what a client cannot read it may skip
or wait for without a word, and silence looks like a quiet ward.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

Partition = tuple[str, int]
"""A topic and a number."""

STUCK_S: Final = 6.0
"""So long without a step, although there is something to read, is no pause."""
FAR_BEHIND: Final = 5_000
"""Messages: what 1,000 patients say in 5 s."""


class Stand(NamedTuple):
    """Where reading stands, and since when."""

    position: int
    since_s: float


class Lag:
    """How far a reader is behind, from looks at it every now and then."""

    def __init__(self) -> None:
        self.messages = 0
        self.trouble = ""
        self._stands: dict[Partition, Stand] = {}

    def look(
        self,
        positions: Mapping[Partition, int],
        ends: Mapping[Partition, int],
        now_s: float,
    ) -> None:
        """Compare what was read with what there is, as of ``now_s``."""
        behind = {each: max(0, ends[each] - at) for each, at in positions.items()}
        self.messages = sum(behind.values())
        self._stands = {
            each: self._stand(each, positions[each], now_s)
            for each, missing in behind.items()
            if missing
        }
        stuck = [
            f"{topic}/{number}"
            for (topic, number), stand in sorted(self._stands.items())
            if now_s - stand.since_s >= STUCK_S
        ]
        self.trouble = self._said(stuck)

    def _stand(self, partition: Partition, position: int, now_s: float) -> Stand:
        before = self._stands.get(partition)
        return (
            before if before and before.position == position else Stand(position, now_s)
        )

    def _said(self, stuck: list[str]) -> str:
        if stuck:
            where = ", ".join(stuck)
            return f"Nothing can be read of {where}: values and alarms are missing."
        if self.messages > FAR_BEHIND:
            return (
                f"This page is {self.messages} messages behind: what it shows is old."
            )
        return ""
