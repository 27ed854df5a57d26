"""How messages travel: held up, lost, doubled, and out of order for that; damaged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digital_twin.cohort import Array
from digital_twin.onsets import Index

Damage = NDArray[np.uint16]
"""What became of each message on its way: 0 where it is whole, else which damage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What a network does to messages; shares are from 0 to 1.

    A message takes ``delay_s`` on average; a share of them is held up for any
    time up to ``max_delay_s``, which none exceeds.
    """

    doc: str
    source: str
    delay_s: float = 0.0
    held_up: float = 0.0
    max_delay_s: float = 0.0
    lost: float = 0.0
    doubled: float = 0.0

    @property
    def harmless(self) -> bool:
        """Return whether nothing ever happens to a message."""
        return not (self.delay_s or self.held_up or self.lost or self.doubled)


NETWORKS: Final[Mapping[str, Network]] = {
    "perfect": Network(
        doc="no delay, nothing lost", source="Our choice: what tests compare with."
    ),
    "good": Network(
        doc="10 ms, one in a thousand up to 1.4 s",
        source="Our choice: a wired network; the longest is within the 1.5 s that are "
        "waited for.",
        delay_s=0.01,
        held_up=0.001,
        max_delay_s=1.4,
    ),
    "poor": Network(
        doc="100 ms, one in twenty up to 1.4 s, 1 % lost, 1 % doubled",
        source="Our choice: a busy radio that sends again what is not acknowledged.",
        delay_s=0.1,
        held_up=0.05,
        max_delay_s=1.4,
        lost=0.01,
        doubled=0.01,
    ),
}
"""Every network by the name the command line knows it by."""


class Journeys(NamedTuple):
    """Which messages arrive, each with its delay; a doubled one is there twice."""

    message: Index
    delay_s: Array


def journeys(n: int, network: Network, rng: np.random.Generator) -> Journeys:
    """Send ``n`` messages; what happens to one does not depend on the others."""
    if network.harmless:
        return Journeys(np.arange(n), np.zeros(n))
    lost, doubled = rng.random((2, n)) < [[network.lost], [network.doubled]]
    first, second = np.flatnonzero(~lost), np.flatnonzero(doubled)
    delay_s = _delays((2, n), network, rng)
    return Journeys(
        np.concatenate([first, second]),
        np.concatenate([delay_s[0, first], delay_s[1, second]]),
    )


def _delays(
    shape: tuple[int, int], network: Network, rng: np.random.Generator
) -> Array:
    usual_s = rng.exponential(network.delay_s, shape)
    held_up, how_long = rng.random((2, *shape))
    extra_s = (held_up < network.held_up) * how_long * network.max_delay_s
    return np.asarray(np.minimum(usual_s + extra_s, network.max_delay_s))
