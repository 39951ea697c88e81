"""Identifiers that can be recognised as fictive and still check: INS, RPPS, telephone, DICOM UID."""

from __future__ import annotations

import uuid
from datetime import date

INS_TEST_OID = "1.2.250.1.213.1.4.10"
"""Assigning authority of INS identifiers made for tests (ANS); never .8 or .9 in a sample."""

FICTIVE_COMMUNE = 990
"""Commune numbers from here on are not given to places: no living person has such a number."""

RPPS_TEST_PREFIX = "999"
"""First digits of the sample practitioners; no real RPPS number starts so."""

_NAMESPACE = uuid.UUID("6d1f6a4e-6a2f-5c1c-9a3a-0c5b3f0e7a11")


def ins_key(matricule: str) -> str:
    """Return the two key digits of a 13-character ``matricule``: 97 - (number mod 97), Corsica included."""
    number = (
        int(matricule.replace("2A", "19").replace("2B", "18"))
        if matricule[5:7] in {"2A", "2B"}
        else int(matricule)
    )
    return f"{97 - number % 97:02d}"


def ins(*, sex: str, birth: date, department: str, order: int) -> str:
    """Return a 15-character test INS: sex, year, month, department, fictive commune, order, key."""
    first = "1" if sex == "M" else "2"
    commune = FICTIVE_COMMUNE + order % 10
    matricule = f"{first}{birth.year % 100:02d}{birth.month:02d}{department}{commune:03d}{order:03d}"
    return matricule + ins_key(matricule)


def rpps(serial: int) -> str:
    """Return an 11-digit fictive RPPS number with its Luhn digit."""
    body = f"{RPPS_TEST_PREFIX}{serial:07d}"
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return f"{body}{-sum(value // 10 + value % 10 for value in doubled) % 10}"


def telephone(serial: int) -> str:
    """Return a French landline from the range kept for fiction (02 61 91 xx xx)."""
    return f"026191{serial % 10000:04d}"


def mobile(serial: int) -> str:
    """Return a French mobile number from the range kept for fiction (06 39 98 xx xx)."""
    return f"063998{serial % 10000:04d}"


def uid(*words: object) -> str:
    """Return the DICOM UID 2.25.… that these words always give."""
    return f"2.25.{uuid.uuid5(_NAMESPACE, '/'.join(str(word) for word in words)).int}"
