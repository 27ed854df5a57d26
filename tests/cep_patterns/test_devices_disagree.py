"""Two devices that cannot both be right are named, and neither is believed."""

from collections.abc import Iterator

import pytest

from cep_patterns import new_fever
from cep_patterns.devices_disagree import APART, HOLD_S, PATTERN
from tests.conftest import Found
from tests.streams import Message, in_time, message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]

MIN = 60
FIRST = {
    "spo2_pct": 97.0,
    "heart_rate_bpm": 70.0,
    "respiratory_rate_per_min": 16.0,
    "systolic_mmhg": 120.0,
    "temperature_c": 36.8,
}


def said(
    name: str, until_s: int = 4 * MIN, *, behind_s: float = 0, **other: float
) -> Iterator[Message]:
    """Return what two devices say every ten seconds; up to ``until_s`` they differ."""
    for t in range(0, 6 * MIN, 10):
        differing = other if t < until_s else {}
        yield message(t + 1, name, **FIRST)
        again = message(t + 1 + behind_s, name, **FIRST | differing)
        yield again | {"device_id": f"{name}-other"}


@pytest.mark.stream(
    in_time(
        said("at-once", spo2_pct=84),
        said("behind", spo2_pct=84, behind_s=0.4),
        said("breathing", respiratory_rate_per_min=6),
        said("cold", temperature_c=34),
        said("two", temperature_c=34, systolic_mmhg=90),
        said("alike"),
        said("short", MIN - 10, spo2_pct=84),
        *(
            said(f"{sign}-{more}", 4 * MIN, **{sign: FIRST[sign] - limit - more})
            for sign, limit in APART.items()
            for more in (0, 1)
        ),
    )
)
def test_devices_that_differ_too_much_are_named(found: list[Found]) -> None:
    begun = {each.patient: each.observed for each in found if each.phase == "ongoing"}
    assert begun == {
        **dict.fromkeys(("at-once", "behind", "breathing", "cold"), 1),
        "two": 2,
        **{f"{sign}-1": 1 for sign in APART},
    }
    assert {each.started for each in found} == {10}
    ended = {each.patient for each in found if each.phase == "ended"}
    assert ended == set(begun)


@pytest.mark.pattern(new_fever.PATTERN)
@pytest.mark.stream(
    in_time(said("one-is-hot", temperature_c=39.5), said("well", temperature_c=37.0))
)
def test_a_sign_in_dispute_is_no_finding(found: list[Found]) -> None:
    assert found == []


def test_it_holds_for_a_minute() -> None:
    assert HOLD_S == MIN


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "technical")
