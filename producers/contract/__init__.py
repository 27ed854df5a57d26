"""What is on the wire: one entry per topic, shared by both sides of Kafka.

With ``producers.schema``, which gives the entries their form, this is all that
producers and jobs have in common. It imports nothing else of ours, so a change
here shows up in every reader at once: topics, Flink tables, validation and the
topic list in the documentation are all derived from it.
"""

from producers.contract.alarms import ALARMS
from producers.contract.bookkeeping import LATE, REJECTED, TRUTH
from producers.contract.columns import DEVICE_ID, PATIENT_ID, SEQ, TS_MS
from producers.contract.devices import DEVICE_STATUS
from producers.contract.eeg import EEG, EEG_SCORES
from producers.contract.findings import ALL_DEVICES, MATCHES, SCORES
from producers.contract.fixes import COMMANDS, PROOFS, REPORTS, VERDICTS, WISHES
from producers.contract.knowledge import BASELINES, LIMIT_HOLDS_MS, LIMITS
from producers.contract.vitals import VITAL_SIGNS, VITALS
from producers.schema import Topic

__all__ = [
    "ALARMS",
    "ALL_DEVICES",
    "BASELINES",
    "COMMANDS",
    "DEVICE_ID",
    "DEVICE_STATUS",
    "EEG",
    "EEG_SCORES",
    "LATE",
    "LIMITS",
    "LIMIT_HOLDS_MS",
    "MATCHES",
    "PATIENT_ID",
    "PROOFS",
    "REJECTED",
    "REPORTS",
    "SCORES",
    "SEQ",
    "TOPICS",
    "TRUTH",
    "TS_MS",
    "VERDICTS",
    "VITALS",
    "VITAL_SIGNS",
    "WISHES",
]

TOPICS: tuple[Topic, ...] = (
    VITALS,
    EEG,
    EEG_SCORES,
    MATCHES,
    ALARMS,
    SCORES,
    LIMITS,
    BASELINES,
    REJECTED,
    LATE,
    TRUTH,
    DEVICE_STATUS,
    WISHES,
    COMMANDS,
    REPORTS,
    VERDICTS,
    PROOFS,
)
"""Every topic there is."""
