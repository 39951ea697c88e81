"""What was done, found and planned in the mouth: acts and their notes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from samples.story.book import Book
from samples.story.diary import Visit
from samples.story.master_data import ACTS, definition, user_of
from samples.story.people import COLLABORATOR, FORMER, OWNER, REPLACEMENT, Person

PLANNED, COMPLETE, CURRENT, OTHER, REFERRED, DELETED, CONDITION, PLANNED_INACTIVE = range(1, 9)
"""ProcStatus as Open Dental numbers it."""

ADULT_ACTS = (
    ("HBJD001", "", ""),
    ("HBQK389", "3 12 19 28", ""),
    ("HBMD053", "2 3 15 18 31", "O"),
    ("HBMD049", "4 14 20 29", "MO"),
    ("HBMD038", "13 19 30", "MOD"),
    ("HBMD058", "7 8 10 23", "F"),
    ("HBMD050", "6 9 11 26", "MI"),
    ("HBFD008", "3 19 30", ""),
    ("HBGD036", "1 17 32", ""),
    ("HBLD634", "5 8 12", ""),
    ("HBLD038", "18 31", ""),
    ("C", "", ""),
)
"""Ordinary acts of adults: code, American tooth numbers to choose from, surfaces."""

CHILD_ACTS = (
    ("HBJD001", "", ""),
    ("HBBD005", "3 14 19 30", ""),
    ("HBMD053", "A J T", "O"),
    ("HBMD049", "B L S", "DO"),
    ("HBFD006", "K S", ""),
    ("HBGD035", "D E N", ""),
    ("C", "", ""),
)
"""Ordinary acts of children, on primary teeth A–T and first molars."""

NOTES = (
    "Anesthésie locale articaïne 1/100 000. Champ opératoire. RAS.",
    "Contrôle clinique et radiologique satisfaisant.\nProchain contrôle dans un an.",
    "Patient prévenu d'une sensibilité possible pendant quelques jours.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in the mouth: a tooth and surfaces, or a range; ``surfaces`` also holds quadrants and arches."""

    tooth: str = ""
    surfaces: str = ""
    teeth: str = ""


WHOLE_MOUTH = Place()


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """One completed act, for the desk to bill."""

    number: int
    person: Person
    provider: int
    day: str
    price: float
    code: str


def treat(book: Book, random: Random, seen: list[Visit]) -> list[Done]:
    """Add one to three completed acts for every visit, every second with a note."""
    return [done for visit in seen for done in _visit(book, random, visit)]


def _visit(book: Book, random: Random, visit: Visit) -> list[Done]:
    young = visit.person.birth is not None and (visit.start.date() - visit.person.birth).days < 12 * 365
    chosen = random.sample(CHILD_ACTS if young else ADULT_ACTS, random.randint(1, 3))
    done = []
    for order, (code, teeth, surfaces) in enumerate(chosen):
        day = visit.start.date().isoformat()
        number = act(
            book,
            visit.person,
            code,
            COMPLETE,
            visit.provider,
            day,
            Place(tooth=random.choice(teeth.split() or [""]), surfaces=surfaces),
            visit.appointment,
        )
        if order % 2 == 0:
            note(book, visit.person, number, random.choice(NOTES), day, visit.provider)
        done.append(
            Done(
                number=number,
                person=visit.person,
                provider=visit.provider,
                day=day,
                price=ACTS[code].price,
                code=code,
            )
        )
    return done


def act(
    book: Book,
    person: Person,
    code: str,
    status: int,
    provider: int,
    day: str,
    place: Place = WHOLE_MOUTH,
    appointment: int = 0,
) -> int:
    """Add one ``procedurelog`` row and return its number."""
    listed = ACTS[code]
    planned = status in {PLANNED, PLANNED_INACTIVE}
    return book.add(
        "procedurelog",
        PatNum=person.number,
        AptNum=appointment,
        ProcDate=day,
        ProcFee=listed.price,
        Surf=place.surfaces,
        ToothNum=place.tooth,
        ToothRange=place.teeth,
        Priority=definition("priority_1") if planned else 0,
        ProcStatus=status,
        ProvNum=provider,
        Dx=definition("caries") if code.startswith("HBMD") else 0,
        DateEntryC=day,
        CodeNum=listed.number,
        UnitQty=1,
        DateTP=day,
        ProcTime="00:00:00",
        SecUserNumEntry=user_of(provider),
        SecDateEntry=day,
        DateComplete=day if status == COMPLETE else "0001-01-01",
        DateTStamp=f"{max(day, '1998-01-01')} 19:00:00",
    )


def note(book: Book, person: Person, number: int, text: str, day: str, provider: int) -> None:
    """Add one note of an act; a later note of the same act supersedes the earlier."""
    book.add(
        "procnote",
        PatNum=person.number,
        ProcNum=number,
        EntryDateTime=f"{day} 18:45:00",
        UserNum=user_of(provider),
        Note=text,
        Signature="",
    )


def special_acts(book: Book, people: dict[int, Person]) -> dict[str, int]:
    """Add the acts that show every status, tooth notation and flaw; return the designated ones by name."""
    found = _complete_dossier(book, people[45])
    found |= _child(book, people[4])
    found |= _flawed(book, people[41])
    first = people[48]
    found["before_2002"] = act(book, first, "HBGD036", COMPLETE, FORMER, "1998-05-12", Place(tooth="32"))
    found["last_act_2004"] = act(book, people[19], "HBJD001", COMPLETE, FORMER, "2004-06-21")
    note(
        book,
        people[44],
        act(book, people[44], "C", COMPLETE, REPLACEMENT, "2023-08-01"),
        "Vue en l'absence du Dr Vauquelin. Compte rendu transmis.",
        "2023-08-01",
        REPLACEMENT,
    )
    return found


def _complete_dossier(book: Book, person: Person) -> dict[str, int]:
    who = COLLABORATOR
    _diagnose(book, act(book, person, "HBFD008", COMPLETE, who, "2024-01-18", Place(tooth="3")))
    implant = act(book, person, "LBLD015", COMPLETE, who, "2024-03-14", Place(tooth="19"))
    note(
        book,
        person,
        implant,
        "Implant TitanFictif 4,1 x 10 mm, lot TF-2024-0317, réf. TF4110. Couple 35 N.cm.",
        "2024-03-14",
        who,
    )
    note(book, person, implant, "Correction : couple 30 N.cm (relecture du moteur).", "2024-03-15", who)
    existing = act(book, person, "HBLD038", CURRENT, who, "2020-02-10", Place(tooth="3"))
    return {
        "implant": implant,
        "existing_current": existing,
        "existing_other": act(
            book, person, "HBMD038", OTHER, 0, "2020-02-10", Place(tooth="14", surfaces="MODBL")
        ),
        "referred": act(book, person, "HBGD036", REFERRED, who, "2023-02-02", Place(tooth="17")),
        "deleted": act(book, person, "HBMD053", DELETED, who, "2022-06-01", Place(tooth="2", surfaces="O")),
        "condition": act(book, person, "OBS01", CONDITION, who, "2024-03-14", Place(tooth="13")),
        "planned_crown": act(book, person, "HBLD418", PLANNED, who, "2024-09-02", Place(tooth="19")),
        "planned_inactive": act(book, person, "HN001", PLANNED_INACTIVE, who, "2024-09-02"),
        "range": act(book, person, "HBLD785", PLANNED, who, "2024-09-02", Place(teeth="7,8,9")),
        "quadrant": act(book, person, "HN002", PLANNED, who, "2024-09-02", Place(surfaces="UR")),
        "sextant": act(book, person, "HBJA003", COMPLETE, who, "2024-01-18", Place(surfaces="4")),
        "arch": act(book, person, "HBLD031", PLANNED, who, "2024-09-02", Place(surfaces="U")),
    }


def _diagnose(book: Book, number: int) -> None:
    """Write the ICD-10 code of an act beside it: irreversible pulpitis."""
    row = next(one for one in book.rows["procedurelog"] if one["ProcNum"] == number)
    row.update(Dx=definition("pulpitis"), DiagnosticCode="K04.0", IcdVersion=10, IsPrincDiag=1)


def _child(book: Book, person: Person) -> dict[str, int]:
    who = COLLABORATOR
    return {
        "primary": act(book, person, "HBMD049", COMPLETE, who, "2024-10-16", Place(tooth="K", surfaces="MO")),
        "primary_extraction": act(book, person, "HBGD035", COMPLETE, who, "2025-04-23", Place(tooth="F")),
        "supernumerary": act(book, person, "HBGD036", PLANNED, who, "2025-04-23", Place(tooth="58")),
        "supernumerary_primary": act(book, person, "HBGD035", REFERRED, who, "2025-04-23", Place(tooth="ES")),
    }


def _flawed(book: Book, person: Person) -> dict[str, int]:
    found = {
        "without_practitioner": act(book, person, "HBJD001", COMPLETE, 0, "2019-11-05"),
        "without_date": act(
            book, person, "HBMD053", COMPLETE, OWNER, "0001-01-01", Place(tooth="3", surfaces="O")
        ),
        "zero_date": act(book, person, "C", COMPLETE, OWNER, "0000-00-00"),
        "impossible_tooth": act(book, person, "HBGD036", COMPLETE, OWNER, "2021-03-09", Place(tooth="99")),
        "impossible_surface": act(
            book, person, "HBMD050", COMPLETE, COLLABORATOR, "2022-03-09", Place(tooth="8", surfaces="XYZ")
        ),
    }
    found["unknown_code"] = book.add(
        "procedurelog",
        PatNum=person.number,
        ProcDate="2018-04-04",
        ProcFee=12.34,
        ProcStatus=COMPLETE,
        ProvNum=OWNER,
        CodeNum=9999,
        OldCode="SC12",
        UnitQty=1,
        DateTP="2018-04-04",
    )
    found["long_note"] = found["impossible_tooth"]
    note(book, person, found["impossible_tooth"], LONG_NOTE, "2021-03-09", OWNER)
    note(
        book,
        person,
        found["unknown_code"],
        "<p>Saisi sur l'ancien logiciel&nbsp;: <b>SC12</b> ☺ ❤ ⚠</p>",
        "2018-04-04",
        OWNER,
    )
    return found


LONG_NOTE = "\n".join(
    f"{line:03d}. Séance longue : motif, examen, diagnostic, information, consentement, acte, suites."
    for line in range(1, 101)
)
"""A note of some ten thousand characters."""
