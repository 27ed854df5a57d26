"""Promises every board keeps, present and future."""

import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from cep_patterns.pattern import Severity
from grafana.build import DASHBOARDS, render
from grafana.matches import COLOURS, MARKS
from grafana.panels import DATASOURCE
from grafana.provisioned import datasource, load
from grafana.stored import SIGNS

Json = dict[str, Any]

BOARDS = {name: json.loads(render(name)) for name in DASHBOARDS}
ENV = {
    "VIGIL_INFLUX_URL": "http://influxdb:8086",
    "VIGIL_INFLUX_ORG": "vigil",
    "VIGIL_INFLUX_READ_TOKEN": 'odd: "token" # $',
}
every_board = pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
every_panel = pytest.mark.parametrize(
    "panel",
    [
        pytest.param(panel, id=f"{name}-{panel['title']}")
        for name, board in BOARDS.items()
        for panel in board["panels"]
    ],
)


def settings(panel: Json) -> dict[str, set[str]]:
    """Return which settings a panel overrides, by column."""
    overrides = panel["fieldConfig"]["overrides"]
    return {
        each["matcher"]["options"]: {setting["id"] for setting in each["properties"]}
        for each in overrides
    }


def values_of(node: object, key: str) -> Iterator[Any]:
    """Return every value that stands under ``key``, at any depth."""
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == key)
        for value in node.values():
            yield from values_of(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from values_of(value, key)


def cells(panel: Json) -> set[tuple[int, int]]:
    at = panel["gridPos"]
    return {
        (x, y)
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    }


def without_flux(board: Json) -> Json:
    """Return ``board`` less the queries, for which the schema has no type."""
    bare: Json = json.loads(json.dumps(board))
    for panel in bare["panels"]:
        for target in panel["targets"]:
            target.clear()
    for layer in bare.get("annotations", {}).get("list", ()):
        layer["target"].pop("query", None)
        layer["target"].pop("refId", None)
    return bare


@every_board
def test_board_has_nothing_the_published_schema_does_not_know(board: Json) -> None:
    register_default_plugins()
    decoded = Dashboard.from_json(board)
    again = json.loads(json.dumps(decoded, cls=JSONEncoder))
    assert without_flux(again) == without_flux(board)


@every_board
def test_panels_are_numbered_apart(board: Json) -> None:
    numbers = [panel["id"] for panel in board["panels"]]
    assert len(numbers) == len(set(numbers))
    assert all(number > 0 for number in numbers)


@every_board
def test_panels_do_not_overlap_and_stay_on_the_grid(board: Json) -> None:
    for one, other in combinations(board["panels"], 2):
        assert not cells(one) & cells(other), (one["title"], other["title"])
    assert all(0 <= x < 24 for panel in board["panels"] for x, _ in cells(panel))


@every_board
def test_every_data_source_is_the_provisioned_one(board: Json) -> None:
    provisioned = datasource(ENV)
    used = list(values_of(board, "datasource"))
    assert used
    assert all(each == {"type": "influxdb", "uid": provisioned["uid"]} for each in used)
    assert DATASOURCE.uid == provisioned["uid"]


@every_board
def test_board_refreshes_by_itself(board: Json) -> None:
    assert board["refresh"] == "5s"


@every_panel
def test_panel_says_what_it_shows_and_in_what_unit(panel: Json) -> None:
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["fieldConfig"]["defaults"]["noValue"]


@every_panel
def test_numbers_and_times_in_a_table_or_tile_have_a_unit(panel: Json) -> None:
    texts = {"unit"} if panel["type"] == "stat" else set[str]()
    for column, given in settings(panel).items():
        assert "displayName" in given, column
        assert texts <= given, column


@every_panel
def test_colour_never_speaks_alone(panel: Json) -> None:
    """A coloured cell has a text of its own, or shows the text that chose it."""
    for mapping in values_of(panel, "mappings"):
        for each in mapping:
            if each["type"] == "value":
                texts = [result["text"] for result in each["options"].values()]
                assert len(set(texts)) == len(texts)
                assert all(texts)
            else:
                assert "text" not in each["options"]["result"]


@every_panel
def test_a_time_series_shows_gaps_as_gaps(panel: Json) -> None:
    if panel["type"] == "timeseries":
        custom = panel["fieldConfig"]["defaults"]["custom"]
        assert custom["spanNulls"] is False
        assert custom["insertNulls"] > 0


def test_every_vital_sign_has_its_latest_value_and_its_history() -> None:
    panels = BOARDS["patient.json"]["panels"]
    kinds = [(panel["type"], panel["title"]) for panel in panels]
    for kind in ("stat", "timeseries"):
        assert sum(each == kind for each, _ in kinds) >= len(SIGNS)
    assert kinds.count(("timeseries", "SpO2")) == 1


def test_severities_look_as_in_iec_60601_1_8() -> None:
    assert set(COLOURS) == set(MARKS) == set(Severity)
    assert [len(MARKS[each]) for each in Severity] == [1, 2, 3]


def test_ward_leads_to_the_patient_and_back() -> None:
    urls = [
        link["url"]
        for links in values_of(BOARDS["ward.json"], "value")
        if isinstance(links, list)
        for link in links
        if "url" in link
    ]
    patient = BOARDS["patient.json"]
    (variable,) = patient["templating"]["list"]
    assert urls
    assert all(f"/d/{patient['uid']}?var-{variable['name']}=" in url for url in urls)
    assert [link["url"] for link in patient["links"]] == [
        f"/d/{BOARDS['ward.json']['uid']}"
    ]


def test_provisioned_data_source_takes_its_secrets_from_the_environment() -> None:
    filled = datasource(ENV)
    assert filled["url"] == ENV["VIGIL_INFLUX_URL"]
    assert filled["jsonData"]["organization"] == ENV["VIGIL_INFLUX_ORG"]
    assert filled["secureJsonData"] == {"token": ENV["VIGIL_INFLUX_READ_TOKEN"]}
    assert filled["jsonData"]["version"] == "Flux"


def test_provisioned_folder_holds_the_boards() -> None:
    (provider,) = load("dashboards")["providers"]
    assert (provider["folder"], provider["folderUid"]) == ("Vigil", "vigil")
    assert provider["allowUiUpdates"] is False
