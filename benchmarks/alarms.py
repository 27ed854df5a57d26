"""How long a match takes to a person, and what a storm of matches does.

``python -m benchmarks.alarms`` runs the real broker, alarms and page. First, matches
of high severity at a steady pace on patients whose readings are on the wire, while
pages are open: each must reach a mail server, an SMS provider and every page. Then a
storm: as many matches as fast as they can be written, a tenth of the alarms high.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from alerts.database import Database
from alerts.match import Match
from alerts.settings import AlertSettings
from benchmarks.own_stack import own_stack
from benchmarks.pages import Pages, delays_s
from benchmarks.providers import Arrivals, providers
from benchmarks.storm import PATTERNS, storm
from benchmarks.written import match, writer
from cep_patterns.pattern import Severity
from gateway.settings import from_environment
from stack.environment import ROOT
from stack.settings import Settings

PATIENTS: Final = 1_000
WARM_UP_S: Final = 15
PEOPLE: Final = """
people: {nurse: {sms: "+15005550001", email: nurse@example.org}}
channels: {high: [sms, email], medium: [sms], low: [email]}
escalation:
  high: {levels: [{after_min: 0, tell: [nurse]}]}
  medium: {levels: [{after_min: 0, tell: [nurse]}]}
  low: {levels: [{after_min: 0, tell: [nurse]}]}
fallback: [nurse]
wards: {ward: {time_zone: UTC}}
default_ward: ward
"""

console = Console()


def main(
    per_s: Annotated[int, typer.Option(help="Matches a second.")] = 50,
    seconds: Annotated[int, typer.Option(help="How long they come.")] = 60,
    pages: Annotated[int, typer.Option(help="Pages that are open.")] = 50,
    matches: Annotated[int, typer.Option(help="Matches of the storm.")] = 100_000,
) -> None:
    """Measure both, and print two tables."""
    with ExitStack() as opened:
        arrivals = opened.enter_context(_told())
        settings = opened.enter_context(own_stack(console))
        os.environ.update(settings.environment())
        if seconds:
            console.print(_steady(settings, arrivals, per_s, seconds, pages))
        if matches:
            database = Database.open(AlertSettings().database_url)
            opened.callback(database.close)
            console.print(storm(settings, database, arrivals, matches, console))


@contextmanager
def _told() -> Iterator[Arrivals]:
    """Run the providers, and let the stack that is started next send to them."""
    with tempfile.TemporaryDirectory() as folder, providers() as (arrivals, leading):
        people = Path(folder) / "people.yaml"
        people.write_text(PEOPLE, encoding="utf-8")
        os.environ.update(leading | {"VIGIL_ALERTS_PEOPLE": str(people)})
        yield arrivals


def _steady(
    settings: Settings, arrivals: Arrivals, per_s: int, seconds: int, pages: int
) -> Table:
    name, password = next(iter(from_environment().users.items()))
    with _fleet(settings), Pages(settings.gateway_url, name, password, pages) as open_:
        time.sleep(WARM_UP_S)
        sent_s = dict(_sent(settings, per_s, seconds))
        time.sleep(5)
        shown = delays_s(open_.heard(), sent_s)
    by_subject = {f"HIGH {patient}": at for (patient, _), at in sent_s.items()}
    table = Table(
        "from a match in Kafka to", "p50", "p99", "longest", title=f"{per_s}/s"
    )
    for where, delays in {
        "the mail server": arrivals.delays_s("email", by_subject),
        "the SMS provider": arrivals.delays_s("sms", by_subject),
        f"{pages} pages": shown,
    }.items():
        figures = np.percentile(delays, [50, 99, 100])
        table.add_row(where, *(f"{each:.2f} s" for each in figures))
    return table


def _sent(
    settings: Settings, per_s: int, seconds: int
) -> Iterator[tuple[tuple[str, str], float]]:
    """Write matches at their pace, each of a patient of its own; yield when."""
    write = writer(settings)
    began_s = time.time()
    for number in range(per_s * seconds):
        time.sleep(max(0.0, began_s + number / per_s - time.time()))
        found = match(_patient(number), PATTERNS[0], Severity.HIGH)
        write([found])
        yield _key(found), time.time()


def _patient(number: int) -> str:
    """Return one of those whose readings come, and then one of whom nothing does."""
    return f"patient-{number:05d}"


def _key(found: Match) -> tuple[str, str]:
    return found.patient_id, found.pattern_name


@contextmanager
def _fleet(settings: Settings) -> Iterator[None]:
    command = [sys.executable, "-m", "producers.fleet", "--devices", str(PATIENTS)]
    playing = subprocess.Popen(  # noqa: S603 - our own words
        [*command, "--brokers", settings.kafka_brokers],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        playing.terminate()
        playing.wait()


if __name__ == "__main__":
    typer.run(main)
