"""What people write into recordings about seizures.

There is no rule for it. Known are texts that begin with "seizure", "sz", "ictal" or
"crisis": with a duration, or a pair of which the second says that it is the end.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from eeg.recording import Seizure

Annotation = tuple[float, float | None, str]
"""Seconds from the start, how long it lasted, and the text."""

_SEIZURE: Final = re.compile(r"^\W*(sz|seiz|ictal|crisis)", re.IGNORECASE)
_END: Final = re.compile(r"\b(end|ends|offset|off|stop|over)\b", re.IGNORECASE)


def seizures(annotations: Iterable[Annotation]) -> Iterator[Seizure]:
    """Yield the seizures that annotations name, by a duration or by both ends."""
    began_s: float | None = None
    for onset_s, duration_s, text in annotations:
        if not _SEIZURE.match(text):
            continue
        if duration_s:
            yield Seizure(onset_s, onset_s + duration_s)
        elif not _END.search(text):
            began_s = onset_s
        elif began_s is not None:
            yield Seizure(began_s, onset_s)
            began_s = None
