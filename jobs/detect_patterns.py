"""Find the patterns of the catalogue in the vitals stream.

vitals (Kafka) -> readings -> arrivals -> readings near a limit -> steps
                                       -> heartbeats -> slots -> steps
                   -> without a usable time ----------^
steps -> runs -> turns -> matches (Kafka)
      -> silences -> matches (Kafka)
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pyflink.table import TableEnvironment

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern, Rule, Single
from jobs import burden, followed, held, silence, slots, thinning
from jobs.conditions import own_limit
from jobs.environment import (
    FORGETTING,
    NO_OPTIONS,
    Options,
    submit,
    table_environment,
)
from jobs.kafka import Broker, read_json, read_versions, write_json
from jobs.limits import by_usual, judged
from jobs.matches import inserts
from jobs.parts import Parts, parts
from jobs.readings import readings_view, without_time_view
from jobs.settings import from_environment
from jobs.tables import sink_table, source_table, versioned_table
from producers.contract import LIMITS, MATCHES, VITALS

JOB_NAME = "detect-patterns"

HURRIED: Final[Options] = {"execution.buffer-timeout.interval": "10 ms"}
"""A match passes several tasks, and waits at each until its buffer leaves."""


class Sight(NamedTuple):
    """How readings become steps: a view of them in order, and what rules see in it."""

    view: str
    steps: Callable[[Mapping[int, Rule]], str]


THINNED: Final = Sight(thinning.near_view(), thinning.steps)
ALL: Final = Sight(thinning.all_view(), thinning.all_steps)


def find(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the queries that together find every match of ``patterns``.

    The view ``readings`` must exist in ``t_env``. Nothing runs yet.
    """
    by_part = parts(patterns)
    t_env.execute_sql(thinning.arrivals_view(by_part.thinned_by))
    if by_part.of_slots or by_part.silences:
        t_env.execute_sql(without_time_view())
        t_env.execute_sql(slots.slots_view())
    return [
        *in_runs(t_env, by_part, THINNED),
        *_in_slots(t_env, by_part.of_slots),
        *(
            query
            for pattern in by_part.silences
            for query in (silence.found(pattern), silence.over(pattern))
        ),
    ]


def in_runs(t_env: TableEnvironment, by_part: Parts, sight: Sight) -> list[str]:
    """Return the query for all patterns that are found in runs of readings, if any."""
    if not by_part.in_runs:
        return []
    t_env.execute_sql(sight.view)
    steps = "\nUNION ALL\n".join(_steps(by_part, sight))
    return [held.matches(t_env, "readings", by_part.in_runs, steps)]


def _in_slots(t_env: TableEnvironment, of_slots: Sequence[Single]) -> list[str]:
    """Return the query for all patterns that are found in runs of slots, if any.

    Apart from those of readings, which would have to wait while all devices' slots
    end at once.
    """
    if not of_slots:
        return []
    steps = "\nUNION ALL\n".join(
        slots.steps(p, rule) for rule, p in enumerate(of_slots)
    )
    return [held.matches(t_env, "slots", of_slots, judged(of_slots, steps))]


def _steps(by_part: Parts, sight: Sight) -> Iterator[str]:
    """Yield the queries for the steps of readings, numbered as ``in_runs``.

    Those of patterns in which nobody has a limit of his own are not kept until it
    is known which limits held at their time.
    """
    of_readings, patterns = by_part.of_readings, by_part.in_runs
    following = followed.concerned(of_readings)
    numbered = dict(enumerate(by_part.rules))
    if apart := {n: numbered.pop(n) for n in sorted(following)}:
        yield by_usual(patterns, followed.steps_after(of_readings, sight.steps(apart)))
    if own := {n: rule for n, rule in numbered.items() if own_limit(rule)}:
        yield judged(patterns, followed.steps_anytime(sight.steps(own)))
    if usual := {n: rule for n, rule in numbered.items() if n not in own}:
        yield by_usual(patterns, followed.steps_anytime(sight.steps(usual)))
    for number, pattern in enumerate(by_part.burdens):
        near = sight.steps({len(by_part.rules) + number: burden.near(pattern)})
        steps = burden.steps(pattern, len(of_readings) + number, near)
        yield by_usual(patterns, steps)


def define(t_env: TableEnvironment, broker: Broker) -> None:
    """Define the tables and views that :func:`detect` needs."""
    t_env.execute_sql(source_table(VITALS, read_json(VITALS, broker)))
    t_env.execute_sql(readings_view())
    t_env.execute_sql(versioned_table(LIMITS, read_versions(LIMITS, broker)))
    t_env.execute_sql(sink_table(MATCHES, write_json(MATCHES, broker)))


def detect(t_env: TableEnvironment, patterns: Sequence[Pattern]) -> list[str]:
    """Return the inserts of this job. Its tables must exist. Nothing runs yet."""
    return inserts(find(t_env, patterns))


def main(options: Options = NO_OPTIONS) -> None:
    """Wire Kafka to the patterns and submit the job."""
    settings = from_environment()
    t_env = table_environment(JOB_NAME, {**FORGETTING, **HURRIED, **options})
    define(t_env, Broker(addresses=settings.kafka_brokers, group=JOB_NAME))
    submit(t_env, detect(t_env, CATALOGUE))


if __name__ == "__main__":
    main()
