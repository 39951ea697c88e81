"""``make demo``: a collaborator leaves, and the next practice reads the records."""

from __future__ import annotations

import json
import re

import pytest

from tests.journeys.line import ROOT, SAMPLES, Line

RESULTS = (
    "practice.db", "roster.csv", "package.asice", "roots.pem", "receiver.identity", "verdict.json",
    "successor.db", "receipt.json",
)  # fmt: skip
EXPECTED = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))


def test_make_demo_runs_this_script() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\ndemo:\n")[1].split("\n\n")[0]
    assert "-m samples.demo build/demo" in recipe


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_is_there_under_its_name(demo_line: Line, name: str) -> None:
    size = (demo_line.folder / name).stat().st_size
    assert size > 0
    assert re.search(rf"  {re.escape(name)} +{size:,} B\n", demo_line.printed)


def test_it_prints_what_was_collected(demo_line: Line) -> None:
    rows = sum(EXPECTED["practice"]["rows"].values())
    tables = len(EXPECTED["practice"]["rows"])
    assert re.search(rf"source rows +{rows} +{rows} +0 +0 +{rows}\n", demo_line.printed)
    assert f"Read {rows} rows of {tables} tables; these are stored, but 3 things" in demo_line.printed
    assert re.search(r"patients +68 +68 +0 +0 +68\n", demo_line.printed)


def test_it_prints_what_was_sealed_and_what_stayed(demo_line: Line) -> None:
    leaving = len(EXPECTED["roster"]["patients"])
    assert re.search(rf"package\.asice: {leaving + 1} sealed units, \d+ bytes\.", demo_line.printed)
    assert re.search(rf"patients +{leaving}\n", demo_line.printed)
    assert f"Not taken (patients): {EXPECTED['practice']['patients'] - leaving}." in demo_line.printed


def test_it_prints_who_came_and_that_the_second_time_changes_nothing(demo_line: Line) -> None:
    first, second = demo_line.printed.split("A second time: nothing changes")
    assert "Dossiers that came in: 22" in first and "Dossiers that were here already: 0" in first
    assert "Dossiers that came in: 0" in second and "Dossiers that were here already: 22" in second
    assert (
        first.count("Counts agree with the package:") == second.count("Counts agree with the package:") == 1
    )


def test_its_verdict_and_receipt_are_json(demo_line: Line) -> None:
    verdict = json.loads((demo_line.folder / "verdict.json").read_text(encoding="utf-8"))
    receipt = json.loads((demo_line.folder / "receipt.json").read_text(encoding="utf-8"))
    assert {verdict[question]["state"] for question in ("intact", "complete", "signed_by", "trusted")} == {
        "proven"
    }
    assert receipt["complete"] is True
    assert receipt["totals"]["came_in"] == len(EXPECTED["roster"]["patients"])
