"""The mouth as charted: teeth missing, moved or primary, drawings, and periodontal exams."""

from __future__ import annotations

from samples.story.book import Book
from samples.story.people import COLLABORATOR, OWNER

MISSING, HIDDEN, PRIMARY, SHIFT_M, SHIFT_O, SHIFT_B, ROTATE, TIP_M, TIP_B, DRAWING, TEXT = range(11)
"""InitialType of toothinitial."""

MOBILITY, FURCATION, MARGIN, MUCOGINGIVAL, PROBING, SKIPPED, FLAGS = range(7)
"""SequenceType of periomeasure."""

NOT_MEASURED = -1
BLEEDING, SUPPURATION, PLAQUE, CALCULUS = 1, 2, 4, 8
"""Bits of a FLAGS measure."""

EXAMINED = (2, 3, 4, 5, 8, 9, 12, 14, 18, 20, 24, 25, 29, 30, 31)
"""American numbers of the teeth measured in the complete exams."""


def chart(book: Book) -> None:
    """Add the charted teeth of the complete dossier, of the child and of the dirty one."""
    rows = (
        (45, "1", MISSING, 0.0),
        (45, "16", MISSING, 0.0),
        (45, "17", HIDDEN, 0.0),
        (45, "32", MISSING, 0.0),
        (45, "18", SHIFT_M, 2.5),
        (45, "18", TIP_M, 15.0),
        (45, "14", SHIFT_O, -1.5),
        (45, "6", SHIFT_B, 1.0),
        (45, "6", ROTATE, -30.0),
        (45, "11", TIP_B, -5.0),
        (45, "19", MISSING, 0.0),
        (4, "A", PRIMARY, 0.0),
        (4, "J", PRIMARY, 0.0),
        (4, "K", PRIMARY, 0.0),
        (4, "T", PRIMARY, 0.0),
        (4, "F", MISSING, 0.0),
        (4, "5", HIDDEN, 0.0),
        (4, "12", HIDDEN, 0.0),
        (12, "30", MISSING, 0.0),
        (8, "3", MISSING, 0.0),
        (8, "14", MISSING, 0.0),
        (41, "99", MISSING, 0.0),
    )
    for patient, tooth, kind, movement in rows:
        book.add(
            "toothinitial",
            PatNum=patient,
            ToothNum=tooth,
            InitialType=kind,
            Movement=movement,
            SecDateTEntry="2024-03-14 10:00:00",
        )
    book.add(
        "toothinitial",
        PatNum=45,
        InitialType=DRAWING,
        ColorDraw=-65536,
        DrawingSegment="120,80;124,84;130,90;138,92",
        SecDateTEntry="2024-03-14 10:05:00",
    )
    book.add(
        "toothinitial",
        PatNum=45,
        InitialType=TEXT,
        ColorDraw=-16777216,
        DrawText="140,96;diastème à surveiller",
        SecDateTEntry="2024-03-14 10:06:00",
    )


def probe(book: Book) -> dict[str, int]:
    """Add the periodontal exams: two of the complete dossier and one half-filled; return their numbers."""
    first = _exam(book, 45, "2023-01-19", COLLABORATOR, "Bilan initial")
    second = _exam(book, 45, "2024-01-18", COLLABORATOR, "Réévaluation")
    partial = _exam(book, 12, "2022-10-10", OWNER, "Sextant 5 seulement")
    for place, tooth in enumerate(EXAMINED):
        _measure(book, first, PROBING, tooth, tuple(3 + (place + site) % 5 for site in range(6)))
        _measure(book, second, PROBING, tooth, tuple(2 + (place + site) % 3 for site in range(6)))
        _measure(book, first, MARGIN, tooth, tuple(_margin(place, site) for site in range(6)))
    _details(book, first)
    for tooth in (24, 25):
        _measure(book, partial, PROBING, tooth, (3, NOT_MEASURED, 4, NOT_MEASURED, NOT_MEASURED, 2))
    return {"initial": first, "review": second, "partial": partial}


def _details(book: Book, exam: int) -> None:
    for tooth in (1, 16, 19, 32):
        _single(book, exam, SKIPPED, tooth, 1)
    _single(book, exam, MOBILITY, 24, 2)
    _single(book, exam, MOBILITY, 25, 1)
    _measure(book, exam, FURCATION, 3, (1, NOT_MEASURED, 2, NOT_MEASURED, NOT_MEASURED, NOT_MEASURED))
    _measure(book, exam, FURCATION, 30, (NOT_MEASURED, 2, NOT_MEASURED, NOT_MEASURED, 1, NOT_MEASURED))
    _measure(book, exam, MUCOGINGIVAL, 24, (NOT_MEASURED, 4, NOT_MEASURED, NOT_MEASURED, 5, NOT_MEASURED))
    _measure(book, exam, FLAGS, 3, (BLEEDING, BLEEDING | PLAQUE, 0, CALCULUS, BLEEDING | SUPPURATION, 0))
    _measure(book, exam, FLAGS, 25, (BLEEDING, 0, BLEEDING, PLAQUE | CALCULUS, BLEEDING, PLAQUE))


def _margin(place: int, site: int) -> int:
    """Return a gingival margin; above the enamel-cement junction Open Dental writes 100 + millimetres."""
    if place == 0:
        return (105, 102, 101, NOT_MEASURED, 0, 1)[site]
    return (place + site) % 3


def _exam(book: Book, patient: int, day: str, provider: int, note: str) -> int:
    return book.add(
        "perioexam",
        PatNum=patient,
        ExamDate=day,
        ProvNum=provider,
        DateTMeasureEdit=f"{day} 12:00:00",
        Note=note,
    )


def _measure(book: Book, exam: int, kind: int, tooth: int, sites: tuple[int, ...]) -> None:
    """Add one row of six sites: MB, B, DB, ML, L, DL."""
    values = dict(zip(("MBvalue", "Bvalue", "DBvalue", "MLvalue", "Lvalue", "DLvalue"), sites, strict=True))
    book.add(
        "periomeasure",
        PerioExamNum=exam,
        SequenceType=kind,
        IntTooth=tooth,
        ToothValue=NOT_MEASURED,
        SecDateTEntry="2024-01-18 12:00:00",
        **values,
    )


def _single(book: Book, exam: int, kind: int, tooth: int, value: int) -> None:
    book.add(
        "periomeasure",
        PerioExamNum=exam,
        SequenceType=kind,
        IntTooth=tooth,
        ToothValue=value,
        MBvalue=-1,
        Bvalue=-1,
        DBvalue=-1,
        MLvalue=-1,
        Lvalue=-1,
        DLvalue=-1,
        SecDateTEntry="2024-01-18 12:00:00",
    )
