"""Baselines on the real broker and cluster: a run ends, the next replaces its rows."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from jobs.measurements import BASELINES_LEARNED
from producers.contract import BASELINES, VITALS
from stack import flink_jobs
from stack.environment import ROOT
from stack.flink_run import Cluster
from stack.servers import find
from stack.settings import Settings
from tests.streams import Message, write_lines
from tests.ward import Raw, Ward, eventually

pytestmark = pytest.mark.system

NAME: Final = "learn-baselines"
HOUR_MS: Final = 3_600_000
DAYS: Final = 4
USUAL_BPM: Final = {"usual-slow": 52.0, "usual-fast": 88.0}

Key = tuple[str, str, int]
Rows = dict[Key, dict[str, Any]]


@pytest.fixture(scope="module")
def runs(ward: Ward) -> list[Rows]:
    """Publish a history and learn from it twice; return what stood after each run."""
    ward.publish(history())
    with ward.readings_never_stop():
        return [learned(ward) for _ in range(2)]


def learned(ward: Ward) -> Rows:
    """Run the job to its end; return the newest row of each key."""
    settings = ward.settings
    cluster = Cluster(settings, find(settings, os.environ), os.environ)
    assert flink_jobs.submit(cluster, ["learn_baselines"]) == [NAME]

    def state() -> list[str]:
        return [job.state for job in cluster.flink.latest() if job.name == NAME]

    eventually(state, ["FINISHED"])
    return newest(ward)


def newest(ward: Ward) -> Rows:
    """Return the newest row of each key, which is always in the same partition."""
    rows: Rows = {}
    place: dict[Key, int] = {}
    for record in ward.read(BASELINES):
        row = orjson.loads(record.value)
        named = {name: row[name] for name in BASELINES.keys}
        assert orjson.loads(record.key) == named
        key: Key = tuple(named.values())
        assert place.setdefault(key, record.partition) == record.partition
        if key[0].startswith("usual-"):
            rows[key] = row
    return rows


def history() -> Iterator[Raw]:
    """Yield a reading a minute of some patients, and an hour of one who is new."""
    begin_ms = (round(time.time() * 1000) // (24 * HOUR_MS) - DAYS - 1) * 24 * HOUR_MS
    for minute in range(DAYS * 24 * 60):
        for patient, usual_bpm in USUAL_BPM.items():
            swing_bpm = float(minute % 5 - 2)
            yield raw(patient, begin_ms + minute * 60_000, usual_bpm + swing_bpm)
        if minute < 60:
            yield raw("usual-new", begin_ms + minute * 60_000, 70.0)


def raw(patient: str, ts_ms: int, rate: float) -> Raw:
    return patient, orjson.dumps(reading(patient, ts_ms, rate))


def reading(patient: str, ts_ms: int, rate: float) -> Message:
    names = {"patient_id": patient, "device_id": f"{patient}-device"}
    return {"ts_ms": ts_ms, **names, "heart_rate_bpm": rate}


def learned_ms(rows: Rows) -> int:
    """Return when all rows were learned, at once."""
    [at_ms] = {row["learned_ms"] for row in rows.values()}
    return int(at_ms)


def test_each_hour_of_each_patient_has_a_row(runs: list[Rows]) -> None:
    keys = {(patient, "heart_rate_bpm", h) for patient in USUAL_BPM for h in range(24)}
    for rows in runs:
        assert set(rows) == keys
        for (patient, _, _), row in rows.items():
            assert row["median"] == USUAL_BPM[patient]
            assert row["spread"] == pytest.approx(1.4826)
            assert row["readings"] == DAYS * 60


def test_a_second_run_replaces_the_rows(runs: list[Rows]) -> None:
    first, second = map(learned_ms, runs)
    assert first < second


def test_a_run_that_ended_is_no_failure(ward: Ward, runs: list[Rows]) -> None:
    assert runs
    status = subprocess.run(
        [sys.executable, "-m", "stack", "status"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert status.returncode == 0
    [line] = [line for line in status.stdout.splitlines() if NAME in line]
    assert "finished" in line
    assert Path(ward.settings.state_dir, "checkpoints", NAME).exists() is False


def test_rows_are_stored_at_the_time_they_were_learned(
    ward: Ward, runs: list[Rows]
) -> None:
    times = {(patient, learned_ms(rows)) for patient in USUAL_BPM for rows in runs}
    eventually(lambda: set(ward.points(BASELINES_LEARNED, "usual-", ["median"])), times)


def test_a_reading_finds_the_row_that_held_at_its_time(
    ward: Ward, runs: list[Rows], tmp_path: Path
) -> None:
    """Both versions are found, though the topic is quiet and never moves time on."""
    first, second = map(learned_ms, runs)
    probes = [
        reading("usual-slow", first - 1, 1.0),
        reading("usual-slow", first, 2.0),
        reading("usual-slow", second - 1, 3.0),
        reading("usual-slow", second + HOUR_MS, 4.0),
        reading("usual-new", second, 5.0),
    ]
    found = joined(ward.settings, probes, tmp_path)
    assert found == [
        (1.0, None),
        (2.0, first),
        (3.0, first),
        (4.0, second),
        (5.0, None),
    ]


def joined(
    settings: Settings, probes: Sequence[Message], folder: Path
) -> list[tuple[float, int | None]]:
    """Return each probe's rate, and when the baseline that held then was learned."""
    from jobs.in_process import local_environment, read_file  # noqa: PLC0415
    from jobs.kafka import Broker, read_versions  # noqa: PLC0415
    from jobs.tables import table_of, versioned_table  # noqa: PLC0415

    t_env = local_environment()
    broker = Broker(addresses=settings.kafka_brokers, group="joined")
    patiently = {"scan.watermark.idle-timeout": "20 s"}  # the machine is busy here
    versions = read_versions(BASELINES, broker) | patiently
    t_env.execute_sql(versioned_table(BASELINES, versions))
    read_file(t_env, VITALS, write_lines(probes, folder / "probes.jsonl"))
    query = t_env.sql_query(f"""
        SELECT r.heart_rate_bpm, b.learned_ms
        FROM (
            SELECT *, 'heart_rate_bpm' AS sign_name,
                   CAST(MOD(ts_ms / {HOUR_MS}, 24) AS INT) AS hour_of_day
            FROM {table_of(VITALS)}
        ) AS r
        LEFT JOIN {table_of(BASELINES)} FOR SYSTEM_TIME AS OF r.ts AS b
          ON b.patient_id = r.patient_id AND b.sign_name = r.sign_name
         AND b.hour_of_day = r.hour_of_day
    """)
    with query.execute().collect() as rows:
        return sorted((row[0], row[1]) for _, row in zip(probes, rows, strict=False))
