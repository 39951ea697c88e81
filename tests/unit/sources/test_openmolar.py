"""The decoders of OpenMolar: codes and primary teeth of its charts, bytes of its periodontal charts; never a guess."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given as drawn, strategies as st

from formats.databases.tables import OversizedValue, Value
from formats.mapping.tooth_notations import parse_surfaces
from formats.model.mouth import PerioKind, PerioSite, is_fdi
from formats.sources.decoder import DecodedPart, UnreadCell
from formats.sources.decoders import DECODERS
from formats.sources.openmolar.chart import CHART, MAX_CHART
from formats.sources.openmolar.codes import Group, read_code
from formats.sources.openmolar.perio import CHART_BYTES, PERIO
from tests.openmolar import CHART as MEASURED, perio_chart

Found = list[DecodedPart | UnreadCell]


def chart(**cells: Value) -> Found:
    return list(CHART.decode(cells))


def parts(found: Found) -> list[dict[str, str]]:
    return [dict(one.cells) for one in found if isinstance(one, DecodedPart)]


def unread(found: Found) -> list[tuple[str, bool]]:
    return [(one.column, one.partly) for one in found if isinstance(one, UnreadCell)]


@pytest.mark.parametrize(
    ("code", "item", "surfaces", "material"),
    [
        ("MOD", "filling", "MOD", ""), ("MOD,CO", "filling", "MOD", "CO"), ("DOP,PR,CO", "filling", "DOL", "PR,CO"),
        ("B,GL", "filling", "B", "GL"), ("PI", "filling", "LI", ""), ("DI,AM'", "filling", "DI", "AM'"),
        ("GI/MOD", "inlay", "MOD", "GI"), ("PI/MODBP", "inlay", "MODBL", "PI"), ("PI/", "inlay", "", "PI"),
        ("GC/MO", "filling", "MO", "GC"), ("CR,V1", "crown", "", "V1"), ("CR/MODB,GO", "crown", "MODB", "GO"),
        ("CR,V1,C2", "crown", "", "V1,C2"), ("CR,C1", "post", "", "C1"), ("CR,LAVA", "crown", "", "LAVA"),
        ("BR/P,V1", "bridge-pontic", "", "V1"), ("BR/CR,A2", "bridge-retainer", "", "A2"),
        ("(BR/CR,OT", "bridge-retainer", "", "OT"), ("BR/GI/MPD", "bridge-retainer", "MLD", "GI"),
        ("BR/MR", "bridge-retainer", "", ""), ("IM/TIT", "implant", "", ""), ("IM/ABUT", "abutment", "", ""),
        ("RT", "root-canal", "", ""), ("PX+", "pulp-extirpation", "", ""), ("AP,RR", "apicectomy", "", "RR"),
        ("FS", "sealant", "", ""), ("FS,CO", "sealant", "", "CO"), ("FS/P,GL", "sealant", "L", "GL"),
        ("DR", "dressing", "", ""), ("PV", "veneer", "", ""), ("EX", "extraction", "", ""),
        ("EX/S1", "surgical-extraction", "", ""), ("mod,co", "filling", "MOD", "CO"), ("#RT&", "root-canal", "", ""),
    ],
)  # fmt: skip
def test_a_code_is_work_with_its_surfaces_and_material(
    code: str, item: str, surfaces: str, material: str
) -> None:
    read = read_code(code)
    assert (read.group, read.item, read.surfaces, read.material) == (Group.WORK, item, surfaces, material)
    assert parse_surfaces(read.surfaces)[1] == ""


@pytest.mark.parametrize(
    "code", ["ZZ9", "TR/M", "-M,1", "VP", "BR,RA", "CR/XYZ", "EX/9", "M/O", "É", ",CO", "0", "FA"]
)
def test_a_code_of_no_list_is_not_guessed(code: str) -> None:
    assert read_code(code).group is Group.UNKNOWN
    found = chart(ur6=f"{code} ")
    assert [one["code"] for one in parts(found)] == [code]
    assert parts(found)[0]["item"] == "unknown" and unread(found) == [("ur6", True)]


@pytest.mark.parametrize(
    ("column", "byte", "teeth"),
    [
        ("dent0", -128, ["51"]), ("dent0", 8, ["55"]), ("dent0", 1, ["18"]),
        ("dent1", 1, ["61"]), ("dent1", 16, ["65"]), ("dent1", -128, ["28"]),
        ("dent2", -128, ["71"]), ("dent2", 8, ["75"]), ("dent3", 1, ["81"]), ("dent3", "16", ["85"]),
        ("dent1", 31, ["65", "64", "63", "62", "61"]), ("dent0", 248, ["51", "52", "53", "54", "55"]),
        ("dent0", 0, []), ("dent0", None, []),
    ],
)  # fmt: skip
def test_bits_of_a_quarter_are_its_primary_teeth(column: str, byte: Value, teeth: list[str]) -> None:
    found = parts(chart(**{column: byte}))
    first = [one["tooth"] for one in found if one["item"] == "primary"]
    none = [one["tooth"] for one in found if one["item"] == "no-tooth"]
    assert first == [one for one in teeth if one[0] in "5678"] and len(found) == len(first) + len(none)
    assert none == [f"{int(one[0]) - 4}{one[1]}" if one in first else one for one in teeth]


@pytest.mark.parametrize("value", [300, -129, "x", 1.5, b"\x01"])
def test_what_is_no_byte_is_told_and_the_chart_goes_on(value: Value) -> None:
    found = chart(dent0=value, ur5="MOD ")
    assert unread(found) == [("dent0", False)]
    assert [(one["tooth"], one["item"]) for one in parts(found)] == [("15", "filling")]


def test_a_code_stands_on_the_primary_tooth_where_it_is_there() -> None:
    found = parts(chart(dent1=16, ul5="O,GL +P +S !sore_today ", ul4="O "))
    assert [(one["tooth"], one["item"]) for one in found] == [
        ("65", "primary"), ("65", "filling"), ("25", "permanent-too"), ("25S", "supernumerary"), ("65", ""),
        ("24", "filling"),
    ]  # fmt: skip
    assert found[4]["text"] == "sore today" and found[4]["group"] == "remark"
    alone = parts(chart(dent1=16, ul5="O,GL "))
    assert [(one["tooth"], one["item"]) for one in alone][:2] == [("65", "primary"), ("25", "no-tooth")]


def test_plans_are_on_the_teeth_of_the_chart_and_tell_no_primary_teeth() -> None:
    found = parts(chart(dent1=16, ul5pl="DR ", ur6pl="EX ", periopl="SP SP ", xraycmp="M "))
    assert [(one["item"], one.get("tooth", "")) for one in found] == [
        ("dressing", "65"), ("extraction", "16"), ("perio", ""), ("perio", ""), ("xray", ""),
    ]  # fmt: skip


def test_the_day_book_names_the_tooth_before_its_codes() -> None:
    found = chart(chart=b"UR5 MOD,CO  UL6 RT CR,V1 UR5 MOD,CO \0\0", diagn="CE ")
    assert [(one["code"], one.get("tooth", "")) for one in parts(found)] == [
        ("MOD,CO", "15"), ("RT", "26"), ("CR,V1", "26"), ("MOD,CO", "15"), ("CE", ""),
    ]  # fmt: skip
    assert unread(found) == []
    keys = [one.key for one in found if isinstance(one, DecodedPart)]
    assert keys == ["ur5/MOD,CO", "ul6/RT", "ul6/CR,V1", "ur5/MOD,CO#2", "diagn/CE"]


@pytest.mark.parametrize(
    "value", [b"MOD UL4", b"\xff\xfe", "x" * (MAX_CHART + 1), OversizedValue(size=1 << 30)]
)
def test_a_chart_that_is_none_is_told_whole(value: Value) -> None:
    found = chart(chart=value)
    assert unread(found) == [("chart", False)] and parts(found) == []


def test_a_part_keeps_its_name_when_others_come_and_go() -> None:
    def names(cell: str) -> set[str]:
        return {one.key for one in chart(ur6=cell) if isinstance(one, DecodedPart)}

    assert names("MOD RT CR,V1 ") - names("RT CR,V1 ") == {"ur6/MOD"}
    assert names("RT RT ") == {"ur6/RT", "ur6/RT#2"}


@drawn(st.text(max_size=60), st.sampled_from(["ur6", "ul1pl", "chart", "periopl", "dent2"]))
def test_whatever_a_cell_holds_every_part_has_its_own_name_and_a_tooth_that_exists(
    text: str, column: str
) -> None:
    found = chart(**{column: text, "dent1": 255})
    keys = [one.key for one in found if isinstance(one, DecodedPart)]
    assert len(keys) == len(set(keys))
    for one in parts(found):
        assert is_fdi(one["tooth"]) if one.get("tooth") else one["group"] == "other"
        assert one["item"] in CHART.words["item"] or one["group"] == "remark"


# -- periodontal charts ----------------------------------------------------------------------------


def measures(value: Value) -> list[tuple[str, str, str, str]]:
    return [
        (one["tooth"], one["measure"], one["site"], one["value"])
        for one in parts(list(PERIO.decode({"chartdata": value})))
    ]


@pytest.mark.parametrize(
    "value", [MEASURED, f"base64:{base64.b64encode(MEASURED).decode()}", MEASURED + bytes(9)]
)
def test_a_periodontal_chart_goes_round_the_mouth(value: Value) -> None:
    assert measures(value) == [
        ("18", "gingival-margin", "DB", "2"), ("18", "probing", "DB", "5"), ("18", "bleeding", "DB", "1"),
        ("18", "mobility", "T", "2"), ("38", "probing", "MB", "4"), ("48", "probing", "ML", "6"),
        ("48", "furcation", "DB", "1"),
    ]  # fmt: skip


def test_sites_go_from_the_patients_right_to_their_left() -> None:
    found = measures(perio_chart({7: {place: place - 5 for place in range(6, 12)}, 8: {6: 1, 8: 3}}))
    assert [(tooth, site) for tooth, _, site, _ in found] == [
        ("11", "DB"), ("11", "B"), ("11", "MB"), ("11", "DL"), ("11", "L"), ("11", "ML"), ("21", "MB"), ("21", "DB"),
    ]  # fmt: skip
    assert {site for *_, site, _ in found} <= {one.value for one in PerioSite}
    assert {kind for _, kind, _, _ in found} <= {one.value for one in PerioKind}


@pytest.mark.parametrize(
    "value", [b"short", MEASURED[:-1], "text", "base64:?", 7, OversizedValue(size=1 << 30)]
)
def test_bytes_that_are_no_chart_are_told(value: Any) -> None:
    found = list(PERIO.decode({"chartdata": value}))
    assert unread(found) == [("chartdata", False)] and parts(found) == []


@pytest.mark.parametrize(
    "value",
    [
        perio_chart({0: {6: 5, 24: 3}}),
        perio_chart({0: {6: 5, 41: 1}}),
        perio_chart({0: {6: 5, 7: 99}}),
        MEASURED + b"x",
    ],
    ids=["no-meaning", "behind", "too-deep", "longer"],
)
def test_what_has_no_meaning_is_told_and_the_rest_is_read(value: bytes) -> None:
    found = list(PERIO.decode({"chartdata": value}))
    assert unread(found) == [("chartdata", True)]
    assert ("18", "probing", "DB", "5") in measures(value)


def test_an_empty_chart_is_nothing() -> None:
    assert list(PERIO.decode({"chartdata": None})) == [] and measures(perio_chart({})) == []
    assert len(perio_chart({})) == CHART_BYTES


def test_decoders_give_no_column_that_they_do_not_declare() -> None:
    found = chart(dent1=16, ul5="O !x ZZ ", chart="UR5 MOD", periopl="SP")
    assert {name for one in parts(found) for name in one} == set(CHART.columns)
    assert {name for one in parts(list(PERIO.decode({"chartdata": MEASURED}))) for name in one} == set(
        PERIO.columns
    )
    assert {one["group"] for one in parts(found)} <= set(CHART.words["group"])
    assert set(DECODERS) == {"openmolar-chart", "openmolar-perio"}
