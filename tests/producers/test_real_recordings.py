"""The real recordings read as an independent count says."""

import os
import tarfile
from pathlib import Path

import pandas as pd
import pytest

from producers.recording_formats import BIDMC, PHYSIONET_2019
from producers.recordings import read

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("VIGIL_DATA", ROOT.parent / "shared/data"))
FOLDER = DATA / "vitals_bidmc"
ARCHIVE = DATA / "vitals_physionet2019/sample_300.tar.xz"

needs_bidmc = pytest.mark.skipif(not FOLDER.exists(), reason=f"no recordings: {FOLDER}")
needs_2019 = pytest.mark.skipif(not ARCHIVE.exists(), reason=f"no file: {ARCHIVE}")


@needs_bidmc
def test_bidmc_reads_as_pandas_reads_it() -> None:
    for recording in read(FOLDER):
        table = pd.read_csv(recording.name, skipinitialspace=True)
        found = pd.DataFrame(recording.entries)
        assert (found["ts_ms"] == table["Time [s]"] * 1000).all()
        for theirs, ours in BIDMC.columns.items():
            assert found[ours].equals(table[theirs].astype(found[ours].dtype))


@needs_2019
def test_physionet_2019_reads_as_pandas_reads_it() -> None:
    recordings = read(ARCHIVE)
    assert len(recordings) == 300
    with tarfile.open(ARCHIVE) as archive:
        for recording in recordings[:20]:
            member = archive.extractfile(recording.name.rpartition(":")[2])
            assert member is not None
            table = pd.read_csv(member, sep="|")
            assert len(recording.entries) == len(table)
            for theirs, ours in PHYSIONET_2019.columns.items():
                values = [e.get(ours) for e in recording.entries if isinstance(e, dict)]
                expected = table[theirs].astype(float)
                assert pd.Series(values, dtype=float).equals(expected.rename(None))
