"""Every entry of data names a reference, or says that it is a choice of ours."""

import re

import pytest

from digital_twin.coupling import COUPLINGS
from digital_twin.devices.faults import FAULTS
from digital_twin.kinds import KINDS
from digital_twin.monitoring import CHARTED, CONTINUOUS, SPOT_CHECKS
from digital_twin.network import NETWORKS
from digital_twin.populations import HEALTHY, INPATIENTS, INTENSIVE_CARE
from digital_twin.quantities import QUANTITIES

SOURCES = {
    **{each.name: each.source for each in (*QUANTITIES, *KINDS, *FAULTS)},
    **{f"{each.of} to {each.to} from {each.begins}": each.source for each in COUPLINGS},
    **{f"network {name}": each.source for name, each in NETWORKS.items()},
    **{
        each.doc: each.source
        for each in (
            *(HEALTHY, INPATIENTS, INTENSIVE_CARE),
            *(CONTINUOUS, SPOT_CHECKS, CHARTED),
        )
    },
}
REFERENCE = re.compile(r"[A-Z].*[( :-](19|20)\d\d\b")
"""Who, and of which year; standards are of a year, too."""


@pytest.mark.parametrize("name", SOURCES)
def test_a_reference_or_our_choice(name: str) -> None:
    source = SOURCES[name]
    assert REFERENCE.search(source) or "our choice" in source.lower()


def test_the_reference_of_a_choice_is_not_enough() -> None:
    assert not REFERENCE.search("612 /min, and 2017 is no year of ours")
