"""Observations: vital signs, results of examinations and of biology, each with its unit and reference range."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from formats.model.dates import AnyDate, AnyMoment
from formats.model.record import PatientRecord, reference

LOINC_SYSTEM = "http://loinc.org"


class ObservationCategory(StrEnum):
    """What kind of observation it is, in the words of FHIR's observation-category."""

    VITAL_SIGNS = "vital-signs"
    LABORATORY = "laboratory"
    EXAM = "exam"


class ObservationStatus(StrEnum):
    """How far a result is to be relied on; a ``CORRECTED`` one replaces what was reported before."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Comparator(StrEnum):
    """How the true value lies to the one stated, where the method could not tell more."""

    LESS = "<"
    AT_MOST = "<="
    AT_LEAST = ">="
    MORE = ">"


class Interpretation(StrEnum):
    """What the laboratory says of a result (HL7 v3 ObservationInterpretation)."""

    NORMAL = "N"
    LOW = "L"
    HIGH = "H"
    CRITICAL_LOW = "LL"
    CRITICAL_HIGH = "HH"
    ABNORMAL = "A"
    CRITICAL_ABNORMAL = "AA"
    NEGATIVE = "NEG"
    POSITIVE = "POS"
    INTERMEDIATE = "I"
    RESISTANT = "R"
    SUSCEPTIBLE = "S"


@dataclass(frozen=True, kw_only=True, slots=True)
class ObservedValue:
    """A number with its unit, or a ``text``, and the range it is compared with.

    ``value``, ``low`` and ``high`` keep the digits they were written with and share one unit: ``unit`` in the
    words of the source, ``unit_code`` in UCUM where the source says so. ``range_text`` is the range as reported.
    """

    value: Decimal | None = None
    comparator: Comparator | None = None
    unit: str = ""
    unit_code: str = ""
    text: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    range_text: str = ""
    interpretation: Interpretation | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ObservationComponent:
    """One of several values that only mean something together, such as the two of a blood pressure."""

    code_system: str = ""
    code: str = ""
    label: str = ""
    result: ObservedValue = ObservedValue()


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation(PatientRecord):
    """Something measured or examined, in the practice or by a laboratory.

    ``observed_on`` is the day of the measure or of the sample, ``issued_at`` when the result was reported;
    ``panel`` is the examination it is part of, ``laboratory`` who performed it, by name.
    """

    kind: ClassVar[str] = "observations"
    category: ObservationCategory
    status: ObservationStatus = ObservationStatus.FINAL
    code_system: str = ""
    code: str = ""
    label: str = ""
    panel: str = ""
    observed_on: AnyDate | None = None
    issued_at: AnyMoment | None = None
    practitioner: str | None = reference("practitioners")
    laboratory: str = ""
    specimen: str = ""
    tooth: str = ""
    result: ObservedValue = ObservedValue()
    components: tuple[ObservationComponent, ...] = ()
    note: str = ""
