"""Bridge statement: the patient whom a bridge file names, and what else it says, verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from formats.dicom.study import ImagedPatient
from formats.errors import FormatFailure
from formats.findings import Finding, Severity
from formats.model.identity import Sex
from formats.model.provenance import Cell
from formats.papers.paper import day_of
from formats.words import mark

EARLIEST = 1880
"""Year before which a birth date stands for none: programs write their zero (0001, 1753) where they know none."""
MAX_FILE_BYTES = 1 << 20
"""Bytes of a bridge file; a mailbox that nobody empties grows by some 300 for each patient."""
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")


class BridgeUnreadable(FormatFailure):
    """A file with the name of a bridge file that is none."""

    code = "bridge-unreadable"
    sentence = mark("This bridge file cannot be read: {reason}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class BridgeStatement:
    """A patient named by a bridge file; ``key`` is its place, and behind it which patient, of one that names several.

    ``of_folder``: the program that lays the file down lays it into the folder of the patient; else it is a
    mailbox, which names whoever was called up last.
    """

    key: str
    patient: ImagedPatient
    columns: Mapping[str, Cell]
    of_folder: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedPatient:
    """What one message of a bridge file says: the patient, and all of it by the names that it has there."""

    patient: ImagedPatient
    columns: Mapping[str, Cell]


def patient_named(
    place: str, columns: Mapping[str, Cell], *, number: str, family: str, given: str, born: str, sex: Sex
) -> Iterator[NamedPatient | Finding]:
    """Yield the patient; before it, that ``born`` (``yyyyMMdd``, day first or ISO 8601) is no birth date."""
    written = _COMPACT.fullmatch(born.strip())
    found = day_of("-".join(written.groups()) if written else born.strip())
    day = found.date() if isinstance(found, datetime) else found
    if born.strip() and day is None:
        yield Finding(
            severity=Severity.WARNING,
            code="bridge-date",
            where=place,
            sentence=mark("{value!r} in a bridge file is not a birth date."),
            facts={"value": born.strip()[:40]},
        )
    known = day if day is not None and day.year >= EARLIEST else None
    patient = ImagedPatient(
        number=number.strip(), family=family.strip(), given=given.strip(), birth_date=known, sex=sex
    )
    yield NamedPatient(patient=patient, columns=columns)
