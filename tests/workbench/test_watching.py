"""What the servers say, read without them."""

import pytest

from producers.contract import REJECTED, VITALS
from workbench.measures import Sample
from workbench.watching import Seen, match, partitions, points_stored, totals


def test_influxdb_counts_its_points_itself() -> None:
    metrics = """# TYPE storage_writer_ok_points histogram
storage_writer_ok_points_bucket{path="/engine",le="10"} 7
storage_writer_ok_points_sum{path="/engine"} 1.5e+06
storage_writer_ok_points_count{path="/engine"} 300
storage_writer_err_points_sum{path="/engine"} 4
"""
    assert points_stored(metrics) == 1_500_000


def test_a_topic_has_had_what_its_partitions_have_had() -> None:
    ends = dict.fromkeys(partitions([VITALS]), 10)
    assert totals(ends, 3.0) == {"vitals": Sample(3.0, 10 * VITALS.partitions)}


def test_counts_begin_with_the_watch() -> None:
    seen = Seen()
    assert seen.since_start(REJECTED) is None
    seen.first_ends = {"rejected": Sample(0.0, 100)}
    seen.ends = {"rejected": Sample(9.0, 107)}
    assert seen.since_start(REJECTED) == 7


@pytest.mark.parametrize("value", [b"", b"nonsense", b"[]", b'{"alarm": 1}'])
def test_what_is_no_match_is_passed_over(value: bytes) -> None:
    assert match(value) is None
