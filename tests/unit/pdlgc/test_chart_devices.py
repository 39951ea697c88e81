"""Medical devices on the dental chart: an implant is drawn as one only where the record says so, a removed one not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from time import process_time
from typing import Any
from unittest.mock import patch

import pytest

from formats.model import dossier
from formats.model.care import Act, ActStatus
from formats.model.dates import PartialDate
from formats.model.devices import EMDN_SYSTEM, MedicalDevice
from formats.model.mouth import ChartFinding, ChartKind, Surface
from formats.pdlgc.page.charts.chart import has_chart
from formats.pdlgc.page.charts.tooth_devices import COLUMN_WIDTH, DeviceSign, device_sign
from formats.pdlgc.page.subject import subject
from tests.unit.pdlgc.test_page import made, only, parsed, section

IMPLANT, OTHER = "implant", "device"
DENTAL_IMPLANT = "P01020101"
ACCESSORY = "P01020180"
"""EMDN: *dental implants*, *dental implants - accessories*."""


def device(*teeth: str, **fields: Any) -> Any:
    return made(MedicalDevice, teeth=teeth, **({"label": "Implant dentaire"} | fields))


def numbered(*devices: Any) -> tuple[Any, ...]:
    return tuple(replace(one, id=f"{one.id[:-1]}{number}") for number, one in enumerate(devices))


def chart(*devices: Any, **records: Any) -> Any:
    (found,) = parsed(only(devices=numbered(*devices), **records)).xpath("//section[@id='chart']")
    return found


def groups(root: Any) -> dict[str, Any]:
    return {
        one.findtext("title").split(" ")[0]: one for one in root.xpath(".//g[starts-with(@class, 'tooth')]")
    }


def drawn(root: Any) -> dict[str, list[str]]:
    """Return the signs of devices by the number of the tooth that they are drawn at."""
    found = {number: group.xpath(".//g/@class") for number, group in groups(root).items()}
    return {number: signs for number, signs in found.items() if signs}


def legend(root: Any) -> str:
    (found,) = root.xpath(".//p[@class='legend']")
    return " ".join(found.text_content().split())


def table(root: Any) -> dict[str, str]:
    rows = {row[0].text_content(): row for row in root.xpath(".//tbody/tr")}
    return {number: " ".join(row[1].text_content().split()) for number, row in rows.items()}


def test_an_implant_stands_at_its_tooth_with_a_legend_in_both_languages() -> None:
    root = chart(device("36"))
    assert drawn(root) == {"36": [IMPLANT]}
    assert "implant en place implant in place" in legend(root)
    assert "dispositif médical" not in legend(root)
    assert "36 · implant en place / implant in place" in groups(root)["36"].findtext("title")
    (drawing,) = groups(root)["36"].xpath("./g[@class='implant']")
    assert drawing.xpath("./path") and not drawing.text_content().strip(), "a shape, no letter of a font"


def test_without_a_device_in_place_neither_drawing_nor_legend_says_anything() -> None:
    gone = made(ChartFinding, finding=ChartKind.MISSING, tooth="36")
    root = chart(chart_findings=(gone,))
    assert drawn(root) == {}
    assert "en place" not in legend(root)
    assert root.xpath(".//svg/@viewbox") == ["0 0 754 180"]


def test_of_a_missing_tooth_the_cross_and_its_implant_are_drawn_beside_each_other() -> None:
    gone = made(ChartFinding, finding=ChartKind.MISSING, tooth="36")
    group = groups(chart(device("36"), chart_findings=(gone,)))["36"]
    assert "missing" in group.get("class")
    (cross,), (implant,) = group.xpath(".//path[@class='cross']"), group.xpath("./g[@class='implant']")
    top = float(cross.get("d").split(" ")[1].partition("l")[0])
    place = float(implant.get("transform").partition("(")[2].partition(")")[0].split()[1])
    assert place >= top + 32, "below the square, where the root of a lower tooth is"
    assert "absente / missing · implant en place / implant in place" in group.findtext("title")


@pytest.mark.parametrize("tooth", ["16", "46"])
def test_the_surfaces_of_a_tooth_with_an_implant_stay_as_they_are(tooth: str) -> None:
    crown = made(Act, status=ActStatus.DONE, teeth=(tooth,), surfaces=(Surface.OCCLUSAL,))
    group = groups(chart(device(tooth), acts=(crown,)))[tooth]
    assert len(group.xpath(".//path[@class='f3']")) == 1
    assert group.xpath(".//tspan[@class='m3']")


def test_a_removed_device_is_listed_and_not_drawn() -> None:
    root = chart(device("36", implanted_on=date(2020, 3, 1), removed_on=date(2023, 1, 2), lot="L-7"))
    assert drawn(root) == {}
    assert "en place" not in legend(root)
    text = table(root)["36"]
    assert "01/03/2020 Implant dentaire" in text and "dépose removal 02/01/2023" in text
    assert "en place" not in text


def test_the_table_says_what_a_dentist_who_takes_over_asks_for() -> None:
    one = device("36", implanted_on=date(2024, 3, 14), manufacturer="TitanFictif", model="Cylindre 4,1 × 10",
                 part_number="TF4110", lot="TF-2024-0317")  # fmt: skip
    text = table(chart(one))["36"]
    assert text == (
        "14/03/2024 Implant dentaire TitanFictif Cylindre 4,1 × 10 · REF TF4110 · Lot TF-2024-0317"
        " — implant en place implant in place"
    )


def test_devices_stand_before_the_findings_of_their_tooth_and_the_heading_says_so() -> None:
    gone = made(ChartFinding, finding=ChartKind.MISSING, tooth="36")
    root = chart(device("36"), chart_findings=(gone,))
    assert table(root)["36"].endswith("implant en place implant in placeabsente missing")
    assert "Dispositifs et constats" in root.xpath(".//thead")[0].text_content()
    assert "Dispositifs" not in chart(chart_findings=(gone,)).xpath(".//thead")[0].text_content()


def test_a_device_of_which_nothing_is_written_has_a_line_all_the_same() -> None:
    root = chart(device("36", label=""))
    assert drawn(root) == {"36": [OTHER]}
    assert table(root)["36"] == "— dispositif médical en place medical device in place"
    assert table(chart(device("36", label="", code="X1")))["36"].startswith("X1")


@pytest.mark.parametrize(
    ("day", "shown"),
    [(PartialDate(2019), "2019"), (PartialDate(2019, 5), "mai 2019 May 2019"), (None, "Implant")],
)
def test_a_date_stays_as_exact_as_it_is_known(day: Any, shown: str) -> None:
    assert table(chart(device("11", implanted_on=day)))["11"].startswith(shown)
    assert shown in table(chart(device("11", removed_on=day)))["11"]


def test_several_devices_of_a_tooth_are_counted_by_their_sign() -> None:
    devices = (
        device("26"),
        device("26"),
        device("26", label="Membrane résorbable"),
        device("26", removed_on=date(2020, 1, 1)),
    )
    root = chart(*devices)
    assert drawn(root) == {"26": [IMPLANT, OTHER]}
    notes = [
        one.text_content() for one in groups(root)["26"].xpath(".//g/following-sibling::text[@class='many']")
    ]
    assert notes == ["×2"]
    assert "dispositif médical en place medical device in place" in legend(root)
    assert len(root.xpath(".//tbody/tr/td[2]/br")) == 3


def test_a_device_of_several_teeth_is_at_each_and_the_table_names_them_all() -> None:
    root = chart(device("34", "35", "36", "36", label="Membrane"))
    assert drawn(root) == {tooth: [OTHER] for tooth in ("34", "35", "36")}
    for tooth in ("34", "35", "36"):
        assert "dents teeth 34, 35, 36" in table(root)[tooth]


def test_a_device_without_a_tooth_is_not_on_the_chart() -> None:
    own = only(devices=(device(),))
    assert not has_chart(subject(own, {}))
    assert "Implant dentaire" in section(own, "devices")
    both = only(devices=numbered(device(), device("11", label="Vis")))
    assert "Implant dentaire" not in section(both, "chart")


@pytest.mark.parametrize("removed", [None, date(2020, 1, 1)])
def test_a_device_alone_makes_a_chart(removed: date | None) -> None:
    assert has_chart(subject(only(devices=(device("36", removed_on=removed),)), {}))


@pytest.mark.parametrize(("tooth", "count"), [("75", 52), ("18", 32)])
def test_a_device_of_a_primary_tooth_has_the_rows_of_primary_teeth(tooth: str, count: int) -> None:
    root = chart(device(tooth))
    assert drawn(root) == {tooth: [IMPLANT]}
    assert len(groups(root)) == count


def test_a_device_of_a_supernumerary_tooth_is_not_one_of_its_neighbour() -> None:
    root = chart(device("18S"))
    assert drawn(root) == {"18": [IMPLANT]}
    group = groups(root)["18"]
    assert [one.text_content() for one in group.xpath("./text[@class='many']")] == ["S"]
    assert group.findtext("title") == "18 · 18S · implant en place / implant in place"
    assert "surnuméraire" in legend(root)
    both = groups(chart(device("18"), device("18S")))["18"]
    assert [one.text_content() for one in both.xpath("./text[@class='many']")] == ["×2", "+S"]


@pytest.mark.parametrize("tooth", ["99", "S", "99S", "abc", "58", "8x"])
def test_a_tooth_that_has_no_place_is_in_the_table_and_neither_drawn_nor_in_the_legend(tooth: str) -> None:
    """No dossier has one; should one come, the legend explains nothing that is not there."""
    with patch.object(dossier, "is_fdi", return_value=True):
        root = chart(device(tooth))
    assert drawn(root) == {} and len(groups(root)) == 32
    assert "en place" not in legend(root) and "surnuméraire" not in legend(root)
    assert tooth in table(root)


def test_what_a_column_has_no_room_for_is_drawn_smaller() -> None:
    many = [device("26", label=label) for label in ("Implant", "Membrane") for _ in range(200)]
    group = groups(chart(*many))["26"]
    (smaller,) = group.xpath("./g")
    assert smaller.xpath("./g/@class") == [IMPLANT, OTHER]
    assert [one.text_content() for one in smaller.xpath("./text")] == ["×200", "×200"]
    scale = float(smaller.get("transform").partition("scale(")[2].rstrip(")"))
    reach = max(abs(float(one.get("x"))) + 14 for one in smaller.xpath("./text"))
    assert 2 * scale * reach <= COLUMN_WIDTH + 1


def test_a_label_with_a_long_run_of_spaces_is_read_at_once() -> None:
    started = process_time()
    assert device_sign(device("36", label="dental implant" + " " * 50_000 + "x")) is DeviceSign.OTHER
    assert process_time() - started < 1


def test_nothing_else_moves_in_a_row_without_a_device() -> None:
    crown = made(Act, status=ActStatus.DONE, teeth=("16",))
    without, with_device = groups(chart(acts=(crown,))), groups(chart(device("46"), acts=(crown,)))
    for tooth in ("16", "21"):
        assert [one.get("d") for one in without[tooth]] == [one.get("d") for one in with_device[tooth]]


def test_the_numbers_of_a_row_stay_on_one_line_and_in_the_drawing() -> None:
    root = chart(device("16"), device("55"), device("75"), device("36", "46"))
    height = float(root.xpath(".//svg[@class='chart']/@viewbox")[0].split()[3])
    numbers = root.xpath(".//text[@class='number']")
    lines = {float(one.get("y")) for one in numbers}
    assert len(numbers) == 52 and len(lines) == 4
    assert max(lines) < height - 5


CODES = [
    ({"code_system": EMDN_SYSTEM, "code": DENTAL_IMPLANT}, IMPLANT),
    ({"code_system": f"urn:oid:{EMDN_SYSTEM}", "code": DENTAL_IMPLANT}, IMPLANT),
    ({"code_system": EMDN_SYSTEM, "code": f"{DENTAL_IMPLANT}99", "label": ""}, IMPLANT),
    ({"code_system": EMDN_SYSTEM, "code": ACCESSORY}, OTHER),
    ({"code_system": EMDN_SYSTEM, "code": "P0102", "label": "Implant"}, OTHER),
    ({"code_system": "urn:practice", "code": DENTAL_IMPLANT, "label": "Pilier"}, OTHER),
    ({"code_system": "urn:practice", "code": "7", "label": "Implant"}, IMPLANT),
    ({"code_system": "", "code": "", "label": ""}, OTHER),
]


@pytest.mark.parametrize(("fields", "sign"), CODES)
def test_the_nomenclature_decides_where_it_was_used(fields: dict[str, str], sign: str) -> None:
    assert device_sign(device("36", **fields)) is DeviceSign(sign)


LABELS = {
    "Implant": IMPLANT,
    "implant": IMPLANT,
    " IMPLANT DENTAIRE ": IMPLANT,
    "Implants 36 et 37": IMPLANT,
    "Implant TitanFictif 4,1 × 10": IMPLANT,
    "Implant intra-osseux intrabuccal": IMPLANT,
    "Implant endo-osseux avec vis de couverture": IMPLANT,
    "Dental implant": IMPLANT,
    "Endosseous dental implant, 4.1 mm": IMPLANT,
    "Pilier sur implant": OTHER,
    "Vis de cicatrisation pour implant": OTHER,
    "Couronne implantoportée": OTHER,
    "Implant abutment": OTHER,
    "Dental implant cover screw": OTHER,
    "Implant healing cap": OTHER,
    "Implant de comblement osseux": OTHER,
    "Implant en collagène résorbable": OTHER,
    "Implantable membrane": OTHER,
    "Membrane implantable": OTHER,
    "Mini-vis orthodontique": OTHER,
    "Substitut osseux": OTHER,
}


@pytest.mark.parametrize(("label", "sign"), LABELS.items())
def test_without_the_nomenclature_the_words_of_the_source_decide(label: str, sign: str) -> None:
    assert device_sign(device("36", label=label)) is DeviceSign(sign)
