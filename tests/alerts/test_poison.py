"""No message stops alarms: what cannot be folded is set aside, and the rest counts."""

import json
import logging
from dataclasses import replace
from typing import Final

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from alerts import service
from alerts.broker import Written
from alerts.database import Database
from alerts.ledger import Ledger
from alerts.mishaps import SAID_S, Mishaps
from alerts.model import Alarm, Policy, State, Step, StepKind
from alerts.positions import positions
from alerts.service import Service
from alerts.system import ALARM_FAILED, MESSAGE_SET_ASIDE, STEP_UNTOLD
from alerts.tables import StepRow
from alerts.unreached import raise_it
from cep_patterns.pattern import Severity
from producers.consumer import Record
from producers.contract import MATCHES
from producers.contract.columns import SYSTEM_PATIENT_ID
from producers.delivery import Outgoing
from tests.alerts.conftest import Clock
from tests.alerts.matches import AT_ONCE, alarms, ongoing, rules, said
from tests.alerts.test_service import WELL, FakeInbox, FakeOutlet, records

NOW_MS: Final = 1_800_000_000_000
GOOD: Final = {
    "match_id": "m",
    "pattern_name": "apnoea",
    "kind": "clinical",
    "severity": "high",
    "phase": "ongoing",
    "patient_id": "p",
    "device_id": "d",
    "started_ms": NOW_MS,
    "ts_ms": NOW_MS,
}
BIG: Final = 2**63

ODD: Final[dict[str, dict[str, object]]] = {
    "a beginning beyond 64 bits": {"started_ms": BIG},
    "a beginning far below": {"started_ms": -BIG - 1},
    "a beginning in the year 10000": {"started_ms": 253_402_300_800_000},
    "a time beyond 64 bits": {"ts_ms": BIG},
    "a time of 400 digits": {"ts_ms": "1" * 400},
    "a long pattern": {"pattern_name": "x" * 1_100_000},
    "a long match": {"match_id": "x" * 1_100_000},
    "a long patient": {"patient_id": "x" * 1_100_000},
    "a NUL in the patient": {"patient_id": "a\0b"},
    "a NUL in the pattern": {"pattern_name": "a\0b"},
    "a NUL in the match": {"match_id": "a\0b"},
    "a line break": {"device_id": "icu\nx"},
    "a line of Unicode": {"patient_id": "icu\u2028x"},
    "from right to left": {"patient_id": "a\u202eb"},
    "no name": {"patient_id": ""},
    "a severity nobody knows": {"severity": "critical"},
    "a kind nobody knows": {"kind": "organisational"},
    "no severity": {"severity": None},
    "no match": {"match_id": None},
    "Vigil itself": {"patient_id": SYSTEM_PATIENT_ID},
}
RAW: Final[dict[str, bytes]] = {
    "nothing": b"",
    "no JSON": b"{",
    "NaN": orjson.dumps(GOOD).replace(
        b'"started_ms":1800000000000', b'"started_ms":NaN'
    ),
    "infinity": orjson.dumps(GOOD).replace(
        b'"started_ms":18', b'"started_ms":18e999,"x":1'
    ),
    "a lone surrogate": orjson.dumps(GOOD).replace(b'"apnoea"', b'"\\ud800"'),
    "no UTF-8": orjson.dumps(GOOD).replace(b'"apnoea"', b'"\xff"'),
    "deeper than anybody reads": b'{"a":' * 100_000,
}
POISON: Final = {
    **{name: json.dumps(GOOD | odd).encode() for name, odd in ODD.items()},
    **RAW,
}


@pytest.fixture
def clock(clock: Clock) -> Clock:
    """Return the same clock, which shows when what is good began."""
    clock.now_ms = NOW_MS
    return clock


@pytest.fixture
def served(database: Database, clock: Clock) -> Service:  # noqa: ARG001 - it is set
    """Return a service on an empty database."""
    return Service(database, rules)


def _record(value: bytes, offset: int) -> Record:
    return Record(MATCHES.name, 0, offset, value, b"key", NOW_MS)


def _good(offset: int, patient: str) -> Record:
    return _record(
        orjson.dumps(GOOD | {"match_id": patient, "patient_id": patient}), offset
    )


def _among_good(value: bytes) -> list[Record]:
    return [_good(0, "before"), _record(value, 1), _good(2, "behind")]


def _patients(database: Database) -> list[str]:
    return sorted(each.patient_id for each in alarms(database))


@pytest.mark.parametrize("value", POISON.values(), ids=POISON.keys())
def test_an_odd_match_is_no_alarm_and_those_beside_it_are(
    served: Service, value: bytes
) -> None:
    served.turn(_among_good(value))
    assert _patients(served.database) == ["before", "behind"]
    assert positions(served.database) == {0: 3}
    assert served.mishaps.verdicts()[MESSAGE_SET_ASIDE]
    outlet = FakeOutlet()
    served.publish(outlet)
    assert len(outlet.messages) == 2


def test_a_match_is_an_alarm_without_what_it_need_not_say(served: Service) -> None:
    odd = {"rule_version": BIG, "observed": [], "limit_value": True, "ended_ms": BIG}
    served.turn([_record(json.dumps(GOOD | odd).encode(), 0)])
    (alarm,) = alarms(served.database)
    assert (alarm.observed, alarm.limit_value) == (None, None)


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({"severity": "critical"}, "severity"),
        ({"kind": "organisational"}, "kind"),
        ({"patient_id": SYSTEM_PATIENT_ID}, "patient_id"),
    ],
)
def test_what_is_lost_to_alarms_is_said_with_its_reason(
    served: Service,
    caplog: pytest.LogCaptureFixture,
    odd: dict[str, object],
    reason: str,
) -> None:
    with caplog.at_level(logging.WARNING):
        served.turn([_record(orjson.dumps(GOOD | odd), 7)])
    assert served.mishaps.counts[MESSAGE_SET_ASIDE] == 1
    (line,) = [each.getMessage() for each in caplog.records]
    assert "matches 0/7" in line
    assert reason in line


def _refusing(served: Service, patient: str) -> None:
    """Let a patient's alarms have a time that no database takes."""
    endless = dict.fromkeys(Severity, replace(AT_ONCE, delay_s=2**60))

    def refuse(pattern: str, patient_id: str) -> Policy:
        policy = rules(pattern, patient_id)
        return replace(policy, urgencies=endless) if patient_id == patient else policy

    served.rules = refuse


def test_a_match_that_the_database_refuses_is_set_aside_with_bytes_and_reason(
    served: Service,
) -> None:
    _refusing(served, "bad")
    outlet = FakeOutlet()
    bad = _good(1, "bad")
    served.turn([_good(0, "before"), bad, _good(2, "behind")])
    assert _patients(served.database) == ["before", "behind"]
    assert positions(served.database) == {0: 3}
    served.publish(outlet)
    ((value, reason),) = outlet.aside
    assert value == bad.value
    assert reason.startswith("not_folded: ")
    served.publish(outlet)
    assert len(outlet.aside) == 1


@pytest.mark.parametrize("other", [{"patient_id": "q"}, {"pattern_name": "pulse_loss"}])
def test_a_match_under_the_id_of_another_is_set_aside_and_ends_nothing(
    served: Service, other: dict[str, str]
) -> None:
    """Else it would count for nobody, and nobody would know."""
    same = GOOD | {"match_id": "before"} | other
    end = same | {"phase": "ended", "ended_ms": NOW_MS}
    for offset, value in enumerate((same, end), 1):
        served.turn([_good(0, "before"), _record(orjson.dumps(value), offset)])
    assert _patients(served.database) == ["before"]
    assert served.mishaps.counts[MESSAGE_SET_ASIDE] == 2
    (alarm,) = alarms(served.database)
    assert alarm.ongoing


def test_what_is_set_aside_waits_for_a_broker_that_is_away(served: Service) -> None:
    outlet = FakeOutlet(away=True)
    served.turn([Record(MATCHES.name, 0, 0, b"", unreadable="torn")])
    served.publish(outlet)
    again, outlet.away = Service(served.database, rules), False
    again.publish(outlet)
    assert [reason for _, reason in outlet.aside] == ["unreadable: torn"]


def test_what_cannot_even_be_fetched_is_set_aside_by_its_place(served: Service) -> None:
    served.turn([Record(MATCHES.name, 2, 5, b"", unreadable="it does not unpack")])
    assert positions(served.database) == {2: 6}
    outlet = FakeOutlet()
    served.publish(outlet)
    ((value, reason),) = outlet.aside
    assert (value, reason) == (b"", "unreadable: it does not unpack")


def test_three_lives_with_a_poisoned_inbox_end_alike_and_raise_what_is_good(
    database: Database, clock: Clock
) -> None:
    values = [*POISON.values()]
    for life in range(3):
        poisoned = Service(database, rules)
        first = life * len(values) * 2
        batches = [
            [_record(value, first + 2 * n), _good(first + 2 * n + 1, f"p-{life}-{n}")]
            for n, value in enumerate(values)
        ]
        clock.now_ms += 1000
        inbox, outlet = FakeInbox(poisoned.stop, *batches), FakeOutlet()
        poisoned.run(inbox, outlet, WELL)
        assert poisoned.failure is None
        assert positions(database) == {0: (life + 1) * len(values) * 2}
        assert len(alarms(database)) == (life + 1) * len(values)


def _due_together(served: Service, clock: Clock, *patients: str) -> None:
    served.turn([_good(n, patient) for n, patient in enumerate(patients)])
    clock.now_ms += 21_000


def test_an_alarm_whose_row_cannot_be_read_stops_no_other(
    served: Service, clock: Clock
) -> None:
    _due_together(served, clock, "bad", "good")
    with served.database.writing() as session:
        session.execute(text("UPDATE alarm SET policy = '{' WHERE patient_id = 'bad'"))
    for _ in range(2):
        served.turn([])
    kinds = [kind for _, kind in said(served.database)]
    assert kinds.count(StepKind.ESCALATED) == 1
    assert served.mishaps.counts[ALARM_FAILED] == 1
    clock.now_ms += 60_000
    served.turn([])
    assert served.mishaps.counts[ALARM_FAILED] == 2


def test_an_alarm_whose_row_cannot_be_read_stops_nothing_when_the_clock_is_set(
    served: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.turn([_good(n, patient) for n, patient in enumerate(("bad", "good"))])
    with served.database.writing() as session:
        session.execute(text("UPDATE alarm SET policy = '{' WHERE patient_id = 'bad'"))
    ticks_ms = clock.now_ms
    monkeypatch.setattr(service, "ticks_ms", lambda: ticks_ms + 21_000)
    clock.now_ms -= 3_600_000
    served.turn([])
    kinds = [kind for _, kind in said(served.database)]
    assert kinds.count(StepKind.ESCALATED) == 1


def test_an_alarm_that_cannot_be_read_and_that_nobody_hears_of_holds_up_no_turn(
    served: Service,
) -> None:
    served.turn([_good(0, "bad")])
    with served.database.writing() as session:
        ledger = Ledger(session, NOW_MS)
        raise_it(ledger, alarms(served.database)[0], rules)
    with served.database.writing() as session:
        session.execute(text("UPDATE alarm SET policy = '{' WHERE patient_id = 'bad'"))
    served.turn([])
    assert served.mishaps.counts[ALARM_FAILED] == 0


def test_an_alarm_that_cannot_be_told_of_escalates_all_the_same(
    served: Service, clock: Clock
) -> None:
    def tell(_session: object, alarm: Alarm, _step: Step) -> None:
        if alarm.patient_id == "bad":
            raise ZeroDivisionError

    served.tell = tell
    _due_together(served, clock, "bad", "good")
    served.turn([])
    assert {each.state for each in alarms(served.database)} == {State.ESCALATED}
    assert served.mishaps.verdicts()[ALARM_FAILED]


def test_an_alarm_of_which_nobody_can_tell_whether_it_is_held_escalates(
    served: Service, clock: Clock
) -> None:
    def held(_alarm: Alarm, _now_ms: int) -> bool:
        raise ZeroDivisionError

    served.held = held
    _due_together(served, clock, "p")
    served.turn([])
    assert [each.state for each in alarms(served.database)] == [State.ESCALATED]


class Picky(FakeOutlet):
    """Refuses whatever is said of some patients, for good."""

    def write(self, messages: list[Outgoing]) -> Written:  # type: ignore[override]
        """Take all but those."""
        refused = {n: "too large" for n, m in enumerate(messages) if m.key == b"bad"}
        self.all += [m for m in messages if m.key != b"bad"]
        return Written(len(messages), refused)


def test_a_step_that_no_broker_takes_is_marked_so_and_the_others_go_out(
    served: Service,
) -> None:
    served.turn([_good(0, "before"), _good(1, "bad"), _good(2, "behind")])
    outlet = Picky()
    for _ in range(2):
        served.publish(outlet)
    assert [key for key, _ in outlet.messages] == [b"before", b"behind"]
    with served.database.reading() as session:
        steps = session.scalars(select(StepRow).order_by(StepRow.position)).all()
    assert [each.untold_because for each in steps] == [None, "too large", None]
    assert served.mishaps.counts[STEP_UNTOLD] == 1


def test_a_step_that_cannot_be_read_is_marked_so_and_the_others_go_out(
    served: Service,
) -> None:
    served.turn([_good(0, "before"), _good(1, "bad"), _good(2, "behind")])
    with served.database.writing() as session:
        session.execute(text("UPDATE step SET kind = 'unheard' WHERE position = 2"))
    outlet = FakeOutlet()
    served.publish(outlet)
    assert [key for key, _ in outlet.messages] == [b"before", b"behind"]
    assert served.mishaps.counts[STEP_UNTOLD] == 1


def test_a_mishap_is_said_for_a_while_and_logged_once_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now_s = 1000.0
    mishaps = Mishaps(lambda: now_s)
    assert mishaps.verdicts()[ALARM_FAILED] is None
    for _ in range(3):
        mishaps.note(ALARM_FAILED, "this", "why")
    assert len(caplog.records) == 1
    now_s += SAID_S - 1
    assert mishaps.verdicts()[ALARM_FAILED] is True
    mishaps.note(STEP_UNTOLD, "this", "why")
    assert len(caplog.records) == 2
    now_s += 1
    assert mishaps.verdicts()[ALARM_FAILED] is False
    assert mishaps.verdicts()[MESSAGE_SET_ASIDE] is False


BASE: Final = orjson.dumps(GOOD | {"observed": 3.5, "ended_ms": NOW_MS})
VALUES: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=100),
    st.sampled_from(["high", "ended", "clinical", "p", "\0", "\u2028", "'; DROP"]),
    st.lists(st.integers(), max_size=3),
)
MUTATED: Final = st.one_of(
    st.binary(max_size=200),
    st.dictionaries(
        st.sampled_from(sorted({*GOOD, "observed", "ended_ms", "rule_version"})),
        VALUES,
        max_size=5,
    ).map(lambda odd: json.dumps(GOOD | odd).encode()),
    st.tuples(st.integers(0, len(BASE) - 1), st.binary(max_size=3)).map(
        lambda cut: BASE[: cut[0]] + cut[1] + BASE[cut[0] + len(cut[1]) :]
    ),
)


@pytest.fixture
def many(database: Database) -> Service:
    """Return a service that goes by the clock on the wall."""
    return Service(database, rules)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batch=st.lists(MUTATED, min_size=1, max_size=8))
def test_no_bytes_stop_a_turn_and_each_message_is_used_or_named(
    many: Service, batch: list[bytes]
) -> None:
    before = many.mishaps.counts[MESSAGE_SET_ASIDE]
    first = positions(many.database).get(0, 0)
    many.turn([_record(value, first + n) for n, value in enumerate(batch)])
    assert positions(many.database) == {0: first + len(batch)}
    named = many.mishaps.counts[MESSAGE_SET_ASIDE] - before
    assert 0 <= named <= len(batch)
    assert many.mishaps.counts[ALARM_FAILED] == 0
    outlet = FakeOutlet()
    many.publish(outlet)
    assert many.mishaps.counts[STEP_UNTOLD] == 0


def test_a_turn_of_good_matches_asks_for_no_savepoint(
    served: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        pytest.fail("part by part")

    monkeypatch.setattr(Service, "_by_parts", never)
    served.turn(records(*(ongoing(f"m{n}", NOW_MS / 1000) for n in range(20))))
    assert len(alarms(served.database)) == 1
