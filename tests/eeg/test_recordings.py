"""Files of others become recordings; what is broken is refused in one line."""

import json
import logging
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from edfio import Edf, EdfAnnotation, EdfSignal, Recording
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from eeg.packets import encoded
from eeg.recording import RecordingError, Seizure
from eeg.recordings import read, read_all

RNG = np.random.default_rng(1)


def signal(
    label: str, *, rate_hz: float = 100.0, seconds: int = 4, unit: str = "uV"
) -> EdfSignal:
    data = RNG.normal(0.0, 50.0, round(rate_hz * seconds))
    return EdfSignal(
        data, rate_hz, label=label, physical_dimension=unit, physical_range=(-500, 400)
    )


def edf(path: Path, *signals: EdfSignal, **more: Any) -> Path:  # noqa: ANN401 - edfio's own
    Edf(list(signals), data_record_duration=1.0, **more).write(path)
    return path


def refused(path: Path) -> str:
    with pytest.raises(RecordingError) as error:
        read(path)
    text = str(error.value)
    assert text.startswith(str(path))
    assert "\n" not in text
    return text


def test_an_edf_file_is_its_eeg_channels_in_microvolt(tmp_path: Path) -> None:
    signals = [signal("EEG FP1-LE"), signal("ECG"), signal("EEG T3-LE")]
    [found] = read(edf(tmp_path / "one.edf", *signals))
    assert (found.name, found.rate_hz, found.length_s) == ("one", 100.0, 4.0)
    assert found.channels == ("Fp1", "T7")
    assert found.reference == "linked ears"
    expected = np.stack([signals[0].data, signals[2].data])
    assert_allclose(found.samples_uv, expected, atol=1e-3)


@pytest.mark.parametrize(("unit", "factor"), [("mV", 1e3), ("nV", 1e-3), ("", 1.0)])
def test_other_units_become_microvolt(tmp_path: Path, unit: str, factor: float) -> None:
    cz = signal("Cz", unit=unit)
    [found] = read(edf(tmp_path / "unit.edf", cz))
    assert_allclose(found.samples_uv[0], cz.data * factor, rtol=1e-4, atol=1e-3)


def test_what_is_no_voltage_is_no_eeg(tmp_path: Path) -> None:
    [found] = read(edf(tmp_path / "a.edf", signal("Cz"), signal("Fz", unit="%")))
    assert found.channels == ("Cz",)


def test_channels_of_another_rate_are_left_out_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    fast = signal("Pz", rate_hz=200.0)
    [found] = read(edf(tmp_path / "two.edf", signal("Fz"), fast, signal("Cz")))
    assert found.channels == ("Fz", "Cz")
    assert "left out: Pz (200 Hz, uV)" in caplog.text


def test_of_as_many_channels_of_two_rates_the_faster_are_kept(tmp_path: Path) -> None:
    [found] = read(edf(tmp_path / "two.edf", signal("Fz", rate_hz=50.0), signal("Cz")))
    assert found.channels == ("Cz",)


def test_the_start_and_the_seizures_are_the_files(tmp_path: Path) -> None:
    annotations = [
        EdfAnnotation(0.5, 1.0, "Seizure, left temporal"),
        EdfAnnotation(2.0, None, "sz start"),
        EdfAnnotation(2.5, None, "blink"),
        EdfAnnotation(3.0, None, "sz end"),
        EdfAnnotation(3.2, 0.5, "postictal"),
        EdfAnnotation(3.5, None, "seizure"),
    ]
    recording = Recording(startdate=datetime(2026, 1, 2).date())  # noqa: DTZ001 - EDF knows no zone
    path = edf(
        tmp_path / "plus.edf",
        signal("Cz"),
        annotations=annotations,
        recording=recording,
        starttime=datetime(2026, 1, 2, 3, 4, 5).time(),  # noqa: DTZ001 - as above
    )
    [found] = read(path)
    assert found.start == datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - as above
    assert found.seizures == (Seizure(0.5, 1.5), Seizure(2.0, 3.0))


def test_a_date_that_was_taken_away_is_unknown(tmp_path: Path) -> None:
    [found] = read(edf(tmp_path / "anonymous.edf", signal("Cz"), annotations=[]))
    assert found.start is None


def test_an_edf_file_with_a_gap_is_two_recordings(tmp_path: Path) -> None:
    cz = signal("Cz")
    path = edf(tmp_path / "gap.edf", cz, annotations=[])
    whole = path.read_bytes()
    for second in (2, 3):
        whole = whole.replace(b"+%d\x14\x14" % second, b"+%d\x14\x14" % (second + 5))
    path.write_bytes(whole.replace(b"EDF+C", b"EDF+D"))
    before, behind = read(path)
    assert (before.begins_s, behind.begins_s) == (0.0, 7.0)
    assert (before.length_s, behind.length_s) == (2.0, 2.0)
    both = np.concatenate([before.samples_uv, behind.samples_uv], axis=1)
    assert_allclose(both[0], cz.data, atol=1e-3)


def test_annotations_that_cannot_be_read_cost_no_eeg(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    annotations = [EdfAnnotation(1.0, None, "Anfalle")]
    path = edf(tmp_path / "old.edf", signal("Cz"), annotations=annotations)
    path.write_bytes(path.read_bytes().replace(b"Anfalle", b"Anf\xe4lle"))
    [found] = read(path)
    assert (found.length_s, found.seizures) == (4.0, ())
    assert "old.edf: no annotation can be read" in caplog.text


def test_a_data_record_without_its_time_is_refused_where_there_are_gaps(
    tmp_path: Path,
) -> None:
    path = edf(tmp_path / "lost.edf", signal("Cz"), annotations=[])
    lost = path.read_bytes().replace(b"+2\x14", b"xx\x14")
    path.write_bytes(lost.replace(b"EDF+C", b"EDF+D"))
    assert "does not say when it began" in refused(path)


@pytest.mark.parametrize("second", [0, 2, 3])
def test_a_data_record_without_its_time_follows_the_others_where_there_are_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, second: int
) -> None:
    cz = signal("Cz")
    path = edf(tmp_path / "died.edf", cz, annotations=[])
    begun = b"+%d\x14\x14" % second
    path.write_bytes(path.read_bytes().replace(begun, b"\0" * len(begun)))
    [found] = read(path)
    assert_allclose(found.samples_uv[0], cz.data, atol=1e-2)
    assert "1 data records do not say when they began" in caplog.text


def changed(path: Path, *places: tuple[int, bytes]) -> Path:
    whole = bytearray(path.read_bytes())
    for begin, text in places:
        whole[begin : begin + len(text)] = text
    path.write_bytes(whole)
    return path


@pytest.mark.parametrize(
    "places",
    [
        [(0, b"0\0\0\0\0\0\0\0")],  # the version
        [(184, b"256     ")],  # the length of the header
        [(184, b"        ")],
        [(244, b"1,0     ")],  # how long a data record lasts
        [(256 + 104, b"-500,0  "), (256 + 112, b"400,0   ")],  # its range
    ],
)
def test_a_header_is_read_that_recorders_are_known_to_write(
    tmp_path: Path, places: list[tuple[int, bytes]]
) -> None:
    cz = signal("Cz")
    [found] = read(changed(edf(tmp_path / "a.edf", cz), *places))
    assert_allclose(found.samples_uv[0], cz.data, atol=1e-2)


@pytest.mark.parametrize("least", [b"400", b"", b"least", b"nan", b"-inf"])
def test_a_channel_of_which_a_count_is_worth_nothing_is_left_out_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, least: bytes
) -> None:
    cz = signal("Cz")
    path = edf(tmp_path / "a.edf", cz, signal("Fz"))
    of_fz = 256 + 2 * 104 + 8
    [found] = read(changed(path, (of_fz, least.ljust(8))))
    assert found.channels == ("Cz",)
    assert_allclose(found.samples_uv[0], cz.data, atol=1e-2)
    assert "Fz is left out: its header does not say" in caplog.text


@settings(max_examples=60)
@given(where=st.integers(0, 1023), what=st.binary(min_size=1, max_size=9))
def test_whatever_a_header_says_it_is_read_or_refused(where: int, what: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = edf(Path(folder) / "a.edf", signal("Cz"), signal("Fz"), annotations=[])
        whole = bytearray(path.read_bytes())
        whole[where : where + len(what)] = what
        path.write_bytes(whole)
        with suppress(RecordingError):
            assert read(path)[0].rate_hz > 0


@pytest.mark.parametrize("records", [b"4       ", b"-1      ", b"9       "])
@pytest.mark.parametrize(("cut", "seconds"), [(1, 3), (200, 3), (201, 2), (599, 1)])
def test_of_a_file_that_was_cut_off_what_is_whole_is_read(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    records: bytes,
    cut: int,
    seconds: int,
) -> None:
    cz = signal("Cz")
    path = edf(tmp_path / "cut.edf", cz)
    whole = bytearray(path.read_bytes()[:-cut])
    whole[236:244] = records
    path.write_bytes(whole)
    [found] = read(path)
    assert_allclose(found.samples_uv[0], cz.data[: seconds * 100], atol=1e-2)
    nothing_lost = cut == 200 and records.startswith(b"-1")
    assert ("cut.edf: " in caplog.text) is not nothing_lost


@pytest.mark.parametrize("cut", [601, 800])
def test_a_file_without_a_whole_data_record_is_refused(
    tmp_path: Path, cut: int
) -> None:
    path = edf(tmp_path / "cut.edf", signal("Cz"))
    path.write_bytes(path.read_bytes()[:-cut])
    assert "no data record in it is whole" in refused(path)


@pytest.mark.parametrize(
    "unit", [b"\xc2\xb5V", b"\xce\xbcV", b"\xb5V", b"uV\0\0\0", b"uv"]
)
@pytest.mark.parametrize("channels", [("Cz",), ("Cz", "Fz")])
def test_microvolt_is_microvolt_however_it_is_written(
    tmp_path: Path, unit: bytes, channels: tuple[str, ...]
) -> None:
    signals = [signal(label) for label in channels]
    path = edf(tmp_path / "a.edf", *signals)
    whole = bytearray(path.read_bytes())
    begin = 256 + len(signals) * 96  # behind labels and transducers
    whole[begin : begin + 8] = unit.ljust(8, b"\0" if b"\0" in unit else b" ")[:8]
    path.write_bytes(whole)
    [found] = read(path)
    assert found.channels == channels
    assert_allclose(found.samples_uv[0], signals[0].data, atol=1e-2)


def test_an_electrode_whose_unit_is_not_known_is_named_with_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    read(edf(tmp_path / "a.edf", signal("Cz"), signal("Fz", unit="furlong")))
    assert "unit is not known is left out: Fz (100 Hz, furlong)" in caplog.text
    only = edf(tmp_path / "b.edf", signal("Fz", unit="furlong"))
    assert "furlong" in refused(only)


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "zeros.npz"
    np.savez_compressed(path, A=np.zeros((100, 1000)), A_names=np.arange(100))
    assert path.stat().st_size < 10_000
    monkeypatch.setattr("eeg.arrays.MOST_BYTES", 10_000)
    monkeypatch.setattr("eeg.edf_header.MOST_BYTES", 1_000)
    assert "at most 10,000 are read" in refused(path)
    assert "at most 1,000 are read" in refused(edf(tmp_path / "a.edf", signal("Cz")))


def test_a_file_whose_recorder_never_finished_it_is_read(tmp_path: Path) -> None:
    path = edf(tmp_path / "open.edf", signal("Cz"))
    whole = bytearray(path.read_bytes())
    whole[236:244] = b"-1      "
    path.write_bytes(whole)
    [found] = read(path)
    assert found.length_s == 4.0


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (slice(252, 256), b"abcd"),  # no number of signals
        (slice(252, 256), b"0   "),
        (slice(472, 480), b"0       "),  # no samples in a data record
        (slice(376, 384), b"5       "),  # a digital range of nothing
        (slice(384, 392), b"x       "),
    ],
)
def test_a_damaged_header_is_refused(tmp_path: Path, place: slice, text: bytes) -> None:
    path = edf(tmp_path / "damaged.edf", signal("Cz"))
    whole = bytearray(path.read_bytes())
    whole[place] = text
    if place.start == 376:
        whole[384:392] = text
    path.write_bytes(whole)
    refused(path)


def test_a_sampling_rate_of_nothing_is_refused(tmp_path: Path) -> None:
    path = edf(tmp_path / "damaged.edf", signal("Cz"))
    whole = bytearray(path.read_bytes())
    whole[244:252] = b"0       "
    path.write_bytes(whole)
    assert "no sampling rate" in refused(path)


def test_a_file_without_eeg_names_what_it_has(tmp_path: Path) -> None:
    assert "ECG (100 Hz, uV)" in refused(edf(tmp_path / "heart.edf", signal("ECG")))


@pytest.mark.parametrize(
    "content", [b"", b"text\n", b"0       ", b"\xffBIOSEMI", b"PK"]
)
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.edf"
    path.write_bytes(content)
    refused(path)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "nowhere.edf")


def npz(path: Path, **arrays: Any) -> Path:  # noqa: ANN401 - what numpy takes
    np.savez(path, **arrays)
    return path


ROWS = np.array([[1, 2, 3], [4, 5, 6]], np.int16)
NAMES = np.array(["Z001", "Z002"])


def test_an_archive_is_all_its_recordings(tmp_path: Path) -> None:
    path = npz(tmp_path / "sets.npz", A=ROWS, A_names=NAMES, E=ROWS[:1], E_names=["S1"])
    found = read(path)
    assert [(each.name, each.group) for each in found] == [
        ("Z001", "A"),
        ("Z002", "A"),
        ("S1", "E"),
    ]
    assert {each.rate_hz for each in found} == {173.61}
    assert_array_equal(found[1].samples_uv, [[4.0, 5.0, 6.0]])


def test_an_archive_may_say_its_rate_and_hold_fractions(tmp_path: Path) -> None:
    rows = np.array([[0.25, -1.0, np.nan]])
    path = npz(tmp_path / "s.npz", x=rows, x_names=["r"], rate_hz=np.float64(512))
    [found] = read(path)
    assert found.rate_hz == 512.0
    assert_allclose(found.samples_uv, [[0.25, -1.0, 0.0]], atol=1e-4)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"x": ROWS}, "no array X with its X_names; there are x"),
        ({"x": ROWS, "x_names": NAMES}, "needs an array rate_hz"),
        ({"A": ROWS, "A_names": NAMES, "rate_hz": np.zeros(())}, "above 0"),
        ({"A": ROWS, "A_names": NAMES, "rate_hz": np.array([256, 256])}, "one number"),
        ({"A": ROWS, "A_names": NAMES, "rate_hz": np.array("fast")}, "one number"),
        ({"A": ROWS, "A_names": np.array("Z001")}, "with 1 names"),
        ({"A": ROWS, "A_names": NAMES[:1]}, "with 1 names"),
        ({"A": ROWS[0], "A_names": NAMES}, r"shape (3,)"),
        ({"A": NAMES[:, None], "A_names": NAMES}, "<U4"),
    ],
)
def test_an_archive_that_does_not_say_what_it_is_is_refused(
    tmp_path: Path, arrays: dict[str, NDArray[np.generic]], said: str
) -> None:
    assert said in refused(npz(tmp_path / "odd.npz", **arrays))


def test_an_array_that_is_said_to_be_larger_than_can_be_is_refused(
    tmp_path: Path,
) -> None:
    path = tmp_path / "huge.npz"
    for shape in ("(1, 1000000000000)", "(1, 100000000000000000000)"):
        text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
        head = text.encode().ljust(117) + b"\n"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("X.npy", b"\x93NUMPY\x01\0\x76\0" + head + bytes(99))
        assert "damaged, or no archive of numpy arrays" in refused(path)


def test_a_sample_beyond_all_makes_the_rest_no_coarser(tmp_path: Path) -> None:
    rows = np.array([[0.25, np.inf, -1e300, -1.0]])
    path = npz(tmp_path / "s.npz", x=rows, x_names=["r"], rate_hz=np.float64(512))
    [found] = read(path)
    assert_allclose(found.samples_uv, [[0.25, 0.0, 0.0, -1.0]], atol=1e-4)


def message(second: int, **changes: object) -> dict[str, object]:
    counts = np.array([[second, 1], [2, 3]], np.int16)
    return {
        "ts_ms": 1_750_000_000_000 + second * 1000,
        "patient_id": "p",
        "device_id": "d",
        "seq": second,
        "rate_hz": 2.0,
        "reference": "average",
        "channels": ["C3", "C4"],
        "uv_per_count": 0.5,
        "samples": encoded(counts).decode(),
        **changes,
    }


def lines(path: Path, *messages: dict[str, object]) -> Path:
    path.write_text("\n".join(map(json.dumps, messages)) + "\n", encoding="utf-8")
    return path


def test_messages_that_follow_one_another_are_a_recording(tmp_path: Path) -> None:
    path = lines(tmp_path / "own.jsonl", message(1), message(0), message(1), message(2))
    [found] = read(path)
    assert (found.name, found.channels, found.reference) == (
        "p",
        ("C3", "C4"),
        "average",
    )
    assert_array_equal(
        found.samples_uv, [[0, 0.5, 0.5, 0.5, 1, 0.5], [1, 1.5, 1, 1.5, 1, 1.5]]
    )
    assert found.start == datetime(2025, 6, 15, 15, 6, 40)  # noqa: DTZ001 - naive as EDF's


def test_a_gap_another_montage_and_another_patient_are_recordings(
    tmp_path: Path,
) -> None:
    path = lines(
        tmp_path / "own.jsonl",
        message(0),
        message(2),
        message(3, channels=["C4", "C3"]),
        message(4, patient_id="q"),
    )
    found = read(path)
    assert [(each.name, each.begins_s) for each in found] == [
        ("p", 0.0),
        ("p", 2.0),
        ("p", 3.0),
        ("q", 0.0),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"samples": "%"}, "line 2: wrong_base64"),
        ({"rate_hz": 0}, "line 2: wrong_rate"),
        ({"rate_hz": None}, "line 2: "),
        ({"channels": None}, "line 2: "),
    ],
)
def test_a_message_that_is_broken_is_named(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    path = lines(tmp_path / "own.jsonl", message(0), message(1, **changes))
    assert said in refused(path)


@pytest.mark.parametrize("line", [b"{", b"[1]", b'{"ts_ms": 1}'])
def test_a_line_that_is_no_message_is_named(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "own.jsonl"
    path.write_bytes(json.dumps(message(0)).encode() + b"\n\n" + line)
    assert "line 3: " in refused(path)


@pytest.mark.parametrize("name", ["patient_id", "device_id"])
@pytest.mark.parametrize("value", [5, None, ["p"], {}])
def test_a_message_whose_id_is_no_text_is_named(
    tmp_path: Path, name: str, value: object
) -> None:
    path = lines(tmp_path / "own.jsonl", message(0), message(1, **{name: value}))
    assert "line 2: patient_id, device_id and channels must be texts" in refused(path)


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n", b" "])
def test_messages_may_begin_with_a_byte_order_mark_or_a_blank_line(
    tmp_path: Path, before: bytes
) -> None:
    path = lines(tmp_path / "own.jsonl", message(0), message(1))
    path.write_bytes(before + path.read_bytes())
    [found] = read(path)
    assert found.name == "p"


def test_a_folder_is_all_its_recordings_and_names_the_rest(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    (tmp_path / "sub").mkdir()
    edf(tmp_path / "sub/b.edf", signal("Cz"))
    edf(tmp_path / "a.edf", signal("Cz"))
    (tmp_path / "README").write_text("about", encoding="utf-8")
    assert [each.name for each in read_all([tmp_path])] == ["a", "b"]
    assert "not EEG recordings: README" in caplog.text
