"""What is charted is the same whenever it is asked, and each chart has a number."""

import numpy as np

from digital_twin.charted import (
    ACTIVITIES,
    ACVPU,
    CHARTS,
    ON_OXYGEN_EVERY,
    Charted,
    number,
    on_oxygen,
)


def test_one_patient_in_so_many_breathes_oxygen() -> None:
    assert on_oxygen(np.arange(10 * ON_OXYGEN_EVERY)).sum() == 10


def test_every_chart_is_found_by_its_number() -> None:
    on = np.array([int(chart.on_oxygen) for chart in CHARTS])
    mind = np.array([ACVPU.index(chart.consciousness) for chart in CHARTS])
    activity = np.array([ACTIVITIES.index(chart.activity) for chart in CHARTS])
    np.testing.assert_array_equal(number(on, mind, activity), np.arange(len(CHARTS)))


def test_who_has_no_number_of_note_is_alert() -> None:
    assert CHARTS[0] == Charted(on_oxygen=False, consciousness="A", activity=None)
