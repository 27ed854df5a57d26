"""Line protocol, and a writer that has written what it says it has written.

A batch is one synchronous request. The database being away is waited for, with
growing pauses, and then raised, so that the job starts again at its last
checkpoint and nothing is lost. A line that the database refuses for its own
sake is found by halving the batch: it alone is given up, with the reason. So are
those that are left when that has taken ``MOST_REQUESTS``: whoever sends what no
database takes shall not hold back what others sent.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from influxdb_client import InfluxDBClient, WritePrecision
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.rest import ApiException
from tenacity import (
    before_sleep_log,
    retry,
    retry_if_exception,
    stop_after_delay,
    wait_exponential_jitter,
)
from urllib3.exceptions import HTTPError

from jobs.measurements import Measurement
from jobs.settings import JobSettings

logger = logging.getLogger(__name__)

PATIENCE_S = 300
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500

MOST_REQUESTS = 500
"""How many refused requests a batch may cost; each bad line takes some 14."""

_BACKSLASH = "\N{REVERSE SOLIDUS OPERATOR}"
"""What stands for a backslash in a tag: InfluxDB reads one at the end as an escape."""

_TAG = str.maketrans(
    {",": r"\,", "=": r"\=", " ": r"\ ", "\\": _BACKSLASH}
    | {chr(code): "�" for code in range(32)}
)
_TEXT = str.maketrans({'"': r"\"", "\\": r"\\"})


_FIELDS: dict[type, Callable[[Any], str]] = {
    float: repr,
    int: "{}i".format,
    bool: str,
    str: lambda text: f'"{text.translate(_TEXT)}"',
}


def line(measurement: Measurement, row: Mapping[str, Any], ts_ms: int) -> str | None:
    """Return ``row`` as a point in line protocol; None where no field has a value."""
    fields = ",".join(
        f"{name}={_FIELDS[type(value)](value)}"
        for name in measurement.fields
        if (value := row.get(name)) is not None
    )
    if not fields:
        return None
    series = "".join(
        f",{tag}={str(row[tag]).translate(_TAG)}" for tag in measurement.tags
    )
    return f"{measurement.name}{series} {fields} {ts_ms}"


def _is_passing(error: BaseException) -> bool:
    """Return whether the same request may succeed later."""
    if isinstance(error, ApiException):
        status = error.status or SERVER_ERROR
        return status >= SERVER_ERROR or status == TOO_MANY_REQUESTS
    return isinstance(error, HTTPError)


class Writer:
    """Writes batches of lines into one bucket."""

    def __init__(self, settings: JobSettings, bucket: str) -> None:
        """Open the connection; nothing is sent yet."""
        self._bucket = bucket
        self._requests = 0
        self._client = InfluxDBClient(
            url=settings.influx_url,
            org=settings.influx_org,
            token=settings.influx_token(),
            timeout=30_000,
        )
        self._api = self._client.write_api(write_options=SYNCHRONOUS)

    def write(self, lines: Sequence[str]) -> dict[int, str]:
        """Write ``lines``; return the index of each that was refused, and why.

        Raises
        ------
        ApiException, HTTPError
            The database was away for longer than ``PATIENCE_S``.
        """
        self._requests = 0
        refused = self._write(lines, first=0) if lines else {}
        if refused:
            logger.error("%d of %d lines refused", len(refused), len(lines))
        return refused

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _write(self, lines: Sequence[str], first: int) -> dict[int, str]:
        try:
            self._send(lines)
        except ApiException as error:
            if _is_passing(error) or error.status in _NOT_THE_LINES_FAULT:
                raise
            self._requests += 1
            if len(lines) == 1 or self._requests > MOST_REQUESTS:
                return dict.fromkeys(range(first, first + len(lines)), _told(error))
            half = len(lines) // 2
            return self._write(lines[:half], first) | self._write(
                lines[half:], first + half
            )
        return {}

    @retry(
        retry=retry_if_exception(_is_passing),
        wait=wait_exponential_jitter(multiplier=0.2, max=5),
        stop=stop_after_delay(PATIENCE_S),
        before_sleep=before_sleep_log(logger, logging.WARNING),
        reraise=True,
    )
    def _send(self, lines: Sequence[str]) -> None:
        self._api.write(
            bucket=self._bucket,
            record="\n".join(lines).encode(errors="replace"),
            write_precision=WritePrecision.MS,
        )


_NOT_THE_LINES_FAULT = frozenset({401, 403, 404})


def _told(error: ApiException) -> str:
    return f"not_stored: {str(error.message or error.body)[:200]}"
