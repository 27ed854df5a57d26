"""The real recordings read as their description says."""

import os
from collections import Counter
from pathlib import Path

import pytest

from eeg.recordings import read

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("VIGIL_DATA", ROOT.parent / "shared/data"))
BONN = DATA / "eeg_bonn/recordings.npz"


@pytest.mark.skipif(not BONN.exists(), reason=f"no recordings: {BONN}")
def test_bonn_is_five_sets_of_sixty() -> None:
    found = read(BONN)
    assert Counter(each.group for each in found) == dict.fromkeys("ABCDE", 60)
    assert len({each.name for each in found}) == 300
    assert {(each.rate_hz, each.counts.shape) for each in found} == {
        (173.61, (1, 4097))
    }
    strongest = max(found, key=lambda each: float(each.samples_uv.std()))
    assert strongest.group == "E"
