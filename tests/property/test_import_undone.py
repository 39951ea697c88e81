"""Law of undoing: whatever practices are handed over, an import taken back leaves the store as if it had never been.

Practices are made with persons who have several records, patients whom the receiver knows already, acts of nobody
known. What is compared is every row of every table but the journal and the register of imports.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportRequest
from archiver.handover.opening import OpenRequest
from archiver.operations.export import export
from archiver.operations.imports.errors import UndoRefused
from archiver.operations.imports.undo_import import undo_import
from archiver.operations.receive import receive
from archiver.practice import people, questions
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.age import HybridIdentity
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.people import Patient, Practice
from formats.model.record import practice_namespace, record_id
from tests.packages import SIGNED, signer, trust
from tests.property.test_split import PRACTICES, SETTINGS, make, patient

RECEIVER = HybridIdentity(seed=b"u" * 32)
HERE = practice_namespace("the receiver's own")
REGISTERS = {"journal", "former_rows", "import_runs"}

LAW = settings(SETTINGS, max_examples=8)


def content(path: Path) -> dict[str, list[Any]]:
    """Return every table that an import changes and an undo puts back, in no order."""
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {
            name: db.execute(f"SELECT * FROM [{name}]").fetchall() for name in names if name not in REGISTERS
        }
    ordered = {name: sorted(found, key=repr) for name, found in rows.items()}
    return {**ordered, "in the order they came": [row[0] for row in rows["patients"]]}


def package(store: PracticeStore, target: Path, patients: Iterable[str], *, days: int = 0) -> Path:
    request = ExportRequest(
        target=target,
        patients=tuple(patients),
        access=KeyringRecipients(recipients=[RECEIVER.to_recipient()]),
        signer=signer(),
    )
    at = SIGNED + timedelta(days=days)
    return export(store, request, clock=lambda: at, randomness=secrets.token_bytes).path


def imported(into: Path, one: Path, *, days: int = 100) -> None:
    at = SIGNED + timedelta(days=days)
    opening = OpenRequest(package=one, identities=[RECEIVER], trust=trust(signer(), at=at))
    with open_store(into, create=True) as store:
        receive(store, opening, clock=lambda: at)


def undone(path: Path, number: int | None = None, **options: Any) -> None:
    with open_store(path) as store:
        undo_import(store, number, by="Dr Exemple", at=SIGNED, **options)


def receiver(path: Path, known: Iterable[int]) -> None:
    """Make a practice that knows some of the patients already, under numbers of its own."""
    own = Practice(id=record_id(HERE, "practices", 1), name="Cabinet du successeur")
    with open_store(path, create=True) as store, store.changing():
        store.put(own)
        store.set_setting("own_practice", own.id)
        for number in known:
            traits = Traits(
                used_family_name=f"F{number}", used_given_name="A", birth_date=date(1980, 1, number)
            )
            local = Identifier(type=IdentifierType.LOCAL, system="urn:here", value=f"{number}")
            store.put(Patient(id=record_id(HERE, "patients", number), practice=own.id, traits=traits,
                              identifiers=(local,)))  # fmt: skip


def questions_after(path: Path) -> int:
    """Return how many questions the second import asks about patients of the first."""
    query = (
        "SELECT count(*) FROM identity_questions JOIN imports AS one ON one.patient IN"
        " (identity_questions.patient, candidate) WHERE identity_questions.asked_at > one.imported_at"
    )
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute(query).fetchone()[0])


@contextmanager
def sender(made: dict[str, Any]) -> Iterator[tuple[Path, PracticeStore, list[str]]]:
    with TemporaryDirectory() as name, open_store(Path(name) / "sender.db", create=True) as store:
        make(store, made)
        yield Path(name), store, [patient(number) for number in range(1, len(made["attending"]) + 1)]


KNOWN = st.sets(st.integers(1, 6), max_size=3)


@LAW
@given(made=PRACTICES, known=KNOWN)
def test_an_import_undone_was_never_and_comes_in_again(made: dict[str, Any], known: set[int]) -> None:
    with sender(made) as (folder, store, patients):
        here = folder / "here.db"
        receiver(here, known)
        one = package(store, folder / "one.asice", patients)
        before = content(here)
        imported(here, one)
        after = content(here)
        assert after != before
        undone(here)
        assert content(here) == before
        imported(here, one)
        assert content(here) == after


@LAW
@given(made=PRACTICES, known=KNOWN, cut=st.integers(0, 6))
def test_of_two_imports_either_goes_as_if_it_had_never_been(
    made: dict[str, Any], known: set[int], cut: int
) -> None:
    """Two packages of other patients of one practice: they share the practice and who works there."""
    with sender({**made, "merges": []}) as (folder, store, patients):
        if not 0 < cut < len(patients):
            return
        here, alone = folder / "here.db", folder / "alone.db"
        receiver(here, known)
        shutil.copy(here, alone)
        one = package(store, folder / "one.asice", patients[:cut])
        two = package(store, folder / "two.asice", patients[cut:])
        imported(here, one)
        first = content(here)
        imported(here, two, days=200)
        undone(here, 2)
        assert content(here) == first
        imported(here, two, days=200)
        imported(alone, two, days=200)
        if questions_after(here):  # about somebody of the first package: who answers them is no longer asked
            with pytest.raises(UndoRefused, match="cannot be taken back"):
                undone(here, 1)
            return
        undone(here, 1)
        assert content(here) == content(alone)


@LAW
@given(made=PRACTICES, known=KNOWN)
def test_what_later_imports_build_on_goes_with_them_alone(made: dict[str, Any], known: set[int]) -> None:
    with sender(made) as (folder, store, patients):
        here = folder / "here.db"
        receiver(here, known)
        before = content(here)
        imported(here, package(store, folder / "one.asice", patients))
        changed = store.get(Patient, patients[0])
        assert changed is not None
        with store.changing():
            store.put(replace(changed, occupation="Luthière"))
        first = content(here)
        imported(here, package(store, folder / "two.asice", patients, days=90), days=200)
        both = content(here)
        with pytest.raises(UndoRefused) as refused:
            undone(here, 1)
        assert "later-import" in {one.code for one in refused.value.findings}
        undone(here, 1, later=True, rehearsal=True)
        assert content(here) == both
        undone(here, 2)
        assert content(here) == first
        imported(here, folder / "two.asice", days=200)
        undone(here, 1, later=True)
        assert content(here) == before


@LAW
@given(made=PRACTICES, known=st.sets(st.integers(1, 6), min_size=1, max_size=3), same=st.booleans())
def test_an_answer_refuses_and_goes_on_demand(made: dict[str, Any], known: set[int], same: bool) -> None:
    with sender(made) as (folder, store, patients):
        here = folder / "here.db"
        receiver(here, known)
        before = content(here)
        imported(here, package(store, folder / "one.asice", patients))
        with open_store(here) as there, there.changing():
            asked = next(questions.questions(there), None)
            if asked is None:
                return
            at = datetime.fromisoformat(asked.asked_at)
            questions.answer_question(there, asked, same=same, decided_by="Dr Exemple", at=at)
            assert bool(people.linked_patients(there, asked.patient)) is same or not same
        answered = content(here)
        with pytest.raises(UndoRefused) as refused:
            undone(here)
        assert {one.code for one in refused.value.findings} == {"later-entry"}
        assert content(here) == answered
        undone(here, later=True)
        assert content(here) == before
