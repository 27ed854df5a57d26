"""The tables in which others keep vital signs, and how a row becomes a message.

A value that is missing there is missing here: no default, no last good value.
"""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from producers.contract import TS_MS

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
            names = set(_names(header, separator, table))
            if table.time_column in names and names & set(table.columns):
                return Layout(table, separator)
    return None


def missing_time(header: str) -> str:
    """Return what to say of a header that has vital signs, and no column of times."""
    for table in TABLES:
        for separator in SEPARATORS:
            names = _names(header, separator, table)
            found = [name for name in names if name in table.columns]
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
        If a cell is no number, or a time none that can be, with its line and column.
    """
    table = layout.table
    rows = _rows(lines, layout.separator)
    header = _named(next(rows, (0, []))[1], table)
    at_of: dict[int, float] = {}
    for seq, (line, row) in enumerate(rows):
        cells = _numbers(dict(zip(header, row, strict=False)), layout, line)
        at = cells.pop(table.time_column)
        ts_ms = _ms(at, table, line)
        if at_of.setdefault(ts_ms, at) != at:
            both = f"{at_of[ts_ms]:g} and {at:g} are the same millisecond"
            unit = f"{table.time_column} has another unit, as a spreadsheet's days"
            msg = f"line {line}: {both}: {unit}"
            raise ValueError(msg)
        yield {
            "patient_id": patient_id,
            "device_id": device_id,
            "seq": seq,
            "ts_ms": ts_ms,
            **{table.columns[name]: number for name, number in cells.items()},
        }


def _ms(at: float, table: Table, line: int) -> int:
    ms = (at - table.first_time) * table.time_unit_ms
    if not abs(ms) <= TS_MS.whole_range[-1]:
        msg = f"line {line}, column {table.time_column}: {at:g} is no time of a stay"
        raise ValueError(msg)
    return round(ms)


def _rows(lines: Iterable[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that says anything, and the number of its last line.

    A cell in quotes may have line breaks. Spreadsheets write rows of empty cells
    behind the last.
    """
    rows = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield rows.line_num, cells
    except csv.Error as error:
        msg = f"line {rows.line_num} is no row of a table: {error}"
        raise ValueError(msg) from None


def _names(header: str, separator: str, table: Table) -> list[str]:
    """Return the names of columns; none where the line is no header."""
    try:
        return _named(next(_rows([header], separator), (0, []))[1], table)
    except ValueError:
        return []


def _named(cells: Iterable[str], table: Table) -> list[str]:
    """Return names as the table has them, in whatever case and with any blanks."""
    known = {_plainly(name): name for name in (table.time_column, *table.columns)}
    return [known.get(_plainly(cell), cell) for cell in cells]


def _plainly(name: str) -> str:
    return " ".join(name.split()).casefold()


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
        is_finite = abs(float(number)) < math.inf or math.isnan(number)
    except (ValueError, OverflowError):
        is_finite = False
    if not is_finite or "_" in cell:
        shown = cell if len(cell) <= _SHOWN else f"{cell[:_SHOWN]}…"
        msg = f"{where}: {shown!r} is not a number"
        raise ValueError(msg)
    return number


_SHOWN: Final = 40
