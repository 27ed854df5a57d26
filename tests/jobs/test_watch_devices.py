"""The whole job: one chain, and patterns that leave one another alone."""

from pathlib import Path

import pytest

from cep_patterns.catalogue import CATALOGUE
from jobs import watch_devices
from jobs.device_signals import DEVICE_SIGNALS
from jobs.in_process import (
    device_matches_in,
    local_environment,
    read_arrivals,
    write_folder,
)
from jobs.parts import parts
from producers.contract import MATCHES
from tests.device_statuses import by_arrival, told
from tests.streams import write_lines

pytestmark = pytest.mark.flink

EARLIER_MS = 1_767_225_600_000 - 364 * 86_400_000


@pytest.mark.usefixtures("quick_java")
def test_statuses_are_decoded_once_and_matched_once(tmp_path: Path) -> None:
    t_env = local_environment()
    read_arrivals(t_env, write_lines([], tmp_path / "statuses"))
    write_folder(t_env, MATCHES, tmp_path)
    job = t_env.create_statement_set()
    for insert in watch_devices.detect(t_env, CATALOGUE):
        job.add_insert_sql(insert)
    plan = job.explain().partition("== Optimized Execution Plan ==")[2]
    assert plan.count("default_database, device_status_topic_arrivals") == 1
    assert plan.count("Match(") == 1
    # By the clock on the wall, one that is set back would end the job, again and again:
    # what a match skips to would lie before its beginning.
    assert "orderBy=[ts ASC]" in plan.partition("Match(")[2].splitlines()[0]


@pytest.mark.usefixtures("quick_java")
def test_all_patterns_together_find_what_each_finds_alone(tmp_path: Path) -> None:
    week = range(7 * 24)
    stream = by_arrival(
        told("hangs", range(6), repeated_readings=40),
        told("old", range(30), calibrated_ms=EARLIER_MS),
        told("dries", range(72), contact_pct=lambda at: 99 - 12 * at / 24),
        told(
            "weak",
            week,
            battery_pct=lambda at: 90 - 4 * (1 + 0.08 * int(at) / 24) * (at % 1),
        ),
    )
    path = write_lines(stream, tmp_path / "statuses.jsonl")
    found = device_matches_in(path, CATALOGUE)
    assert {(m["pattern_name"], m["device_id"]) for m in found} == {
        ("readings_frozen", "hangs"),
        ("calibration_overdue", "old"),
        ("contact_falling", "dries"),
        ("battery_draining_faster", "weak"),
    }
    assert {m["kind"] for m in found} == {"technical"}


def test_each_signal_of_devices_is_read_by_a_pattern_of_devices() -> None:
    of_devices = parts(CATALOGUE).of_devices
    read = {p.signal for p in of_devices}
    read |= {met.signal for p in of_devices for met in p.also}  # type: ignore[union-attr]
    assert read == set(DEVICE_SIGNALS)


def test_other_jobs_leave_the_patterns_of_devices_alone() -> None:
    alone = parts(parts(CATALOGUE).of_devices)
    assert alone.in_runs == alone.of_patients == alone.of_eeg == ()
    assert alone.of_devices == parts(CATALOGUE).of_devices
