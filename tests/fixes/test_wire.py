"""What is written of a life is enough to go on with it."""

from functools import reduce

import orjson
from hypothesis import given
from hypothesis import strategies as st

from digital_twin.shadow.command import FIXES, Wish
from digital_twin.shadow.life import step
from digital_twin.shadow.stages import Event
from fixes.proofs import life_of, proof_message, proofs_in
from fixes.wishes import wish_message, wish_of
from tests.digital_twin.shadow.lives import issued
from tests.digital_twin.shadow.test_life_laws import EVENTS

FIX = {fix.action: fix for fix in FIXES}


@given(st.lists(EVENTS, max_size=8))
def test_a_life_is_the_same_behind_the_topic(events: list[Event]) -> None:
    life = reduce(step, events, issued())
    message = orjson.loads(orjson.dumps(proof_message(life, ts_ms=5)))
    assert proof_message(life_of(message), ts_ms=5) == message


@given(st.lists(EVENTS, max_size=6), EVENTS)
def test_and_so_is_what_becomes_of_it(events: list[Event], then: Event) -> None:
    life = reduce(step, events, issued())
    again = life_of(orjson.loads(orjson.dumps(proof_message(life, ts_ms=5))))
    assert proof_message(step(again, then), 6) == proof_message(step(life, then), 6)


def test_what_is_no_proof_is_left_out() -> None:
    proof = proof_message(issued(), ts_ms=5)
    wrong: list[dict[str, object]] = [{}, {"command_id": 7}, {**proof, "state": "odd"}]
    assert proofs_in([*wrong, proof]) == [proof]


def test_a_wish_is_the_same_behind_the_topic() -> None:
    for fix in FIX.values():
        value = "1.1.0" if fix.setting == "firmware" else 5.0
        wish = Wish(
            command_id="c",
            device_id="d",
            action=fix.action,
            changes=fix.changes(value),
            expectation=fix.expects(value),
            based_on=0,
            asked_by="nurse",
        )
        assert wish_of(orjson.loads(orjson.dumps(wish_message(wish, 5)))) == wish
