"""Processor seconds to search a practice for duplicates: ``python -m tests.benchmarks.duplicates [PATIENTS …]``.

Each patient is compared with those before, as one who arrives by an import is compared with those who are here. Names
come from few, some of them far more often than others, as in a real practice; one in fifty has no birth date.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from archiver.operations.people.find_duplicates import find_duplicates
from archiver.practice.store import open_store
from formats.model.identity import Contact, ContactKind, Identifier, IdentifierType, Sex, Traits
from formats.model.people import Patient, Practice

SEED = 7
BEGINNINGS = (
    "Mar",
    "Ber",
    "Du",
    "Le",
    "Gau",
    "Mo",
    "Ro",
    "Fer",
    "Per",
    "La",
    "Vau",
    "Cha",
    "Bou",
    "Gi",
    "Pel",
)
ENDINGS = (
    "tin", "nard", "bois", "fort", "thier", "reau", "ussel", "rand", "rin", "croix", "lier", "pont", "vier",
    "raud", "letier", "mont", "sard", "noir", "blanc", "val",
)  # fmt: skip
GIVEN = (
    "Marie", "Jean", "Pierre", "Michel", "Anne", "Nathalie", "Isabelle", "Philippe", "Nicolas", "Sophie",
    "Camille", "Léa", "Hugo", "Emma", "Louis", "Chloé", "Jules", "Alice", "Paul", "Louise", "Jean-Pierre",
    "Marie-Claude", "Thomas", "Julie", "Claire", "Antoine", "Céline", "David", "Sandrine", "Laurent",
)  # fmt: skip


def patients(count: int) -> Iterator[Patient]:
    """Yield ``count`` fictive patients, always the same."""
    draw = random.Random(SEED)
    families = [f"{one}{other}" for one in BEGINNINGS for other in ENDINGS]
    of_families = [(place + 1) ** -0.7 for place in range(len(families))]
    of_given = [(place + 1) ** -0.6 for place in range(len(GIVEN))]
    for number in range(count):
        (used, birth), (given,) = draw.choices(families, of_families, k=2), draw.choices(GIVEN, of_given)
        born = date(1930, 1, 1) + timedelta(days=draw.randrange(33_000))
        phone = Contact(kind=ContactKind.MOBILE, value=f"063998{draw.randrange(10**4):04}")
        yield Patient(
            id=f"{number:08}",
            practice="p",
            traits=Traits(
                birth_family_name=birth if number % 3 == 0 else used if number % 3 == 1 else "",
                birth_given_names=(given,),
                used_family_name=used,
                used_given_name=given,
                birth_date=born if number % 50 else None,
                sex=Sex.FEMALE,
            ),
            identifiers=(Identifier(type=IdentifierType.LOCAL, system="urn:p", value=str(number)),),
            contacts=(phone,),
        )


def measure(count: int, folder: Path) -> str:
    """Search a practice of ``count`` patients and say what it took."""
    with open_store(folder / f"{count}.db", create=True) as store:
        with store.changing():
            store.put(Practice(id="p", name="Cabinet"))
            for one in patients(count):
                store.put(one)
        begin = time.process_time()
        outcome = find_duplicates(store, at=datetime(2026, 11, 29, tzinfo=UTC))
        taken = time.process_time() - begin
    return f"{count:>8,} patients  {taken:6.2f} s  {outcome.new:>6,} questions"


def main() -> None:
    """Measure each number of patients that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patients", nargs="*", type=int, default=[2_000, 20_000])
    with tempfile.TemporaryDirectory() as folder:
        for count in parser.parse_args().patients:
            print(measure(count, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
