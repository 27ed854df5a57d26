"""What the broker brings is heard; what is no message of its topic stops nothing."""

import pytest

from fixes.broker import Heard
from fixes.desk import Desk
from fixes.service import turn
from producers.contract import COMMANDS, PROOFS, REPORTS, VERDICTS, WISHES
from producers.schema import Topic
from tests.fixes.bench import started
from tests.streams import EPOCH_MS


@pytest.mark.parametrize("topic", [WISHES, REPORTS, VERDICTS])
def test_what_makes_no_sense_is_left_out(
    topic: Topic, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk()
    name = topic.name
    turn(desk, [Heard(name, EPOCH_MS, {"command_id": 7})], EPOCH_MS)
    assert not desk.out
    assert f"a message in {name} is none" in caplog.text


def test_a_command_goes_to_the_partition_of_its_device() -> None:
    bench = started()
    bench.ask("restart")
    [command] = bench.commands
    assert COMMANDS.key_of(command) == b"monitor"
    proof = bench.written[PROOFS.name][-1]
    expected = b'{"device_id":"monitor","command_id":"%s"}'
    assert PROOFS.key_of(proof) == expected % proof["command_id"].encode()


def test_the_same_heard_again_changes_nothing() -> None:
    """A desk that died before it could say how far it had read hears it all again."""
    bench = started()
    command = bench.ask("recalibrate", "5")
    bench.run(200)
    before = bench.life(command)
    told = dict(bench.written)
    written = {name: len(messages) for name, messages in told.items()}
    for wish in bench.wishes:
        bench.desk.hear(WISHES.name, wish, bench.now_ms)
    assert not bench.desk.out
    assert bench.life(command) == before
    assert written == {name: len(m) for name, m in bench.written.items()}
