"""Completeness of dossiers, one by one and of a practice as a whole, and what looks wrong in them from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.model.dictionary.kinds import KINDS
from formats.words import BilingualText, mark


class Section(StrEnum):
    """What a dossier consists of."""

    IDENTITY = "identity"
    HISTORY = "history"
    ACTS = "acts"
    IMAGING = "imaging"
    LETTERS = "letters"
    CONSENTS = "consents"


SECTION_WORDS = {
    Section.IDENTITY: mark("identity: birth name, birth date, sex"),
    Section.HISTORY: mark("medical history or questionnaire"),
    Section.ACTS: mark("acts"),
    Section.IMAGING: mark("radiographs and images"),
    Section.LETTERS: mark("letters and documents"),
    Section.CONSENTS: mark("consents"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonCompleteness:
    """What the dossiers of one person have; ``in_care`` says that an act was done."""

    patient: str
    number: str
    name: str
    in_care: bool
    sections: frozenset[Section]


@dataclass(frozen=True, kw_only=True, slots=True)
class PracticeCompleteness:
    """A practice: its persons; records by kind, by year and by practitioner (names, empty where none is stated).

    ``cells`` are the same counts by year and practitioner at once.
    """

    persons: tuple[PersonCompleteness, ...]
    years: Mapping[str, Mapping[str, int]]
    practitioners: Mapping[str, Mapping[str, int]]
    cells: Mapping[tuple[str, str], Mapping[str, int]]
    findings: tuple[Finding, ...]

    def count(self, section: Section, *, in_care: bool) -> int:
        """Return how many persons, all or those in care, have a section."""
        return sum(section in one.sections for one in self.persons if one.in_care or not in_care)

    @property
    def in_care(self) -> int:
        """How many persons had an act done."""
        return sum(one.in_care for one in self.persons)


class Oddity(StrEnum):
    """What looks wrong; the value is the code of its finding."""

    IDENTITY = "dossier-identity-incomplete"
    HISTORY = "dossier-without-history"
    UNDATED = "dossier-act-undated"
    YEAR_IMAGES = "dossier-year-without-images"
    YEAR_ACTS = "dossier-year-without-acts"
    YEAR_FEW = "dossier-year-with-few-acts"
    YEAR_KIND = "dossier-year-without-kind"
    UNSIGNED = "dossier-acts-without-practitioner"
    PRACTITIONER_KIND = "dossier-practitioner-without-kind"
    DEVICE = "dossier-device-untraced"
    IMPLANT_DEVICE = "dossier-implant-without-device"
    IMPLANT_IMAGE = "dossier-implant-without-image"
    IMPLANT_CONSENT = "dossier-implant-without-consent"
    MINOR = "dossier-minor-without-guardian"
    NO_FILE = "dossier-document-without-file"


ODDITY_WORDS = {
    Oddity.IDENTITY: mark("The identity lacks the birth name, the birth date or the sex."),
    Oddity.HISTORY: mark("Acts were done, and there is neither a medical history nor a questionnaire."),
    Oddity.UNDATED: mark("An act was done, and nothing says when."),
    Oddity.YEAR_IMAGES: mark(
        "There are acts of {year} ({count}), and no radiograph of that year (photographs are none)."
    ),
    Oddity.YEAR_ACTS: mark("In {year} no act was done, though there are some before and after."),
    Oddity.YEAR_FEW: mark("{year} has few acts ({count}); the years around it have {around} and more."),
    Oddity.YEAR_KIND: mark(
        "There are acts of {year} ({count}), and none of the {what} that the years around it have."
    ),
    Oddity.UNSIGNED: mark("Acts of which nothing says who did them: {count}."),
    Oddity.PRACTITIONER_KIND: mark(
        "{name} did acts ({count}), and the store has no {what} of theirs, though of others."
    ),
    Oddity.DEVICE: mark("A device was placed without a lot, serial number, UDI or card ({label})."),
    Oddity.IMPLANT_DEVICE: mark("An implant was placed on {day}, and the dossier has no device."),
    Oddity.IMPLANT_IMAGE: mark("An implant was placed on {day}, and there is no image within a year of it."),
    Oddity.IMPLANT_CONSENT: mark(
        "An implant was placed on {day}, and the dossier has no consent, quote or treatment plan."
    ),
    Oddity.MINOR: mark("This minor has no parent, guardian or payer in the dossier."),
    Oddity.NO_FILE: mark("A document or an image has no file."),
}
MIN_ACTS = 20
"""Acts of a year from which on one expects an image; a practice in its first weeks may have none."""
FEW = 5
"""So many times fewer acts than in the years around it: most of that year did not come."""
MIN_AROUND = 5
"""Records of a kind in each of the years around one, from which on one expects some in it."""
MIN_OF_PRACTITIONER = 100
"""Acts of a practitioner, and records of a kind of others, from which on one expects some of the practitioner's."""
REGULAR_KINDS = ("appointments", "prescriptions", "documents", "quotes", "invoices")
"""Kinds of which a practice that has them makes some every year."""
IMPLANT_ACTS = frozenset({"LBLD015", "D6010"})
"""Placing one intraosseous implant: CCAM and CDT."""
_IMPLANT_LABEL = re.compile(r"pose d(e|['’])\s?.*\bimplants? intra-?osseux", re.IGNORECASE)
"""What the CCAM calls placing any number of them; of no other code is the meaning known here."""


def is_implant(code: str, label: str) -> bool:
    """Tell whether an act of ``code``, as the practice calls it, is the placing of an intraosseous implant."""
    return code in IMPLANT_ACTS or _IMPLANT_LABEL.match(label) is not None


def oddity(kind: Oddity, where: str, **facts: Fact) -> Finding:
    """Return the finding of something that looks wrong."""
    return Finding(
        severity=Severity.WARNING, code=kind.value, where=where, sentence=ODDITY_WORDS[kind], facts=facts
    )


def acts_of(years: Mapping[str, Mapping[str, int]], year: int) -> int:
    """Return how many acts were done in ``year``."""
    return years.get(f"{year:04}", {}).get("acts", 0)


def of_missing_kinds(years: Mapping[str, Mapping[str, int]]) -> Iterator[Finding]:
    """Yield each year with acts that lacks a kind of record which the years around it have."""
    for year in (int(one) for one in years if one.isdigit()):
        acts = acts_of(years, year)
        around = [years.get(f"{one:04}", {}) for one in (year - 1, year + 1)]
        for kind in REGULAR_KINDS if acts >= MIN_ACTS else ():
            expected = min(one.get(kind, 0) for one in around) >= MIN_AROUND
            if expected and not years[f"{year:04}"].get(kind):
                words = BilingualText(KINDS[kind].many)
                yield oddity(Oddity.YEAR_KIND, f"{year}", year=year, count=acts, what=words)


def of_practitioners(practitioners: Mapping[str, Mapping[str, int]]) -> Iterator[Finding]:
    """Yield acts that nobody is named for, and practitioners who lack a kind of record that others have."""
    unsigned = practitioners.get("", {}).get("acts", 0)
    if unsigned:
        yield oddity(Oddity.UNSIGNED, "acts", count=unsigned)
    for kind in REGULAR_KINDS:
        several = sum(counts.get(kind, 0) for name, counts in practitioners.items() if name)
        for name, counts in practitioners.items():
            acts = counts.get("acts", 0)
            if name and min(acts, several) >= MIN_OF_PRACTITIONER and not counts.get(kind):
                words = BilingualText(KINDS[kind].many)
                yield oddity(Oddity.PRACTITIONER_KIND, "practitioners", name=name, count=acts, what=words)
