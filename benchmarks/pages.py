"""Pages of the ward that are open, without a browser: what each hears, and when."""

import asyncio
import time
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx
import orjson

Seen = tuple[str, str]
"""A patient and a pattern."""

LONGEST: Final = 64 * 1024 * 1024
FRAME: Final = b"data: "


class Pages:
    """Open pages, in a process of their own; ``heard`` closes them."""

    def __init__(self, url: str, user: str, password: str, count: int) -> None:
        self._url = url
        form = {"user": user, "password": password}
        self._cookies = [_signed_in(url, form) for _ in range(count)]

    def __enter__(self) -> Self:
        """Open them, and return when each has heard of the whole ward."""
        context = get_context("spawn")
        self._ours, theirs = context.Pipe()
        options = (self._url, self._cookies, theirs)
        self._process = context.Process(target=_read_all, args=options, daemon=True)
        self._process.start()
        self._ours.recv()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close them."""
        self._process.kill()
        self._process.join()

    def heard(self) -> list[dict[Seen, float]]:
        """Return when each page first heard of which alarm, in s since 1970."""
        self._ours.send("enough")
        told: list[dict[Seen, float]] = self._ours.recv()
        return told


def _signed_in(url: str, form: dict[str, str]) -> str:
    """Return the cookie of one browser: each has a few pages open at most."""
    with httpx.Client(base_url=url) as client:
        client.post("/sign-in", data=form)
        return f"vigil={client.cookies['vigil']}"


def _read_all(url: str, cookies: list[str], told: Connection) -> None:
    asyncio.run(_until_told(url, cookies, told))


async def _until_told(url: str, cookies: list[str], told: Connection) -> None:
    heard: list[dict[Seen, float]] = [{} for _ in cookies]
    opened = [asyncio.Event() for _ in heard]
    async with asyncio.TaskGroup() as tasks:
        parts = zip(cookies, heard, opened, strict=True)
        reading = [tasks.create_task(_read(url, *each)) for each in parts]
        for each in opened:
            await each.wait()
        told.send("open")
        await asyncio.to_thread(told.recv)
        for task in reading:
            task.cancel()
    told.send(heard)


async def _read(
    url: str, cookie: str, heard: dict[Seen, float], opened: asyncio.Event
) -> None:
    """Read events as they come; in HTTP/1.0 nothing stands between them."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(
        place.hostname, place.port, limit=LONGEST
    )
    head = ("GET /events HTTP/1.0", f"Host: {place.hostname}", f"Cookie: {cookie}")
    writer.write("\r\n".join((*head, "", "")).encode())
    while line := await reader.readline():
        if line.startswith(FRAME):
            _note(orjson.loads(line.removeprefix(FRAME))["patients"], heard)
            opened.set()


def _note(patients: dict[str, Any], heard: dict[Seen, float]) -> None:
    now_s = time.time()
    for patient_id, sections in patients.items():
        for alarm in sections.get("alarms", ()):
            heard.setdefault((patient_id, alarm["pattern_name"]), now_s)


def delays_s(
    heard: Sequence[dict[Seen, float]], sent_s: dict[Seen, float]
) -> list[float]:
    """Return how long each alarm took to each page; one that never came: infinite."""
    never = float("inf")
    return [page.get(each, never) - at for page in heard for each, at in sent_s.items()]
