"""Score each recording's last seconds of EEG, and find seizures.

eeg (Kafka, bytes)   -> validity -> rejected (Kafka)
eeg (Kafka, decoded) -> seconds -> windows -> scored -> state -> eeg_scores (Kafka)
                                                 -> signals of EEG -> matches (Kafka)
vitals (Kafka) -> readings -> fast heart rates ------^

One job, because event time does not survive a topic: two tasks that write to one
partition are apart by what lies in their buffers, and after an outage that is
minutes. What all of it hangs on is planned, and scored, once (SHARED).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pyflink.table import TableEnvironment

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from jobs import held, limits, matches
from jobs.eeg_events import EEG_SCORED, messages, state_view
from jobs.eeg_judging import JudgePackets, judge
from jobs.eeg_scoring import RESULT, ScoreWindows, score, trained
from jobs.eeg_seconds import EEG_SECONDS, SAMPLES, seconds_view
from jobs.eeg_signals import EEG_SIGNALS_VIEW, signals_view
from jobs.environment import (
    FORGETTING,
    NO_OPTIONS,
    Options,
    is_planned,
    submit,
    table_environment,
)
from jobs.kafka import Broker, read_json, write_json
from jobs.messages import define_messages, define_rejected, keep_rejected
from jobs.parts import parts
from jobs.patients import steps
from jobs.readings import readings_view
from jobs.settings import from_environment
from jobs.tables import sink_table, source_table, table_of
from producers.contract import EEG, EEG_SCORES, MATCHES, VITALS

JOB_NAME = "score-eeg"

SHARED: Final[Options] = {
    "table.optimizer.reuse-optimize-block-with-digest-enabled": "true",
}
"""Views that several queries read are planned once, and not once for each."""

SMALL_BATCHES: Final[Options] = {
    "python.fn-execution.bundle.size": "256",
    "python.fn-execution.arrow.batch.size": "256",
    "python.fn-execution.bundle.time": "100",
}
"""A window is 50 kB: of the usual 10,000 rows a batch would be half a gigabyte."""

HEARTS: Final = replace(VITALS, max_lateness_ms=5_000)
"""Vital signs, whose event time stays behind that of EEG.

When EEG begins after a silence, its time counts only from where that of the heart
rates is. If they were ahead, it would never be, and every second of EEG be late.
"""

WAITS_FOR_VITALS: Final[Options] = {"scan.watermark.idle-timeout": "5 s"}
"""A seizure is told without heart rates, if none come: it waits no longer for them."""


def define(t_env: TableEnvironment, broker: Broker) -> None:
    """Define the tables and views that the inserts need."""
    define_rejected(t_env, broker)
    define_messages(t_env, EEG, broker)
    t_env.execute_sql(source_table(EEG, read_json(EEG, broker)))
    vitals = {**read_json(HEARTS, broker), **WAITS_FOR_VITALS}
    t_env.execute_sql(source_table(HEARTS, vitals))
    t_env.execute_sql(readings_view())
    for topic in (EEG_SCORES, MATCHES):
        t_env.execute_sql(sink_table(topic, write_json(topic, broker)))


def observe(t_env: TableEnvironment, scorer: ScoreWindows) -> None:
    """Define the views of what is known of each second, over the table of ``eeg``."""
    t_env.execute_sql(seconds_view())
    t_env.create_temporary_function("score_windows", score(scorer))
    said = ", ".join(f"said.{name} AS {name}" for name in RESULT)
    t_env.execute_sql(f"""
        CREATE TEMPORARY VIEW {EEG_SCORED} AS
        SELECT patient_id, device_id, ts, ts_ms, channels, {said}
        FROM (
            SELECT *, score_windows(channels, rate_hz, uv_per_count,
                                    {", ".join(SAMPLES)}) AS said
            FROM {EEG_SECONDS}
        )
    """)
    t_env.execute_sql(state_view())


def scored() -> str:
    """Return the insert of the scores. The seconds must be observed."""
    return f"INSERT INTO {table_of(EEG_SCORES)} {messages()}"


def find(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the query for every match of those ``patterns`` that are of EEG, if any.

    The view ``eeg_state`` must exist, and ``readings``. Nothing runs yet.
    """
    of_eeg = parts(patterns).of_eeg
    if not of_eeg:
        return []
    t_env.execute_sql(signals_view(of_eeg))
    seconds = limits.judged(of_eeg, steps(of_eeg, EEG_SIGNALS_VIEW))
    return [held.matches(t_env, "eeg", of_eeg, seconds)]


def detect(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the inserts of the matches."""
    return matches.inserts(find(t_env, patterns))


def judged(t_env: TableEnvironment) -> str:
    """Return the insert that keeps the messages of which something is wrong."""
    return keep_rejected(t_env, EEG, "judge_eeg", judge(JudgePackets()))


def inserts(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the inserts of this job. Its tables must exist. Nothing runs yet."""
    observe(t_env, ScoreWindows())
    return [judged(t_env), scored(), *detect(t_env, patterns)]


def demand_model() -> None:
    """End with one line where the model does not fit: its workers would go on dying."""
    from eeg.model import ModelError  # noqa: PLC0415 - seconds, for this job alone

    try:
        trained()
    except ModelError as error:
        raise SystemExit(str(error)) from None


def main(options: Options = NO_OPTIONS) -> None:
    """Wire Kafka to the scores and submit the job."""
    settings = from_environment()
    if not is_planned(options):  # what was planned before was demanded before
        demand_model()
    t_env = table_environment(
        JOB_NAME, {**FORGETTING, **SHARED, **SMALL_BATCHES, **options}
    )
    define(t_env, Broker(addresses=settings.kafka_brokers, group=JOB_NAME))
    submit(t_env, inserts(t_env, CATALOGUE))


if __name__ == "__main__":
    main()
