"""What the numbers of Open Dental mean, in the words of the model.

Facts about its tables, as its own documentation states them; a number this
list does not know is never guessed: the caller keeps the row and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum

from formats.model.care import CCAM_SYSTEM, ActStatus, AppointmentStatus
from formats.model.health import HealthStatus
from formats.model.identity import Sex
from formats.model.imaging import ImageKind
from formats.model.money import InvoiceStatus
from formats.model.mouth import ChartKind, PerioKind, PerioSite
from formats.model.observations import LOINC_SYSTEM, Comparator, Interpretation, ObservationStatus
from formats.model.people import MaritalStatus, PatientStatus, Role

SYSTEM = "opendental"
PROCEDURE_SYSTEM = "urn:opendental:procedurecode"
"""Code system of a practice's own price list where a code is not CCAM."""
RXNORM_SYSTEM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED_SYSTEM = "http://snomed.info/sct"
ICD10_SYSTEM = "http://hl7.org/fhir/sid/icd-10"
ICD9_SYSTEM = "http://hl7.org/fhir/sid/icd-9-cm"
UNII_SYSTEM = "http://fdasis.nlm.nih.gov"

_CCAM = re.compile(r"[A-Z]{4}\d{3}")

ACT_STATUS = {
    1: ActStatus.PLANNED,
    2: ActStatus.DONE,
    3: ActStatus.EXISTING,
    4: ActStatus.EXISTING_ELSEWHERE,
    5: ActStatus.REFERRED,
    6: ActStatus.CANCELLED,
    7: ActStatus.CONDITION,
    8: ActStatus.PLANNED,
}
"""procedurelog.ProcStatus; 8 is planned on a plan that is not the active one, 6 is struck out."""

PATIENT_STATUS = {
    0: PatientStatus.ACTIVE,
    1: PatientStatus.OTHER,
    2: PatientStatus.INACTIVE,
    3: PatientStatus.ARCHIVED,
    4: PatientStatus.DELETED,
    5: PatientStatus.DECEASED,
    6: PatientStatus.PROSPECTIVE,
}
"""patient.PatStatus; 1 is « non-patient », someone who only pays or decides."""

MARITAL_STATUS = {1: MaritalStatus.MARRIED, 3: MaritalStatus.WIDOWED, 4: MaritalStatus.DIVORCED}
"""patient.Position; 0, « single », stands there when nobody chose too, and 2 is « child »: they state nothing."""

MERGE = 1
"""patientlink.LinkType of a merge: PatNumFrom was merged into PatNumTo; other types join no persons."""

SEX = {0: Sex.MALE, 1: Sex.FEMALE, 2: Sex.UNKNOWN, 3: Sex.OTHER}

APPOINTMENT_STATUS = {
    1: AppointmentStatus.SCHEDULED,
    2: AppointmentStatus.COMPLETED,
    3: AppointmentStatus.UNSCHEDULED,
    4: AppointmentStatus.SCHEDULED,
    5: AppointmentStatus.BROKEN,
    6: AppointmentStatus.PLANNED,
    7: AppointmentStatus.OTHER,
    8: AppointmentStatus.OTHER,
}
"""appointment.AptStatus; 4 is « as soon as possible » (until 17.4), 7 and 8 are notes on the agenda."""

PATTERN_MINUTES = 5
"""Minutes one character of appointment.Pattern stands for."""

CHART_KIND = {
    0: ChartKind.MISSING,
    1: ChartKind.HIDDEN,
    2: ChartKind.PRIMARY,
    3: ChartKind.MOVEMENT,
    4: ChartKind.MOVEMENT,
    5: ChartKind.MOVEMENT,
    6: ChartKind.MOVEMENT,
    7: ChartKind.MOVEMENT,
    8: ChartKind.MOVEMENT,
    9: ChartKind.DRAWING,
    10: ChartKind.TEXT,
}
MOVEMENT = {3: "ShiftM", 4: "ShiftO", 5: "ShiftB", 6: "Rotate", 7: "TipM", 8: "TipB"}
"""toothinitial.InitialType: shifts in millimetres (mesial, occlusal, buccal), the others in degrees."""


class Sequence(IntEnum):
    """periomeasure.SequenceType."""

    MOBILITY = 0
    FURCATION = 1
    MARGIN = 2
    MUCOGINGIVAL = 3
    PROBING = 4
    SKIPPED = 5
    FLAGS = 6
    ATTACHMENT = 7


PERIO_KIND = {
    Sequence.MOBILITY: PerioKind.MOBILITY,
    Sequence.FURCATION: PerioKind.FURCATION,
    Sequence.MARGIN: PerioKind.GINGIVAL_MARGIN,
    Sequence.MUCOGINGIVAL: PerioKind.MUCOGINGIVAL_JUNCTION,
    Sequence.PROBING: PerioKind.PROBING,
    Sequence.SKIPPED: PerioKind.SKIPPED,
    Sequence.ATTACHMENT: PerioKind.ATTACHMENT_LEVEL,
}
PERIO_FLAGS = {1: PerioKind.BLEEDING, 2: PerioKind.SUPPURATION, 4: PerioKind.PLAQUE, 8: PerioKind.CALCULUS}
"""Bits of a measure of type FLAGS."""
PERIO_SITES = {
    "MBvalue": PerioSite.MESIOBUCCAL,
    "Bvalue": PerioSite.BUCCAL,
    "DBvalue": PerioSite.DISTOBUCCAL,
    "MLvalue": PerioSite.MESIOLINGUAL,
    "Lvalue": PerioSite.LINGUAL,
    "DLvalue": PerioSite.DISTOLINGUAL,
    "ToothValue": PerioSite.TOOTH,
}

NOT_MEASURED = -1
ABOVE = 100
"""A gingival margin above the enamel–cement junction is written 100 plus its millimetres."""

PROBLEM_STATUS = {0: HealthStatus.ACTIVE, 1: HealthStatus.RESOLVED, 2: HealthStatus.INACTIVE}

LAB_FLAGS = {1: Interpretation.LOW, 2: Interpretation.NORMAL, 3: Interpretation.HIGH}
"""labresult.AbnormalFlag."""
ABNORMAL_FLAGS = {
    **{word.value: word for word in Interpretation},
    "_gt": Interpretation.CRITICAL_HIGH,
    "_lt": Interpretation.CRITICAL_LOW,
}
"""medlabresult.AbnormalFlag and ehrlabresult.AbnormalFlags: HL7 table 0078; ``_gt`` and ``_lt`` are panic values."""
NO_FLAG = frozenset({"", "None"})
"""How the two columns say that the laboratory sent no flag."""
RESULT_STATUS = {
    "F": ObservationStatus.FINAL,
    "C": ObservationStatus.CORRECTED,
    "P": ObservationStatus.PRELIMINARY,
    "I": ObservationStatus.PRELIMINARY,
    "X": ObservationStatus.CANCELLED,
}
"""ResultStatus, HL7 table 0085; I is incomplete."""
COMPARATORS = {word.value: word for word in Comparator}
"""ehrlabresult.ObservationValueComparator; « = » and nothing are the plain number."""
HL7_CODE_SYSTEMS = {"LN": LOINC_SYSTEM, "SCT": SNOMED_SYSTEM}
"""Names of code systems in HL7 messages (table 0396)."""
ICD_SYSTEMS = {9: ICD9_SYSTEM, 10: ICD10_SYSTEM}
"""procedurelog.IcdVersion."""

CLAIM_STATUS = {
    "U": InvoiceStatus.DRAFT,
    "H": InvoiceStatus.DRAFT,
    "W": InvoiceStatus.DRAFT,
    "P": InvoiceStatus.SENT,
    "S": InvoiceStatus.SENT,
    "R": InvoiceStatus.SETTLED,
    "A": InvoiceStatus.OTHER,
}
PREAUTHORISATION = "PreAuth"
"""claim.ClaimType of a question to the insurer: it bills nothing."""

CLAIM_LINE_STATUS = (
    "not received",
    "received",
    "preauthorisation",
    "adjustment",
    "supplemental",
    "capitation claim",
    "estimate",
    "capitation complete",
    "capitation estimate",
    "insurance history",
)
RECEIVED = frozenset({1, 4, 5, 7})
"""claimproc.Status of lines whose payment is known; the others hold an estimate."""


class ImageType(IntEnum):
    """document.ImgType."""

    DOCUMENT = 0
    RADIOGRAPH = 1
    PHOTOGRAPH = 2
    FILE = 3
    ATTACHMENT = 4


IMAGE_KIND = {ImageType.RADIOGRAPH: ImageKind.RADIOGRAPH, ImageType.PHOTOGRAPH: ImageKind.PHOTOGRAPH}


class SheetType(IntEnum):
    """sheet.SheetType, as far as a dossier treats them apart."""

    REFERRAL_SLIP = 3
    CONSENT = 6
    PATIENT_LETTER = 7
    REFERRAL_LETTER = 8
    PATIENT_FORM = 9
    MEDICAL_HISTORY = 11
    LAB_SLIP = 12
    EXAM = 13
    SCREENING = 18


class FieldType(IntEnum):
    """sheetfield.FieldType, as far as a field says something."""

    OUTPUT = 0
    INPUT = 1
    STATIC = 2
    CHECK_BOX = 8
    SIGNATURE = 9
    COMBO_BOX = 13
    PRACTICE_SIGNATURE = 16


class Area(IntEnum):
    """procedurecode.TreatArea: what of the mouth an act is written on."""

    NONE = 0
    SURFACE = 1
    TOOTH = 2
    MOUTH = 3
    QUADRANT = 4
    SEXTANT = 5
    ARCH = 6
    RANGE = 7


ROLES = (
    ("rempla", Role.REPLACEMENT),
    ("collab", Role.COLLABORATOR),
    ("associ", Role.PARTNER),
    ("salari", Role.EMPLOYEE),
    ("titulaire", Role.OWNER),
)
"""Beginnings of the French words practices write into provider.SchedNote for a role."""

NONE_WORDS = frozenset({"none", "aucun", "aucune", "aucuns", "aucunes", "néant"})
"""Entries of a list that say « asked, and there is none » where no preference names the entry."""


def code_system(code: str) -> str:
    """Return the code system of an act: CCAM for four letters and three digits, else the practice's own."""
    return CCAM_SYSTEM if _CCAM.fullmatch(code) else PROCEDURE_SYSTEM


def practitioner_role_in(note: str) -> Role:
    """Return the role a note about a practitioner names, or UNKNOWN."""
    folded = note.casefold()
    return next((found for beginning, found in ROLES if beginning in folded), Role.UNKNOWN)


def interval(packed: int) -> str:
    """Return the ISO 8601 duration of a packed interval: a byte each of years, months, weeks and days.

    Weeks cannot stand beside other units, so they are written as days when they do.
    """
    years, months, weeks, days = ((packed >> shift) & 0xFF for shift in (24, 16, 8, 0))
    if weeks and not (years or months or days):
        return f"P{weeks}W"
    parts = ((years, "Y"), (months, "M"), (weeks * 7 + days, "D"))
    written = "".join(f"{number}{unit}" for number, unit in parts if number)
    return f"P{written}" if written else ""


def margin(value: int) -> int:
    """Return a gingival margin in millimetres; 105 is −5, that is 5 mm above the junction."""
    return ABOVE - value if value >= ABOVE else value


def flags(value: int) -> Iterator[PerioKind]:
    """Yield what a measure of type FLAGS notes at one site."""
    return (kind for bit, kind in PERIO_FLAGS.items() if value & bit)
