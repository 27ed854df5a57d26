"""Every query of every board, run against the real InfluxDB on a tiny ward."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from influxdb_client import InfluxDBClient
from influxdb_client.client.flux_table import FluxTable

from cep_patterns.pattern import Severity
from grafana.build import FOLDER
from grafana.queries import Query, View, queries
from producers.contract import VITAL_SIGNS
from stack.credentials import InfluxAdmin
from stack.settings import Settings
from tests.grafana.small_ward import COOL, NEVER_KNOWN, SmallWard, clear, seed

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("stack")]

Row = dict[str, Any]

BOARDS = {
    path.stem: list(queries(json.loads(path.read_text(encoding="utf-8"))))
    for path in sorted(FOLDER.glob("*.json"))
}
GRAFANA_TAKES_TABLES = 1000
SHORT = (timedelta(minutes=15), timedelta(seconds=1))
LONG = (timedelta(hours=1), timedelta(seconds=5))
LONGEST = (timedelta(hours=24), timedelta(minutes=2))

every_query = pytest.mark.parametrize(
    "query",
    [
        pytest.param(query, id=f"{board}-{query.where}")
        for board, found in BOARDS.items()
        for query in found
    ],
)


@pytest.fixture(scope="module")
def client(stack: Settings) -> Iterator[InfluxDBClient]:
    admin = InfluxAdmin.load(stack, {})
    with InfluxDBClient(
        stack.influx_url,
        admin.influx_token.get_secret_value(),
        org=stack.influx_org,
    ) as client:
        yield client


@pytest.fixture(scope="module")
def ward(client: InfluxDBClient) -> Iterator[SmallWard]:
    ward = SmallWard.new()
    seed(client, ward)
    yield ward
    clear(client, ward)


class Board:
    """Runs queries as Grafana would, for one person looking at one patient."""

    def __init__(self, client: InfluxDBClient, ward: SmallWard, patient: str) -> None:
        self._client = client
        self._ward = ward
        self._patient = patient

    def tables(
        self, query: Query, range_and_window: tuple[timedelta, timedelta] = SHORT
    ) -> list[FluxTable]:
        """Return what InfluxDB answers to ``query``."""
        length, window = range_and_window
        view = View(
            start=self._ward.now - length,
            stop=self._ward.now + timedelta(seconds=1),
            window=window,
            variables={"patient": self._patient},
        )
        tables: list[FluxTable] = self._client.query_api().query(
            view.fill_in(query.flux)
        )
        return tables

    def rows(
        self,
        name: str,
        where: str,
        range_and_window: tuple[timedelta, timedelta] = SHORT,
        nth: int = 0,
    ) -> list[Row]:
        """Return the rows of the ``nth`` query that stands under ``where``."""
        query = [each for each in BOARDS[name] if each.where == where][nth]
        tables = self.tables(query, range_and_window)
        return [record.values for table in tables for record in table.records]


@pytest.fixture
def board(client: InfluxDBClient, ward: SmallWard) -> Board:
    return Board(client, ward, ward.live)


def names(tables: list[FluxTable]) -> set[str]:
    """Return what an override can refer to: columns, and names of series."""
    columns = {column.label for table in tables for column in table.columns}
    fields = {str(r.values.get("_field")) for table in tables for r in table.records}
    return columns | fields


@every_query
def test_query_returns_what_its_panel_draws_in_few_tables(
    query: Query, client: InfluxDBClient, ward: SmallWard
) -> None:
    patient = ward.unusable if query.where == "Unusable values" else ward.live
    board = Board(client, ward, patient)
    short, long = board.tables(query, SHORT), board.tables(query, LONG)
    assert any(table.records for table in short)
    assert any(table.records for table in long)
    assert query.refers_to <= names(short) | names(long)
    assert len(short) <= len(VITAL_SIGNS) < GRAFANA_TAKES_TABLES


@every_query
@pytest.mark.parametrize("patient", ['nobody "here"', "${string(v: 1 / 0)}", "/\\"])
def test_query_on_an_unknown_patient_is_no_error(
    query: Query, client: InfluxDBClient, ward: SmallWard, patient: str
) -> None:
    """Whatever a link says: nothing in it ends a text, or is worked out."""
    Board(client, ward, patient).tables(query)


@pytest.mark.parametrize("patient", [".*", "a|.*", "${string(v: 1)}"])
def test_a_link_names_one_patient_or_nobody(
    client: InfluxDBClient, ward: SmallWard, patient: str
) -> None:
    assert not Board(client, ward, patient).rows("patient", "Matches")


def test_ward_hears_those_with_readings_and_those_with_unusable_ones(
    board: Board, ward: SmallWard
) -> None:
    (heard,) = board.rows("ward", "Patients heard from")
    assert heard["heard"] >= 2
    states = {r["patient_id"]: r["state"] for r in board.rows("ward", "Patients")}
    assert states[ward.live] == states[ward.unusable] == "live"
    assert states[ward.silent] == "silent"


def test_ward_counts_ongoing_matches_by_severity(board: Board) -> None:
    (counts,) = board.rows("ward", "Ongoing matches")
    assert all(counts[severity] >= 1 for severity in Severity)
    assert counts["technical"] >= 1


def test_ward_lists_what_is_ongoing_most_urgent_first(
    board: Board, ward: SmallWard
) -> None:
    listed = board.rows("ward", "Ongoing")
    ranks = [list(reversed(Severity)).index(Severity(r["severity"])) for r in listed]
    assert ranks == sorted(ranks)
    mine = [r for r in listed if r["patient_id"] == ward.live]
    assert [r["severity"] for r in mine] == ["high", "medium", "low"]
    assert all(r["since"] == ward.ago(minutes=3) for r in mine)
    assert all(180 <= r["lasting_s"] < 600 for r in mine)
    assert {r["observed"] for r in mine} == {141.0}
    assert mine[0]["pattern"] == "sustained high"
    assert not [r for r in listed if r["patient_id"] == ward.silent]


def test_ward_keeps_technical_conditions_apart(board: Board, ward: SmallWard) -> None:
    listed = {r["patient_id"]: r for r in board.rows("ward", "Technical conditions")}
    mine = [listed[who] for who in ward.patients()]
    assert {r["severity"] for r in mine} == {"medium"}
    assert [r["observed"] for r in mine] == [*map(ward.seen().get, ward.patients())]


def test_ward_shows_a_stale_value_with_its_age(board: Board, ward: SmallWard) -> None:
    listed = {r["patient_id"]: r for r in board.rows("ward", "Patients")}
    assert listed[ward.live]["heart_rate_bpm"] == "82"
    assert re.fullmatch(r"36\.9 \([5-9] min\)", listed[ward.live][COOL])
    assert re.fullmatch(r"97 \(1\d min\)", listed[ward.silent]["spo2_pct"])
    assert listed[ward.unusable]["spo2_pct"] is None
    assert listed[ward.silent]["age_s"] >= 600


def test_ward_lists_what_ended_in_range_however_long_ago_it_began(
    board: Board, ward: SmallWard
) -> None:
    listed = board.rows("ward", "Ended")
    assert all(r["until"] >= ward.ago(minutes=15) for r in listed)
    mine = [r for r in listed if r["patient_id"] in {ward.live, ward.silent}]
    assert {r["severity"] for r in mine} == set(Severity)
    (long_one,) = (r for r in mine if r["patient_id"] == ward.silent)
    assert long_one["lasted_s"] == 170 * 60


def test_patient_can_be_chosen(board: Board, ward: SmallWard) -> None:
    chosen = {r["_value"] for r in board.rows("patient", "patient")}
    assert {ward.live, ward.silent} <= chosen


def test_latest_values_come_with_their_age(board: Board) -> None:
    (rate,) = board.rows("patient", "Heart rate")
    assert rate["latest"] == 82.4
    assert rate["age"].endswith(" s ago")
    (temperature,) = board.rows("patient", "Temperature")
    assert re.fullmatch(r"STALE: [5-9] min ago", temperature["age"])


def test_a_silent_patient_is_said_to_be_silent(
    client: InfluxDBClient, ward: SmallWard
) -> None:
    (heard,) = Board(client, ward, ward.silent).rows("patient", "Last heard")
    assert re.fullmatch(r"SILENT for 1\d min", heard["heard"])


def test_a_short_range_shows_every_reading(board: Board) -> None:
    drawn = board.rows("patient", "SpO2", SHORT, nth=1)
    assert {r["_field"] for r in drawn} == {"reading"}
    assert len(drawn) == 300


@pytest.mark.parametrize(
    ("range_and_window", "usual"),
    [
        (LONG, {"mean": {97.0, 98.0}, "min": {95.0, 96.0}, "max": {99.0, 100.0}}),
        (LONGEST, {"mean": {97.5}, "min": {95.0}, "max": {100.0}}),
    ],
    ids=["windows as stored", "windows of two stored ones"],
)
def test_a_long_range_shows_a_band_with_gaps(
    board: Board,
    range_and_window: tuple[timedelta, timedelta],
    usual: dict[str, set[float]],
) -> None:
    drawn = board.rows("patient", "SpO2", range_and_window, nth=1)
    for name, values in usual.items():
        seen = Counter(r["_value"] for r in drawn if r["_field"] == name)
        assert seen.pop(None), "no gap"
        assert {value for value, _ in seen.most_common(len(values))} == values


def test_marks_reach_from_start_to_end_and_an_open_one_to_now(
    board: Board, ward: SmallWard
) -> None:
    latest, earlier = board.rows("patient", "Alert marks !!! high")
    assert (latest["time"], latest["text"]) == (
        ward.ago(minutes=3),
        "sustained high, ongoing",
    )
    assert latest["timeEnd"] >= ward.now
    assert (earlier["time"], earlier["timeEnd"]) == (
        ward.ago(minutes=10),
        ward.ago(minutes=5),
    )
    assert latest["title"] == "!!! high"


def test_a_match_that_began_before_the_range_is_still_shown(
    client: InfluxDBClient, ward: SmallWard
) -> None:
    listed = Board(client, ward, ward.silent).rows("patient", "Matches")
    assert {(r["severity"], r["state"]) for r in listed} == {
        ("high", "ended"),
        ("medium", "ongoing"),
    }


def test_unusable_values_are_shown_with_their_reason(
    client: InfluxDBClient, ward: SmallWard
) -> None:
    shown = Board(client, ward, ward.unusable).rows("patient", "Unusable values")
    assert len(shown) == 20
    assert {r["unusable"] for r in shown} == {"spo2_pct=0: not above 0"}


def test_ward_lists_scores_worst_first_and_never_an_incomplete_one_as_lower(
    board: Board, ward: SmallWard
) -> None:
    listed = board.rows("ward", "Patients by NEWS2")
    mine = {r["patient_id"]: r for r in listed}
    order = [ward.live, ward.unusable, ward.silent]
    assert [name for name in mine if name in order] == order
    said = [(mine[name]["news2"], mine[name]["risk_at_least"]) for name in order]
    assert said == [("7", "high"), ("5", "medium"), ("2 to 8", "low")]
    assert mine[ward.silent]["risk_at_most"] == "high"
    assert mine[ward.silent]["known"] == "5 of 7"
    assert mine[ward.silent]["age_s"] >= 660


def test_a_response_clock_is_counted_down_and_ends_with_its_risk(
    board: Board, ward: SmallWard
) -> None:
    mine = {r["patient_id"]: r for r in board.rows("ward", "Patients by NEWS2")}
    assert re.fullmatch(r"OVERDUE by 1\d min", mine[ward.live]["respond"])
    assert re.fullmatch(r"within 5\d min", mine[ward.unusable]["respond"])
    assert not mine[ward.silent]["respond"]


def test_a_patients_score_is_the_newest_one(
    client: InfluxDBClient, ward: SmallWard
) -> None:
    (score,) = Board(client, ward, ward.silent).rows("patient", "NEWS2")
    assert (score["news2"], score["risk_at_least"]) == ("2 to 8", "low")
    parts = Board(client, ward, ward.silent).rows("patient", "Parts of NEWS2")
    assert [r["part"] for r in parts][:2] == ["respiration", "oxygen saturation"]
    assert {r["points"] for r in parts} == {"1 to 3"}
    ages = {r["part"]: r["age_s"] for r in parts}
    assert ages.pop(NEVER_KNOWN.replace("_", " ")) is None
    assert all(age >= 665 for age in ages.values())


def test_the_trend_is_a_band_where_the_score_is_incomplete(
    client: InfluxDBClient, ward: SmallWard
) -> None:
    drawn = Board(client, ward, ward.silent).rows("patient", "NEWS2 over time")
    known = [(r["_field"], r["_value"]) for r in drawn if r["_value"] is not None]
    assert sorted(known) == [
        ("highest", 5),
        ("highest", 8),
        ("lowest", 2),
        ("lowest", 5),
    ]


def test_a_seizure_is_said_and_what_cannot_be_judged_is_no_calm(
    client: InfluxDBClient, ward: SmallWard
) -> None:
    (seizing,) = Board(client, ward, ward.live).rows("patient", "EEG")
    assert (seizing["state"], seizing["probability"]) == ("SEIZURE suspected", "90 %")
    assert seizing["good_channels"] == "2"
    (unseen,) = Board(client, ward, ward.unusable).rows("patient", "EEG")
    assert unseen["state"] == "NOT JUDGED: too little can be seen"
    assert unseen["probability"] == "unknown"


def test_each_channel_has_its_envelope_and_the_bad_ones_come_first(
    board: Board,
) -> None:
    drawn = board.rows("patient", "EEG amplitude")
    assert {row["Fp1"] for row in drawn} == {40.0}
    assert not any("Cz" in row for row in drawn)
    listed = board.rows("patient", "EEG channels")
    assert [(r["channel"], r["quality"]) for r in listed] == [
        ("Cz", "flat"),
        ("Fp1", "good"),
    ]
