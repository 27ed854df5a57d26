"""Files of others become messages; what is missing stays missing."""

import gzip
import io
import logging
import tarfile
import zipfile
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.contract import VITALS
from producers.recording_formats import BIDMC, Layout, readings
from producers.recordings import RecordingError, pseudonym, read, read_all, wire_bytes

BIDMC_CSV = """\
Time [s], HR, PULSE, RESP, SpO2
0,94,93,25,97
1,92.5,NaN,23,NaN
"""
PSV = """\
HR|O2Sat|Temp|SBP|MAP|DBP|Resp|Age|SepsisLabel|ICULOS
NaN|NaN|NaN|NaN|NaN|NaN|NaN|45|0|1
52|94|36.5|124|82|57|NaN|45|0|2
"""
JSON_LINES = (
    b'{"patient_id": "a", "ts_ms": 1}\nnot json\n\xff\xfe\n{"ts_ms":2}\r\n\n{"z":1}'
)


def file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_bidmc_table_is_a_message_a_second(tmp_path: Path) -> None:
    [recording] = read(file(tmp_path, "bidmc_07_Numerics.csv", BIDMC_CSV))
    who = {"patient_id": "bidmc-07", "device_id": "bidmc-07-monitor"}
    assert recording.entries == [
        {
            **who,
            "seq": 0,
            "ts_ms": 0,
            "heart_rate_bpm": 94,
            "pulse_rate_bpm": 93,
            "respiratory_rate_per_min": 25,
            "spo2_pct": 97,
        },
        {
            **who,
            "seq": 1,
            "ts_ms": 1000,
            "heart_rate_bpm": 92.5,
            "respiratory_rate_per_min": 23,
        },
    ]


def test_a_physionet_table_is_a_message_an_hour(tmp_path: Path) -> None:
    [recording] = read(file(tmp_path, "p100023.psv", PSV))
    who = {"patient_id": "p100023", "device_id": "p100023-monitor"}
    assert recording.entries == [
        {**who, "seq": 0, "ts_ms": 0},
        {
            **who,
            "seq": 1,
            "ts_ms": 3_600_000,
            "heart_rate_bpm": 52,
            "spo2_pct": 94,
            "temperature_c": 36.5,
            "systolic_mmhg": 124,
            "diastolic_mmhg": 57,
        },
    ]


def test_json_lines_are_kept_byte_for_byte(tmp_path: Path) -> None:
    [recording] = read(file(tmp_path, "own.jsonl", JSON_LINES))
    assert b"\n".join(map(wire_bytes, recording.entries)) == JSON_LINES


def test_content_and_not_the_name_says_what_it_is(tmp_path: Path) -> None:
    [table] = read(file(tmp_path, "notes.txt", BIDMC_CSV))
    assert len(table.entries) == 2
    [lines] = read(file(tmp_path, "odd.csv", b'{"ts_ms": 1}\n'))
    assert lines.entries == [b'{"ts_ms": 1}']


def test_an_archive_holds_recordings(tmp_path: Path) -> None:
    path = tmp_path / "sample.tar.xz"
    with tarfile.open(path, "w:xz") as archive:
        for name, text in {
            "set/p1.psv": PSV,
            "set/p2.psv": PSV,
            "LICENSE": "x",
        }.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    found = read(path)
    assert [recording.name for recording in found] == [
        f"{path}:set/p1.psv",
        f"{path}:set/p2.psv",
    ]


def test_a_zip_file_holds_recordings(tmp_path: Path) -> None:
    path = tmp_path / "sample.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.mkdir("set")
        archive.writestr("set/p1.psv", PSV)
        archive.writestr("LICENSE", "x")
    [found] = read(path)
    assert found.name == f"{path}:set/p1.psv"
    assert len(found.entries) == len(PSV.splitlines()) - 1


def test_a_folder_is_all_its_recordings_and_names_the_rest(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    file(tmp_path, "bidmc_01_Numerics.csv", BIDMC_CSV)
    file(tmp_path, "bidmc_02_Numerics.csv", BIDMC_CSV)
    file(tmp_path, "bidmc_01_Fix.txt", "Signals: RESP")
    file(tmp_path, "LICENSE", "Open Data Commons")
    assert len(read(tmp_path)) == 2
    assert "LICENSE, bidmc_01_Fix.txt" in caplog.text


@pytest.mark.parametrize(
    "content", [b"", b"some text\n", b"\x00\x01\xff", b"a,b\n1,2\n"]
)
def test_what_is_no_recording_is_refused_by_name(
    tmp_path: Path, content: bytes
) -> None:
    path = file(tmp_path, "odd.csv", content)
    with pytest.raises(RecordingError, match=r"odd\.csv.*expected BIDMC") as refused:
        read(path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("cell", ["high", "inf", "9-4"])
def test_a_cell_that_is_no_number_is_named(tmp_path: Path, cell: str) -> None:
    path = file(tmp_path, "a.csv", BIDMC_CSV.replace("92.5", cell))
    with pytest.raises(RecordingError, match=f"a.csv: line 3, column HR: '{cell}'"):
        read(path)


TABLE = [["Time [s]", "HR", "SpO2"], ["0", "94", "97.5"], ["1", "93", ""]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize(("separator", "point"), [(",", "."), (";", ","), ("\t", ".")])
def test_a_table_that_a_spreadsheet_saved_is_the_same(
    tmp_path: Path, encoding: str, quote: str, separator: str, point: str
) -> None:
    rows = [
        separator.join(f"{quote}{cell.replace('.', point)}{quote}" for cell in row)
        for row in TABLE
    ]
    path = file(tmp_path, "a.csv", "\r\n".join(rows).encode(encoding))
    [recording] = read(path)
    rows_read = [entry for entry in recording.entries if isinstance(entry, dict)]
    values = [(row["ts_ms"], row["heart_rate_bpm"]) for row in rows_read]
    assert values == [(0, 94), (1000, 93)]
    assert [row.get("spo2_pct") for row in rows_read] == [97.5, None]


@pytest.mark.parametrize(
    "content",
    [
        "Time [s],HR\r0,94\r1,93\r",
        "sep=;\r\nTime [s];HR\r\n0;94\r\n1;93\r\n",
        "Time [s],HR,\n0,94,\n1,93,\n,,\n\n,,\n",
        'Time [s],"note\nof the ward",HR\n0,"a\nb",94\n1,,93\n',
        "time  [S],hr\n0,94\n1,93\n",
        "Time\u00a0[s],HR\n0,94\n1,93\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_table_is_read_whatever_saved_it(
    tmp_path: Path, content: str, encoding: str
) -> None:
    [recording] = read(file(tmp_path, "a.csv", content.encode(encoding)))
    rows = [entry for entry in recording.entries if isinstance(entry, dict)]
    values = [(row["ts_ms"], row["heart_rate_bpm"]) for row in rows]
    assert values == [(0, 94), (1000, 93)]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1e30,94", "line 3, column Time .*1e\\+30 is no time"),
        ("1e308,94", "line 3, column Time .*1e\\+308 is no time"),
        ("1," + "7" * 400, "line 3, column HR: '7{40}…' is not a number"),
        ("1," + "7" * 5_000, "line 3, column HR: '7{40}…' is not a number"),
        ("1,9_4", "line 3, column HR: '9_4' is not a number"),
        ("0.0000115,94", "the same millisecond: .* a spreadsheet's days"),
    ],
)
def test_a_number_that_cannot_be_is_named_with_its_line(
    tmp_path: Path, row: str, why: str
) -> None:
    path = file(tmp_path, "a.csv", f"Time [s],HR\n0,93\n{row}\n")
    with pytest.raises(RecordingError, match=why):
        read(path)


def test_json_lines_in_utf_16_are_read(tmp_path: Path) -> None:
    [recording] = read(file(tmp_path, "a.txt", '{"z": "ä"}\n'.encode("utf-16")))
    assert recording.entries == ['{"z": "ä"}'.encode()]


def packed(name: str) -> bytes:
    """Return an archive of one table, whole."""
    content, into = BIDMC_CSV.encode() * 50, io.BytesIO()
    if name.endswith(".zip"):
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", content)
        return into.getvalue()
    mode: Literal["w", "w:gz"] = "w:gz" if name.endswith(".tgz") else "w"
    with tarfile.open(fileobj=into, mode=mode) as tar:
        member = tarfile.TarInfo("a.csv")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return into.getvalue()


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("a.tgz", packed("a.tgz")[:-40]),
        ("a.tar", packed("a.tar")[:1_000]),
        ("a.zip", packed("a.zip").replace(b"PK\x03\x04", b"PK\x03\x05", 1)),
        ("a.zip", packed("a.zip")[:60] + b"\xff\xff" + packed("a.zip")[62:]),
        (
            "a.zip",
            packed("a.zip").replace(b"\x14\x00\x00\x00\x08", b"\x14\x00\x01\x00\x08"),
        ),
    ],
)
def test_an_archive_that_is_broken_or_locked_is_refused_in_one_line(
    tmp_path: Path, name: str, broken: bytes
) -> None:
    with pytest.raises(RecordingError, match=f"{name}: a damaged archive") as refused:
        read(file(tmp_path, name, broken))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("HR,SpO2\n80,97\n", "it has HR, SpO2, but no column Time"),
        ('[{"ts_ms": 1}]', "a JSON array, write one message a line"),
        (gzip.compress(BIDMC_CSV.encode(), mtime=0), "packed by gzip, unpack it"),
        (b"PK\x03\x04", "a workbook: save its sheet as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old workbook, save its sheet as CSV"),
    ],
)
def test_why_a_file_is_no_recording_is_said(
    tmp_path: Path, content: str | bytes, why: str
) -> None:
    with pytest.raises(RecordingError, match=why):
        read(file(tmp_path, "a.csv", content))


def test_json_lines_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    [recording] = read(file(tmp_path, "a.txt", b'\xef\xbb\xbf{"ts_ms": 1}\n'))
    assert recording.entries == [b'{"ts_ms": 1}']


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.recordings.MOST_BYTES", 1000)
    content = (BIDMC_CSV + "2,90,90,20,97\n" * 100).encode()
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", content)
    with tarfile.open(tmp_path / "a.tar.xz", "w:xz") as archive:
        member = tarfile.TarInfo("a.csv")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    file(tmp_path, "a.csv", content)
    for name in ("a.zip", "a.tar.xz", "a.csv"):
        with pytest.raises(RecordingError, match="at most 1,000 are read: split it"):
            read(tmp_path / name)


def test_a_row_without_time_is_named(tmp_path: Path) -> None:
    path = file(tmp_path, "a.csv", BIDMC_CSV.replace("1,92.5", "NaN,92.5"))
    with pytest.raises(RecordingError, match=r"line 3 has no time"):
        read(path)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no such file or folder"):
        read(tmp_path / "nowhere")


def test_no_patient_comes_from_two_files(tmp_path: Path) -> None:
    one = file(tmp_path, "bidmc_01_Numerics.csv", BIDMC_CSV)
    two = file(tmp_path, "bidmc_01.csv", BIDMC_CSV)
    with pytest.raises(RecordingError, match="bidmc-01 is in"):
        read_all([one, two])


@pytest.mark.parametrize(
    ("name", "patient"),
    [
        ("bidmc_01_Numerics.csv", "bidmc-01"),
        ("sample.tar.xz:training_setB/p100023.psv", "p100023"),
        ("Müller, ward 3.csv", "m-ller-ward-3"),
        ("ä.csv", "recording"),
        ("vigil.csv", "recording-vigil"),
        ("VIGIL-synthetic.csv", "recording-vigil-synthetic"),
    ],
)
def test_the_patient_is_the_files_pseudonym(name: str, patient: str) -> None:
    assert pseudonym(name) == patient


cells = st.one_of(st.just("NaN"), st.just(""), st.integers(0, 300).map(str))


@given(rows=st.lists(st.lists(cells, min_size=4, max_size=4), max_size=10))
def test_exactly_the_numbers_that_are_there_are_in_the_messages(
    rows: list[list[str]],
) -> None:
    lines = [",".join([str(i), *row]) for i, row in enumerate(rows)]
    header = "Time [s], HR, PULSE, RESP, SpO2"
    found = list(readings(Layout(BIDMC, ","), [header, *lines], "p", "d"))
    names = list(BIDMC.columns.values())
    for row, message in zip(rows, found, strict=True):
        numbers = {n: int(c) for n, c in zip(names, row, strict=True) if c.isdigit()}
        assert {n: message[n] for n in names if n in message} == numbers
        assert set(message) <= {column.name for column in VITALS.columns}
