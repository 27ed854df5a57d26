"""What a message says, and what it must not say."""

from dataclasses import asdict, replace

import pytest

from alerts.messages import WHAT_HAPPENED, WHAT_TO_DO, Message
from alerts.model import Alarm, StepKind
from alerts.notice_table import Notice
from alerts.notices import TELLING, notices_for
from alerts.people import People
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
        alarm(people, patient_id=f"icu-{n}", severity=Severity.MEDIUM)
        for n in range(1, 4)
    ]
    sent = message(people, *several)
    assert without_links(sent.short) == (
        "3 notices: Bed 1, icu-2, icu-3. Look at the page."
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


def test_that_it_is_over_needs_no_link(people: People) -> None:
    sent = message(people, alarm(people), kind=StepKind.CLEARED)
    assert sent.short == "HIGH Bed 1: It is over."
    assert "acknowledge/" not in sent.rendered("txt") + sent.rendered("html")


def test_a_message_is_the_same_whenever_it_is_written(people: People) -> None:
    was = alarm(people)
    assert message(people, was).short == message(people, was).short
    assert message(people, was).rendered("txt") == message(people, was).rendered("txt")
