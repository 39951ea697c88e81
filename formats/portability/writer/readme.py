"""README.TXT of an export and of its part about the practice: 7-bit ASCII, CRLF, the headings of the example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from formats.findings import Finding, Severity
from formats.pdlgc.profile import (
    DOCUMENTATION,
    GUIDE,
    MANIFEST,
    PROFILE,
    README_HEADINGS,
    SIGNATURE,
    TRANSVERSE_ARCHIVE,
    TRANSVERSE_FOLDER,
)
from formats.pdlgc.readme.seven_bits import seven_bits
from formats.portability.writer.author import ExportAuthor
from formats.words import mark

README = "README.TXT"
_NUMBERED = "{U+"
"""How a letter begins that 7 bits have no spelling for (``seven_bits``)."""

EXPORT_INSTRUCTIONS = (
    "1. MANIFEST.XML liste chaque archive avec sa longueur et son empreinte SHA-256.",
    "2. SIGN.XML (XAdES) signe MANIFEST.XML et toutes les archives.",
    "3. DOCUMENTATION dit ce que contient chaque fichier (MAPPING.CSV), ce que",
    "   veut dire chaque donnee (DICO.CSV) et chaque code (VALUES.CSV).",
    "4. PATnnnnn.ZIP est le dossier d'un patient : ouvrez INDEX.HTM, qui s'y",
    "   trouve, avec tout navigateur, sans connexion.",
    "5. TRANSVERSE.ZIP concerne le cabinet : agenda, traces, comptes.",
)
"""How an export is read."""
EXPORT_TREE = (
    f"{MANIFEST}         la liste des archives",
    f"{SIGNATURE}             la signature",
    f"{DOCUMENTATION}/       correspondances, dictionnaire, valeurs",
    f"{TRANSVERSE_ARCHIVE}       le cabinet",
    "PATnnnnn.ZIP         un dossier chacune, depuis PAT00001",
)
TRANSVERSE_INSTRUCTIONS = (
    "AGENDA.ICS   l'agenda : iCalendar (RFC 5545), s'ouvre avec tout agenda.",
    "TRACES.LOG   les traces : syslog (RFC 5424), une par ligne.",
    "ACCOUNTS.CSV les comptes et les praticiens ; s'ouvre avec un tableur.",
    "PRACTICE.JSO le cabinet et ses praticiens : HL7 FHIR R4, Bundle JSON.",
    "EXCLUS.TXT   ce qui n'a pas ete remis, et pourquoi, s'il y a lieu.",
)
"""How the part about the practice is read."""


def _line(text: str) -> str:
    """Return an outside text in 7 bits, on one line."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(seven_bits(printable).split())


def write_readme(author: ExportAuthor, instructions: Sequence[str], tree: Iterable[str]) -> bytes:
    """Return the README: whose export it is, made with what, how it is read, and what lies where."""
    practice = author.practice
    sections = (
        _fields(
            {
                "Identifiant": author.number,
                "Nom": practice.name,
                "Contact": author.contact,
                **{f"Contact ({kind})": value for kind, value in author.telecoms()},
            }
        ),
        _fields(
            {
                "Modele": author.program,
                "Nom": author.program,
                "Version": author.version,
                "Identifiant": author.system.partition("^")[0],
                "Profil": f"{PROFILE} ({GUIDE})",
            }
        ),
        list(instructions),
        list(tree),
    )
    lines: list[str] = []
    for heading, section in zip(README_HEADINGS, sections, strict=True):
        lines += [heading, "=" * len(heading), *section, ""]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _fields(fields: dict[str, str]) -> list[str]:
    return [f"{name} : {_line(value) or 'non renseigne'}" for name, value in fields.items()]


def readme_findings(author: ExportAuthor) -> Iterator[Finding]:
    """Yield a finding where 7 bits cannot hold the name of the practice."""
    if _NUMBERED in _line(author.practice.name):
        yield Finding(
            severity=Severity.NOTE,
            code="readme-seven-bits",
            where=README,
            sentence=mark("README.TXT may have 7-bit letters alone: {name} stands there as {written}."),
            facts={"name": author.practice.name, "written": _line(author.practice.name)},
        )


def write_excluded(counts: Iterable[tuple[str, int, str]]) -> bytes:
    """Return TRANSVERSE/EXCLUS.TXT: what is left out, how much of it, and why."""
    lines = [
        "Cet export concerne un seul patient. N'y figurent pas :",
        "",
        "- l'agenda du cabinet ;",
        "- les traces d'acces et de modification ;",
        "- les notes personnelles du praticien.",
        "",
        f"Source : guide {PROFILE}, texte de juillet 2026, a confirmer.",
    ]
    rows = [f"{count} x {_line(what)} : {_line(why)}" for what, count, why in counts]
    lines += ["", "Dans ce dossier :", *rows] if rows else []
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def place_in_transverse(name: str) -> str:
    """Return the place of a file of the part about the practice."""
    return f"{TRANSVERSE_FOLDER}/{name}"
