"""Processor seconds of finding a patient among many: ``python -m tests.benchmarks.finding [--patients 20000]``."""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import tempfile
from datetime import date
from pathlib import Path

from archiver.practice.store import open_store
from formats.model.identity import INS_TEST_OID, Contact, ContactKind, Identifier, IdentifierType, Traits
from formats.model.people import Patient, Practice
from formats.model.record import practice_namespace, record_id
from tests.journeys.program import PROGRAM

_FAMILIES = """MARTIN BERNARD DUBOIS THOMAS ROBERT RICHARD PETIT DURAND LEROY MOREAU SIMON LAURENT LEFEBVRE MICHEL
GARCIA ROUX FOURNIER MOREL GIRARD ANDRÉ MERCIER DUPONT LAMBERT BONNET FRANÇOIS LEGRAND GARNIER FAURE ROUSSEAU GUÉRIN
MULLER HENRY PERRIN MORIN CLÉMENT GAUTHIER DUMONT FONTAINE CHEVALIER MASSON NGUYEN BOYER DENIS LEMAIRE DUVAL ROCHE
NOËL MEYER MEUNIER MARCHAND DUFOUR BLANCHARD BARBIER BRUNET SCHMITT LEROUX COLAS FLEURY LEMOINE"""
_GIVEN = """Jean Marie Pierre André Philippe Alain Jacques Nathalie Isabelle Sylvie Catherine Françoise Valérie Monique
Anne-Sophie Léa Chloé Manon Camille Inès Jade Louise Hugo Lucas Théo Raphaël Éloïse Benoît Hélène Jérôme"""
FAMILIES, GIVEN = _FAMILIES.split(), _GIVEN.split()
ENDINGS = ("", "", "IER", "OT", "EAU")
SEARCHES = (
    ("dupon", "1985"),
    ("Lemoine, née vers 1970",),
    ("06 12 34 56 78",),
    ("Lemoyne 12/03/1985 Filip",),
)
ROUNDS = 3


def make_practice(path: Path, patients: int) -> None:
    """Write a store of so many fictive patients, from one seed."""
    drawn = random.Random(20_000)
    space = practice_namespace("finding")
    practice = Practice(id=record_id(space, "practice", 1), name="Cabinet")
    with open_store(path, create=True) as store, store.changing():
        store.put(practice)
        for number in range(patients):
            family = drawn.choice(FAMILIES) + drawn.choice(ENDINGS)
            if drawn.random() < 0.2:
                family = f"{family}-{drawn.choice(FAMILIES)}"
            store.put(
                Patient(
                    id=record_id(space, "patient", number),
                    practice=practice.id,
                    traits=Traits(
                        birth_family_name=family,
                        birth_given_names=(drawn.choice(GIVEN), drawn.choice(GIVEN)),
                        used_family_name=drawn.choice((family, drawn.choice(FAMILIES))).title(),
                        used_given_name=drawn.choice(GIVEN),
                        birth_date=date(1930, 1, 1).replace(
                            year=1930 + drawn.randrange(90),
                            month=1 + drawn.randrange(12),
                            day=1 + drawn.randrange(28),
                        ),
                    ),
                    identifiers=(
                        Identifier(
                            type=IdentifierType.LOCAL, system="urn:example:finding", value=str(number)
                        ),
                        Identifier(type=IdentifierType.INS, system=INS_TEST_OID, value=f"2{number:012}"),
                    ),
                    contacts=(Contact(kind=ContactKind.MOBILE, value=f"06 {drawn.randrange(10**8):08}"),),
                )
            )


def seconds(*command: str | Path) -> float:
    """Return the processor seconds of a run of the program, the least of several."""
    return min(_seconds([str(PROGRAM), *map(str, command)]) for _ in range(ROUNDS))


def _seconds(command: list[str]) -> float:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print what a search takes, and what of it is the start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=20_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        one, many = Path(folder) / "one.db", Path(folder) / "many.db"
        make_practice(one, 1)
        make_practice(many, asked.patients)
        start = seconds("find", one, "x")
        print(f"a store of one patient (the start): {start:.2f} s")
        for words in SEARCHES:
            took = seconds("find", many, *words)
            print(
                f"{asked.patients} patients, find {' '.join(words)}: {took:.2f} s, {took - start:.2f} after the start"
            )


if __name__ == "__main__":
    main()
