"""A storm of matches: nothing is lost, high comes first, and memory stays flat."""

import time
from collections.abc import Iterator
from itertools import islice, product
from typing import Final

import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from alerts.database import Database
from alerts.holds import FLOOD, HIGH, TOO_MANY
from alerts.match import Match
from alerts.model import StepKind
from alerts.notice_table import Notice, Sending
from alerts.tables import AlarmRow, MatchRow
from benchmarks.providers import Arrivals
from benchmarks.written import match, writer
from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Severity
from stack.paths import Paths
from stack.settings import Settings
from stack.supervision import Supervisor

PATTERNS: Final = tuple(sorted(pattern.name for pattern in CATALOGUE))[:10]
DEVICES: Final = 10
"""Of each patient; so many matches make one alarm."""
PATIENCE_S: Final = 600
OF_THE_STORM: Final = AlarmRow.patient_id.startswith("storm-")
MB: Final = 1_000_000


def storm(
    settings: Settings,
    database: Database,
    arrivals: Arrivals,
    matches: int,
    console: Console,
) -> Table:
    """Write ``matches``, wait until all are folded and high is sent, and say how."""
    process = psutil.Process(Supervisor(Paths(settings.state_dir)).pid("alerts"))
    before_mb, most_mb = process.memory_info().rss / MB, 0.0
    before, began_s = len(arrivals.all), time.monotonic()
    write, coming = writer(settings), _matches(matches)
    while some := list(islice(coming, 5_000)):
        write(some)
    written_s = folded_s = time.monotonic() - began_s
    while not _is_over(database, matches):
        most_mb = max(most_mb, process.memory_info().rss / MB)
        if _folded(database) < matches:
            folded_s = time.monotonic() - began_s
        if time.monotonic() - began_s > PATIENCE_S:
            console.print("it does not end", style="red")
            break
        time.sleep(0.5)
    table = Table("storm", "", title=f"{matches:,} matches")
    table.add_row("written, folded after", f"{written_s:.0f} s, {folded_s:.0f} s")
    for what, how_many in _facts(database).items():
        table.add_row(what, how_many)
    messages = len(arrivals.all) - before
    table.add_row("messages at the providers", f"{messages:,}")
    after_mb = process.memory_info().rss / MB
    memory = f"{before_mb:.0f}, {most_mb:.0f}, {after_mb:.0f} MB"
    table.add_row("memory before, at most, after", memory)
    return table


def _matches(count: int) -> Iterator[Match]:
    """Yield what several devices find of the same, a tenth of the alarms high."""
    patients = (f"storm-{n:05d}" for n in range(count // len(PATTERNS) // DEVICES))
    for patient, (place, pattern) in product(patients, enumerate(PATTERNS)):
        rest = Severity.MEDIUM if place % 2 else Severity.LOW
        severity = rest if place else Severity.HIGH
        for number in range(DEVICES):
            yield match(patient, pattern, severity, f"device-{number}")


def _folded(database: Database) -> int:
    alarms = select(AlarmRow.alarm_id).where(OF_THE_STORM)
    ours = MatchRow.alarm_id.in_(alarms)
    with database.reading() as session:
        return session.scalar(select(func.count()).where(ours)) or 0


def _is_over(database: Database, matches: int) -> bool:
    due = Notice.rank == HIGH, Notice.sending.in_((Sending.WAITING, Sending.SENDING))
    with database.reading() as session:
        left = session.scalar(select(func.count()).select_from(Notice).where(*due))
    return not left and _folded(database) >= matches


def _facts(database: Database) -> dict[str, str]:
    ours = Notice.patient_id.startswith("storm-"), Notice.phase == StepKind.RAISED
    counted = func.count(Notice.number)
    wait = func.max(Notice.sent_ms - Notice.created_ms)
    high = Notice.rank == HIGH, Notice.sending == Sending.SENT
    with database.reading() as session:

        def number(*conditions: object) -> int:
            return session.scalar(select(counted).where(*ours, *conditions)) or 0  # type: ignore[arg-type]

        told = session.scalar(
            select(func.count(Notice.alarm_id.distinct())).where(*ours)
        )
        alarms = session.scalar(
            select(func.count(AlarmRow.alarm_id)).where(OF_THE_STORM)
        )
        slowest_ms = session.scalar(select(wait).where(*ours, *high)) or 0
        floods = session.scalar(
            select(func.count(AlarmRow.alarm_id)).where(AlarmRow.pattern_name == FLOOD)
        )
        return {
            "alarms, of which somebody is told": f"{alarms:,}, {told:,}",
            "notices of high severity, sent": f"{number(Notice.rank == HIGH):,},"
            f" {number(*high):,}",
            "the slowest of them, since it was raised": f"{slowest_ms / 1000:.1f} s",
            "others: sent, held by the flood cap": (
                f"{number(Notice.rank < HIGH, Notice.sending == Sending.SENT):,},"
                f" {number(Notice.why == TOO_MANY):,}"
            ),
            "alarms that say so": str(floods),
        }
