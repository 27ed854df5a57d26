"""Hypothesis draws examples; what is dear to try out is tried out on all at once."""

from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


def drawn(count: int, strategy: SearchStrategy[T]) -> list[T]:
    """Return ``count`` examples of ``strategy``, others each time.

    None is made smaller where a test fails: whoever draws says what was drawn.
    """
    examples: list[T] = []

    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(strategy)
    def draw(example: T) -> None:
        examples.append(example)

    draw()
    return examples
