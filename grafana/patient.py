"""One patient, now: latest values and matches above, history below."""

from typing import Final

from grafana_foundation_sdk.builders import dashboard, stat, table, timeseries
from grafana_foundation_sdk.models.common import BigValueTextMode
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    VariableRefresh,
    VariableSort,
)

from cep_patterns.pattern import Severity
from grafana import matches, patient_matches, patient_values, scores
from grafana.boards import PATIENT_BOARD, board, to_ward
from grafana.flux import LIVE_S
from grafana.marks import Marks
from grafana.panels import DATASOURCE, lines, rows, tiles
from grafana.patient_eeg import (
    eeg_amplitude,
    eeg_quality,
    eeg_state,
    seizure_probability,
)
from grafana.patient_values import READING, SILENT, STALE
from grafana.show import (
    PLAIN,
    TIME,
    Show,
    mapped,
    marked,
)
from grafana.stored import (
    DEVICE,
    HIGHEST,
    KIND,
    LOWEST,
    MAX,
    MEAN,
    MIN,
    UNUSABLE,
    decimals,
    grafana_unit,
    title,
)
from producers.contract import VITAL_SIGNS
from producers.schema import Column

GAP_MS: Final = 10_000
"""Readings further apart than this are not joined by a line."""

SCORE_GAP_MS: Final = 150_000
"""Scores of minutes further apart than this are not joined by a line."""

STATES: Final = (
    ("ongoing", "ONGOING", matches.COLOURS[Severity.HIGH]),
    ("ended", "ended", PLAIN),
)
JOINED: Final = ("insertNulls", False)
"""Windows carry their own gaps."""
SERIES: Final = (
    Show(READING, "${__field.labels.device_id}"),
    Show(MEAN, "mean", custom=(JOINED,)),
    Show(MIN, "min", custom=(JOINED, ("lineWidth", 0))),
    Show(
        MAX,
        "max",
        custom=(JOINED, ("lineWidth", 0), ("fillBelowTo", MIN), ("fillOpacity", 20)),
    ),
)


def patient() -> dashboard.Dashboard:
    """Return the board a nurse opens from the ward board."""
    latest_values = tuple((3, latest(sign)) for sign in VITAL_SIGNS)
    histories = [(12, history(sign)) for sign in VITAL_SIGNS]
    pairs = [(7, tuple(histories[i : i + 2])) for i in range(0, len(histories), 2)]
    made = board(
        PATIENT_BOARD,
        title="Patient",
        about="One patient: latest values, matches, history.",
        time_from="now-15m",
        rows=(
            (4, ((3, last_heard()), *latest_values)),
            (4, ((24, score()),)),
            (8, ((9, score_parts()), (15, score_trend()))),
            (7, ((24, matches_table()),)),
            (4, ((24, eeg_state()),)),
            (8, ((9, seizure_probability()), (9, eeg_amplitude()), (6, eeg_quality()))),
            *pairs[:-1],
            (7, (*pairs[-1][1], (12, unusable()))),
        ),
    )
    for severity in matches.MOST_URGENT_FIRST:
        made.annotation(Marks(severity))
    return (
        made.with_variable(chosen_patient())
        .link(to_ward())
        .tooltip(DashboardCursorSync.CROSSHAIR)
    )


def score() -> stat.Panel:
    """Return the patient's NEWS2, what it means, and the response clock."""
    return tiles(
        "NEWS2",
        about="The newest NEWS2 (SpO2 scale 1): a range while a part is missing, "
        "never a lower score. Somebody should come: by the earliest response clock "
        "that runs, counted down.",
        query=scores.patient_score(),
        shown=(
            scores.TOTAL_COLUMN,
            scores.RISK_COLUMN,
            scores.RISK_AT_MOST_COLUMN,
            scores.KNOWN_COLUMN,
            scores.CLOCK_COLUMN,
        ),
        empty="Not scored in 12 h",
    )


def score_parts() -> table.Panel:
    """Return the parts of the patient's NEWS2 and the ages of their values."""
    return rows(
        "Parts of NEWS2",
        about="The points of each part, from fewest to most where its value is "
        "missing or too old, and how old the value is.",
        query=scores.parts(),
        shown=(
            Show("part", "Part"),
            Show("points", "Points", width=90),
            Show("age_s", "Value, age", "dthms", width=130),
        ),
        empty="Not scored in 12 h",
    )


def score_trend() -> timeseries.Panel:
    """Return the patient's NEWS2 over time, in a band while it is incomplete."""
    return lines(
        "NEWS2 over time",
        about="The lowest and the highest total possible; one line where nothing is "
        "missing. The worst of each minute, or of each window in a long range.",
        query=scores.trend(),
        unit="none",
        shown=(
            Show(LOWEST, "lowest possible", custom=(JOINED,)),
            Show(
                HIGHEST,
                "highest possible",
                custom=(JOINED, ("fillBelowTo", LOWEST), ("fillOpacity", 20)),
            ),
        ),
    ).insert_nulls(SCORE_GAP_MS)


def chosen_patient() -> dashboard.QueryVariable:
    """Return the variable that says which patient."""
    return (
        dashboard.QueryVariable("patient")
        .label("Patient")
        .datasource(DATASOURCE)
        .query(
            {
                "refId": "Patients",
                "query": patient_values.patients(),
                "maxDataPoints": patient_values.PATIENTS_SHOWN,
            }
        )
        .refresh(VariableRefresh.ON_DASHBOARD_LOAD)
        .sort(VariableSort.ALPHABETICAL_ASC)
    )


def last_heard() -> stat.Panel:
    """Return how long ago anything came from this patient."""
    silent = marked(f"^{SILENT}", matches.NOT_PRESENT)
    return tiles(
        "Last heard",
        about="How long ago a vital sign came from this patient, usable or not.",
        query=patient_values.last_heard(),
        shown=(Show("heard", "Last heard", "string", mappings=silent),),
        empty="Never in 24 h",
    ).text_mode(BigValueTextMode.VALUE)


def latest(sign: Column) -> stat.Panel:
    """Return the latest value of ``sign`` and its age, marked where it is stale."""
    stale = marked(f"^{STALE}", matches.NOT_PRESENT)
    return tiles(
        title(sign),
        about=f"Latest value ({sign.doc}) and its age; stale after {LIVE_S} s.",
        query=patient_values.latest(sign),
        shown=(
            Show("latest", "value", grafana_unit(sign), decimals=decimals(sign)),
            Show("age", "age", "string", mappings=stale),
        ),
        empty="None in 24 h",
    ).text_mode(BigValueTextMode.VALUE)


def history(sign: Column) -> timeseries.Panel:
    """Return ``sign`` over time, as readings or as the mean in its band."""
    return (
        lines(
            title(sign),
            about=f"The {sign.doc}. Every reading in short ranges; in long ones the "
            "mean of each window, in a band from its least to its greatest value. "
            "Where nothing is drawn, nothing was measured.",
            query=patient_values.history(sign),
            unit=grafana_unit(sign),
            shown=SERIES,
        )
        .insert_nulls(GAP_MS)
        .max_data_points(patient_values.POINTS)
    )


def matches_table() -> table.Panel:
    """Return the matches of this patient that touch the board's range."""
    return rows(
        "Matches",
        about="Matches of this patient that lasted within the range of this board, "
        "the newest first. Observed: in the unit of the pattern's vital sign.",
        query=patient_matches.matches(),
        shown=(
            matches.SEVERITY_COLUMN,
            matches.PATTERN_COLUMN,
            Show("state", "State", coloured="color-text", mappings=mapped(STATES)),
            matches.SINCE_COLUMN,
            Show("until", "Until", TIME, width=160),
            Show("lasting_s", "Lasted", "dthms", width=100),
            matches.OBSERVED_COLUMN,
            Show(KIND, "About"),
            Show(DEVICE, "Device"),
        ),
        empty="No match in this range",
    )


def unusable() -> table.Panel:
    """Return the values that were left out, and why."""
    return rows(
        "Unusable values",
        about="Values that no patient can have, left out of windows and patterns: "
        "which, and why.",
        query=patient_values.unusable(),
        shown=(
            Show("at", "At", TIME, width=160),
            Show(DEVICE, "Device", width=160),
            Show(UNUSABLE, "Left out"),
        ),
        empty="No unusable value in this range",
    )
