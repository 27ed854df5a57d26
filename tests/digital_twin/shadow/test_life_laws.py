"""Laws of a command's life, whatever is heard, however often and in which order."""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from digital_twin.shadow.life import step
from digital_twin.shadow.stages import (
    ROAD,
    Event,
    Life,
    Passed,
    Replaced,
    Resent,
    Stage,
    Told,
)
from tests.digital_twin.shadow.lives import (
    BEFORE,
    DESIRED,
    ISSUED_MS,
    issued,
    judged,
    said,
)

STAGES = (Stage.DELIVERED, Stage.ACCEPTED, Stage.APPLIED)
AT_S = st.integers(1, 300)
EVENTS = st.one_of(
    st.builds(
        said,
        st.sampled_from([*STAGES, Stage.REJECTED, Stage.MODIFIED]),
        AT_S,
        st.sampled_from([DESIRED, BEFORE]),
        st.sampled_from([0.0, -20.0, 0.5]),
    ),
    st.builds(lambda met, at_s: judged(met=met, at_s=at_s), st.booleans(), AT_S),
    st.builds(
        lambda at_s, state: Told(ISSUED_MS + at_s * 1000, state),
        AT_S,
        st.sampled_from([DESIRED, BEFORE]),
    ),
    st.builds(lambda at_s: Passed(ISSUED_MS + at_s * 1000), AT_S),
    st.builds(lambda at_s: Resent(ISSUED_MS + at_s * 1000, "it was away"), AT_S),
    st.builds(lambda at_s: Replaced(ISSUED_MS + at_s * 1000, "another"), AT_S),
)


def heard(events: list[Event], life: Life | None = None) -> Life:
    return reduce(step, events, life or issued())


@given(st.lists(EVENTS, max_size=12))
def test_an_end_stays_an_end(events: list[Event]) -> None:
    over = [life for life in _moments(events) if life.is_over]
    assert len({life.state for life in over}) <= 1
    assert len({(life.ended_ms, life.reason) for life in over}) <= 1
    assert all(life.ended_ms is not None for life in over)


@given(st.lists(EVENTS, max_size=12))
def test_the_road_leads_forward_only(events: list[Event]) -> None:
    places = [ROAD.index(life.state) for life in _moments(events) if life.state in ROAD]
    assert places == sorted(places)


@given(st.lists(EVENTS, max_size=12))
def test_nothing_that_was_noted_is_forgotten(events: list[Event]) -> None:
    before = issued()
    for life in _moments(events):
        assert before.times.items() <= life.times.items()
        assert set(before.remarks) <= set(life.remarks)
        before = life


@given(st.lists(EVENTS, max_size=12))
def test_nothing_settles_that_telemetry_has_not_verified(events: list[Event]) -> None:
    life = heard(events)
    if life.state is Stage.SETTLED:
        assert {Stage.APPLIED, Stage.VERIFIED, Stage.SETTLED} <= life.times.keys()
        assert life.judged
        assert life.judged.met
        assert life.reported == DESIRED or life.drifted_ms is not None


@given(st.permutations(STAGES), st.lists(st.sampled_from(STAGES), max_size=4))
def test_order_and_repetition_of_reports_do_not_matter(
    order: list[Stage], again: list[Stage]
) -> None:
    reports = [said(stage, at_s) for at_s, stage in enumerate([*order, *again], 1)]
    life = heard([*reports])
    assert life.state is Stage.APPLIED
    assert life.times.keys() == {Stage.ISSUED, *STAGES}
    assert life.repeated == len(again)
    assert bool(life.remarks) == (tuple(order) != STAGES)


@given(st.lists(EVENTS, max_size=8), AT_S)
def test_time_alone_ends_everything(events: list[Event], at_s: int) -> None:
    """Whatever was heard: an hour later nothing is open, if time is told twice."""
    end = Passed(ISSUED_MS + (at_s + 3600) * 1000)
    assert heard([*events, end]).is_over


@given(st.lists(EVENTS, max_size=12))
def test_life_is_what_its_events_make_of_it(events: list[Event]) -> None:
    """No clock, no chance, and what is given is left alone."""
    first = issued()
    assert heard(events, first) == heard(events)
    assert first == issued()


def _moments(events: list[Event]) -> list[Life]:
    moments = [issued()]
    for event in events:
        moments.append(step(moments[-1], event))
    return moments
