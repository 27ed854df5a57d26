"""A pattern that contradicts itself is refused when it is written down."""

import pytest

from cep_patterns.pattern import (
    Adjustable,
    AtLeast,
    AtMost,
    Condition,
    Held,
    Severity,
)


def held(condition: Condition, allowed: Adjustable) -> Held:
    return Held(
        name="example",
        severity=Severity.LOW,
        signal="heart_rate_bpm",
        condition=condition,
        hold_s=30,
        gap_s=10,
        own_limit=allowed,
    )


@pytest.mark.parametrize(
    ("condition", "tightest", "widest"),
    [
        (AtLeast(131), 132, 150),
        (AtLeast(131), 110, 130),
        (AtMost(40), 39, 30),
        (AtMost(40), 50, 41),
        (AtMost(40), 30, 50),
    ],
)
def test_a_bound_outside_of_what_a_patient_may_have_is_refused(
    condition: Condition, tightest: float, widest: float
) -> None:
    with pytest.raises(ValueError, match="example: its bound"):
        held(condition, Adjustable(tightest, widest))


@pytest.mark.parametrize(
    ("condition", "tightest", "widest"),
    [(AtLeast(131), 131, 131), (AtLeast(131), 110, 150), (AtMost(40), 50, 30)],
)
def test_a_bound_within_is_not(
    condition: Condition, tightest: float, widest: float
) -> None:
    assert held(condition, Adjustable(tightest, widest)).condition == condition
