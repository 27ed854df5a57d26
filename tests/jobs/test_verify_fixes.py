"""What independent telemetry says of an applied fix: each patient is a case."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import md5
from pathlib import Path
from typing import NamedTuple

import pytest

from producers.contract import DEVICE_STATUS, PROOFS, VERDICTS, VITALS
from tests.streams import EPOCH_MS, Message, assert_known_columns, in_time, write_lines

pytestmark = [pytest.mark.flink, pytest.mark.usefixtures("quick_java")]

APPLIED_S = 100
SETTLE_S = 5
WINDOW_S = 20
FROM_S = APPLIED_S + SETTLE_S
TO_S = FROM_S + WINDOW_S
"""The window is of whole slots, so that its ends can be told."""


MET = True
UNMET = False


class Verdict(NamedTuple):
    """What a test says of a verdict."""

    met: object
    observed: object
    readings: object
    reference_readings: object


def at(t: float) -> int:
    return EPOCH_MS + round(t * 1000)


def fix(patient: str, statistic: str = "mean", **columns: object) -> Message:
    """Return the step that says that a fix of the patient's monitor was applied."""
    step: Message = {
        "ts_ms": at(APPLIED_S),
        "command_id": f"fix-of-{patient}",
        "action": "recalibrate",
        "device_id": f"{patient}-monitor",
        "patient_id": patient,
        "state": "applied",
        "signal_name": "spo2_pct",
        "statistic": statistic,
        "lowest": -2.0,
        "highest": 2.0,
        "settle_s": float(SETTLE_S),
        "window_s": float(WINDOW_S),
        "applied_ms": at(APPLIED_S),
        "boot_before": "boot-1",
    }
    return step | columns


def reading(t: float, patient: str, device: str, **values: object) -> Message:
    names = {"patient_id": patient, "device_id": f"{patient}-{device}"}
    return {"ts_ms": at(t), **names, **values}


def readings(
    patient: str, device: str, levels: Iterable[float | None], begin_s: float = 90
) -> Iterator[Message]:
    """Yield a saturation a second; a missing one is a second in which nothing came."""
    for second, level in enumerate(levels):
        if level is not None:
            yield reading(begin_s + second, patient, device, spo2_pct=level)


def both(
    patient: str, own: Iterable[float | None], other: Iterable[float | None]
) -> list[Message]:
    return [*readings(patient, "monitor", own), *readings(patient, "other", other)]


def until(end_s: float, level: float) -> list[float | None]:
    return [level] * round(end_s - 90)


def status(t: float, patient: str, **columns: object) -> Message:
    usual = {"boot_id": "boot-1", "firmware": "1.0.0", "spo2_alarm_pct": 90.0}
    return reading(t, patient, "monitor") | usual | columns


class Judge:
    """Runs the job's query over three files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self,
        fixes: Sequence[Message],
        vitals: Iterable[Message],
        statuses: Iterable[Message] = (),
    ) -> dict[str, Verdict]:
        """Return each patient's verdict; there may be one at most."""
        from jobs import verify_fixes  # noqa: PLC0415 - it takes seconds
        from jobs.in_process import (  # noqa: PLC0415 - it takes seconds
            collected,
            local_environment,
        )
        from jobs.tables import from_file, source_table  # noqa: PLC0415 - as above

        t_env = local_environment()
        for topic, stream in (
            (PROOFS, fixes),
            (VITALS, vitals),
            (DEVICE_STATUS, statuses),
        ):
            messages = list(stream)
            assert_known_columns(messages, topic)
            path = write_lines(messages, self.folder / f"{topic.name}.jsonl")
            options = {
                "connector": "filesystem",
                "path": path.as_uri(),
                "format": "json",
            }
            t_env.execute_sql(source_table(topic, options, from_file(topic)))
        verify_fixes.observe(t_env)
        found = collected(t_env, verify_fixes.judged(), VERDICTS)
        patients = [str(each["patient_id"]) for each in found]
        assert len(set(patients)) == len(patients), "a command is judged once"
        assert all(
            each["verdict_id"]
            == md5(str(each["command_id"]).encode(), usedforsecurity=False).hexdigest()
            and each["command_id"] == f"fix-of-{each['patient_id']}"
            and each["device_id"] == f"{each['patient_id']}-monitor"
            for each in found
        )
        return {
            str(each["patient_id"]): Verdict(
                each["met"],
                each["observed"],
                each["readings"],
                each["reference_readings"],
            )
            for each in found
        }


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    return Judge(tmp_path)


def test_the_mean_beside_the_others_decides(judge: Judge) -> None:
    """Bounds belong to what is met; before the window nothing counts."""
    far = TO_S + 30
    vitals = in_time(
        both("good", until(far, 97), until(far, 97)),
        both("lies", until(far, 92), until(far, 97)),
        both("bound", until(far, 95), until(far, 97)),
        both("beyond", until(far, 94), until(far, 97)),
        both("at-last", [*until(FROM_S, 80), *[97.0] * (far - FROM_S)], until(far, 97)),
        both("too-late", [*until(FROM_S + 10, 80), *[97.0] * 60], until(far, 97)),
        both("again", [*until(TO_S, 97), *[80.0] * 30], until(far, 97)),
        both("nobody-asked", until(far, 80), until(far, 97)),
    )
    names = ("good", "lies", "bound", "beyond", "at-last", "too-late", "again")
    assert judge([fix(name) for name in names], vitals) == {
        "good": Verdict(MET, 0.0, 20, 20),
        "lies": Verdict(UNMET, -5.0, 20, 20),
        "bound": Verdict(MET, -2.0, 20, 20),
        "beyond": Verdict(UNMET, -3.0, 20, 20),
        "at-last": Verdict(MET, 0.0, 20, 20),
        "too-late": Verdict(UNMET, -8.5, 20, 20),
        "again": Verdict(MET, 0.0, 20, 20),
    }


def test_what_is_missing_proves_nothing(judge: Judge) -> None:
    """As long as one of the two speaks; of a patient who is gone nothing is said."""
    far = TO_S + 30
    nine = [*until(FROM_S, 97), *[97.0] * 9, *[None] * 40]
    ten = [*until(FROM_S, 97), *[97.0] * 10, *[None] * 40]
    vitals = in_time(
        both("alone", until(far, 97), ()),
        both("silent", until(FROM_S, 97), until(far, 97)),
        both("half", ten, until(far, 97)),
        both("less", nine, until(far, 97)),
        both("few-others", until(far, 97), nine),
        both("gone", until(FROM_S, 97), until(FROM_S, 97)),
        both("goes-on", until(far, 97), until(far, 97)),
    )
    patients = ("alone", "silent", "half", "less", "few-others", "gone")
    assert judge([fix(name) for name in patients], vitals) == {
        "alone": Verdict(UNMET, None, 20, 0),
        "silent": Verdict(UNMET, None, 0, 20),
        "half": Verdict(MET, 0.0, 10, 20),
        "less": Verdict(UNMET, 0.0, 9, 20),
        "few-others": Verdict(UNMET, 0.0, 20, 9),
    }


def test_what_overtakes_counts_and_what_is_late_does_not(judge: Judge) -> None:
    """A reading may come 1.5 s late; behind that, windows do not see it."""
    far = TO_S + 30
    own = list(readings("disorder", "monitor", until(far, 97)))
    for i in range(0, len(own) - 1, 2):
        own[i], own[i + 1] = own[i + 1], own[i]
    others = list(readings("disorder", "other", until(far, 97)))
    usual = (readings("stale", device, until(far, 97)) for device in ("monitor", "x"))
    # Sent once more, wrong, when its window is over already.
    stale = readings("stale", "monitor", [10.0] * 20, begin_s=FROM_S)
    vitals = [*_side_by_side(own, others, *map(list, usual)), *stale]
    met = Verdict(MET, 0.0, 20, 20)
    fixes = [fix("disorder"), fix("stale")]
    assert judge(fixes, vitals) == {"disorder": met, "stale": met}


def _side_by_side(*streams: list[Message]) -> Iterator[Message]:
    for row in zip(*streams, strict=True):
        yield from row


def test_noise_is_what_deviates_within_a_slot(judge: Judge) -> None:
    """Slots of one level each are no noise, however far apart they are."""
    far = TO_S + 30
    quick = [97.0 if t % 2 else 95.0 for t in range(round(far - 90))]
    slow = [97.0 if t // 5 % 2 else 90.0 for t in range(round(far - 90))]
    vitals = in_time(both("steady", slow, quick), both("restless", quick, quick))
    bounds = {"lowest": -10.0, "highest": -0.2}
    found = judge(
        [fix(name, "noise", **bounds) for name in ("steady", "restless")], vitals
    )
    assert found["steady"].met is True
    assert found["steady"].observed == pytest.approx(-(1.2**0.5), abs=1e-6)
    assert found["restless"] == Verdict(UNMET, 0.0, 20, 20)


def test_the_newest_fix_of_a_patient_is_judged(judge: Judge) -> None:
    """One that comes before the first one's window is over takes its place."""
    far = TO_S + 60
    first = fix("twice", command_id="superseded")
    second = fix("twice", ts_ms=at(APPLIED_S + 10), applied_ms=at(APPLIED_S + 10))
    vitals = in_time(both("twice", until(far, 97), until(far, 97)))
    assert judge([first, second], vitals) == {"twice": Verdict(MET, 0.0, 20, 20)}


def test_a_restart_and_a_firmware_are_seen_in_the_next_status(judge: Judge) -> None:
    """The first status that counts decides; one before it has settled does not."""
    new = {"boot_id": "boot-2", "firmware": "2.0.0", "spo2_alarm_pct": 88.0}
    old: dict[str, object] = {}
    said = {"new": new, "old": old}
    one = {"lowest": 1.0, "highest": 1.0}
    fixes = []
    statuses = []
    for statistic, bounds in (
        ("changed", one),
        ("equals", one),
        ("value", {"lowest": 88.0, "highest": 88.0}),
    ):
        for which, columns in said.items():
            name = f"{statistic}-{which}"
            fixes.append(fix(name, statistic, desired_firmware="2.0.0", **bounds))
            early = old if which == "new" else new
            statuses += [
                status(FROM_S - 1, name, **early),
                status(FROM_S, name, **columns),
                status(FROM_S + 60, name, **early),
            ]
    found = judge(fixes, [], in_time(statuses, [status(400, "later")]))
    assert {name: (each.met, each.observed) for name, each in found.items()} == {
        "changed-new": (True, 1.0),
        "changed-old": (False, 0.0),
        "equals-new": (True, 1.0),
        "equals-old": (False, 0.0),
        "value-new": (True, 88.0),
        "value-old": (False, 90.0),
    }


def test_a_step_that_is_said_twice_is_judged_once(judge: Judge) -> None:
    vitals = in_time(both("p", until(TO_S + 30, 97), until(TO_S + 30, 97)))
    assert judge([fix("p"), fix("p")], vitals) == judge([fix("p")], vitals)
