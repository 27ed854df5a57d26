"""Bands that leave a value out, or take it twice, cannot be written down."""

import pytest

from scores.chart import Band, Banded, Switched
from scores.inputs import ON_OXYGEN, SPO2

CROOKED = {
    "none at all": (),
    "a gap": (Band(None, 8, 3), Band(10, None, 0)),
    "an overlap": (Band(None, 8, 3), Band(8, None, 0)),
    "the wrong order": (Band(9, None, 0), Band(None, 8, 3)),
    "closed below": (Band(0, 8, 3), Band(9, None, 0)),
    "closed above": (Band(None, 8, 3), Band(9, 100, 0)),
    "open in the middle": (Band(None, None, 3), Band(None, None, 0)),
    "one that runs backwards": (Band(None, 8, 3), Band(9, 5, 1), Band(6, None, 0)),
}

every_crooked_chart = pytest.mark.parametrize("bands", CROOKED.values(), ids=CROOKED)


@every_crooked_chart
def test_crooked_bands_are_refused_by_name(bands: tuple[Band, ...]) -> None:
    with pytest.raises(ValueError, match="breaths: bands must join"):
        Banded(name="breaths", reads=SPO2, bands=bands)


@every_crooked_chart
def test_crooked_bands_are_refused_in_every_case(bands: tuple[Band, ...]) -> None:
    cases = ((False, (Band(None, None, 0),)), (True, bands))
    with pytest.raises(ValueError, match="breaths, case True: bands must join"):
        Switched(name="breaths", reads=SPO2, switch=ON_OXYGEN, cases=cases)


def test_a_band_of_a_single_step_is_a_band() -> None:
    bands = (Band(None, 8, 3), Band(9, 9, 1), Band(10, None, 0))
    assert Banded(name="breaths", reads=SPO2, bands=bands).bands == bands
