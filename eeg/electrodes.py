"""Names of electrodes: as amplifiers write them, to one way of writing them.

The names are those of the 10-20 system with its 10-10 extension, in the modified
combinatorial nomenclature: what used to be T3, T4, T5, T6 is T7, T8, P7, P8.
A channel that names two electrodes keeps both (``Fp1-F7``); one that names an
electrode and a reference (``EEG FP1-LE``) is called after the electrode. A label
that is neither known nor known to be something else is kept as it was written.

References
----------
Acharya, J. N. et al. (2016). American Clinical Neurophysiology Society
Guideline 2: Guidelines for standard electrode position nomenclature. Journal of
Clinical Neurophysiology, 33(4), 308-311.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_ROUTINE: Final = "Fp1 Fp2 F7 F3 Fz F4 F8 T7 C3 Cz C4 T8 P7 P3 Pz P4 P8 O1 O2"
TEN_TWENTY: Final = tuple(_ROUTINE.split())
"""The 19 of a routine recording, from front to back and left to right."""

_ROWS: Final = (
    "Nz Fpz AF7 AF3 AFz AF4 AF8 F9 F5 F1 F2 F6 F10 "
    "FT9 FT7 FC5 FC3 FC1 FCz FC2 FC4 FC6 FT8 FT10 T9 C5 C1 C2 C6 T10 "
    "TP9 TP7 CP5 CP3 CP1 CPz CP2 CP4 CP6 TP8 TP10 P9 P5 P1 P2 P6 P10 "
    "PO9 PO7 PO3 POz PO4 PO8 PO10 Oz I1 Iz I2 A1 A2 M1 M2"
)
TEN_TEN: Final = (*TEN_TWENTY, *_ROWS.split())
"""With those in between, and with ears (A) and mastoids (M)."""

BIPOLAR: Final = "bipolar"

_KNOWN: Final = {name.upper(): name for name in TEN_TEN} | {
    "T3": "T7",
    "T4": "T8",
    "T5": "P7",
    "T6": "P8",
}
_REFERENCES: Final = {
    "AVG": "average",
    "AVE": "average",
    "AV": "average",
    "AR": "average",
    "CAR": "average",
    "LE": "linked ears",
    "A1A2": "linked ears",
    "A1+A2": "linked ears",
    "LM": "linked mastoids",
    "M1M2": "linked mastoids",
    "M1+M2": "linked mastoids",
    "REF": None,
}
"""What stands behind the dash -> the reference in words; REF does not say which."""

_PREFIX: Final = re.compile(r"^(EEG|POL)[\s_:-]+", re.IGNORECASE)
_OTHER: Final = re.compile(
    r"^(E[CK]G|EMG|EOG|ERG|LOC|ROC|[LR]EOG|PHOTIC|IBI|BURSTS|SUPPR|RESP|THOR|ABDO|"
    r"AIRFLOW|FLOW|NASAL|SNORE|SP?[AO]O?2|PULSE|PLETH|OSAT|ETCO2|CHIN|TIB|VNS|DC *\d|"
    r"STATUS|TRIG|EVENT|MARKER|ANNOT|(EDF|BDF) ANNOT|(HR|BP|TEMP|POS|LEG|STI|CAL)\b)"
    r"|^[-.\d\s]*$",
    re.IGNORECASE,
)
"""How labels begin of what is no EEG; a label without a letter is a place holder."""


class Lead(NamedTuple):
    """A channel: its name, and the reference that its label told, if any."""

    name: str
    reference: str | None = None


class Montage(NamedTuple):
    """The EEG channels of a recording.

    ``channels`` maps a label's place among all labels to the channel's name,
    ``left_out`` are the labels of the rest.
    """

    channels: dict[int, str]
    reference: str | None
    left_out: tuple[str, ...]


def lead(label: str) -> Lead | None:
    """Return the channel that ``label`` names, or None for what is no EEG.

    Examples
    --------
    >>> lead("EEG FP1-LE"), lead("T3-T5"), lead("ECG")
    (Lead(name='Fp1', reference='linked ears'), Lead(name='T7-P7', reference='bipolar'), None)
    """  # noqa: E501 - the example's answer is one line
    text = _PREFIX.sub("", label.strip()).rstrip(". ")
    if _OTHER.match(text):
        return None
    active, _, against = (part.strip() for part in text.partition("-"))
    first, second = _KNOWN.get(active.upper()), _KNOWN.get(against.upper())
    if first and second:
        return Lead(f"{first}-{second}", BIPOLAR)
    if not against or against.upper() in _REFERENCES:
        return Lead(first or active, _REFERENCES.get(against.upper()))
    return Lead(text)


def montage(labels: Iterable[str]) -> Montage:
    """Return what of ``labels`` is EEG; of a name that comes twice, the first.

    Channels that are all against one and the same electrode are called after
    the other, and that electrode is the reference.
    """
    given = tuple(labels)
    leads = {i: found for i, label in enumerate(given) if (found := lead(label))}
    against = _common_electrode(leads.values())
    if against:
        leads = {i: Lead(_active(each.name), against) for i, each in leads.items()}
    first: dict[str, int] = {}
    for i, each in leads.items():
        first.setdefault(each.name, i)
    channels = {i: name for name, i in first.items()}
    references = {each.reference for each in leads.values()}
    left_out = tuple(label for i, label in enumerate(given) if i not in channels)
    return Montage(channels, _only(references), left_out)


def _common_electrode(leads: Iterable[Lead]) -> str | None:
    """Return the electrode that all of several bipolar channels have as second."""
    found = list(leads)
    seconds = {each.name.partition("-")[2] for each in found}
    several = len(found) > 1 and all(each.reference == BIPOLAR for each in found)
    return _only(seconds) if several else None


def _active(name: str) -> str:
    return name.partition("-")[0]


def _only(texts: Iterable[str | None]) -> str | None:
    """Return the one text that all agree on."""
    different = set(texts)
    return different.pop() if len(different) == 1 else None
