"""Patterns of paths read what a path says, and nothing that it does not say."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from formats.model.dates import PartialDate
from formats.papers.paper import PaperPatient
from formats.papers.path_pattern import MAX_PATTERN, PathFacts, PatternUnusable, parse_pattern

BORN = date(1983, 5, 24)


def patient(**traits: object) -> PathFacts:
    return PathFacts(patient=PaperPatient(**traits))  # type: ignore[arg-type]


@pytest.mark.parametrize(("pattern", "path", "read"), [
    ("PATIENTS/LIENS/{number}", "patients/liens/45/2024/lettre.pdf", patient(number="45")),
    ("PATIENTS\\LIENS\\{number}", "PATIENTS/LIENS/A-45/lettre.pdf", patient(number="A-45")),
    ("DOCPATIENT/{number:08}", "DOCPATIENT/00000045/pano.jpg", patient(number="45")),
    ("{family} {given} {number}", "LE GALL Anne-Sophie 45/x.pdf", patient(number="45", family="LE GALL Anne-Sophie")),
    ("{given} {family}", "Anne-Sophie LE GALL.pdf", patient(family="Anne-Sophie LE GALL")),
    ("{family}_{given}", "Le Gall_Zoe\u0301/x.pdf", patient(family="Le Gall", given="Zoé")),
    ("{name} {birth_date:dd-MM-yyyy}", "Le Gall Zoé 24-05-1983/x", patient(family="Le Gall Zoé", birth_date=BORN)),
    ("{name} {birth_date}", "Le Gall Zoé 24.05.1983/x", patient(family="Le Gall Zoé", birth_date=BORN)),
    ("{name} {birth_date:yyyy}", "Le Gall 1983/x", patient(family="Le Gall", birth_date=PartialDate(1983))),
    ("{name} {birth_date:yyyyMM}", "Le Gall 198305/x", patient(family="Le Gall", birth_date=PartialDate(1983, 5))),
    ("{number}.txt", "45.TXT", patient(number="45")),
    ("*/{number} *", "b/45 archives/x", patient(number="45")),
    (
        "{number}/{kind}/{date:yyyyMMdd} {title}",
        "45/Courriers/20240903 Confrère n° 2.pdf",
        PathFacts(
            patient=PaperPatient(number="45"), kind="Courriers", dated=date(2024, 9, 3), title="Confrère n° 2"
        ),
    ),
    (
        "{number} {date} {practitioner}",
        "45 2024-09-03 Vauquelin.pdf",
        PathFacts(patient=PaperPatient(number="45"), dated=date(2024, 9, 3), practitioner="Vauquelin"),
    ),
])  # fmt: skip
def test_it_reads_what_the_path_says(pattern: str, path: str, read: PathFacts) -> None:
    assert parse_pattern(pattern).read(path) == read
    assert not isinstance(read.dated, datetime)


@pytest.mark.parametrize(("pattern", "path"), [
    ("PATIENTS/{number}", "45/lettre.pdf"),
    ("PATIENTS/LIENS/{number}", "PATIENTS/45"),
    ("DOCPATIENT/{number:08}", "DOCPATIENT/000000451/x"),
    ("DOCPATIENT/{number:08}", "DOCPATIENT/00000000/x"),
    ("{family} {given} {number}", "Le Gall Zoé/x.pdf"),
    ("{number}.txt", "45.pdf"),
    ("{number}.txt", "a/45.txt"),
    ("{number} {date:yyyyMMdd}", "45 20241302.pdf"),
    ("{name} {birth_date:ddMMyyyy}", "Le Gall 31021983/x"),
])  # fmt: skip
def test_what_does_not_fit_is_not_read(pattern: str, path: str) -> None:
    assert parse_pattern(pattern).read(path) is None


@pytest.mark.parametrize(("pattern", "reason"), [
    ("{title}", "it names no patient"),
    ("", "a part of it is empty"),
    ("a//{number}", "a part of it is empty"),
    ("{number}{number}", "a field twice"),
    ("{numero}", "its fields are number, family"),
    ("{number", "a brace stands alone"),
    ("{number:8}", "no known way"),
    ("{number}{date:yyMMdd}", "no known way"),
    ("{number}{date:yyyydd}", "no known way"),
    ("{number}{birth_date:yyyyyyyy}", "no known way"),
    ("x" * MAX_PATTERN + "{number}", "too long"),
])  # fmt: skip
def test_what_is_no_pattern_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(PatternUnusable, match=reason):
        parse_pattern(pattern)


def test_a_hostile_name_takes_no_time() -> None:
    pattern = parse_pattern("{family} {given} {number} {title} {date:yyyyMMdd}*{kind}")
    assert pattern.read("a 1 " * 60 + "b") is None
