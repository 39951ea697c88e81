"""FILEDATA.txt in the folder of a patient of Trophy / Carestream: NOM, PRENOM, DATE (of birth, ``yyyyMMdd``).

The folder is ``A.rvg/A0000012`` (a letter of the name, and a number of the imaging software's own), or in the
numbered mode ``XX/<number>``: the number is that of the practice software, XX its fifth and sixth digit when it
is filled with noughts to six.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from formats.findings import Finding
from formats.imaging_folders.bridge_files.key_values import key_values, verbatim_columns
from formats.imaging_folders.bridge_files.statement import BridgeUnreadable, NamedPatient, patient_named
from formats.model.identity import Sex
from formats.words import mark

NUMBERED_DIGITS = 6


def read_filedata(data: bytes, place: str) -> Iterator[NamedPatient | Finding]:
    """Yield the patient, and what was noticed.

    Raises:
        BridgeUnreadable: when it names nobody.
    """
    columns = verbatim_columns(list(key_values(data, place)))
    family, given = columns.get("NOM", ""), columns.get("PRENOM", "")
    if not family and not given:
        raise BridgeUnreadable(where=place, reason=mark("it names no patient"))
    yield from patient_named(
        place,
        columns,
        number=_numbered(place),
        family=family,
        given=given,
        born=columns.get("DATE", ""),
        sex=Sex.UNKNOWN,
    )


def _numbered(place: str) -> str:
    """Return the patient's number where the folders of ``place`` are those of the numbered mode."""
    *_, above, folder, _ = ("", "", *PurePosixPath(place).parts)
    if not folder.isascii() or not folder.isdigit():
        return ""
    return folder if above == folder.zfill(NUMBERED_DIGITS)[4:6] else ""
