"""From what arrives to what every open page is told, four times a second.

All of it happens in one event loop; only waiting for the broker is done in a
thread. A frame is made once, however many pages want it, and a page that reads
slowly gets one larger frame instead of many.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Final, Protocol

import orjson

from gateway.intake import Intake
from gateway.look import Banner, Look, nothing_to_look_at
from gateway.messages import Arrived
from gateway.ward import Ward

EVERY_S: Final = 0.25
LOOK_S: Final = 2.0
AGAIN_S: Final = 1.0
SECOND: Final = 4
"""Frames from one look for who became less urgent to the next."""
FORGET_EVERY: Final = 240
"""Frames from one look for the forgotten to the next."""

NOT_LOOKED_UP: Final = Banner(
    "The database of alarms cannot be read: alarms shown may be old."
)

NOT_READ: Final = "Nothing can be read: values and alarms are missing."

logger = logging.getLogger(__name__)


class Source(Protocol):
    """Where messages come from."""

    trouble: str
    """Why nothing comes, in words for the page; empty while all is well."""

    @property
    def lag(self) -> int:
        """Messages that are there and were not read yet."""
        ...

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
        look: Callable[[], Look] = nothing_to_look_at,
    ) -> None:
        """``look`` may wait; what it finds of alarms counts more than any message."""
        self.intake = Intake(ward)
        self._ward = ward
        self._source = source
        self._now_ms = now_ms
        self._frames: dict[tuple[int, str], tuple[int, bytes]] = {}
        self._tick = asyncio.Event()
        self._look_up = look
        self._banners: tuple[Banner, ...] = ()

    async def run(self) -> None:
        """Take in what arrives, and say four times a second what changed; for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._beat())
            tasks.create_task(self._look())

    async def _follow(self) -> None:
        while True:
            try:
                self.intake.take(await asyncio.to_thread(self._source.poll))
            except Exception:
                logger.exception("reading failed, and goes on in a moment")
                self._source.trouble = NOT_READ
                await asyncio.sleep(AGAIN_S)

    async def _look(self) -> None:
        while True:
            asked_at = self._ward.version
            try:
                found = await asyncio.to_thread(self._look_up)
                if found.alarms is not None:
                    self._ward.confirm(found.alarms, asked_at)
                self._banners = found.banners
            except Exception:
                logger.exception("looking up open alarms failed")
                self._banners = (NOT_LOOKED_UP,)
            await asyncio.sleep(LOOK_S)

    async def _beat(self) -> None:
        beats = 0
        while True:
            await asyncio.sleep(EVERY_S)
            beats += 1
            if not beats % SECOND:
                self._ward.pass_time()
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
            frame = b"data: " + self._encoded(said) + b"\n\n"
            self._frames[key] = self._ward.version, frame
        return self._frames[key]

    def _encoded(self, said: dict[str, Any]) -> bytes:
        """Return a frame as JSON, without the patients that cannot be written so."""
        try:
            return orjson.dumps(said)
        except TypeError:
            patients = said["patients"]
            fit = {who: each for who, each in patients.items() if _is_json(each)}
            unfit = patients.keys() - fit.keys()
            logger.exception("%d patients cannot be told of", len(unfit))
            told = f"{len(unfit)} patients cannot be shown: look at them."
            banners = [*said["banners"], Banner(told).as_json()]
            return orjson.dumps({**said, "patients": fit, "banners": banners})

    def _state(self) -> dict[str, Any]:
        trouble = filter(None, (self._source.trouble, str(self._ward.left_out)))
        return {
            "now_ms": self._now_ms(),
            "trouble": " ".join(trouble),
            "banners": [banner.as_json() for banner in self._banners],
            "wards": self._ward.wards(),
            "lag": self._source.lag,
        }


def _is_json(told: object) -> bool:
    try:
        orjson.dumps(told)
    except TypeError:
        return False
    return True
