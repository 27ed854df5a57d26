"""What a message says, and what it must not say."""

from collections.abc import Sequence
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.email import written
from alerts.messages import IN_FULL, WHAT_HAPPENED, WHAT_TO_DO, Message
from alerts.model import Alarm, State, StepKind
from alerts.notice_table import Notice
from alerts.notices import TELLING, notices_for
from alerts.people import People
from alerts.sms_text import PARTS, parts
from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Kind, Pattern, Severity
from tests.alerts.hospital import alarm, hospital, step
from tests.alerts.post_office import LINKS

SAID = sorted(TELLING | {StepKind.CLEARED})


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    return hospital(tmp_path_factory.mktemp("people"))


def message(people: People, *of: Alarm, kind: StepKind = StepKind.RAISED) -> Message:
    """Return a message to the one on duty by SMS."""
    notices = []
    for number, each in enumerate(of):
        (new, *_) = notices_for(each, step(each, kind), people, [("day", "sms")])
        notices.append(Notice(**asdict(new), number=1000 + number))
    return Message(
        message_id=notices[0].notice_id,
        channel="sms",
        recipient="day",
        address="+15005550001",
        notices=tuple(notices),
        time_zone="Europe/Berlin",
        links=LINKS,
    )


def without_links(text: str) -> str:
    return " ".join(word for word in text.split() if not word.startswith("https://"))


@pytest.mark.parametrize("pattern", CATALOGUE, ids=lambda each: each.name)
def test_an_sms_names_no_condition_and_no_patient(
    people: People, pattern: Pattern
) -> None:
    for severity in Severity:
        for kind in SAID:
            was = alarm(
                people,
                pattern_name=pattern.name,
                kind=pattern.kind,
                severity=severity,
            )
            text = without_links(message(people, was, kind=kind).short).lower()
            allowed = {"bed", "high", "medium", "low", "off", "sensor"}
            for word in {pattern.name, *pattern.name.split("_")} - allowed:
                assert word not in text
            assert "84" not in text, "what was observed hints at what it is"
            assert "bed 1" in text
            assert severity in text


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("kind", Kind)
def test_an_sms_says_what_to_do_and_where(
    people: People, severity: Severity, kind: Kind
) -> None:
    was = alarm(people, severity=severity, kind=kind)
    sent = message(people, was)
    assert sent.short == (
        f"{severity.upper()} Bed 1: {WHAT_TO_DO[kind, severity]}"
        f" {LINKS.acknowledgement(sent.notices[0])}"
    )


def test_a_patient_without_a_bed_is_called_by_the_pseudonym(people: People) -> None:
    was = alarm(people, patient_id="icu-77")
    assert message(people, was).short.startswith("HIGH icu-77: ")


def test_every_step_that_is_told_has_words() -> None:
    assert set(WHAT_HAPPENED) == set(SAID)


def test_several_notices_are_summed_up_and_link_to_the_page(people: People) -> None:
    several = [
        alarm(people, alarm_id=f"a{n}", patient_id=f"icu-{n}", severity=Severity.MEDIUM)
        for n in range(1, 4)
    ]
    sent = message(people, *several)
    assert without_links(sent.short) == (
        "3 notices: MEDIUM Bed 1, icu-2, icu-3. Look at the page."
    )
    assert sent.short.endswith(f"https://ward.example.org/?m={sent.message_id[:8]}")
    assert sent.subject == "MEDIUM Bed 1 and 2 more"


def test_an_sms_fits_in_two_parts(people: People) -> None:
    was = alarm(people, patient_id="p" * 64, kind=Kind.TECHNICAL)
    for kind in SAID:
        assert len(message(people, was, kind=kind).short) <= 2 * 153


def test_mail_says_more_in_the_wards_time(people: People) -> None:
    text = message(people, alarm(people)).rendered("txt")
    assert "Alarm:     desaturation" in text
    assert "Observed:  84 (limit 90)" in text
    assert "Since:     2026-06-01 12:00:00 CEST" in text


def test_what_looks_like_html_in_a_name_is_text(people: People) -> None:
    was = alarm(people, patient_id="<b>icu</b>")
    html = message(people, replace(was)).rendered("html")
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_that_it_is_over_needs_no_acknowledgement(people: People) -> None:
    sent = message(people, alarm(people), kind=StepKind.CLEARED)
    page = f"https://ward.example.org/?m={sent.message_id[:8]}"
    assert sent.short == f"HIGH Bed 1: It is over. {page}"
    assert "acknowledge/" not in sent.rendered("txt") + sent.rendered("html")


def test_a_message_is_the_same_whenever_it_is_written(people: People) -> None:
    was = alarm(people)
    assert message(people, was).short == message(people, was).short
    assert message(people, was).rendered("txt") == message(people, was).rendered("txt")


UUIDS = [f"{n:08x}-3f2a-4c19-9d6e-0123456789ab" for n in range(45)]


def many(people: People, places: Sequence[str]) -> Message:
    """Return one message of an alarm of each of ``places``."""
    return message(
        people,
        *(
            alarm(people, alarm_id=each, patient_id=each, severity=Severity.MEDIUM)
            for each in places
        ),
    )


def test_many_notices_are_one_sms_that_says_the_gravest_and_how_many_more(
    people: People,
) -> None:
    sent = many(people, UUIDS)
    assert sent.short.startswith(f"45 notices: MEDIUM {UUIDS[0]}, ")
    named = sum(each in sent.short for each in UUIDS)
    assert f" and {45 - named} more. Look at the page. https://" in sent.short
    assert sent.short.endswith(sent.mark)
    assert parts(sent.short) <= PARTS


@given(
    st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=60, unique=True),
)
def test_whatever_places_are_called_an_sms_fits_its_provider(
    people: People, places: list[str]
) -> None:
    sent = many(people, places)
    assert len(sent.short) <= 1_600
    assert parts(sent.short) <= PARTS + 1, "one name may be long, and not in GSM"
    assert sent.mark in sent.short.split()
    assert sent.subject.isprintable()
    assert sent.short.isprintable()


def test_a_mail_of_very_many_says_all_of_the_first_and_where_the_rest_is(
    people: People,
) -> None:
    sent = many(people, [f"icu-{n}" for n in range(1000, 1000 + IN_FULL + 7)])
    for form in ("txt", "html"):
        text = sent.rendered(form)
        assert "And 7 more" in text
        assert f"icu-{1000 + IN_FULL - 1}" in text
        assert f"icu-{1000 + IN_FULL}" not in text
        assert len(text) < 100_000


def test_steps_of_one_alarm_in_one_message_are_said_once(people: People) -> None:
    was = alarm(people, severity=Severity.MEDIUM)
    sent = message(people, was, was)
    assert sent.subject == "MEDIUM Bed 1"
    assert sent.short.endswith(LINKS.acknowledgement(sent.notices[1]))
    assert sent.rendered("txt").count("Bed 1") == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 135, 3),
        ("😀" * 36, 2),
    ],
)
def test_parts_of_an_sms_are_counted_by_its_alphabet(text: str, count: int) -> None:
    assert parts(text) == count


@pytest.mark.parametrize(
    "mark",
    "\n\r\t\v\f\0\x1b\x7f\x85\u2028\u2029\u202e\u2066\u200f\u200b\ufeff",
)
def test_what_breaks_lines_or_turns_them_round_reaches_nobody(
    people: People, mark: str
) -> None:
    was = alarm(people, patient_id=f"icu{mark}x", pattern_name=f"a{mark}b")
    sent = message(people, was)
    assert sent.short.startswith("HIGH icu?x: ")
    assert sent.subject == "HIGH icu?x"
    for form in ("txt", "html"):
        assert f"u{mark}x" not in sent.rendered(form)
    mail = written(replace(sent, address="day@example.org"), "vigil@example.org")
    assert mail["Subject"] == "HIGH icu?x"
    assert b"icu?x" in mail.as_bytes()


def test_an_id_is_no_link_that_a_telephone_offers_to_open(people: People) -> None:
    sent = message(people, alarm(people, patient_id="https://evil.example/login"))
    assert "https://evil" not in sent.short + sent.rendered("txt")


@pytest.mark.parametrize("ms", [2**62, -(2**62), 253_402_300_799_999])
def test_a_time_that_no_calendar_has_stops_no_mail(people: People, ms: int) -> None:
    sent = message(people, alarm(people, started_ms=ms))
    assert "Since:     a time that no calendar has" in sent.rendered("txt")


def test_a_latched_alarm_is_said_as_what_it_is(people: People) -> None:
    sent = message(people, alarm(people))
    sent.notices[0].state = State.LATCHED
    assert "The condition is over; nobody has looked yet." in sent.short
