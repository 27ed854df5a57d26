"""The whole ward at a glance: what a charge nurse leaves open on a wall."""

from typing import Final

from grafana_foundation_sdk.builders import dashboard, stat, table, timeseries

from cep_patterns.pattern import Kind, Severity
from grafana import census, matches, scores, ward_matches
from grafana.boards import PATIENT_BOARD, WARD_BOARD, board
from grafana.flux import LIVE_S
from grafana.panels import lines, rows, tiles
from grafana.show import (
    PLAIN,
    TIME,
    Show,
    mapped,
    marked,
)
from grafana.stored import DEVICE, PATIENT, SIGNS, shown_unit, title

QUIET: Final = "#8E8E8E"
TO_PATIENT: Final = f"/d/{PATIENT_BOARD}?var-patient=${{__value.raw:percentencode}}"

PATIENT_COLUMN: Final = Show(PATIENT, "Patient", link=TO_PATIENT)
ONGOING_COLUMNS: Final = (
    matches.SEVERITY_COLUMN,
    PATIENT_COLUMN,
    matches.PATTERN_COLUMN,
    matches.SINCE_COLUMN,
    Show("lasting_s", "For", "dthms", width=100),
    matches.OBSERVED_COLUMN,
    Show(DEVICE, "Device"),
)
STOPPED_MS: Final = 90_000
"""Minutes without any reading are not joined by a line."""
STATES: Final = (
    (census.LIVE, "live", PLAIN),
    (census.SILENT, "SILENT", matches.NOT_PRESENT),
)


def ward() -> dashboard.Dashboard:
    """Return the board of all patients."""
    return board(
        WARD_BOARD,
        title="Ward",
        about="Every patient, and every match that has not ended.",
        time_from="now-1h",
        rows=(
            (4, ((6, heard()), (18, counts()))),
            (11, ((14, ongoing()), (10, technical()))),
            (11, ((24, by_score()),)),
            (13, ((24, patients()),)),
            (10, ((14, ended()), (10, readings_per_second()))),
        ),
    )


def heard() -> stat.Panel:
    """Return how many patients are being heard; none at all is alarming."""
    none_is_red = ((None, matches.COLOURS[Severity.HIGH]), (1, PLAIN))
    return tiles(
        "Patients heard from",
        about=f"Patients with a vital sign, usable or not, in the last {LIVE_S} s.",
        query=census.heard(),
        shown=(Show("heard", f"in the last {LIVE_S} s", "none", steps=none_is_red),),
        empty="0",
    )


def counts() -> stat.Panel:
    """Return how many matches last, by severity; a nought has no colour."""
    clinical = (
        (str(s), matches.spoken(s), matches.COLOURS[s])
        for s in matches.MOST_URGENT_FIRST
    )
    technical = (str(Kind.TECHNICAL), str(Kind.TECHNICAL), matches.NOT_PRESENT)
    return tiles(
        "Ongoing matches",
        about="Matches about patients by severity (IEC 60601-1-8), and technical ones.",
        query=ward_matches.counts(),
        shown=[
            Show(name, said, "none", steps=((None, QUIET), (1, colour)))
            for name, said, colour in (*clinical, technical)
        ],
        empty="0",
    )


def ongoing() -> table.Panel:
    """Return what lasts, the most urgent and newest first."""
    return rows(
        "Ongoing",
        about="Patterns found in patients that have not ended, the most urgent and "
        "newest first. Observed: most extreme value when found, in the unit of the "
        "pattern's vital sign.",
        query=ward_matches.ongoing_matches(Kind.CLINICAL),
        shown=ONGOING_COLUMNS,
        empty="Nothing ongoing",
    )


def technical() -> table.Panel:
    """Return what lasts and is about the equipment."""
    return rows(
        "Technical conditions",
        about="Equipment that cannot be relied on: while one lasts, nobody watches "
        "what it measures.",
        query=ward_matches.ongoing_matches(Kind.TECHNICAL),
        shown=ONGOING_COLUMNS,
        empty="No technical condition",
    )


def by_score() -> table.Panel:
    """Return the patients by their NEWS2, the worst first."""
    return rows(
        "Patients by NEWS2",
        about="The newest NEWS2 (SpO2 scale 1) of each patient, the worst first. "
        "While a part is missing it is a range, and so is the risk; it is never "
        "shown as a lower score. Somebody should come: by the earliest response "
        "clock that runs.",
        query=scores.ward_scores(),
        shown=(
            PATIENT_COLUMN,
            scores.TOTAL_COLUMN,
            scores.RISK_COLUMN,
            scores.RISK_AT_MOST_COLUMN,
            scores.KNOWN_COLUMN,
            scores.CLOCK_COLUMN,
            scores.AGE_COLUMN,
        ),
        empty="No patient has been scored",
    )


def patients() -> table.Panel:
    """Return every patient's latest vital signs, the silent patients last."""
    vital_signs = (
        Show(
            name,
            f"{title(sign)} {shown_unit(sign)}",
            coloured="color-text",
            mappings=marked(r"\(.+\)$", matches.NOT_PRESENT),
        )
        for name, sign in SIGNS.items()
    )
    return rows(
        "Patients",
        about=f"The latest value of each vital sign. A value older than {LIVE_S} s has "
        'its age beside it, as in "96 (12 min)".',
        query=census.patients(),
        shown=(
            PATIENT_COLUMN,
            Show("state", "State", coloured="color-text", mappings=mapped(STATES)),
            *vital_signs,
            Show("age_s", "Last reading, age", "dthms"),
            Show("heard", "Last reading, at", TIME),
        ),
        empty="No patient has been heard from",
    )


def ended() -> table.Panel:
    """Return what ended, the latest first."""
    return rows(
        "Ended",
        about="Matches that ended within the range of this board, the latest first.",
        query=ward_matches.ended_matches(),
        shown=(
            matches.SEVERITY_COLUMN,
            PATIENT_COLUMN,
            matches.PATTERN_COLUMN,
            matches.SINCE_COLUMN,
            Show("until", "Until", TIME, width=160),
            Show("lasted_s", "Lasted", "dthms", width=100),
        ),
        empty="Nothing has ended in this range",
    )


def readings_per_second() -> timeseries.Panel:
    """Return how many usable values arrive of each vital sign."""
    return lines(
        "Readings per second",
        about="Usable values stored a second, by vital sign, over whole minutes.",
        query=census.readings_per_second(),
        unit="suffix: /s",
        shown=[Show(name, title(sign)) for name, sign in SIGNS.items()],
    ).insert_nulls(STOPPED_MS)
