"""The tables in which others keep vital signs, and how a row becomes a message.

A value that is missing there is missing here: no default, no last good value.
"""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

Reading = dict[str, object]
"""A message of the topic ``vitals``, as a dictionary."""

SECOND_MS: Final = 1_000
HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table a patient: a header, then a row for each time.

    ``columns`` maps a column's name there to its name in the contract.
    """

    name: str
    time_column: str
    time_unit_ms: int
    first_time: float
    columns: Mapping[str, str]


BIDMC: Final = Table(
    name="BIDMC numerics (Time [s], HR, PULSE, RESP, SpO2)",
    time_column="Time [s]",
    time_unit_ms=SECOND_MS,
    first_time=0.0,
    columns={
        "HR": "heart_rate_bpm",
        "PULSE": "pulse_rate_bpm",
        "RESP": "respiratory_rate_per_min",
        "SpO2": "spo2_pct",
    },
)
"""Pimentel M. A. F. et al. (2016). BIDMC PPG and Respiration Dataset. PhysioNet."""

PHYSIONET_2019: Final = Table(
    name="PhysioNet 2019 (HR|O2Sat|Temp|SBP|MAP|DBP|Resp|...|ICULOS|...)",
    time_column="ICULOS",
    time_unit_ms=HOUR_MS,
    first_time=1.0,
    columns={
        "HR": "heart_rate_bpm",
        "O2Sat": "spo2_pct",
        "Temp": "temperature_c",
        "SBP": "systolic_mmhg",
        "DBP": "diastolic_mmhg",
        "Resp": "respiratory_rate_per_min",
    },
)
"""Reyna M. A. et al. (2019). PhysioNet/Computing in Cardiology Challenge 2019.

``ICULOS`` is the hour of the stay in intensive care, from 1 on.
"""

TABLES: Final = (BIDMC, PHYSIONET_2019)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which table a file holds, and what stands between its cells."""

    table: Table
    separator: str


SEPARATORS: Final = (",", "|", ";", "\t")
"""A table's own, and what spreadsheets write instead."""


def layout_of(header: str) -> Layout | None:
    """Return the layout of a file that begins with ``header``."""
    for table in TABLES:
        for separator in SEPARATORS:
            names = set(_names(header, separator))
            if table.time_column in names and names & set(table.columns):
                return Layout(table, separator)
    return None


def missing_time(header: str) -> str:
    """Return what to say of a header that has vital signs, and no column of times."""
    for table in TABLES:
        for separator in SEPARATORS:
            found = [n for n in _names(header, separator) if n in table.columns]
            if len(found) > 1:
                return f"it has {', '.join(found)}, but no column {table.time_column}"
    return ""


def readings(
    layout: Layout, lines: Iterable[str], patient_id: str, device_id: str
) -> Iterator[Reading]:
    """Yield a message a row; ``ts_ms`` counts from the start of the recording.

    Raises
    ------
    ValueError
        If a cell is no number, with its line and column.
    """
    table = layout.table
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip()]
    header, *rows = [(n, _cells(line, layout.separator)) for n, line in numbered]
    for seq, (n, row) in enumerate(rows):
        cells = _numbers(dict(zip(header[1], row, strict=False)), layout, n)
        at = cells.pop(table.time_column) - table.first_time
        yield {
            "patient_id": patient_id,
            "device_id": device_id,
            "seq": seq,
            "ts_ms": round(at * table.time_unit_ms),
            **{table.columns[name]: number for name, number in cells.items()},
        }


def _names(header: str, separator: str) -> list[str]:
    """Return the names of columns; none where the line is no header."""
    try:
        return _cells(header, separator)
    except ValueError:
        return []


def _cells(line: str, separator: str) -> list[str]:
    try:
        row = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error as error:
        msg = f"{line[:40]!r} is no row of a table: {error}"
        raise ValueError(msg) from None
    return [cell.strip() for cell in row]


def _numbers(row: Mapping[str, str], layout: Layout, line: int) -> dict[str, float]:
    table = layout.table
    wanted = {table.time_column, *table.columns}
    numbers = {
        name: _number(_with_point(cell, layout), f"line {line}, column {name}")
        for name, cell in row.items()
        if name in wanted
    }
    if math.isnan(numbers.get(table.time_column, math.nan)):
        msg = f"line {line} has no time ({table.time_column})"
        raise ValueError(msg)
    return {name: n for name, n in numbers.items() if not math.isnan(n)}


def _with_point(cell: str, layout: Layout) -> str:
    """Return a cell with a decimal point, also where a spreadsheet wrote a comma."""
    return cell if layout.separator == "," else cell.replace(",", ".")


def _number(cell: str, where: str) -> float:
    """Return the number as it is written: whole numbers stay whole."""
    try:
        number = int(cell) if cell.isdecimal() else float(cell or "nan")
    except ValueError:
        number = math.inf
    if math.isinf(number):
        msg = f"{where}: {cell!r} is not a number"
        raise ValueError(msg)
    return number
