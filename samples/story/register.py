"""The patient register: one row per person with address, payer, guardian, INS fields and ties."""

from __future__ import annotations

import unicodedata

from samples.story import numbers
from samples.story.book import Book
from samples.story.master_data import definition
from samples.story.people import DECEASED, Person

_STREETS = ("rue du Lavoir", "chemin des Alouettes", "impasse Sainte-Ursule", "allée du Verger", "quai Neuf")
_TOWNS = (("99123", "Val-d'Orvanne"), ("99130", "Orvanne-le-Vieux"), ("99141", "Saint-Aubert-des-Prés"))

DEATH = "2023-11-04 00:00:00"
MERGED, CLONED = 1, 2
"""LinkType of patientlink."""


def image_folder(person: Person) -> str:
    """Return the folder of a patient's images: letters of both names and the number."""
    plain = unicodedata.normalize("NFKD", person.family + person.given)
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha()) + str(person.number)


def household(person: Person) -> int:
    """Return the number of the person who gives the family its address and pays."""
    return person.payer or person.number


def enrol(book: Book, people: tuple[Person, ...], first_visit: dict[int, str]) -> None:
    """Add every person to the register, with the day of their first visit where they came."""
    book.add("employer", EmpName=EMPLOYER, City="Val-d'Orvanne", Zip="99123")
    by_number = {person.number: person for person in people}
    for person in people:
        _row(book, person, by_number[household(person)], first_visit.get(person.number, "0001-01-01"))
        book.add(
            "patientnote",
            PatNum=person.number,
            Medical="Voir questionnaire" if person.seen else "",
            ICEName="Voisine Mme Fictive" if person.number % 9 == 0 else "",
            ICEPhone=numbers.mobile(person.number + 500) if person.number % 9 == 0 else "",
            OrthoMonthsTreatOverride=-1,
        )
        _fields(book, person)


WIDOWED, DIVORCED = 3, 4
SITUATIONS = {8: WIDOWED, 45: DIVORCED}
"""Position of those who are neither single, married nor a child."""
EMPLOYER = "Filature de l'Orvanne"
EMPLOYED = 45
OCCUPATIONS = {1: "Institutrice", EMPLOYED: "Électricien retraité"}


def _birth_date(person: Person) -> str:
    """Return a date as the column holds it: no date is the first of all, an unknown day is zero."""
    return f"{person.birth_date}-00" if person.born_in_month else person.birth_date or "0001-01-01"


def _row(book: Book, person: Person, payer: Person, first_visit: str) -> None:
    zip_code, town = _TOWNS[payer.number % len(_TOWNS)]
    book.add(
        "patient",
        PatNum=person.number,
        LName=person.family,
        FName=person.given,
        Preferred="Nono" if person.key == "ligature" else "",
        PatStatus=person.status,
        Gender={"M": 0, "F": 1}.get(person.sex, 2),
        Position=2 if person.is_minor() else SITUATIONS.get(person.number, person.number % 2),
        Birthdate=_birth_date(person),
        SSN=_billing_number(person, payer),
        Address=f"{payer.number} {_STREETS[payer.number % len(_STREETS)]}",
        City=town,
        Zip=zip_code,
        HmPhone=numbers.telephone(payer.number),
        WirelessPhone=numbers.mobile(person.number),
        Guarantor=payer.number,
        Email=f"patient{person.number}@example.org",
        PriProv=person.principal,
        SecProv=0,
        BillingType=definition("billing"),
        ImageFolder=image_folder(person),
        MedUrgNote="Anticoagulant : voir ordonnance" if person.key in {"complete", "deceased"} else "",
        EmployerNum=int(person.number == EMPLOYED),
        ChartNumber=person.chart_number,
        DateFirstVisit=first_visit,
        HasIns="I" if person.payer or person.number == 1 else "",
        Language="fr",
        Title={"M": "M.", "F": "Mme"}.get(person.sex, ""),
        ResponsParty=person.guardian,
        Country="FR",
        DateTimeDeceased=DEATH if person.status == DECEASED else "0001-01-01 00:00:00",
        BillingCycleDay=1,
        SecDateEntry="2020-01-02",
        PatNumCloneFrom=payer.number if person.key == "clone" else 0,
    )


def _billing_number(person: Person, payer: Person) -> str:
    """Return the number acts are billed under: the payer's for a child, so it never identifies a person."""
    holder = payer if person.is_minor() else person
    return holder.identifier if person.number <= FIRST_WITHOUT_BILLING else ""


FIRST_WITHOUT_BILLING = 8
"""Persons up to this number have a billing number in SSN; it is made like the test INS."""


PLACE = slice(5, 10)
"""Where an INS holds the INSEE code of the birthplace: the two must not contradict each other."""


def _fields(book: Book, person: Person) -> None:
    fields = {
        "INS": person.identifier,
        "INS-OID": numbers.INS_TEST_OID if person.identifier else "",
        "INS-STATUS": person.ins_status,
        "BirthName": person.birth_family,
        "BirthPlace": person.identifier[PLACE],
        "Occupation": OCCUPATIONS.get(person.number, "") if person.series == "TIL" else "",
    }
    for name, value in fields.items():
        if value:
            book.add("patfield", PatNum=person.number, FieldName=name, FieldValue=value, SecUserNumEntry=1)


def relations(book: Book) -> None:
    """Add the relations between two records: a merge, a clone, and the family doctor."""
    book.add("patientlink", PatNumFrom=34, PatNumTo=33, LinkType=MERGED, DateTimeLink="2022-03-01 09:00:00")
    book.add("patientlink", PatNumFrom=35, PatNumTo=36, LinkType=CLONED, DateTimeLink="2021-05-05 10:30:00")
    for number in (1, 8, 45):
        book.add(
            "refattach", ReferralNum=1, PatNum=number, RefDate="2021-09-01", RefType=1, Note="adressé par"
        )
    book.add(
        "refattach", ReferralNum=2, PatNum=45, ItemOrder=1, RefDate="2023-02-02", Note="avis implantaire"
    )
