"""Molaire 3, an invented practice software: its tables as it exports them, and the same in SQLite.

No vendor publishes a schema; this one has what theirs are said to have: tables in capitals, codes of a letter, dates
day first, amounts with a comma, Windows-1252, payers who are not the patient, rows that point to nobody.
"""

from __future__ import annotations

import csv
import io
import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

Cell: TypeAlias = str | int | Decimal | date | None
Row: TypeAlias = tuple[Cell, ...]

SEED = "Molaire 3, cabinet du Quai"
DOCUMENTS = "documents"
TODAY = date(2026, 11, 20)
PLANNED_FOR = 21
"""Patients that a practice needs for the planned care, and the other rows that name some of them."""
TABLES: Mapping[str, str] = {
    "CABINET": "NUM RAISON SIRET ADRESSE CP VILLE TEL",
    "PRATICIENS": "CODE NOM PRENOM TITRE RPPS STATUT ARRIVEE DEPART ACTIF",
    "PATIENTS": (
        "NUMPAT CIVILITE NOM_NAISS PRENOMS NOM_USAGE NAISSANCE SEXE NIR ADRESSE1 ADRESSE2 CP VILLE TEL PORTABLE MAIL "
        "PROFESSION SITFAM NUMPAYEUR PRAT PREMVISITE DECES ETAT ALLERGIES REMARQUE"
    ),
    "ANTECEDENTS": "NUM NUMPAT TYPE LIBELLE DEBUT FIN",
    "CCAM": "CODE LIBELLE TARIF",
    "RDV": "NUMRDV NUMPAT JOUR HEURE DUREE PRAT FAUTEUIL MOTIF ETAT",
    "ACTES": "NUMACTE NUMPAT DATEACTE PRAT CODE DENTS FACES QTE HONORAIRES ETAT NUMRDV NOTE",
    "FACTURES": "NUMFACT NUMPAT DATEFACT PRAT TOTAL PARTAMO ETAT",
    "LIGNESFACT": "NUM NUMFACT NUMACTE LIBELLE MONTANT PARTAMO",
    "REGLEMENTS": "NUMREGL NUMPAT DATEREGL MONTANT MODE NUMPAYEUR PRAT",
    "AVOIRS": "NUMAVOIR NUMPAT DATEAVOIR MONTANT MOTIF",
    "ORDONNANCES": "NUMORD NUMPAT DATEORD PRAT PRODUIT POSOLOGIE QTE",
    "NOTES": "NUMNOTE NUMPAT HORODATE PRAT PERSO TEXTE",
    "DOCUMENTS": "NUMDOC NUMPAT TITRE TYPE FICHIER DATEDOC PRAT",
    "SMS": "NUMPAT ENVOI TEXTE",
    "UTILISATEURS": "LOGIN NOM MDP",
    "IMPRESSIONS": "POSTE IMPRIMANTE",
}
"""The tables and their columns, as the documentation of the product describes them."""

NAMES = (
    *("Abadie", "Bellec", "Carvalho", "Delmas", "Esnault", "Fournel", "Guilloux", "Hamon", "Ibarra", "Jégou"),
    *(
        "Kermarrec",
        "Lefaucheux",
        "Mézière",
        "Noël",
        "Ollivier",
        "Pécheux",
        "Quéré",
        "Rabiller",
        "Sœur",
        "Tanguy",
    ),
)
WOMEN = ("Agnès", "Béatrice", "Chloé", "Denise", "Élodie", "Françoise", "Gaëlle", "Héloïse", "Inès", "Jeanne")
MEN = ("Armand", "Benoît", "Côme", "Damien", "Étienne", "Fabien", "Gaëtan", "Hervé", "Ismaël", "Joël")
ACTS = (
    ("HBJD001", "Détartrage et polissage des dents", "28,92"),
    ("HBMD042", "Restauration d'une dent sur 1 face par matériau inséré, secteur prémolomolaire", "26,97"),
    ("HBMD053", "Restauration d'une dent sur 1 face par matériau inséré, secteur incisivocanin", "25,06"),
    ("HBFD008", "Exérèse du contenu canalaire d'une première molaire permanente", "93,99"),
    ("HBLD038", "Pose d'une couronne dentaire métallique", "290,00"),
    ("HBGD036", "Avulsion d'une dent permanente sur arcade sans préparation", "33,44"),
    ("HBQK002", "Radiographie panoramique dentaire", "21,28"),
)
TEETH = ("16", "26", "36", "46", "11", "21", "35", "44", "75", "16,17", "11,12,21", "")
FACES = ("", "O", "MO", "MOD", "V", "P", "C")


@dataclass(slots=True)
class Practice:
    """Rows by table, and the files of documents by name."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, table: str, *cells: Cell) -> None:
        """Add a row, whose cells are those of the columns in their order."""
        if len(cells) != len(TABLES[table].split()):
            raise ValueError(table)
        self.rows[table].append(cells)


def practice(patients: int = 40) -> Practice:
    """Return the practice with so many patients, always the same."""
    made, dice = Practice(), random.Random(SEED)
    _practitioners(made)
    for code, label, price in ACTS:
        made.add("CCAM", code, label, Decimal(price.replace(",", ".")))
    for number in range(1, patients + 1):
        _patient(made, dice, number)
        _care(made, dice, number)
        _papers(made, dice, number)
    _oddities(made, patients)
    if patients >= PLANNED_FOR:
        _planned_and_others(made)
    return made


def _practitioners(made: Practice) -> None:
    made.add(
        "CABINET",
        1,
        "Cabinet dentaire du Quai",
        "99900000000011",
        "3 quai des Tanneurs",
        "99420",
        "Sainte-Rive",
        "0261910042",
    )
    made.add(
        "PRATICIENS", "LM", "Moreau-Lescure", "Lucie", "Dr", "99900000101", "T", date(2008, 9, 1), None, 1
    )
    made.add("PRATICIENS", "YB", "Benhamou", "Yacine", "Dr", "99900000102", "C", date(2021, 3, 15), None, 1)
    made.add(
        "PRATICIENS",
        "PV",
        "Vasseur",
        "Paul",
        "Dr",
        "99900000103",
        "R",
        date(2019, 7, 1),
        date(2019, 8, 31),
        0,
    )
    made.add("PRATICIENS", "CD", "Delorme", "Claire", "Dr", "99900000104", "A", date(2012, 1, 9), None, 1)
    made.add("PRATICIENS", "IS", "Sauvage", "Inès", "Dr", "99900000105", "S", date(2023, 10, 2), None, 1)
    made.add("UTILISATEURS", "lucie", "Moreau-Lescure", "dG9wc2VjcmV0")
    made.add("UTILISATEURS", "accueil", "Secrétariat", "c2VjcmV0")
    made.add("IMPRESSIONS", "POSTE1", "Imprimante du secrétariat")


def _patient(made: Practice, dice: random.Random, number: int) -> None:
    woman = dice.random() < 0.5
    family, given = NAMES[(number - 1) % len(NAMES)], dice.choice(WOMEN if woman else MEN)
    birth: Cell = date(1935, 1, 1) + timedelta(days=dice.randrange(30_000))
    married = dice.choice(NAMES) if woman and dice.random() < 0.3 else ""
    partial = {7: "00/05/1948", 8: "00/00/1931", 9: None}
    payer = number - 1 if number % 9 == 0 else None
    work, situation = dice.choice(("", "Retraité", "Professeur", "Couvreur")), dice.choice("CMDV ")
    who, since = dice.choice(("LM", "LM", "YB")), TODAY - timedelta(days=dice.randrange(300, 4000))
    allergies = dice.choice(("NEANT", "", "NR", "Pénicilline", "Latex"))
    made.add(
        "PATIENTS", number, "MME" if woman else "M", family.upper(), given + (" Marie" if number % 4 == 0 else ""),
        married.upper(), partial.get(number, birth), 2 if woman else 1, "", f"{number} rue des Saules",
        "Bâtiment B" if number % 6 == 0 else "", "99420", "Sainte-Rive", f"02 61 91 {number % 100:02} 10",
        f"0639 98 {number % 100:02} 20" if number % 3 else "NR",
        f"patient{number}@example.org" if number % 5 == 0 else "",
        work, "P" if number in {13, 28} else situation, payer, who, since,
        date(2025, 2, 3) if number == 11 else None, {11: "S", 12: "I"}.get(number, "A"),
        "AUCUNE" if number in {14, 21} else allergies,
        "Préfère le matin ; craint les aiguilles" if number == 3 else "",
    )  # fmt: skip
    for _ in range(dice.randrange(3)):
        kind, label = dice.choice(
            (
                ("M", "Hypertension"),
                ("M", "Diabète de type 2"),
                ("T", "Kardégic 75 mg"),
                ("H", "Tabac, 10 par jour"),
            )
        )
        made.add(
            "ANTECEDENTS",
            len(made.rows["ANTECEDENTS"]) + 1,
            number,
            kind,
            label,
            dice.choice((None, "00/00/2012", date(2018, 4, 2))),
            None,
        )


def _care(made: Practice, dice: random.Random, number: int) -> None:
    day = TODAY - timedelta(days=1500)
    for _ in range(dice.randrange(1, 6)):
        day += timedelta(days=dice.randrange(20, 250))
        who = dice.choice(("LM", "YB"))
        visit = len(made.rows["RDV"]) + 1
        done = day < TODAY
        state = dice.choice(("H", "H", "H", "M", "A")) if done else "P"
        hour = f"{dice.randrange(9, 18)}:{dice.choice(('00', '30'))}"
        made.add("RDV", visit, number, day, hour, 30, who, dice.randrange(1, 3), "Contrôle", state)
        if state == "H" or not done:
            _acts(made, dice, number, (day, who, visit, done))


def _acts(made: Practice, dice: random.Random, number: int, at: tuple[date, str, int, bool]) -> None:
    day, who, visit, done = at
    lines: list[tuple[int, str, Decimal]] = []
    for _ in range(dice.randrange(1, 4)):
        code, label, price = dice.choice(ACTS)
        fee = Decimal(price.replace(",", ".")) + dice.randrange(0, 40)
        key = len(made.rows["ACTES"]) + 1
        teeth = "" if code in {"HBJD001", "HBQK002"} else dice.choice(TEETH)
        faces = dice.choice(FACES) if code.startswith("HBM") else ""
        made.add("ACTES", key, number, day, who, code, teeth, faces, 1, fee, "F" if done else "P", visit, "")
        lines.append((key, label, fee))
    if done:
        bill = 100_000 + len(made.rows["FACTURES"])
        total = sum((fee for *_, fee in lines), Decimal(0))
        made.add("FACTURES", bill, number, day, who, total, Decimal("20.00"), "R")
        for key, label, fee in lines:
            made.add("LIGNESFACT", len(made.rows["LIGNESFACT"]) + 1, bill, key, label, fee, Decimal("0.00"))
        payer = number - 1 if number % 9 == 0 else number
        made.add(
            "REGLEMENTS",
            len(made.rows["REGLEMENTS"]) + 1,
            number,
            day,
            total,
            dice.choice("CEVB"),
            payer,
            who,
        )
        if dice.random() < 0.1:
            made.add(
                "AVOIRS", len(made.rows["AVOIRS"]) + 1, number, day, Decimal("12.50"), "Geste commercial"
            )


def _papers(made: Practice, dice: random.Random, number: int) -> None:
    if number % 3 == 0:
        made.add(
            "ORDONNANCES",
            len(made.rows["ORDONNANCES"]) + 1,
            number,
            date(2025, 6, 12),
            "LM",
            "Paracétamol 1 g",
            "1 comprimé toutes les 6 heures",
            "1 boîte",
        )
    if number % 4 == 0:
        made.add(
            "NOTES",
            len(made.rows["NOTES"]) + 1,
            number,
            f"{12:02}/06/2025 14:{number % 60:02}",
            "YB",
            int(number % 8 == 0),
            "Sensibilité au froid ;\nà revoir dans six mois.",
        )
    if number % 5 == 0:
        name = f"{number:05}\\courrier-{number}.txt"
        made.files[name.replace("\\", "/")] = (
            f"Cher confrère,\nje vous adresse le patient n° {number}.\n".encode()
        )
        made.add(
            "DOCUMENTS",
            len(made.rows["DOCUMENTS"]) + 1,
            number,
            "Lettre d'adressage",
            "CR",
            name,
            date(2025, 6, 13),
            "LM",
        )
    if number % 10 == 1:
        made.add(
            "SMS", number, "12/06/2025 08:00", f"Rappel : rendez-vous demain à {dice.randrange(9, 18)} h"
        )


def _oddities(made: Practice, patients: int) -> None:
    """What every database of twenty years has: an unreadable amount, orphans, a file that is gone, one nobody names."""
    acts, payments = len(made.rows["ACTES"]), len(made.rows["REGLEMENTS"])
    made.add(
        "ACTES", acts + 1, 1, date(2024, 1, 9), "ZZ", "HBJD001", "99", "", 1, Decimal("28.92"), "F", None, ""
    )
    made.add(
        "ACTES",
        acts + 2,
        patients + 500,
        date(2012, 3, 1),
        "LM",
        "HBJD001",
        "",
        "",
        1,
        Decimal("28.92"),
        "F",
        None,
        "",
    )
    made.add("REGLEMENTS", payments + 1, 2, date(2024, 1, 9), "douze euros", "C", 2, "LM")
    made.add(
        "LIGNESFACT",
        len(made.rows["LIGNESFACT"]) + 1,
        99,
        None,
        "Ligne sans facture",
        Decimal("1.00"),
        Decimal("0.00"),
    )
    made.add(
        "DOCUMENTS",
        len(made.rows["DOCUMENTS"]) + 1,
        1,
        "Panoramique",
        "RX",
        "00001\\pano.jpg",
        date(2020, 2, 2),
        "LM",
    )
    made.files["00001/ancien.txt"] = b"Personne ne me nomme.\n"


def _planned_and_others(made: Practice) -> None:
    """Care that is planned, was there before or was cancelled, invoices not settled, an allergy as a row of its own."""
    soon, past = TODAY + timedelta(days=18), date(2026, 3, 4)
    visits, acts, bill = len(made.rows["RDV"]), len(made.rows["ACTES"]), 100_000 + len(made.rows["FACTURES"])
    made.add("RDV", visits + 1, 2, soon, "9:30", 60, "CD", 1, "Couronne 46", "P")
    made.add("RDV", visits + 2, 6, soon + timedelta(days=7), "14:00", 30, "IS", 2, "Détartrage", "P")
    crown, scaling, root = ACTS[4][0], ACTS[0][0], ACTS[3][0]
    for number, (patient, day, who, code, teeth, fee, state, visit, remark) in enumerate(
        (
            (2, soon, "CD", root, "46", "93.99", "P", visits + 1, ""),
            (2, soon, "CD", crown, "46", "320.00", "P", visits + 1, "selon devis"),
            (6, soon + timedelta(days=7), "IS", scaling, "", "28.92", "P", visits + 2, ""),
            (5, None, "LM", crown, "36", "290.00", "P", None, "à programmer"),
            (4, None, "LM", crown, "16", "0.00", "E", None, "posée ailleurs, avant la première visite"),
            (13, None, "YB", ACTS[1][0], "26", "0.00", "E", None, ""),
            (7, past, "YB", ACTS[5][0], "38", "33.44", "X", None, "le patient y renonce"),
            (8, past, "IS", scaling, "", "28.92", "F", None, ""),
        ),
        acts + 1,
    ):
        made.add("ACTES", number, patient, day, who, code, teeth, "", 1, Decimal(fee), state, visit, remark)
    for number, (patient, day, who, act, label, amount, state) in enumerate(
        (
            (2, soon, "CD", acts + 2, ACTS[4][1], "320.00", "B"),
            (8, past, "IS", acts + 8, ACTS[0][1], "28.92", "E"),
            (7, past, "YB", acts + 7, ACTS[5][1], "33.44", "X"),
        ),
        bill,
    ):
        total, line = Decimal(amount), len(made.rows["LIGNESFACT"]) + 1
        made.add("FACTURES", number, patient, day, who, total, Decimal("0.00"), state)
        made.add("LIGNESFACT", line, number, act, label, total, Decimal("0.00"))
    for patient, kind, label, since in (
        (14, "M", "Asthme", date(2001, 5, 3)),
        (10, "A", "Pénicilline", "00/00/1998"),
        (19, "A", "Arachide", None),
    ):
        made.add("ANTECEDENTS", len(made.rows["ANTECEDENTS"]) + 1, patient, kind, label, since, None)


# -- as files, as a database -----------------------------------------------------------------------


def export_cell(cell: Cell) -> str:
    """Return a cell as Molaire exports it: dates day first, a comma before the cents."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else str(cell)


def store_cell(cell: Cell) -> str | int | float | None:
    """Return a cell as the database has it: dates of ISO 8601, binary amounts."""
    if isinstance(cell, date):
        return cell.isoformat()
    return float(cell) if isinstance(cell, Decimal) else cell


def csv_files(made: Practice) -> Iterator[tuple[str, bytes]]:
    """Yield the export: a file a table in Windows-1252, and the documents."""
    for name, columns in TABLES.items():
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(columns.split())
        writer.writerows(map(export_cell, row) for row in made.rows[name])
        yield f"{name}.csv", text.getvalue().encode("cp1252")
    yield from ((f"{DOCUMENTS}/{name}", content) for name, content in made.files.items())


def build_database(made: Practice, target: Path, cell: Callable[[Cell], object] = store_cell) -> None:
    """Write the same as a SQLite file."""
    with closing(sqlite3.connect(target)) as connection, connection:
        for name, columns in TABLES.items():
            names = columns.split()
            connection.execute(f"CREATE TABLE {name} ({', '.join(names)})")
            marks = ", ".join("?" * len(names))
            rows = (tuple(map(cell, row)) for row in made.rows[name])
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608 - names of our own


def contents() -> dict[str, bytes]:
    """Return every file of the sample by its path below ``samples/``."""
    return {f"molaire/{name}": content for name, content in csv_files(practice())}
