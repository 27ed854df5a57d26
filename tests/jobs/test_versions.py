"""A row of a compacted topic holds from its time on, until the next of its key."""

from pathlib import Path

import pytest

from producers.contract import BASELINES, MATCHES, VITALS
from tests.streams import EPOCH_MS, Message, message, write_lines

pytestmark = [pytest.mark.flink, pytest.mark.usefixtures("quick_java")]


def baseline(t: float, median: float, patient_id: str = "p") -> Message:
    """Return what is learned of a patient's heart rate at ``t``, in seconds."""
    names = {"patient_id": patient_id, "sign_name": "heart_rate_bpm"}
    learned_ms = EPOCH_MS + round(t * 1000)
    return {**names, "hour_of_day": 0, "median": median, "learned_ms": learned_ms}


def test_a_reading_finds_what_held_at_its_time(tmp_path: Path) -> None:
    from jobs.in_process import local_environment, read_file  # noqa: PLC0415
    from jobs.tables import table_of  # noqa: PLC0415

    beyond = baseline(0, 50, "r")
    absurd = [{**beyond, "learned_ms": at_ms} for at_ms in (None, 2**62, -(2**63))]
    rows = [baseline(10, 60), *absurd, baseline(15, 99, "q"), baseline(20, 70)]
    probes = [message(t, heart_rate_bpm=t) for t in (9, 10, 19, 20, 300)]
    t_env = local_environment()
    read_file(t_env, BASELINES, write_lines(rows, tmp_path / "baselines.jsonl"))
    read_file(t_env, VITALS, write_lines(probes, tmp_path / "vitals.jsonl"))
    query = t_env.sql_query(f"""
        SELECT r.heart_rate_bpm, b.median
        FROM (
            SELECT *, 'heart_rate_bpm' AS sign_name, 0 AS hour_of_day
            FROM {table_of(VITALS)}
        ) AS r
        LEFT JOIN {table_of(BASELINES)} FOR SYSTEM_TIME AS OF r.ts AS b
          ON b.patient_id = r.patient_id AND b.sign_name = r.sign_name
         AND b.hour_of_day = r.hour_of_day
    """)
    with query.execute().collect() as found:
        joined = sorted((row[0], row[1]) for row in found)
    assert joined == [(9, None), (10, 60), (19, 60), (20, 70), (300, 70)]


def test_several_columns_of_a_key_are_one_json_object() -> None:
    from jobs.kafka import Broker, read_versions, write_json  # noqa: PLC0415

    broker = Broker(addresses="b:1", group="g")
    for options in (write_json(BASELINES, broker), read_versions(BASELINES, broker)):
        assert options["key.format"] == "json"
    fields = write_json(BASELINES, broker)["key.fields"]
    assert fields == "patient_id;sign_name;hour_of_day"
    assert write_json(MATCHES, broker)["key.format"] == "raw"


def test_a_compacted_topic_keeps_the_newest_of_each_key_for_ever() -> None:
    assert BASELINES.configs["cleanup.policy"] == "compact"
    assert "retention.ms" not in BASELINES.configs
    assert "cleanup.policy" not in MATCHES.configs
