"""A plain folder of documents described by a CSV as French Excel writes it, with its usual accidents."""

from __future__ import annotations

import csv
import io
from datetime import date

from samples.story import files
from samples.story.people import Person, practitioner_name

COLUMNS = (
    "file",
    "patient_number",
    "family_name",
    "given_name",
    "birth_date",
    "title",
    "kind",
    "date",
    "practitioner",
)

BOM = "\ufeff"
"""French Excel writes « CSV UTF-8 » with a byte order mark, semicolons, CRLF and day-first dates."""

Line = tuple[str, int, str, str, str, int]
"""File, patient, title, kind, ISO date, practitioner."""

LINES: tuple[Line, ...] = (
    ("devis-2024-0045.pdf", 45, "Devis couronne sur implant", "quote", "2024-09-03", 2),
    ("photo-bouche-0003.jpg", 3, "Photo avant contention 🦷", "photograph", "2024-02-21", 2),
    ("pano-0012.png", 12, "Panoramique", "radiograph", "2016-05-10", 3),
    ("empreinte-0045.stl", 45, "Empreinte optique ; arcade inférieure", "scan", "2024-09-23", 2),
    ("lettre-0001.txt", 1, 'Lettre dite "de liaison"', "letter", "2022-09-19", 1),
    ("Kerbrat/ordonnance 0016.pdf", 16, "Ordonnance", "prescription", "2024-05-23", 2),
    ("consentement-0005.pdf", 5, "Consentement signé par la mère", "consent", "2024-04-10", 2),
    ("radio-0026.png", 26, "Radio annoncée, fichier absent", "radiograph", "2023-10-02", 2),
)


def papers(people: dict[int, Person]) -> dict[str, bytes]:
    """Return the documents of the folder by relative path, one of them described by no line."""
    return {
        "devis-2024-0045.pdf": files.pdf("Devis", "Couronne sur implant 36", "Total : 800,00 euros"),
        "photo-bouche-0003.jpg": files.jpeg(96, 64, "2024:02:21 17:05:00", "Avant contention"),
        "pano-0012.png": files.png(160, 80, files.arch(160, 80)),
        "empreinte-0045.stl": files.stl("Scan fictif, arcade inferieure"),
        "lettre-0001.txt": _letter(people[1]).encode("cp1252"),
        "Kerbrat/ordonnance 0016.pdf": files.pdf("Ordonnance", "Chlorhexidine 0,12 %"),
        "consentement-0005.pdf": files.pdf("Consentement", "Scellement de sillons, accord de la mère"),
        "dubreuil.pdf": files.pdf("Courrier", "Concerne Marie Dubreuil"),
        "kowalczyk.pdf": files.pdf("Courrier", "Concerne Bartosz Kowalczyk"),
        "vrac/scan_2019_0001.pdf": files.pdf("Scan sans nom", "Personne n'a décrit ce fichier"),
    }


def _letter(person: Person) -> str:
    return f"Chère consœur,\r\nJe vous adresse {person.given} {person.family}.\r\n"


def index(people: dict[int, Person]) -> bytes:
    """Return papers.csv: eight numbered lines, then two that name their patient by traits alone."""
    rows = [_row(people, line) for line in LINES]
    rows.append(
        (
            "dubreuil.pdf",
            "",
            "DUBREUIL",
            "Marie",
            "",
            "Courrier sans numéro (homonymes)",
            "letter",
            _french("2021-06-07"),
            "",
        )
    )
    rows.append(
        (
            "kowalczyk.pdf",
            "",
            "Kowalczyk",
            "Bartosz",
            "",
            "Courrier sans numéro",
            "letter",
            _french("2021-06-08"),
            practitioner_name(2),
        )
    )
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return (BOM + stream.getvalue()).encode("utf-8")


def _row(people: dict[int, Person], line: Line) -> tuple[str, ...]:
    file, number, title, kind, day, provider = line
    person = people[number]
    birth = "/".join(reversed(person.birth_date.split("-")))
    return (
        file,
        str(number),
        person.family,
        person.given,
        birth,
        title,
        kind,
        _french(day),
        practitioner_name(provider),
    )


def _french(day: str) -> str:
    return date.fromisoformat(day).strftime("%d/%m/%Y")
