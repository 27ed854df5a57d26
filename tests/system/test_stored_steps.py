"""What happens to an alarm is stored where the boards look."""

import time

import pytest

from jobs.measurements import ALARM_STEPS
from producers.contract import MATCHES
from tests.alerts.matches import ongoing
from tests.ward import Ward, eventually

pytestmark = pytest.mark.system


def test_each_step_is_stored_beside_the_matches(ward: Ward) -> None:
    match = ongoing("stored", time.time(), patient="stored-1", pattern="apnoea")
    value = match.model_dump_json(exclude_none=True).encode()
    ward.publish([(match.patient_id, value)], MATCHES)

    def first_stored() -> list[object]:
        """Return the first step: nobody does anything, so more will follow."""
        points = ward.points(ALARM_STEPS, "stored-", ["state", "step_number"])
        return [
            (patient, point["state"], point["step_number"])
            for (patient, _), point in sorted(points.items())[:1]
        ]

    eventually(first_stored, [("stored-1", "raised", 1)])
