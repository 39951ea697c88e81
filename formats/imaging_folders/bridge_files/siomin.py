"""``siomin.sdx``, the mailbox of Sidexis: messages, each of its length in two bytes and fields that end in zero bytes.

The length (low byte first) counts itself and the end of the line. The first field is the kind of message: N a new
patient (family name, given name, birth date ``dd.MM.yyyy``, number, sex), A the one to show (the same four first),
U a changed one (family name, given name, birth date and number as they were, then as they are, sex). Letters are
those of MS-DOS (code page 850).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from formats.dicom.study import ImagedPatient
from formats.findings import Finding, Severity
from formats.imaging_folders.bridge_files.statement import BridgeUnreadable, NamedPatient, patient_named
from formats.model.identity import Sex
from formats.words import mark

ENCODING = "cp850"
HEAD = struct.Struct("<H")
FIRST_OF_PATIENT = {"N": 1, "A": 1, "U": 5}
"""Which field of a message is the family name; given name, birth date and number follow."""
WITH_SEX = frozenset({"N", "U"})
FIELDS = ("family_name", "given_name", "birth_date", "number")


def read_siomin(data: bytes, place: str) -> Iterator[NamedPatient | Finding]:
    """Yield each message, those of one patient once for each that differs, and what was noticed.

    Raises:
        BridgeUnreadable: when it begins with no message.
    """
    seen: set[tuple[str, ...]] = set()
    for fields in _messages(data, place):
        if isinstance(fields, Finding):
            yield fields
        elif (identity := tuple(fields[_first(fields) :][: len(FIELDS)])) not in seen:
            seen.add(identity)
            yield from _named(fields, place)


def _messages(data: bytes, place: str) -> Iterator[Sequence[str] | Finding]:
    """Yield the fields of each message; of a file that is cut, those before the cut, and that it is."""
    at = 0
    while at < len(data):
        length = HEAD.unpack_from(data, at)[0] if at + HEAD.size <= len(data) else 0
        body = data[at + HEAD.size : at + length]
        whole = length > HEAD.size and at + length <= len(data) and body.endswith(b"\r\n")
        if not whole:
            if at == 0:
                raise BridgeUnreadable(where=place, reason=mark("it does not begin with a message"))
            yield Finding(
                severity=Severity.WARNING,
                code="bridge-cut",
                where=place,
                sentence=mark("This bridge file is cut short, or broken: what stands before that was read."),
            )
            return
        yield body.removesuffix(b"\r\n").removesuffix(b"\0").decode(ENCODING).split("\0")
        at += length


def _first(fields: Sequence[str]) -> int:
    return FIRST_OF_PATIENT.get(fields[0], 0)


def _named(fields: Sequence[str], place: str) -> Iterator[NamedPatient | Finding]:
    first = _first(fields)
    columns = {"message": fields[0]}
    columns |= {f"field_{number}": text for number, text in enumerate(fields[1:], start=1)}
    if not first:  # a kind of message that nobody described: it is kept, and names nobody
        yield NamedPatient(patient=ImagedPatient(), columns=columns)
        return
    cells = dict(zip(FIELDS, fields[first:], strict=False))
    sex = fields[first + len(FIELDS)] if fields[0] in WITH_SEX and len(fields) > first + len(FIELDS) else ""
    yield from patient_named(
        place,
        columns,
        number=cells.get("number", ""),
        family=cells.get("family_name", ""),
        given=cells.get("given_name", ""),
        born=cells.get("birth_date", ""),
        sex=Sex(sex) if sex in {Sex.MALE, Sex.FEMALE} else Sex.UNKNOWN,
    )
