"""Write what a device says of itself, hour by hour; times in hours."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from producers.contract import DEVICE_STATUS
from tests.streams import EPOCH_MS, Message

HOUR_MS = 3_600_000
MINUTES = (10, 50)
"""When in each hour a device speaks."""

Course = Callable[[float], object]


def status(hour: float, device: str, **columns: object) -> Message:
    """Return one status of a sound device, ``hour`` after the epoch of the tests.

    It arrives when it is true, unless ``arrived`` (an hour, too) says otherwise.
    """
    arrived = float(str(columns.pop("arrived", hour)))
    sound = {
        "patient_id": device,
        "boot_id": "1",
        "uptime_s": hour * 3600.0,
        "battery_pct": 80.0,
        "on_mains": False,
        "contact_pct": 90.0,
        "probe_offs": 0,
        "calibrated_ms": EPOCH_MS,
        "readings": 100,
        "repeated_readings": 2,
        "mean_spo2_pct": 97.0,
    }
    when = {"ts_ms": _ms(hour), "arrived_ms": _ms(arrived), "device_id": device}
    return {**when, **sound, **columns}


def told(device: str, hours: Iterable[int], **columns: object) -> list[Message]:
    """Return two statuses an hour; a column may be a function of the time in hours."""
    return [
        status(at, device, **{name: _at(value, at) for name, value in columns.items()})
        for at in (hour + minute / 60 for hour in hours for minute in MINUTES)
    ]


def again(statuses: Iterable[Message], *, after_s: int) -> list[Message]:
    """Return ``statuses`` as they arrive once more, that much later."""
    late_ms = after_s * 1000
    return [
        {**each, "arrived_ms": int(str(each["arrived_ms"])) + late_ms}
        for each in statuses
    ]


def by_arrival(*streams: Iterable[Message]) -> list[Message]:
    """Return ``streams`` as one, in order of arrival, and an end far behind it.

    The last status is another device's; it lets all hours before it end.
    """
    messages = sorted(chain(*streams), key=lambda m: int(str(m["arrived_ms"])))
    last_ms = int(str(messages[-1]["arrived_ms"]))
    return [*messages, status((last_ms - EPOCH_MS) / HOUR_MS + 13, "last")]


def assert_known(messages: Iterable[Message]) -> None:
    """Refuse a test that misspells a column of the contract."""
    known = {column.name for column in DEVICE_STATUS.columns} | {"arrived_ms"}
    assert not {name for each in messages for name in each} - known


def hours(ms: object) -> float | None:
    """Return a time in hours after the epoch of the tests."""
    return None if ms is None else round((int(str(ms)) - EPOCH_MS) / HOUR_MS, 3)


def _ms(hour: float) -> int:
    return EPOCH_MS + round(hour * HOUR_MS)


def _at(value: object, at: float) -> object:
    return value(at) if callable(value) else value


def restarts(at: Iterable[float], device: str) -> Iterator[Message]:
    """Yield a status ten seconds after each start."""
    for number, hour in enumerate(at):
        yield status(hour + 10 / 3600, device, boot_id=f"start-{number}", uptime_s=10.0)
