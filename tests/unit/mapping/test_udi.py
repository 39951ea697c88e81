"""UDI of GS1: what it says of a device itself, and what is none."""

from __future__ import annotations

import pytest

from formats.mapping.udi import is_gs1, udi_fields

GTIN = "04012345678901"


@pytest.mark.parametrize(
    ("udi", "fields"),
    [
        (f"(01){GTIN}", {"udi_di": GTIN}),
        (f"(01){GTIN}(17)270101(10)L 7 (21)S9", {"udi_di": GTIN, "lot": "L 7", "serial": "S9"}),
        (f"01{GTIN}", {"udi_di": GTIN}),
        (f"01{GTIN}17270101", {"udi_di": GTIN}),
        ("+A99912345/99", {}),
        ("", {}),
    ],
)
def test_a_udi_says_of_the_device_what_stands_in_it(udi: str, fields: dict[str, str]) -> None:
    assert udi_fields(udi) == fields


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"(01){GTIN}(10)L7", True),
        (f"01{GTIN}", True),
        (f"01{GTIN[:-1]}2", False),
        (f"(01){GTIN[:-1]}", False),
        (GTIN, False),
        ("0109999", False),
        ("01" + "٠" * 14, False),
        ("", False),
    ],
)
def test_a_text_is_one_of_gs1_by_its_form_and_its_check_digit(text: str, expected: bool) -> None:
    assert is_gs1(text) is expected
