"""One person has one retention period, the longest that any of their records asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archiver.compliance.retention_rules import Rule
from archiver.practice import people
from archiver.practice.store import open_store
from archiver.scope.retention_period import retention_of
from formats.model.care import Act, ActStatus, Appointment, AppointmentStatus, Note, NoteKind, Prescription
from formats.model.identity import Traits
from formats.model.imaging import ImageFile, ImageKind
from formats.model.people import Patient, Practice
from formats.model.record import Record

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BORN = date(1960, 5, 4)
DATED = Act(id="dated", patient="b", status=ActStatus.DONE, performed_on=date(2020, 5, 4))
PLACEHOLDER = Act(id="placeholder", patient="a", status=ActStatus.DONE, performed_on=date(1900, 1, 1))


def ends(folder: Path, own: Sequence[Record], linked: Sequence[Record]) -> list[tuple[date | None, Rule]]:
    """Return the end of both records of one person, each with its dossier; ``own`` are records of "a"."""
    with open_store(folder / "p.db", create=True) as store:
        with store.changing():
            store.put(Practice(id="p", name="Cabinet"))
            for name in ("a", "b"):
                store.put(Patient(id=name, practice="p", traits=Traits(birth_date=BORN)))
            for record in (*own, *linked):
                store.put(record)
            people.link(store, "a", "b", rule="human", decided_by="Dr Exemple", at=NOON)
        found = [retention_of(store, store.dossier(name), NOON.date()) for name in ("a", "b")]
        return [(one.until, one.rule) for one in found]


@pytest.mark.parametrize(
    "own",
    [
        Act(id="c", patient="a", status=ActStatus.DONE),
        PLACEHOLDER,
        Prescription(id="c", patient="a", product="Amoxicilline"),
        ImageFile(id="c", patient="a", image=ImageKind.PHOTOGRAPH),
        Appointment(id="c", patient="a", status=AppointmentStatus.COMPLETED),
    ],
)
def test_care_of_no_known_day_may_be_the_latest_of_all(tmp_path: Path, own: Record) -> None:
    assert ends(tmp_path, [own], [DATED]) == [(None, Rule.UNKNOWN)] * 2


@pytest.mark.parametrize(
    "own",
    [
        (),
        (Note(id="c", patient="a", note=NoteKind.ADMINISTRATIVE, text="Doublon"),),
        (Act(id="c", patient="a", status=ActStatus.PLANNED),),
        (Appointment(id="c", patient="a", status=AppointmentStatus.BROKEN),),
    ],
)
def test_a_record_without_care_adds_nothing(tmp_path: Path, own: tuple[Record, ...]) -> None:
    assert ends(tmp_path, own, [DATED]) == [(date(2040, 5, 4), Rule.AFTER_CARE)] * 2


def test_the_later_of_two_known_ends(tmp_path: Path) -> None:
    later = Act(id="c", patient="a", status=ActStatus.DONE, performed_on=date(2024, 1, 2))
    assert ends(tmp_path, [later, PLACEHOLDER], [DATED]) == [(date(2044, 1, 2), Rule.AFTER_CARE)] * 2


def test_without_any_care_nobody_can_tell(tmp_path: Path) -> None:
    assert ends(tmp_path, [], []) == [(None, Rule.UNKNOWN)] * 2
