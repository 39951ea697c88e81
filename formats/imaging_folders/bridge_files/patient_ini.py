"""``Patient.ini`` of CS Imaging (Carestream): section PATIENT with ID, LASTNAME, FIRSTNAME, DOB, GENDER."""

from __future__ import annotations

from collections.abc import Iterator

from formats.findings import Finding
from formats.imaging_folders.bridge_files.key_values import key_values, verbatim_columns
from formats.imaging_folders.bridge_files.statement import BridgeUnreadable, NamedPatient, patient_named
from formats.model.identity import Sex
from formats.words import mark

SECTION = "PATIENT"


def read_patient_ini(data: bytes, place: str) -> Iterator[NamedPatient | Finding]:
    """Yield the patient, and what was noticed. Some writers leave the blanks out of names.

    Raises:
        BridgeUnreadable: when it names nobody.
    """
    lines = list(key_values(data, place))
    cells = {key: value for section, key, value in reversed(lines) if section == SECTION}
    number, family, given = (cells.get(key, "") for key in ("ID", "LASTNAME", "FIRSTNAME"))
    if not (number or family or given):
        raise BridgeUnreadable(where=place, reason=mark("it names no patient"))
    sex = cells.get("GENDER", "").upper()
    yield from patient_named(
        place,
        verbatim_columns(lines),
        number=number,
        family=family,
        given=given,
        born=cells.get("DOB", ""),
        sex=Sex(sex) if sex in {Sex.MALE, Sex.FEMALE} else Sex.UNKNOWN,
    )
