"""Python functions that a query calls to store rows in InfluxDB.

They are pandas functions: a batch of rows in, one request out, and for each row
the reason why it was not stored, or not wholly. They are declared
non-deterministic, because calling one twice is not calling it once.
"""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from pyflink.table import DataTypes
from pyflink.table.udf import (
    FunctionContext,
    ScalarFunction,
    UserDefinedScalarFunctionWrapper,
    udf,
)

from jobs.influx import Writer, line
from jobs.measurements import Listed, Measurement
from jobs.settings import JobSettings
from producers.contract.columns import SYNTHETIC_PATIENT_ID
from producers.schema import Topic
from producers.setting_aside import shortened
from producers.validation import Message, verdict

logger = logging.getLogger(__name__)

Texts: TypeAlias = "pd.Series[str]"

YIELDS: Final = 10
"""How far a process that stores gives way to those that find alarms (nice)."""


class Points(NamedTuple):
    """The lines of a row, and what is wrong with it, if anything."""

    lines: list[str]
    reason: str | None = None


class _Store(ScalarFunction):  # type: ignore[misc]  # PyFlink has no types
    def __init__(self, measurement: Measurement, settings: JobSettings) -> None:
        self._measurement = measurement
        self._settings = settings

    def open(self, function_context: FunctionContext) -> None:  # noqa: ARG002
        os.nice(max(0, YIELDS - os.nice(0)))  # a worker may open more than once
        self._writer = Writer(self._settings, self._measurement.bucket.name)

    def close(self) -> None:
        self._writer.close()

    def is_deterministic(self) -> bool:
        return False

    def _points(self, row: Mapping[str, Any], reason: str | None = None) -> Points:
        """Return the points of a row of which ``reason`` says what is wrong with it.

        One that makes none says so instead; others go on without it.
        """
        try:
            return Points(list(points_of(self._measurement, row)), reason)
        except Exception as error:
            logger.exception("a row of %s cannot be stored", self._measurement.name)
            return Points([], shortened(f"not_stored: {type(error).__name__}: {error}"))

    def _write(self, rows: Sequence[Points]) -> Texts:
        """Write the points of each row; return the reasons, also the database's."""
        points, reasons = [row.lines for row in rows], [row.reason for row in rows]
        written = [(row, point) for row, those in enumerate(points) for point in those]
        refused = self._writer.write([point for _, point in written])
        said = dict(enumerate(reasons))
        for index, reason in refused.items():
            row, _ = written[index]
            said[row] = shortened("; ".join(filter(None, (said[row], reason))))
        return pd.Series(said, dtype=object)


class StoreMessages(_Store):
    """Stores messages, given as they came: bytes, and when they arrived."""

    def __init__(
        self, topic: Topic, measurement: Measurement, settings: JobSettings
    ) -> None:
        """Say what the messages are, and where they go."""
        super().__init__(measurement, settings)
        self._topic = topic

    def eval(self, payload: pd.Series, arrived: pd.Series) -> Texts:
        """Store what can be used of each message."""
        given = zip(payload, arrived_ms(arrived), strict=True)
        return self._write([self.points(each, at_ms) for each, at_ms in given])

    def points(self, payload: bytes | None, at_ms: int) -> Points:
        """Return the points of a message that arrived then, and what is wrong."""
        message, wrong = verdict(self._topic, payload, at_ms)
        reason = "; ".join(wrong) or None
        if message is None:
            return Points([], reason)
        if message.get("patient_id") == SYNTHETIC_PATIENT_ID:
            return Points([], None)  # its heart stands still on purpose
        return self._points({**_flat(message), "unusable": reason}, reason)


class StoreRows(_Store):
    """Stores rows whose columns are the measurement's tags, time and fields."""

    def eval(self, *columns: pd.Series) -> Texts:
        """Store each row."""
        names = columns_of(self._measurement)
        values = [c.astype(object).where(c.notna(), None).tolist() for c in columns]
        rows = (dict(zip(names, row, strict=True)) for row in zip(*values, strict=True))
        return self._write([self._points(row) for row in rows])


def points_of(measurement: Measurement, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield ``row`` as points: its own, and one for each entry of its lists.

    The synthetic patient is nobody whom a board may show: nothing of it is stored.
    """
    if row.get("patient_id") == SYNTHETIC_PATIENT_ID:
        return
    ts_ms: int = row[measurement.time]
    if point := line(measurement, row, ts_ms):
        yield point
    listed = measurement.listed
    if listed and ts_ms // 1000 % (listed.every_ms // 1000) == 0:
        yield from _listed_points(listed, row, ts_ms)


def _listed_points(listed: Listed, row: Mapping[str, Any], ts_ms: int) -> Iterator[str]:
    """Yield a point for each entry of the lists; none where nothing names them."""
    lists = {name: row[of] for of, name in listed.columns.items() if of in row}
    tags = {tag: row[tag] for tag in listed.measurement.tags if tag in row}
    if {*lists, *tags} >= set(listed.measurement.tags):
        for entry in zip(*lists.values(), strict=False):
            each = tags | dict(zip(lists, entry, strict=True))
            if point := line(listed.measurement, each, ts_ms):
                yield point


def arrived_ms(arrived: pd.Series) -> list[int]:
    """Return when messages arrived, in ms since 1970."""
    ms: list[int] = (
        arrived.to_numpy().astype("datetime64[ms]").astype(np.int64).tolist()
    )
    return ms


def _flat(message: Message) -> Message:
    """Return ``message`` with what stands in maps beside the rest: pulse_lowest."""
    flat: Message = {}
    for column, value in message.items():
        if not isinstance(value, dict):
            flat[column] = value
            continue
        for name, row in value.items():
            flat.update({f"{name}_{field}": each for field, each in row.items()})
    return flat


def columns_of(measurement: Measurement) -> tuple[str, ...]:
    """Return the columns that :class:`StoreRows` takes, in order."""
    return (*measurement.tags, measurement.time, *measurement.fields)


def store(function: _Store) -> UserDefinedScalarFunctionWrapper:
    """Return ``function`` in the form that a table environment registers."""
    return udf(
        function,
        result_type=DataTypes.STRING(),
        func_type="pandas",
        deterministic=False,
    )
