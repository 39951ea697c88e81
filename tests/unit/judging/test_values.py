"""Values that rules are about: the INS with its key, moments, identifiers, schemes of names."""

from __future__ import annotations

import pytest

from formats.judging.pdlgc.documentation import name_scheme
from formats.judging.values import (
    ins_key_holds,
    is_date_time,
    is_matricule,
    is_oid,
    is_stamp,
    patient_cx_of,
)


@pytest.mark.parametrize("number", ["279035121518989", "288042A99302352", "159122B99402495"])
def test_the_key_of_an_ins_is_computed_in_corsica_too(number: str) -> None:
    assert ins_key_holds(number) and is_matricule(number[:13])
    wrong = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    assert not ins_key_holds(wrong) and not is_matricule(number)


@pytest.mark.parametrize(
    "number", ["", "27903512151898", "2790351215189890", "27903512151898é", "A79035121518989"]
)
def test_what_is_no_ins_has_no_key(number: str) -> None:
    assert not ins_key_holds(number)


def test_a_cx_has_its_issuer_and_its_type() -> None:
    found = patient_cx_of("1001^^^&1.2.3&ISO^PI")
    assert found is not None and (found.value, found.issuer, found.type) == ("1001", "1.2.3", "PI")
    assert patient_cx_of("1001") is None and patient_cx_of("1001^^^1.2.3^PI") is None


def test_moments_are_real_ones() -> None:
    assert all(map(is_stamp, ("2026", "202602", "20260228", "20260228101500")))
    assert not any(map(is_stamp, ("", "20260230", "2026-02-28", "20260228101500+0100", "2026022")))
    assert all(map(is_date_time, ("2026", "2026-02", "2026-02-28", "2026-02-28T10:15:00+01:00")))
    assert not any(map(is_date_time, ("", "2026-02-30", "28/02/2026", "2026-02-28T25:15:00Z")))


def test_an_object_identifier_has_no_leading_zero_and_an_end() -> None:
    assert is_oid("1.2.250.1") and is_oid("2.25.329800735698586629295641978511506172918")
    assert not any(map(is_oid, ("", "1", "3.1", "1.02", "1.2." + "9" * 64, "1.2.x")))


@pytest.mark.parametrize(
    ("scheme", "kind"),
    [
        ("DOCnnnnn.*", "DOC00000.TXT"),
        ("PATNNNNN.ZIP/IHE_XDM/SUBSET01/VSMnnnnn.XML", "IHE_XDM/SUBSET00/VSM00000.XML"),
        ("VSM?????.XML", "VSM00000.XML"),
        ("<date>_<type>.pdf", "PDF/*_*.PDF".replace("PDF/", "")),
        ("DICOMDIR", "DICOMDIR"),
    ],
)
def test_a_scheme_names_its_kind_of_file(scheme: str, kind: str) -> None:
    found = name_scheme(scheme)
    assert found is not None and found.fullmatch(kind) and not found.fullmatch("README.TXT")


def test_prose_is_no_scheme() -> None:
    assert name_scheme("qui a fait l’export") is None
    assert name_scheme("*a*b*c*d*e*f*g*.txt") is None, "too many wild cards take too long"
