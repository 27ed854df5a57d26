"""The row of the patient board that shows the brain."""

from typing import Final

from grafana_foundation_sdk.builders import stat, table, timeseries
from grafana_foundation_sdk.models.dashboard import ValueMapping

from cep_patterns.pattern import Severity
from grafana import eeg
from grafana.matches import COLOURS, NOT_PRESENT
from grafana.panels import lines, rows, tiles
from grafana.show import PLAIN, Show, mapped, marked
from grafana.stored import (
    CHANNEL,
    DEVICE,
    FIRING_POWER,
    GOOD_CHANNELS,
    PROBABILITY,
    QUALITY,
    THRESHOLD,
)

GAP_MS: Final = 10_000
"""Scores further apart than this are not joined by a line."""

_STATES: Final[tuple[ValueMapping, ...]] = (
    *mapped(((eeg.SEIZURE, eeg.SEIZURE, COLOURS[Severity.HIGH]),)),
    *marked(f"^{eeg.NOT_JUDGED}", NOT_PRESENT),
)
_QUALITIES: Final[tuple[ValueMapping, ...]] = (
    *mapped((("good", "good", PLAIN),)),
    *marked("^(?!good)", NOT_PRESENT),
)


def eeg_state() -> stat.Panel:
    """Return what the newest second of EEG says, and how old it is."""
    return tiles(
        "EEG",
        about="What the newest second says. Where too little can be seen, nothing is "
        "said of seizures: that is no 'no'. Not validated on patients.",
        query=eeg.state(),
        shown=(
            Show("state", "EEG", "string", mappings=_STATES),
            Show(PROBABILITY, "probability", "string"),
            Show(GOOD_CHANNELS, "good channels", "string"),
            Show("age", "age", "string"),
        ),
        empty="No EEG in 24 h",
    )


def seizure_probability() -> timeseries.Panel:
    """Return probability and firing power over time; seizures are marked on it."""
    return lines(
        "Seizure probability",
        about="Probability of a seizure in the last 4 s, the model's threshold, and "
        "the share of the last 8 s that speak of one. Seizures found are "
        "marked as regions. Nothing is drawn where nothing could be judged.",
        query=eeg.shares(),
        unit="percentunit",
        shown=(
            Show(PROBABILITY, "probability"),
            Show(FIRING_POWER, "firing power", custom=(("fillOpacity", 20),)),
            Show(
                THRESHOLD,
                "threshold",
                custom=(("lineStyle", {"fill": "dash", "dash": [4, 4]}),),
            ),
        ),
    ).insert_nulls(GAP_MS)


def eeg_amplitude() -> timeseries.Panel:
    """Return the envelope of each channel over time."""
    return lines(
        "EEG amplitude",
        about="The envelope of each usable channel: its typical peak in 4 s.",
        query=eeg.amplitudes(),
        unit="suffix: µV",
        shown=(),
    ).insert_nulls(GAP_MS)


def eeg_quality() -> table.Panel:
    """Return which channels can be used, and why the others cannot."""
    return rows(
        "EEG channels",
        about="Whether each channel can be used, or why it was left out.",
        query=eeg.qualities(),
        shown=(
            Show(CHANNEL, "Channel", width=90),
            Show(QUALITY, "Quality", coloured="color-text", mappings=_QUALITIES),
            Show(DEVICE, "Device"),
            Show("age_s", "Age", "dthms", width=90),
        ),
        empty="No EEG in 24 h",
    )
