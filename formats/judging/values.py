"""Values that rules are about: object identifiers, numbers with their issuer (CX, XON, XCN), the INS, moments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

OID = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*))+", re.ASCII)
MAX_OID_LENGTH = 64
"""Characters of an object identifier in XDS (IHE ITI TF-3, table 4.2.3.1.7-2)."""
INS_ISSUERS = {
    "1.2.250.1.213.1.4.8": "NIR",
    "1.2.250.1.213.1.4.9": "NIA",
    "1.2.250.1.213.1.4.10": "test",
    "1.2.250.1.213.1.4.11": "demo",
}
"""Assigning authorities of the INS (ANS, *liste des OID des autorités d'affectation des INS*)."""
TEST_ISSUERS = frozenset({"1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"})
_INS = re.compile(r"\d{5}(?:\d\d|2[AB])\d{6}(?:\d\d)?", re.ASCII)
_MATRICULE, _WITH_KEY = 13, 15
_MODULUS = 97
_DATE_TIME = re.compile(
    r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?)?)?", re.ASCII
)
_STAMP = re.compile(r"\d{4}(?:\d\d(?:\d\d(?:\d\d(?:\d\d(?:\d\d)?)?)?)?)?", re.ASCII)
_CX = re.compile(r"([^\^&]+)\^\^\^&([^\^&]*)&ISO\^([A-Z]+)")
_FORMS = ("%Y", "%Y%m", "%Y%m%d", "%Y%m%d%H", "%Y%m%d%H%M", "%Y%m%d%H%M%S")


def is_oid(text: str) -> bool:
    """Tell whether ``text`` is an object identifier of at most ``MAX_OID_LENGTH`` characters."""
    return len(text) <= MAX_OID_LENGTH and bool(OID.fullmatch(text))


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientNumber:
    """A number of a patient (CX): ``type`` is NH for the INS, PI for one of a practice."""

    value: str
    issuer: str
    type: str


def patient_cx_of(text: str) -> PatientNumber | None:
    """Return the CX ``value^^^&OID&ISO^type`` that ``text`` is."""
    found = _CX.fullmatch(text.strip())
    return PatientNumber(value=found[1], issuer=found[2], type=found[3]) if found else None


def ins_key_holds(value: str) -> bool:
    """Tell whether a matricule of 15 characters ends in its key: 97 minus the rest of the first 13 by 97."""
    if len(value) != _WITH_KEY or not _INS.fullmatch(value):
        return False
    number = value[:_MATRICULE].replace("2A", "19").replace("2B", "18")
    return number.isdigit() and _MODULUS - int(number) % _MODULUS == int(value[_MATRICULE:])


def is_matricule(value: str) -> bool:
    """Tell whether ``value`` is a matricule without its key."""
    return len(value) == _MATRICULE and bool(_INS.fullmatch(value))


def is_date_time(text: str) -> bool:
    """Tell whether ``text`` is a dateTime of FHIR."""
    if not _DATE_TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(f"{text}-01-01"[:10] if len(text) < 10 else text)
    except ValueError:
        return False
    return True


def is_stamp(text: str) -> bool:
    """Tell whether ``text`` is a moment as XDS writes it: YYYY to YYYYMMDDhhmmss, in UTC without a zone."""
    if not _STAMP.fullmatch(text):
        return False
    try:
        datetime.strptime(text, _FORMS[(len(text) - 4) // 2])  # noqa: DTZ007 – UTC by definition, and not kept
    except ValueError:
        return False
    return True


def components(text: str) -> list[str]:
    """Return the components of a value of HL7 v2, ``^`` between them."""
    return text.split("^")
