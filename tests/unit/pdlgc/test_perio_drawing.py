"""The drawn periodontal chart: lines at their height, marks at their site, teeth in FDI order."""

from __future__ import annotations

import re
from typing import Any

import pytest

from formats.model import mouth
from formats.model.mouth import PerioKind as Kind, PerioSite as Site
from tests.unit.pdlgc.test_page import made, only, parsed

MILLIMETRE = 5
"""Units of the drawing; heights are told apart by it."""
UPPER = [f"1{n}" for n in range(8, 0, -1)] + [f"2{n}" for n in range(1, 9)]
LOWER = [f"4{n}" for n in range(8, 0, -1)] + [f"3{n}" for n in range(1, 9)]
SIX = (Site.DISTOBUCCAL, Site.BUCCAL, Site.MESIOBUCCAL, Site.DISTOLINGUAL, Site.LINGUAL, Site.MESIOLINGUAL)


def measures(tooth: str, kind: Kind, *values: int, sites: tuple[Site, ...] = SIX) -> list[Any]:
    return [
        mouth.PerioMeasure(tooth=tooth, measure=kind, site=site, value=value)
        for site, value in zip(sites, values, strict=True)
    ]


def drawn(*found: list[Any], missing: str = "") -> list[Any]:
    """Return the drawings of an examination."""
    exam = made(mouth.PerioExam, measures=tuple(one for each in found for one in each))
    marks = (made(mouth.ChartFinding, finding=mouth.ChartKind.MISSING, tooth=missing),) if missing else ()
    drawings: list[Any] = parsed(only(perio_exams=(exam,), chart_findings=marks)).xpath(
        "//svg[contains(@class, 'probing')]"
    )
    return drawings


def heights(drawing: Any, css: str, place: int = 0) -> list[float]:
    """Return how many millimetres from the junction, towards the root, the points of a line of one band lie."""
    junctions = [
        float(re.findall(r"[\d.]+", one)[1]) for one in drawing.xpath(".//path[@class='junction']/@d")
    ]
    towards = -1 if place == 0 else 1
    found = []
    for line in drawing.xpath(f".//path[@class='{css}']/@d"):
        ys = [float(y) for _, y in re.findall(r"(?:M|L)([\d.]+) ([\d.]+)", line)]
        if (ys[0] < sum(junctions) / 2) == (place == 0):
            found += [towards * (y - junctions[place]) / MILLIMETRE for y in ys]
    return found


def test_the_margin_and_the_bottom_of_the_pocket_are_lines() -> None:
    (drawing,) = drawn(
        measures("16", Kind.PROBING, 5, 2, 3, 7, 3, 3),
        measures("16", Kind.GINGIVAL_MARGIN, 2, 1, 0, -2, 0, 1),
    )
    assert heights(drawing, "margin") == [2, 1, 1, 0]
    assert heights(drawing, "bottom") == [7, 3, 3, 3]
    assert heights(drawing, "margin", 1) == [-2, 0, 0, 1]
    assert heights(drawing, "bottom", 1) == [5, 3, 3, 4]
    depths = [one.get("class") for one in drawing.xpath(".//path[contains(@class, 'pocket')]")]
    assert depths == [
        "pocket broad",
        "pocket fine",
        "pocket fine",
        "pocket very",
        "pocket fine",
        "pocket fine",
    ]


def test_a_pocket_without_a_margin_begins_at_the_junction_and_a_gap_breaks_the_lines() -> None:
    first, last = (Site.DISTOBUCCAL,), (Site.MESIOBUCCAL,)
    (drawing,) = drawn(
        measures("16", Kind.PROBING, 4, sites=first), measures("16", Kind.PROBING, 3, sites=last)
    )
    assert heights(drawing, "margin") == []
    assert heights(drawing, "bottom") == [4, 3]
    assert all("L" not in line for line in drawing.xpath(".//path[@class='bottom']/@d"))


def test_what_lies_beyond_the_drawing_stands_at_its_edge() -> None:
    (drawing,) = drawn(
        measures("11", Kind.PROBING, 40, 1, 1, 1, 1, 1),
        measures("11", Kind.GINGIVAL_MARGIN, -9, 0, 0, 0, 0, 0),
    )
    assert heights(drawing, "margin")[0] == -3
    assert heights(drawing, "bottom")[0] == 12
    assert min(float(one.get("y")) for one in drawing.xpath(".//text")) >= -24


@pytest.mark.parametrize(("tooth", "row"), [("26", UPPER), ("36", LOWER)])
def test_teeth_stand_in_fdi_order_and_sites_from_the_right(tooth: str, row: list[str]) -> None:
    (drawing,) = drawn(
        measures(tooth, Kind.BLEEDING, 1, 0, 0, 0, 0, 1), measures(tooth, Kind.PROBING, *range(1, 7))
    )
    numbers = drawing.xpath(".//text[@class='number']")
    assert [one.text for one in numbers] == row
    (number,) = (one for one in numbers if one.text == tooth)
    signs = drawing.xpath(".//text[@class='sign bleeding']")
    # of a tooth on the patient's left the distal site is farther from the middle; outside is above in the upper arch
    upper = tooth == "26"
    outside = min if upper else max
    first = outside(signs, key=lambda one: float(one.get("y")))
    (other,) = (one for one in signs if one is not first)
    assert float(other.get("x")) < float(number.get("x")) < float(first.get("x"))


def test_marks_grades_and_missing_teeth_are_shown() -> None:
    (drawing,) = drawn(
        measures("46", Kind.SUPPURATION, 1, sites=(Site.BUCCAL,)),
        measures("46", Kind.PLAQUE, 1, sites=(Site.LINGUAL,)),
        measures("46", Kind.CALCULUS, 0, sites=(Site.LINGUAL,)),
        measures("46", Kind.FURCATION, 2, sites=(Site.BUCCAL,)),
        measures("46", Kind.MOBILITY, 3, sites=(Site.TOOTH,)),
        missing="36",
    )
    assert [one.get("class") for one in drawing.xpath(".//text[starts-with(@class, 'sign ')]")] == [
        "sign plaque",
        "sign suppuration",
    ]
    assert drawing.xpath(".//text[@class='grade']/text()") == ["M\u00a0III", "F\u00a0II"]
    (gone,) = drawing.xpath(".//g[@class='tooth missing']")
    assert gone.xpath("./text/text()") == ["36"]
    assert gone.xpath("./path[@class='gone']")


def test_a_tooth_that_was_measured_is_there_whatever_the_chart_says() -> None:
    (drawing,) = drawn(measures("36", Kind.PROBING, *[2] * 6), missing="36")
    assert not drawing.xpath(".//g[@class='tooth missing']")


def test_a_primary_tooth_stands_in_the_place_of_the_permanent_one() -> None:
    (drawing,) = drawn(measures("55", Kind.PROBING, *[2] * 6))
    numbers = drawing.xpath(".//text[@class='number']/text()")
    assert numbers == ["18", "17", "16", "55", *UPPER[4:]]
    (both,) = drawn(measures("55", Kind.PROBING, *[2] * 6), measures("15", Kind.PROBING, *[3] * 6))
    assert both.xpath(".//text[@class='number']/text()") == UPPER


def test_the_drawing_says_that_the_table_says_the_same() -> None:
    for drawing in drawn(measures("16", Kind.PROBING, *[2] * 6), measures("46", Kind.PROBING, *[2] * 6)):
        assert drawing.get("role") == "img"
        assert "tableau qui suit" in drawing.get("aria-label")
        table = drawing.getparent().getnext()
        assert table.xpath("./table[@class='perio']")


def test_measures_of_no_tooth_are_in_the_table_alone() -> None:
    assert drawn(measures("", Kind.PROBING, *[2] * 6)) == []
    assert drawn(measures("11S", Kind.PROBING, *[2] * 6))[0].xpath(".//path[@class='bottom']") == []
