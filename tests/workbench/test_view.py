"""What a person sees, on terminals small and large."""

from io import StringIO

import pytest
from rich.console import Console

from tests.workbench.test_alarms import told
from workbench.alarms import Alarms, alarm
from workbench.lines import alarm_line, state_line
from workbench.measures import Latency
from workbench.view import state, view
from workbench.ward import Ward

NOW_MS = 100_000


def ward(n_alarms: int = 3, troubles: tuple[str, ...] = ()) -> Ward:
    alarms = Alarms()
    severities = ("high", "medium", "low")
    for number in range(n_alarms):
        severity = severities[number % 3]
        alarms.tell(told(str(number), severity=severity, ts_ms=31_000 + number))
    alarms.tell(told("0", phase="ended"))
    return Ward(
        source="1,000 simulated patients, demo, seed 1",
        up_s=83.0,
        readings_per_s=999.6,
        points_per_s=1_117.2,
        rejected=12,
        late=0,
        latency=Latency(200, 1.68, 1.75),
        jobs={"record-vitals": "running", "detect-patterns": "submitting"},
        alarms=alarms,
        listens={"Flink": "http://127.0.0.1:8081", "Kafka": "127.0.0.1:9092"},
        troubles=troubles,
    )


def drawn(shown: Ward, width: int = 100, height: int = 30) -> Console:
    console = Console(
        file=StringIO(), record=True, width=width, height=height, force_terminal=True
    )
    console.print(view(shown, height, NOW_MS))
    return console


@pytest.mark.parametrize(("width", "height"), [(80, 24), (100, 30), (120, 40)])
@pytest.mark.parametrize("n_alarms", [1, 100])
@pytest.mark.parametrize("trouble", [(), ("Kafka does not answer: " + "x" * 200,)])
def test_the_view_fills_the_terminal_and_no_more(
    width: int, height: int, n_alarms: int, trouble: tuple[str, ...]
) -> None:
    text = drawn(ward(n_alarms, trouble), width, height).export_text()
    lines = text.removesuffix("\n").split("\n")
    assert len(lines) == height
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", [80, 100, 120])
def test_everything_a_person_looks_for_is_there(width: int) -> None:
    text = drawn(ward(), width).export_text()
    for expected in (
        "1,000",
        "1,117",
        "1.68 s",
        "1.75 s",
        "1.50 s for late readings + ours 0.18 s, p99 0.25 s",
        "record-vitals running",
        "detect-patterns submitting",
        "sustained_tachycardia",
        "142 /min",
        "3 alarms, 2 ongoing",
        "ongoing 01:39",
        "ended   00:59",
        "http://127.0.0.1:8081",
        "Ctrl-C",
        "Not a medical device",
    ):
        assert expected in " ".join(text.split("\n"))


def test_severity_is_a_word_and_its_colour() -> None:
    styled = drawn(ward()).export_text(styles=True)
    for number, word in ((31, "high"), (33, "medium"), (36, "low")):
        assert f";{number}m{word}" in styled


def test_nothing_known_yet_is_shown_as_such() -> None:
    text = drawn(Ward(source="", up_s=0.0)).export_text()
    assert "0 alarms" in text
    assert "..." in text
    assert "no match to measure yet" in text


def test_trouble_is_shown() -> None:
    words = "no more readings: the sender ended (no broker)"
    assert words in drawn(ward(troubles=(words,))).export_text()


def test_an_alarm_says_whether_it_lasts_and_how_long() -> None:
    assert state(alarm(told()), NOW_MS) == "ongoing 01:39"
    assert state(alarm(told(phase="ended")), NOW_MS) == "ended   00:59"
    assert state(alarm(told()), 7_201_000) == "ongoing 2:00:00"


def test_a_line_says_the_same_as_a_row() -> None:
    line = alarm_line(alarm(told()))
    assert line.endswith("alarm high p sustained_tachycardia 142 /min ongoing")
    ended = alarm_line(alarm(told(phase="ended", observed=142.0)))
    assert ended.endswith("142 /min ended")


def test_the_state_of_the_ward_is_one_line() -> None:
    line = state_line(ward(troubles=("Flink does not answer",)), NOW_MS)
    assert "\n" not in line
    for expected in ("1,000 readings/s in", "12 rejected", "p99 1.75 s", "Flink does"):
        assert expected in line
