"""A score goes through broker, cluster and database as it was said."""

import orjson
import pytest

from jobs.measurements import SCORES_FOUND
from producers.contract import SCORES as SCORES_TOPIC
from scores.catalogue import RATIOS, SCORES
from tests.jobs import scores_by_hand
from tests.scores.patients import WELL
from tests.streams import Message
from tests.ward import Ward, eventually

pytestmark = pytest.mark.system

NAME = "scored-patient"


def _readings(begin_ms: int) -> list[Message]:
    """Return a patient who is well, and from 100 s on is not."""
    ill = {"respiratory_rate_per_min": 26.0, "systolic_mmhg": 88.0}
    known = {"patient_id": NAME, "device_id": "monitor"}
    return [
        {"ts_ms": begin_ms + t * 1000, **known, **WELL, **(ill if t >= 100 else {})}
        for t in range(200)
    ]


def _said(ward: Ward) -> list[Message]:
    messages = (orjson.loads(record.value) for record in ward.read(SCORES_TOPIC))
    mine = (m for m in messages if m["patient_id"] == NAME)
    return sorted(mine, key=lambda m: (m["ts_ms"], m["patient_id"], m["score_name"]))


def test_scores_are_said_and_stored(ward: Ward) -> None:
    begin_ms = ward.begin_ms(length_s=200)
    stream = _readings(begin_ms)
    ward.publish((NAME, orjson.dumps(each)) for each in stream)
    ward.let_time_pass(begin_ms + 300_000)
    expected = scores_by_hand.messages(stream)
    eventually(lambda: _said(ward), expected)

    last = expected[-len(SCORES) - len(RATIOS)]
    assert (last["score_name"], last["risk"]) == ("news2", "medium")
    eventually(lambda: _stored(ward), _as_stored(last))


def _as_stored(said: Message) -> Message:
    """Return ``said`` as a point holds it: each part's values are fields."""
    names = {"patient_id", "score_name", "ts_ms", "parts"}
    parts = said["parts"]
    assert isinstance(parts, dict)
    nested = {
        f"{part}_{name}": value
        for part, row in parts.items()
        for name, value in row.items()
    }
    return {k: v for k, v in said.items() if k not in names} | nested


def _stored(ward: Ward) -> dict[str, object]:
    """Return what the newest point of the patient's NEWS2 holds."""
    points = ward.points(SCORES_FOUND, NAME, score_name="news2")
    return points[max(points)] if points else {}
