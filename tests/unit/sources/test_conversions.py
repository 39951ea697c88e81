"""Values as practices write them: each is read as what it is, or refused; never as something else."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from formats.model.care import Act, Appointment
from formats.model.dates import PartialDate
from formats.model.identity import Sex, Traits
from formats.model.mouth import Surface
from formats.model.observations import ObservedValue
from formats.model.people import Patient, Practitioner
from formats.sources.mapped.language.targets import targets_of
from formats.sources.mapped.rows.conversions import CodeUnknownError, PartlyReadError, converter

ZONE = ZoneInfo("Europe/Paris")


def convert(kind: type, field: str, value: Any, **options: Any) -> Any:
    return converter(targets_of(kind)[field], options, ZONE)(value)


def refused(kind: type, field: str, value: Any, **options: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any refusal
        convert(kind, field, value, **options)


@pytest.mark.parametrize(
    ("written", "cents", "options"),
    [
        ("28,92", 2892, {}),
        ("28.92", 2892, {}),
        ("28", 2800, {}),
        (",5", 50, {}),
        ("1 033,44", 103344, {}),
        ("1\u202f033,44\u00a0€", 103344, {}),
        ("1.033,44", 103344, {"decimal": ","}),
        ("1.033", 103300, {"decimal": ","}),
        ("1,033.44", 103344, {"decimal": "."}),
        ("1.033,44", 103344, {}),
        ("-12,50", -1250, {}),
        ("12,50-", -1250, {}),
        ("(12,50)", -1250, {}),
        ("12,50", -1250, {"sign": "-"}),
        ("2892", 2892, {"unit": "cent"}),
        (57.599999999999994, 5760, {}),
        (12, 1200, {"decimal": ","}),
        (0.1, 10, {"decimal": ","}),
    ],
)
def test_amounts_are_cents(written: Any, cents: int, options: dict[str, Any]) -> None:
    assert convert(Act, "fee_cents", written, **options) == cents


@pytest.mark.parametrize(
    ("written", "options"),
    [
        ("1.033", {}),
        ("1,033", {}),
        ("12.50", {"decimal": ","}),
        ("1.23.456", {"decimal": ","}),
        ("douze", {}),
        ("12,5x", {}),
        ("NaN", {}),
        ("1e5", {}),
        ("-", {}),
        (",", {}),
        (float("inf"), {}),
        ("999999999999999,00", {}),
    ],
)
def test_what_could_be_another_amount_is_refused(written: Any, options: dict[str, Any]) -> None:
    refused(Act, "fee_cents", written, **options)


def test_an_amount_that_has_to_be_rounded_is_said() -> None:
    with pytest.raises(PartlyReadError) as partly:
        convert(Act, "fee_cents", "12,3456")
    assert partly.value.value == 1235


@pytest.mark.parametrize(
    ("written", "expected", "options"),
    [
        ("04/09/2025", date(2025, 9, 4), {}),
        ("4/9/2025", date(2025, 9, 4), {}),
        ("2025-09-04", date(2025, 9, 4), {}),
        ("2025-09-04 14:30:00", date(2025, 9, 4), {}),
        ("00/05/1948", PartialDate(1948, 5), {}),
        ("00/00/1931", PartialDate(1931), {}),
        ("00/00/0000", None, {}),
        ("0000-00-00", None, {}),
        ("19480512", date(1948, 5, 12), {"dates": ("yyyyMMdd",)}),
        (19480512, date(1948, 5, 12), {"dates": ("yyyyMMdd",)}),
        ("05/1948", PartialDate(1948, 5), {"dates": ("MM/yyyy",)}),
        ("1948", PartialDate(1948), {"dates": ("dd/MM/yyyy", "yyyy")}),
        ("12/05/48", date(1948, 5, 12), {"dates": ("dd/MM/yy",), "first_year": 1930}),
        ("12/05/25", date(2025, 5, 12), {"dates": ("dd/MM/yy",), "first_year": 1930}),
        ("12 du 05 de 1948", date(1948, 5, 12), {"dates": ("dd du MM de yyyy",)}),
    ],
)
def test_dates_are_as_precise_as_they_are(written: Any, expected: Any, options: dict[str, Any]) -> None:
    assert convert(Act, "performed_on", written, **options) == expected


@pytest.mark.parametrize(
    "written", ["31/02/2025", "2025", "12/05/00/1948", "12/00/1948", "hier", "45000", "09/04/25"]
)
def test_what_is_no_date_is_refused(written: str) -> None:
    refused(Act, "performed_on", written)


def test_times_are_on_the_clock_of_the_practice() -> None:
    expected = datetime(2025, 9, 4, 14, 30, tzinfo=ZONE)
    assert convert(Appointment, "starts_at", "04/09/2025 14:30") == expected
    assert convert(Appointment, "starts_at", "04/09/2025 00:00") == datetime(2025, 9, 4, tzinfo=ZONE)
    assert convert(Appointment, "starts_at", "04/09/2025 9h05", dates=("dd/MM/yyyy HHhmm",)).hour == 9
    refused(Appointment, "starts_at", "00/09/2025 14:30")
    refused(Appointment, "starts_at", "04/09/2025 24:30")


@pytest.mark.parametrize(
    ("written", "expected", "options"),
    [
        ("04/09/2025", date(2025, 9, 4), {}),
        ("00/09/2025", PartialDate(2025, 9), {}),
        ("00/00/1931 00:00", PartialDate(1931), {}),
        ("2025", PartialDate(2025), {"dates": ("yyyy",)}),
        ("0000-00-00 00:00:00", None, {}),
        ("2025-09-04 00:00:00", date(2025, 9, 4), {"dates": ("yyyy-MM-dd 00:00:00", "yyyy-MM-dd HH:mm:ss")}),
        (
            "2025-09-04 09:30:00",
            datetime(2025, 9, 4, 9, 30, tzinfo=ZONE),
            {"dates": ("yyyy-MM-dd 00:00:00", "yyyy-MM-dd HH:mm:ss")},
        ),
    ],
)
def test_a_date_without_a_time_of_day_stays_a_date(
    written: str, expected: Any, options: dict[str, Any]
) -> None:
    found = convert(Appointment, "starts_at", written, **options)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("written", "options", "teeth"),
    [
        ("16,17", {}, ("16", "17")),
        ("16 17;55", {}, ("16", "17", "55")),
        ("1.6", {}, ("16",)),
        ("16-17", {"split": "-"}, ("16", "17")),
        ("3,A", {"notation": "universal"}, ("16", "55")),
        ("6⏌", {"notation": "palmer"}, ("16",)),
        ("UR6 ULA", {"notation": "palmer"}, ("16", "61")),
        ("6+", {"notation": "haderup", "split": ","}, ("16",)),
        (16, {}, ("16",)),
    ],
)
def test_teeth_are_fdi(written: Any, options: dict[str, Any], teeth: tuple[str, ...]) -> None:
    assert convert(Act, "teeth", written, **options) == teeth


def test_teeth_that_are_none_are_left_out_and_said() -> None:
    with pytest.raises(PartlyReadError) as partly:
        convert(Act, "teeth", "16,99,17")
    assert partly.value.value == ("16", "17")


def test_surfaces_are_read_in_their_language() -> None:
    assert convert(Act, "surfaces", "MOV") == (Surface.MESIAL, Surface.OCCLUSAL, Surface.BUCCAL)
    assert convert(Act, "surfaces", "V", letters="english") == (Surface.CERVICAL,)
    with pytest.raises(PartlyReadError) as partly:
        convert(Act, "surfaces", "MZ")
    assert partly.value.value == (Surface.MESIAL,)


def test_codes_are_words_of_the_vocabulary() -> None:
    codes = {"1": "M", "2": "F"}
    assert convert(Traits, "sex", "1", codes=codes) is Sex.MALE
    assert convert(Traits, "sex", 2, codes=codes) is Sex.FEMALE
    assert convert(Traits, "sex", "9", codes=codes, otherwise="U") is Sex.UNKNOWN
    assert convert(Traits, "sex", "f") is Sex.FEMALE
    refused(Traits, "sex", "9", codes=codes)
    assert convert(Patient, "title", "MME", codes={"MME": "Madame"}) == "Madame"
    with pytest.raises(CodeUnknownError) as unknown:
        convert(Patient, "title", "DR", codes={"MME": "Madame"})
    assert (unknown.value.codes, unknown.value.value) == (("DR",), "DR")
    assert convert(Patient, "title", "DR", codes={"MME": "Madame"}, otherwise="") == ""


def test_yes_and_no() -> None:
    assert [convert(Practitioner, "active", one) for one in ("1", 0, "oui", "Non", "VRAI")] == [
        *(True, False, True, False, True)
    ]
    assert convert(Practitioner, "active", "A", true=("A",), false=("I",)) is True
    refused(Practitioner, "active", "peut-être")
    refused(Practitioner, "active", "1", true=("A",), false=("I",))


def test_numbers_keep_their_digits() -> None:
    assert convert(ObservedValue, "value", "1,50") == Decimal("1.50")
    assert convert(Act, "quantity", "2") == 2
    assert convert(Act, "quantity", 2.0) == 2
    refused(Act, "quantity", "2,5")
