"""Commands and events for tests of a command's life."""

from digital_twin.shadow.command import Command, Wish
from digital_twin.shadow.expectation import Expectation
from digital_twin.shadow.stages import Judged, Life, Said, Stage
from digital_twin.shadow.state import State

ISSUED_MS = 1_000_000
DEADLINE_MS = ISSUED_MS + 60_000
DESIRED = State(3, {"spo2_offset_pct": 5.0})
BEFORE = State(2, {"spo2_offset_pct": 0.0})
NEEDED = Expectation(
    signal="spo2_pct",
    statistic="mean",
    reference="other_devices",
    lowest=-2.0,
    highest=2.0,
)


def command() -> Command:
    wish = Wish(
        command_id="c",
        device_id="d",
        action="recalibrate",
        changes={"spo2_offset_pct": 5.0},
        expectation=NEEDED,
        based_on=2,
    )
    return Command(wish=wish, patient_id="p", desired=DESIRED, deadline_ms=DEADLINE_MS)


def issued() -> Life:
    return Life(command=command(), times={Stage.ISSUED: ISSUED_MS}, reported=BEFORE)


def said(
    stage: Stage, at_s: float = 1.0, state: State = DESIRED, clock_s: float = 0.0
) -> Said:
    return Said(stage, ISSUED_MS + round(1000 * at_s), state, clock_s)


def judged(*, met: bool = True, at_s: float = 40.0) -> Judged:
    return Judged(ISSUED_MS + round(1000 * at_s), met, 0.0 if met else -5.0, 20, 20)
