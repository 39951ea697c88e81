"""The practice that receives the collaborator: ten patients of its own, four of whom ask a question."""

from __future__ import annotations

from datetime import date
from random import Random

from samples.story import numbers
from samples.story.book import Book
from samples.story.care import treat
from samples.story.diary import first_visits, visits, write_visits
from samples.story.master_data import furnish
from samples.story.people import COLLABORATOR, OWNER, Person, Practitioner
from samples.story.register import enrol

SETTINGS = {
    "PracticeTitle": "Cabinet dentaire du Vieux Pressoir",
    "PracticeAddress": "3 rue du Vieux Pressoir",
    "PracticeCity": "Orvanne-le-Vieux",
    "PracticeZip": "99130",
    "PracticePhone": numbers.telephone(3300),
}

PRACTITIONERS = (
    Practitioner(
        number=1, family="Thibaudeau", given="Claire", short="CT", rpps=numbers.rpps(11), role="titulaire"
    ),
    Practitioner(number=2, family="Ozanne", given="Rémi", short="RO", rpps=numbers.rpps(12), role="associé"),
    Practitioner(number=7, family="Kerbrat", given="Malo", short="MK", rpps=numbers.rpps(2), role="arrivant"),
)
"""Doctor Kerbrat is the same person (same RPPS) under another provider number."""


SERIES = "VPR"
"""Letters of the successor's dossier numbers; the patient numbers start from 1 again and collide."""


def patients(people: dict[int, Person]) -> tuple[Person, ...]:
    """Return the successor's patients, numbered from 1 again; ``people`` are those of the first practice."""
    same, twin, holder = people[26], people[47], people[16]
    return (
        Person(
            number=1,
            family=same.family,
            given=same.given,
            sex=same.sex,
            birth=same.birth,
            seen=(OWNER,),
            ins_status="QUAL",
            ins=same.identifier,
            series=SERIES,
            key="same_person",
            prouve="même INS, mêmes traits que la n° 26 : la même personne",
            proves="same INS and traits as no. 26: the same person",
        ),
        Person(
            number=2,
            family=twin.family,
            given=twin.given,
            sex=twin.sex,
            birth=twin.birth,
            seen=(OWNER,),
            series=SERIES,
            key="same_traits_no_ins",
            prouve="mêmes traits que la n° 47, sans INS : décision humaine",
            proves="same traits as no. 47, no INS: a human decides",
        ),
        Person(
            number=3,
            family="Shaughnessy",
            given="Moira",
            sex="F",
            birth=date(1991, 6, 25),
            seen=(COLLABORATOR,),
            ins_status="QUAL",
            ins=holder.identifier,
            series=SERIES,
            key="same_ins_other_traits",
            prouve="même INS que la n° 16, traits différents : décision humaine",
            proves="same INS as no. 16, other traits: a human decides",
        ),
        Person(
            number=4,
            family="Dubreuil",
            given="Marie",
            sex="F",
            birth=date(1981, 4, 18),
            seen=(OWNER,),
            ins_status="QUAL",
            series=SERIES,
            key="homonym",
            prouve="homonyme des n° 9 à 11, autre naissance : pas la même",
            proves="homonym of nos. 9 to 11, other birth date: not the same",
        ),
        *_unrelated(),
    )


def _unrelated() -> tuple[Person, ...]:
    lines = (
        ("Ancelin", "Victor", "M", date(1960, 3, 1), "QUAL"),
        ("Beaumanoir", "Lucie", "F", date(1984, 12, 24), "QUAL"),
        ("Courtecuisse", "Paul", "M", date(2013, 5, 15), ""),
        ("Duvernois", "Salomé", "F", date(1999, 9, 30), "PROV"),
        ("Émeriau", "Félix", "M", date(1936, 7, 4), "QUAL"),
        ("Froidefond", "Alix", "F", date(1972, 1, 8), ""),
    )
    return tuple(
        Person(
            number=place,
            family=family,
            given=given,
            sex=sex,
            birth=birth,
            ins_status=status,
            department="50",
            seen=(OWNER,) if place % 2 else (COLLABORATOR,),
            payer=6 if place == 7 else 0,
            series=SERIES,
        )
        for place, (family, given, sex, birth, status) in enumerate(lines, start=5)
    )


def tell(random: Random, own: tuple[Person, ...]) -> Book:
    """Return the rows of the successor's practice."""
    book = Book(SETTINGS["PracticeTitle"])
    furnish(book, SETTINGS, PRACTITIONERS)
    seen = visits(random, own)
    enrol(book, own, first_visits(seen))
    treat(book, random, write_visits(book, seen))
    return book
