"""The invented practice of Molaire as other programs would hand it over; nothing of ours that reads it writes it.

A database of Open Dental, clinical documents (CDA R2), a medium of them (IHE XDM), a portability archive (PDLGC). Each
says of the practice what its form has a place for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from samples.molaire_tables import build_database, practice
from samples.story.book import Book, build_sqlite
from tests.clinical import agent, coded, concern, document, observation, section
from tests.unit.portability.archives import export, lay as lay_files, packed, part
from tests.unit.xdm.medium import INFO, PATIENT, Entry, metadata

ROOT = "1.2.3.4.5"
ALLERGY = coded("code", "1.2.250.1.213.1.1.4.322", "allergy", "Allergie")
NONE = observation(coded("value", "absent", "no-known-allergies", "Aucune allergie connue"), code=ALLERGY)
NO_ALLERGY = {"NEANT", "AUCUNE"}
NOT_ASKED = {"", "NR"}
WHOLE_DATE = "NAISSANCE LIKE '____-__-__'"
STATUS_NUMBERS = {"P": 1, "F": 2, "E": 3}
"""``ProcStatus`` of Open Dental: treatment planned, complete, existing."""


def rows(database: Path, query: str) -> list[dict[str, Any]]:
    """Return what ``query`` gives of the tables of Molaire."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(one) for one in connection.execute(query)]


def tables(folder: Path) -> Path:
    """Write the tables as SQLite, and return the file."""
    build_database(practice(), folder / "molaire.sqlite")
    return folder / "molaire.sqlite"


def allergies(database: Path, patient: Mapping[str, Any]) -> list[str]:
    """Return the allergies of a patient: the words of the row, and the rows of their own."""
    query = f"SELECT LIBELLE FROM ANTECEDENTS WHERE TYPE = 'A' AND NUMPAT = {patient['NUMPAT']}"
    words = patient["ALLERGIES"]
    return [one["LIBELLE"] for one in rows(database, query)] + [words] * (words not in NO_ALLERGY | NOT_ASKED)


# -- Open Dental ---------------------------------------------------------------------------------


def opendental(database: Path, folder: Path) -> Path:
    """Write the patients, their acts, appointments and payments as a database of Open Dental."""
    book = Book("Molaire")
    book.add("preference", PrefName="PracticeTitle", ValueString="Cabinet dentaire du Quai", Comments="")
    book.add(
        "provider", ProvNum=1, Abbr="LM", LName="Moreau-Lescure", FName="Lucie", NationalProvID="99900000101"
    )
    for number, one in enumerate(rows(database, "SELECT * FROM CCAM ORDER BY CODE"), 1):
        book.add("procedurecode", CodeNum=number, ProcCode=one["CODE"], Descript=one["LIBELLE"])
    codes = {one["ProcCode"]: one["CodeNum"] for one in book.rows["procedurecode"]}
    for one in rows(database, "SELECT * FROM PATIENTS"):
        book.add(
            "patient", PatNum=one["NUMPAT"], LName=one["NOM_NAISS"], FName=one["PRENOMS"], PriProv=1,
            Birthdate=_open_dental_date(one["NAISSANCE"]), Gender=one["SEXE"] - 1, Guarantor=one["NUMPAT"],
        )  # fmt: skip
        for name in allergies(database, one):
            listed = book.add("allergydef", Description=name)
            book.add("allergy", PatNum=one["NUMPAT"], AllergyDefNum=listed, StatusIsActive=1)
    for one in rows(database, "SELECT * FROM ACTES WHERE ETAT <> 'X'"):
        day = one["DATEACTE"] or "0001-01-01"
        book.add(
            "procedurelog", ProcNum=one["NUMACTE"], PatNum=one["NUMPAT"], ProcDate=day, ProcFee=one["HONORAIRES"],
            ProcStatus=STATUS_NUMBERS[one["ETAT"]], ProvNum=1, CodeNum=codes[one["CODE"]], UnitQty=1,
        )  # fmt: skip
    for one in rows(database, "SELECT * FROM RDV"):
        hour = one["HEURE"].zfill(5)
        book.add(
            "appointment",
            AptNum=one["NUMRDV"],
            PatNum=one["NUMPAT"],
            AptStatus=2,
            AptDateTime=f"{one['JOUR']} {hour}:00",
        )
    for one in rows(database, "SELECT * FROM REGLEMENTS WHERE typeof(MONTANT) = 'real'"):
        paid = book.add("payment", PatNum=one["NUMPAYEUR"], PayDate=one["DATEREGL"], PayAmt=one["MONTANT"])
        book.add(
            "paysplit",
            PatNum=one["NUMPAT"],
            PayNum=paid,
            SplitAmt=one["MONTANT"],
            DatePay=one["DATEREGL"],
            ProvNum=1,
        )
    build_sqlite(book.sql(), folder / "opendental.sqlite")
    return folder / "opendental.sqlite"


def _open_dental_date(written: str | None) -> str:
    """Return a date as the column has it: an unknown day is zero."""
    if written is None or written.startswith("00/00"):
        return "0001-01-01"
    return f"{written[6:]}-{written[3:5]}-00" if written.startswith("00/") else written


# -- clinical documents --------------------------------------------------------------------------


def summaries(database: Path) -> Iterator[tuple[Mapping[str, Any], bytes]]:
    """Yield a medical summary of every patient whose date of birth is whole, with the patient's row."""
    for one in rows(database, f"SELECT * FROM PATIENTS WHERE {WHOLE_DATE}"):
        acts = rows(database, f"SELECT * FROM ACTES WHERE NUMPAT = {one['NUMPAT']} AND ETAT = 'F'")
        statements = [concern(_allergic(name)) for name in allergies(database, one)]
        statements += [concern(NONE)] * (one["ALLERGIES"] in NO_ALLERGY)
        sections = [section("48765-2", "Allergies", *statements)] if statements else []
        sections += [section("47519-4", "Actes", *map(_procedure, acts))] if acts else []
        yield (
            one,
            document(
                *sections,
                number=str(one["NUMPAT"]),
                patient=_person(one),
                identifiers=f'<id root="{ROOT}" extension="{one["NUMPAT"]}"/>',
            ),
        )


def _person(one: Mapping[str, Any]) -> str:
    given = "".join(f"<given>{name}</given>" for name in [one["PRENOMS"]])
    return (
        f'<patient><name><family qualifier="BR">{one["NOM_NAISS"]}</family>{given}</name>'
        f'<administrativeGenderCode code="{"MF"[one["SEXE"] - 1]}" codeSystem="2.16.840.1.113883.5.1"/>'
        f'<birthTime value="{one["NAISSANCE"].replace("-", "")}"/></patient>'
    )


def _allergic(agent_name: str) -> str:
    return observation("", code=ALLERGY, inside=agent("1", agent_name))


def _procedure(act: Mapping[str, Any]) -> str:
    code = coded("code", "ccam", act["CODE"])
    return (
        f'<entry><procedure classCode="PROC" moodCode="EVN">{code}<statusCode code="completed"/>'
        f'<effectiveTime value="{act["DATEACTE"].replace("-", "")}"/></procedure></entry>'
    )


def cda(database: Path, folder: Path) -> Path:
    """Write a folder of documents."""
    return lay_files(folder / "cda", {f"{one['NUMPAT']}.xml": data for one, data in summaries(database)})


def _metadata(one: Mapping[str, Any], data: bytes) -> bytes:
    """Return METADATA.XML of a medium with the document of one patient."""
    name, given, born = one["NOM_NAISS"], one["PRENOMS"], one["NAISSANCE"].replace("-", "")
    own = (
        f"PID-5|{name}^{given}^{given}^^^^L",
        f"PID-5|{name}^{given}^^^^^D",
        f"PID-7|{born}",
        f"PID-8|{'MF'[one['SEXE'] - 1]}",
        "",
    )
    text = metadata([Entry("DOC00001.XML", data)]).decode()
    for there, here in zip(INFO, own, strict=True):
        text = text.replace(f"<Value>{there}</Value>", f"<Value>{here}</Value>" if here else "")
    number = f"{one['NUMPAT']}^^^&amp;{ROOT}&amp;ISO^PI"
    return text.replace("4711^^^&amp;1.2.3.4.5&amp;ISO^PI", number).replace(PATIENT, number).encode()


def xdm(database: Path, folder: Path) -> Path:
    """Write a folder of media, one a patient."""
    for one, data in summaries(database):
        lay_files(
            folder / "xdm" / str(one["NUMPAT"]),
            {
                "README.TXT": b"Logiciel Exemple\r\n",
                "INDEX.HTM": b"<html/>",
                "IHE_XDM/SUBSET01/METADATA.XML": _metadata(one, data),
                "IHE_XDM/SUBSET01/DOC00001.XML": data,
            },
        )
    return folder / "xdm"


def pdlgc(database: Path, folder: Path) -> Path:
    """Write a portability archive with a part for each patient."""
    parts = {}
    for number, (one, data) in enumerate(summaries(database), 1):
        files = part(pdfs=())
        files["IHE_XDM/SUBSET01/DOC00001.XML"] = data
        files["IHE_XDM/SUBSET01/METADATA.XML"] = _metadata(one, data)
        parts[f"PAT{number:05}.ZIP"] = packed(files)
    (folder / "pdlgc").mkdir()
    (folder / "pdlgc" / "PA20261128T101500.ZIP").write_bytes(packed(export(parts)))
    return folder / "pdlgc"
