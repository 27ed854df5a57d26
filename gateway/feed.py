"""From what arrives to what every open page is told, four times a second.

All of it happens in one event loop; only waiting for the broker is done in a
thread. A frame is made once, however many pages want it, and a page that reads
slowly gets one larger frame instead of many.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Final, Protocol

import orjson

from gateway.ward import Ward

EVERY_S: Final = 0.25
LOOK_S: Final = 2.0
FORGET_EVERY: Final = 240
"""Frames from one look for the forgotten to the next."""
WARD_FULL: Final = "more patients than this page can hold: not all are shown"

Arrived = tuple[str, bytes | None]
"""The name of a topic, and a message of it."""


class Source(Protocol):
    """Where messages come from."""

    trouble: str
    """Why nothing comes, in words for the page; empty while all is well."""

    def poll(self) -> Iterable[Arrived]:
        """Wait a little for messages, and return what came."""
        ...


class Feed:
    """The ward, kept up to date, and the frames that tell of it."""

    def __init__(
        self,
        ward: Ward,
        source: Source,
        now_ms: Callable[[], int],
        ask: Callable[[], str] = str,
    ) -> None:
        """``ask`` may wait, and says what else is in trouble."""
        self._ward = ward
        self._source = source
        self._now_ms = now_ms
        self._frames: dict[tuple[int, str], tuple[int, bytes]] = {}
        self._tick = asyncio.Event()
        self._ask = ask
        self._trouble = ""

    async def run(self) -> None:
        """Take in what arrives, and say four times a second what changed; for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._beat())
            tasks.create_task(self._look())

    async def _follow(self) -> None:
        while True:
            for topic_name, payload in await asyncio.to_thread(self._source.poll):
                self._ward.take(topic_name, payload, self._now_ms())

    async def _look(self) -> None:
        while True:
            self._trouble = await asyncio.to_thread(self._ask)
            await asyncio.sleep(LOOK_S)

    async def _beat(self) -> None:
        beats = 0
        while True:
            await asyncio.sleep(EVERY_S)
            beats += 1
            if not beats % FORGET_EVERY:
                self._ward.forget(self._now_ms())
            self._frames.clear()
            self._tick.set()
            self._tick = asyncio.Event()

    async def frames(self, ward: str) -> AsyncIterator[bytes]:
        """Yield events for one page: first the whole ward, then what changed.

        There is one each time, even if nothing changed: silence means that the
        page is cut off.
        """
        version = 0
        while True:
            version, frame = self._frame(version, ward)
            yield frame
            await self._tick.wait()

    def _frame(self, version: int, ward: str) -> tuple[int, bytes]:
        key = version, ward
        if key not in self._frames:
            said = {**self._ward.since(version, ward), **self._state()}
            frame = b"data: " + orjson.dumps(said) + b"\n\n"
            self._frames[key] = self._ward.version, frame
        return self._frames[key]

    def _state(self) -> dict[str, Any]:
        full = WARD_FULL if self._ward.is_full else ""
        trouble = " ".join(filter(None, (self._source.trouble, self._trouble, full)))
        return {
            "now_ms": self._now_ms(),
            "trouble": trouble,
            "wards": self._ward.wards(),
        }
