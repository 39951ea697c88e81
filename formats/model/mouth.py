"""Teeth, surfaces, the chart and the periodontal chart.

Teeth are written in FDI notation (ISO 3950): two digits, quadrant then
position. A supernumerary tooth has no number of its own there; it is
written as its neighbour's number followed by ``S``, e.g. ``18S``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from formats.model.dates import AnyDate
from formats.model.record import PatientRecord, reference

_FDI = re.compile(r"(?:[1-4][1-8]|[5-8][1-5])S?")


def is_fdi(tooth: str) -> bool:
    """Tell whether ``tooth`` is an FDI number, permanent or primary, or a supernumerary beside one."""
    return bool(_FDI.fullmatch(tooth))


class Surface(StrEnum):
    """Tooth surfaces; ``BUCCAL`` also stands for vestibular and facial, ``LINGUAL`` for palatal."""

    MESIAL = "M"
    OCCLUSAL = "O"
    INCISAL = "I"
    DISTAL = "D"
    BUCCAL = "B"
    LINGUAL = "L"
    CERVICAL = "V"


class ChartKind(StrEnum):
    MISSING = "missing"
    HIDDEN = "hidden"
    PRIMARY = "primary"
    MOVEMENT = "movement"
    DRAWING = "drawing"
    TEXT = "text"
    CONDITION = "condition"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartFinding(PatientRecord):
    """A mark on the dental chart that is not an act.

    ``code`` is the source's own name of the mark (e.g. the axis of a movement);
    ``value`` is in millimetres or degrees as ``code`` says; ``text`` may hold a
    drawing in the source's own notation.
    """

    kind: ClassVar[str] = "chart_findings"
    finding: ChartKind
    tooth: str = ""
    surfaces: tuple[Surface, ...] = ()
    code: str = ""
    value: float | None = None
    text: str = ""
    recorded_on: AnyDate | None = None
    practitioner: str | None = reference("practitioners")


class PerioKind(StrEnum):
    """What a periodontal measure tells; depths and margins are millimetres, the others grades or flags."""

    PROBING = "probing"
    GINGIVAL_MARGIN = "gingival-margin"
    MUCOGINGIVAL_JUNCTION = "mucogingival-junction"
    ATTACHMENT_LEVEL = "attachment-level"
    MOBILITY = "mobility"
    FURCATION = "furcation"
    BLEEDING = "bleeding"
    SUPPURATION = "suppuration"
    PLAQUE = "plaque"
    CALCULUS = "calculus"
    SKIPPED = "skipped"


class PerioSite(StrEnum):
    """Six sites a tooth, or the tooth as a whole."""

    MESIOBUCCAL = "MB"
    BUCCAL = "B"
    DISTOBUCCAL = "DB"
    MESIOLINGUAL = "ML"
    LINGUAL = "L"
    DISTOLINGUAL = "DL"
    TOOTH = "T"


@dataclass(frozen=True, kw_only=True, slots=True)
class PerioMeasure:
    """One value at one site; a negative gingival margin lies coronal to the cemento-enamel junction."""

    tooth: str
    measure: PerioKind
    site: PerioSite
    value: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PerioExam(PatientRecord):
    """A periodontal examination; what was not measured is absent, never zero."""

    kind: ClassVar[str] = "perio_exams"
    examined_on: AnyDate | None = None
    practitioner: str | None = reference("practitioners")
    note: str = ""
    measures: tuple[PerioMeasure, ...] = ()
