"""Score every patient, once a minute and whenever the points of a part change.

vitals (Kafka) -> readings -> observations (10 s) -> spoken
    -> scored -> scores (Kafka)
    -> signals of patients -> matches (Kafka)

Patterns on scores, trends and what is known of a patient are found here, because
they wait for a slot to end, and those on readings must not. Without any Python:
charts become SQL (``jobs.charts``) before the job starts.
"""

from collections.abc import Sequence

from pyflink.table import TableEnvironment

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from jobs import patients
from jobs.environment import (
    FORGETTING,
    NO_OPTIONS,
    Options,
    submit,
    table_environment,
)
from jobs.kafka import Broker, read_json, read_versions, write_json
from jobs.matches import inserts
from jobs.observations import observations_view
from jobs.parts import parts
from jobs.readings import readings_view
from jobs.score_messages import of_ratio, of_score
from jobs.scored import scored_view, spoken_view
from jobs.settings import from_environment
from jobs.tables import sink_table, source_table, table_of, versioned_table
from producers.contract import BASELINES, LIMITS, MATCHES, VITALS
from producers.contract import SCORES as SCORES_TOPIC
from scores.catalogue import RATIOS, SCORES
from scores.chart import Ratio, Score

JOB_NAME = "score-patients"


def observe(t_env: TableEnvironment) -> None:
    """Define the views of what is known of patients, over the view ``readings``."""
    t_env.execute_sql(observations_view())
    t_env.execute_sql(spoken_view(SCORES, RATIOS))


def scored(
    t_env: TableEnvironment, scores: Sequence[Score], ratios: Sequence[Ratio]
) -> str:
    """Return the query for all messages of ``scores`` and ``ratios``.

    The patients must be observed. Nothing runs yet.
    """
    t_env.execute_sql(scored_view(scores))
    return "\nUNION ALL\n".join([*map(of_score, scores), *map(of_ratio, ratios)])


def define(t_env: TableEnvironment, broker: Broker) -> None:
    """Define the tables and views that :func:`score` needs."""
    t_env.execute_sql(source_table(VITALS, read_json(VITALS, broker)))
    t_env.execute_sql(readings_view())
    observe(t_env)
    for topic in (LIMITS, BASELINES):
        t_env.execute_sql(versioned_table(topic, read_versions(topic, broker)))
    for topic in (SCORES_TOPIC, MATCHES):
        t_env.execute_sql(sink_table(topic, write_json(topic, broker)))


def score(t_env: TableEnvironment) -> str:
    """Return the insert of the scores. Its tables must exist. Nothing runs yet."""
    messages = scored(t_env, SCORES, RATIOS)
    return f"INSERT INTO {table_of(SCORES_TOPIC)} {messages}"


def find(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the queries for every match of those ``patterns`` that are of patients.

    The patients must be observed. Nothing runs yet.
    """
    return patients.find(t_env, parts(patterns).of_patients)


def detect(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the inserts of the matches."""
    return inserts(find(t_env, patterns))


def main(options: Options = NO_OPTIONS) -> None:
    """Wire Kafka to the scores and submit the job."""
    settings = from_environment()
    t_env = table_environment(JOB_NAME, {**FORGETTING, **options})
    define(t_env, Broker(addresses=settings.kafka_brokers, group=JOB_NAME))
    submit(t_env, [score(t_env), *detect(t_env, CATALOGUE)])


if __name__ == "__main__":
    main()
