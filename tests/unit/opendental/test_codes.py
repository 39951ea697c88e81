"""Numbers, dates and amounts of Open Dental in the words of the model."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from formats.model.care import CCAM_SYSTEM
from formats.model.mouth import PerioKind
from formats.model.people import Role
from formats.opendental import codes
from formats.opendental.database import values
from formats.opendental.permissions import permission

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("packed", "written"),
    [
        (1 << 24, "P1Y"),
        (6 << 16, "P6M"),
        (4 << 16, "P4M"),
        (3 << 8, "P3W"),
        (10, "P10D"),
        (0, ""),
        ((1 << 24) + (2 << 16) + (3 << 8) + 4, "P1Y2M25D"),
        ((6 << 16) + 1, "P6M1D"),
        (127 << 24, "P127Y"),
    ],
)
def test_recall_intervals_are_durations(packed: int, written: str) -> None:
    assert codes.interval(packed) == written


@pytest.mark.parametrize(
    ("stored", "millimetres"), [(0, 0), (3, 3), (19, 19), (101, -1), (105, -5), (100, 0)]
)
def test_margins_above_the_junction_are_negative(stored: int, millimetres: int) -> None:
    assert codes.margin(stored) == millimetres


def test_flags_say_one_thing_per_bit() -> None:
    assert list(codes.flags(0)) == []
    assert list(codes.flags(1 | 4)) == [PerioKind.BLEEDING, PerioKind.PLAQUE]
    assert list(codes.flags(2 | 8)) == [PerioKind.SUPPURATION, PerioKind.CALCULUS]


@pytest.mark.parametrize(
    ("code", "is_ccam"),
    [
        ("HBLD634", True),
        ("HBLD63", False),
        ("D0120", False),
        ("C", False),
        ("hbld634", False),
        ("HBLD6340", False),
    ],
)
def test_ccam_is_told_by_its_shape(code: str, is_ccam: bool) -> None:
    assert (codes.code_system(code) == CCAM_SYSTEM) is is_ccam


@pytest.mark.parametrize(
    ("note", "role"),
    [
        ("titulaire", Role.OWNER),
        ("Collaboratrice", Role.COLLABORATOR),
        ("ancien associé", Role.PARTNER),
        ("remplaçante", Role.REPLACEMENT),
        ("ne travaille pas le mardi", Role.UNKNOWN),
    ],
)
def test_roles_are_told_by_the_words_practices_write(note: str, role: Role) -> None:
    assert codes.practitioner_role_in(note) is role


def test_permissions_have_names_and_unknown_ones_keep_their_number() -> None:
    assert (permission(0), permission(25), permission(9999), permission(-1)) == (
        "None",
        "AppointmentCreate",
        "9999",
        "-1",
    )


@pytest.mark.parametrize("empty", ["", "  ", "0001-01-01", "0000-00-00", "0001-01-01 00:00:00", "1879-12-31"])
def test_what_means_no_date_is_none(empty: str) -> None:
    assert values.source_date(empty) is None
    assert values.source_time(empty, PARIS) is None


def test_dates_and_times_are_on_the_clock_of_the_practice() -> None:
    assert values.source_date("2024-02-29") == date(2024, 2, 29)
    assert values.source_date("2024-02-29 08:30:00") == date(2024, 2, 29)
    summer = values.source_time("2024-07-01 08:30:00", PARIS)
    assert summer is not None
    assert summer.astimezone(UTC) == datetime(2024, 7, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize("wrong", ["2023-02-29", "29/02/2024", "2024-13-01", "demain"])
def test_what_is_no_date_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        values.source_date(wrong)


@pytest.mark.parametrize(
    ("amount", "cents", "exact"),
    [
        (12.34, 1234, True),
        (-20.5, -2050, True),
        (0.1 + 0.2, 30, True),
        (57.599999999999994, 5760, True),
        (12.3401, 1234, False),
        (0.005, 0, False),
        (0.015, 2, False),
        ("28.92", 2892, True),
        (23, 2300, True),
        (33.333333, 3333, False),
    ],
)
def test_amounts_are_cents_rounded_half_to_even(amount: float | str, cents: int, exact: bool) -> None:
    assert values.cents(amount) == (cents, exact)


@pytest.mark.parametrize("wrong", ["", "vingt", float("nan"), float("inf"), 1e15])
def test_what_is_no_amount_is_refused(wrong: float | str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        values.cents(wrong)


@given(st.integers(-(10**12), 10**12))
def test_every_amount_written_with_two_decimals_is_exact(cents: int) -> None:
    assert values.cents(float(Decimal(cents) / 100)) == (cents, True)


@given(st.one_of(st.integers(-(10**9), 10**9).map(lambda one: one / 10_000), st.floats(-1e9, 1e9)))
def test_amounts_with_more_decimals_are_rounded_as_decimals_are(amount: float) -> None:
    exact = Decimal(str(amount)) * 100
    rounded = exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    assert values.cents(amount) == (int(rounded), abs(rounded - exact) < values.NOISE)
