"""Patient and vital-signs monitor as JSON schemas (2020-12), with an example each."""

from collections.abc import Mapping
from typing import Final

from digital_twin.devices.course import Statuses
from digital_twin.devices.faults import FAULTS
from digital_twin.devices.settings import Settings
from digital_twin.devices.traits import FIRMWARE, Traits
from digital_twin.kinds import KINDS
from digital_twin.models.properties import (
    Property,
    defaults,
    group,
    number,
    of_class,
    text,
)
from digital_twin.quantities import QUANTITIES
from digital_twin.sensors import SIGNALS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
CONSCIOUSNESS: Final = ("A", "C", "V", "P", "U")

_ID: Final = "a pseudonym"
_TRAITS: Final = {
    "lasts_h": "how long a full battery lasts when it is sound",
    "plugged_pct": "at which charge somebody plugs it in",
    "contact_pct": "contact of fresh electrodes",
    "contact_loss_pct_per_day": "how fast sound electrodes dry",
    "renewed_every_s": "how long electrodes stay on",
    "probe_offs_per_h": "how often a probe comes off a calm patient",
    "bias_pct": "how far its saturation is off for good",
    "interval_s": "how old a calibration may become",
}
_STATUS: Final = {
    "uptime_s": "time since its last start, by a clock that nobody sets",
    "battery_pct": "charge of its battery",
    "on_mains": "whether it is being charged now",
    "contact_pct": "quality of electrode contact; 0 is none",
    "probe_offs": "how often a probe has come off the patient since its last start",
    "readings": "how many readings it took since its last status",
    "repeated_readings": "how many were the same in every value as the one before",
    "mean_heart_rate_bpm": "mean heart rate of these readings",
    "mean_spo2_pct": "mean oxygen saturation of these readings",
    "clock_error_s": "how far its clock is ahead; known to the twin alone",
    "calibrated_s": "when it was calibrated, from when the twin began; often negative",
}
_SETTINGS: Final = {
    "settings_version": "the newest desired state that it has applied; 0: as made",
    "averaging_s": "over how long it averages what it measures",
    "spo2_offset_pct": "what it adds to each saturation, from its calibration",
    "spo2_alarm_pct": "below which saturation the device itself sounds",
}


def patient() -> Property:
    """Return the schema of a patient: what is so, whatever a device says."""
    levels = {each.name: number(each.name, each.source) for each in QUANTITIES}
    return _document(
        "patient",
        "a simulated patient, as the twin knows one",
        {
            "patient_id": text(_ID),
            "levels": group("true levels, now", levels),
            "on_oxygen": {"type": "boolean", "description": "supplemental oxygen"},
            "consciousness": text("ACVPU", CONSCIOUSNESS),
            "episode": group("what befalls it now", _episode(KINDS)),
        },
        required=("patient_id", "levels"),
    )


def monitor() -> Property:
    """Return the schema of a vital-signs monitor: made, measuring, set and ailing."""
    signals = {
        each.name: number(each.name, f"shown in steps of {each.resolution:g}")
        for each in SIGNALS
    }
    fails = {"fails_s": number("fails_s", "when it has failed, of the twin's time")}
    return _document(
        "vital_signs_monitor",
        "a simulated bedside monitor, as the twin knows one",
        {
            "device_id": text(_ID),
            "patient_id": text("whom it measures: a pseudonym"),
            "firmware": text("version of its firmware", FIRMWARE),
            "traits": group("how it was made, and is used", of_class(Traits, _TRAITS)),
            "telemetry": group("its last reading; any may be missing", signals),
            "status": group("how it is", of_class(Statuses, _STATUS)),
            "settings": group("what is set", of_class(Settings, _SETTINGS)),
            "fault": group("what ails it", {**_episode(FAULTS), **fails}),
        },
        required=("device_id", "patient_id", "status", "settings"),
    )


def _episode(kinds: tuple[object, ...]) -> dict[str, Property]:
    sources = "; ".join(f"{each.name}: {each.source}" for each in kinds)  # type: ignore[attr-defined]
    return {
        "kind": text(sources, tuple(each.name for each in kinds)),  # type: ignore[attr-defined]
        "onset_s": number("onset_s", "when it began, of the twin's time"),
        "ends_s": number("ends_s", "when it is over"),
    }


def _document(
    name: str, doc: str, properties: Mapping[str, Property], required: tuple[str, ...]
) -> Property:
    return {
        "$schema": DIALECT,
        "$id": f"urn:vigil:twin:{name}:1",
        "title": name,
        **group(doc, properties),
        "required": list(required),
    }


def example_patient() -> Property:
    """Return a patient at rest, in the middle of what is healthy."""
    return {
        "patient_id": "patient-00000",
        "levels": {each.name: each.mean for each in QUANTITIES},
        "on_oxygen": False,
        "consciousness": CONSCIOUSNESS[0],
    }


def example_monitor() -> Property:
    """Return a monitor whose battery is failing."""
    return {
        "device_id": "device-00000",
        "patient_id": "patient-00000",
        "firmware": FIRMWARE[-1],
        "telemetry": {"heart_rate_bpm": 72, "spo2_pct": 97, "temperature_c": 36.8},
        "status": {
            "uptime_s": 86_400.0,
            "battery_pct": 41.0,
            "on_mains": False,
            "contact_pct": 93.0,
            "probe_offs": 1,
            "readings": 60,
            "repeated_readings": 1,
            "mean_heart_rate_bpm": 72.4,
            "mean_spo2_pct": 97.1,
            "calibrated_s": -8_640_000.0,
        },
        "settings": defaults(Settings),
        "fault": {
            "kind": FAULTS[0].name,
            "onset_s": 0.0,
            "fails_s": FAULTS[0].lasts_s[0],
            "ends_s": FAULTS[0].lasts_s[0] + FAULTS[0].repaired_s[0],
        },
    }


DOCUMENTS: Final = {
    "patient.schema.json": patient,
    "patient.example.json": example_patient,
    "vital_signs_monitor.schema.json": monitor,
    "vital_signs_monitor.example.json": example_monitor,
}
"""Every document by the name of its file."""
