"""Data types of HL7 v2 in metadata: numbers (CX), professionals (XCN), organisations (XON), a PID segment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from formats.cda.codes import PROFESSIONAL_OID, SEX
from formats.cda.elements import stamp_date
from formats.model.identity import INS_OIDS, Address, Identifier, IdentifierType, Sex, Traits


@dataclass(frozen=True, slots=True)
class IssuedNumber:
    """A number and the OID of who issued it."""

    value: str = ""
    oid: str = ""


_ESCAPES = {"\\E\\": "\\", "\\F\\": "|", "\\S\\": "^", "\\T\\": "&", "\\R\\": "~"}
_ESCAPED = re.compile(r"\\[EFSTR]\\")
"""What stands in a text for what separates (HL7 v2, 2.7.1)."""


def _parts(text: str) -> list[str]:
    return [_plain(part.strip()) for part in text.split("^")] + [""] * 12


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], text)


def _authority(text: str) -> str:
    """Return the OID of an assigning authority (HD), ``name&OID&ISO``."""
    parts = text.split("&")
    return parts[1].strip() if len(parts) > 1 else text.strip()


def issued_number(text: str) -> IssuedNumber:
    """Return the number of a CX, ``value^^^&OID&ISO^type``."""
    parts = _parts(text)
    return IssuedNumber(parts[0], _authority(parts[3]))


def patient_number(text: str) -> Identifier | None:
    """Return a CX as the identifier of a patient; ``None`` for one without a value."""
    number = issued_number(text)
    if not number.value:
        return None
    kind = IdentifierType.INS if number.oid in INS_OIDS else IdentifierType.LOCAL
    return Identifier(type=kind, system=number.oid, value=number.value)


@dataclass(frozen=True, slots=True)
class Professional:
    """A professional as an XCN names them."""

    number: IssuedNumber = IssuedNumber()
    family: str = ""
    given: str = ""

    @property
    def key(self) -> str:
        """What tells them from others, as of a clinical document."""
        number = self.number
        return f"{number.oid}^{number.value}" if number.value else f"{self.family}/{self.given}//"


def professional_of(text: str) -> Professional:
    """Return the professional of an XCN, ``id^family^given^^^^^^&OID&ISO^…``."""
    parts = _parts(text)
    oid = _authority(parts[8])
    return Professional(
        IssuedNumber(parts[0], oid or PROFESSIONAL_OID if parts[0] else ""), parts[1], parts[2]
    )


@dataclass(frozen=True, slots=True)
class NamedOrganisation:
    """An organisation as an XON names it."""

    name: str = ""
    number: IssuedNumber = IssuedNumber()


def organisation_of_text(text: str) -> NamedOrganisation:
    """Return the organisation of an XON, ``name^^^^^&OID&ISO^type^^^id``."""
    parts = _parts(text)
    return NamedOrganisation(parts[0], IssuedNumber(parts[9], _authority(parts[5]) if parts[9] else ""))


# -- sourcePatientInfo --------------------------------------------------------------------


def traits_of_segment(lines: Iterable[str]) -> tuple[Traits, tuple[Address, ...], tuple[Identifier, ...]]:
    """Return traits, addresses and numbers of the lines of a PID segment, ``PID-5|…``; others are passed over."""
    names: dict[str, list[str]] = {}
    fields: dict[str, str] = {}
    place, addresses, numbers = "", [], []
    for line in lines:
        field, _, value = line.partition("|")
        parts = _parts(value)
        if field == "PID-5":
            names.setdefault(parts[6] or "L", parts)
        elif field == "PID-11" and parts[6] == "BDL":  # the place of birth, by its INSEE code
            place = parts[8]
        elif field == "PID-11" and any(parts):
            addresses.append(_address(parts))
        elif field == "PID-3":
            numbers += [found for one in value.split("~") if (found := patient_number(one))]
        else:
            fields.setdefault(field, value.strip())
    return _traits(names, fields, place), tuple(addresses), tuple(numbers)


def _traits(names: dict[str, list[str]], fields: dict[str, str], place: str) -> Traits:
    nothing = _parts("")
    legal, used = names.get("L", nothing), names.get("D", names.get("S", nothing))
    given = tuple(dict.fromkeys((legal[1], *legal[2].split()))) if legal[1] else tuple(legal[2].split())
    return Traits(
        birth_family_name=legal[0],
        birth_given_names=given,
        used_family_name=used[0],
        used_given_name=used[1],
        birth_date=stamp_date(fields.get("PID-7", "")),
        sex=SEX.get(fields.get("PID-8", ""), Sex.UNKNOWN),
        birth_place=place or fields.get("PID-23", ""),
    )


def _address(parts: list[str]) -> Address:
    lines = tuple(filter(None, parts[:2]))
    return Address(lines=lines, city=parts[2], postal_code=parts[4], country=parts[5])
