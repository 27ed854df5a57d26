"""Names of what is stored, each looked up, so that none outlives its measurement."""

from typing import Final

from jobs.measurements import (
    EEG_CHANNELS,
    EEG_SCORED,
    MATCHES_FOUND,
    SCORES_FOUND,
    STATISTIC_NAMES,
    VITALS_1M,
    VITALS_10S,
    VITALS_RAW,
    Measurement,
)
from producers.contract import VITAL_SIGNS
from producers.schema import Column


def _known(measurement: Measurement, name: str) -> str:
    """Return ``name``, which must be a tag or a field of ``measurement``."""
    known = (*measurement.tags, *measurement.fields)
    return known[known.index(name)]


PATIENT: Final = _known(MATCHES_FOUND, "patient_id")
DEVICE: Final = _known(MATCHES_FOUND, "device_id")
PATTERN: Final = _known(MATCHES_FOUND, "pattern_name")
SEVERITY: Final = _known(MATCHES_FOUND, "severity")
KIND: Final = _known(MATCHES_FOUND, "kind")
RULE_VERSION: Final = _known(MATCHES_FOUND, "rule_version")
ENDED_MS: Final = _known(MATCHES_FOUND, "ended_ms")
OBSERVED: Final = _known(MATCHES_FOUND, "observed")
SCORE: Final = _known(SCORES_FOUND, "score_name")
LOWEST: Final = _known(SCORES_FOUND, "lowest")
HIGHEST: Final = _known(SCORES_FOUND, "highest")
KNOWN_PARTS: Final = _known(SCORES_FOUND, "known_parts")
OF_PARTS: Final = _known(SCORES_FOUND, "of_parts")
RISK_AT_LEAST: Final = _known(SCORES_FOUND, "risk_at_least")
RISK_AT_MOST: Final = _known(SCORES_FOUND, "risk_at_most")
RESPOND_BY_MS: Final = _known(SCORES_FOUND, "respond_by_ms")
UNUSABLE: Final = _known(VITALS_RAW, "unusable")
PROBABILITY: Final = _known(EEG_SCORED, "probability")
THRESHOLD: Final = _known(EEG_SCORED, "threshold")
FIRING_POWER: Final = _known(EEG_SCORED, "firing_power")
SEIZING: Final = _known(EEG_SCORED, "seizing")
GOOD_CHANNELS: Final = _known(EEG_SCORED, "good_channels")
CHANNEL: Final = _known(EEG_CHANNELS, "channel")
QUALITY: Final = _known(EEG_CHANNELS, "quality")
AMPLITUDE: Final = _known(EEG_CHANNELS, "amplitude_uv")
MEAN, MIN, MAX, COUNT = STATISTIC_NAMES

SIGNS: Final = {sign.name: sign for sign in VITAL_SIGNS}

_GRAFANA_UNIT: Final = {
    "/min": "suffix: /min",
    "%": "percent",
    "mm[Hg]": "suffix: mmHg",
    "Cel": "celsius",
}
_SHOWN_UNIT: Final = {"mm[Hg]": "mmHg", "Cel": "°C"}
_UNIT_SUFFIXES: Final = ("_bpm", "_per_min", "_pct", "_mmhg", "_c")


def statistic(sign: Column, name: str, stored_in: Measurement = VITALS_10S) -> str:
    """Return the field that holds a statistic of ``sign``; it must exist."""
    return _known(stored_in, f"{sign.name}_{name}")


def of_part(part: str, name: str) -> str:
    """Return the field that holds what a score says of one of its parts."""
    return _known(SCORES_FOUND, f"{part}_{name}")


def count_fields() -> tuple[str, ...]:
    """Return the fields that count the usable values of each vital sign."""
    return tuple(statistic(sign, COUNT, VITALS_1M) for sign in VITAL_SIGNS)


def title(sign: Column) -> str:
    """Return what a person calls ``sign``: its name without the unit."""
    bare = sign.name
    for suffix in _UNIT_SUFFIXES:
        bare = bare.removesuffix(suffix)
    pressure = " pressure" if sign.unit == "mm[Hg]" else ""
    return bare.replace("_", " ").capitalize().replace("Spo2", "SpO2") + pressure


def grafana_unit(sign: Column) -> str:
    """Return Grafana's id of the unit of ``sign``."""
    return _GRAFANA_UNIT[sign.unit]


def shown_unit(sign: Column) -> str:
    """Return the unit of ``sign`` as a person writes it."""
    return _SHOWN_UNIT.get(sign.unit, sign.unit)


def decimals(sign: Column) -> int:
    """Return how many decimals mean something: tenths for degrees, else none."""
    return 1 if sign.unit == "Cel" else 0
