"""Queries are taken from a board as Grafana would send them."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from grafana.build import DASHBOARDS, render
from grafana.flux import CHOSEN_PATIENT
from grafana.queries import View, queries
from jobs.measurements import BUCKETS

VIEW = View(
    start=datetime(2026, 1, 1, 11, 45, tzinfo=UTC),
    stop=datetime(2026, 1, 1, 12, tzinfo=UTC),
    window=timedelta(seconds=2.5),
    variables={"patient": 'P "1.5"'},
)


def test_macros_and_variables_are_filled_in() -> None:
    flux = "range(start: v.timeRangeStart, stop: v.timeRangeStop) v.windowPeriod"
    assert VIEW.fill_in(flux + " /${patient:regex}/") == (
        "range(start: 2026-01-01T11:45:00Z, stop: 2026-01-01T12:00:00Z) 2500ms"
        r' /P "1\.5"/'
    )


@pytest.mark.parametrize(
    ("evil", "harmless"),
    [
        (r"/) |> to(bucket: 7) //", r"\/\) \|> to\(bucket: 7\) \/\/"),
        ("x\\", r"x\\"),
        (".*", r"\.\*"),
    ],
)
def test_a_link_cannot_end_the_text_that_a_variable_stands_for(
    evil: str, harmless: str
) -> None:
    view = replace(VIEW, variables={"patient": evil})
    assert view.fill_in(CHOSEN_PATIENT) == f"r.patient_id =~ /^{harmless}$/"
    assert re.fullmatch(harmless, evil)


@pytest.mark.parametrize("name", DASHBOARDS)
def test_nothing_in_a_link_is_worked_out(name: str) -> None:
    """Between quotes Flux works out what stands in ``${}``; so no variable is there."""
    view = replace(VIEW, variables={"patient": "${string(v: 1 / 0)}"})
    board = json.loads(render(name))
    for query in queries(board):
        assert not re.search(r"\$\{\w+(:(?!regex)\w+)?\}", query.flux), query.where
        assert "${" not in view.fill_in(query.flux), query.where


def test_an_unknown_variable_is_an_error() -> None:
    with pytest.raises(KeyError, match="ward"):
        VIEW.fill_in("${ward:regex}")


@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_query_is_filled_in_and_bounded(name: str) -> None:
    for query in queries(json.loads(render(name))):
        flux = VIEW.fill_in(query.flux)
        assert "${" not in flux, query.where
        assert "v.time" not in flux, query.where
        reads = flux.count("from(bucket:")
        assert flux.count("|> range(") == reads or "tagValues" in flux, query.where
        assert any(f'bucket: "{bucket.name}"' in flux for bucket in BUCKETS)


def test_panels_variables_and_layers_are_all_found() -> None:
    found = [query.where for query in queries(json.loads(render("patient.json")))]
    assert {"Heart rate", "Matches", "patient", "Alert marks !!! high"} <= set(found)


def test_a_query_must_return_what_its_panel_refers_to() -> None:
    (ongoing,) = (
        query
        for query in queries(json.loads(render("ward.json")))
        if query.where == "Ongoing"
    )
    assert {"severity", "patient_id", "since"} <= ongoing.refers_to
