"""An entry is made about one person, and nobody is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archiver.operations.compliance.named_patient import named_patient
from archiver.practice import people
from archiver.practice.store import open_store
from archiver.search.errors import PatientAmbiguous, PatientUnknown
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.people import Patient, Practice

TODAY = date(2026, 11, 29)


def test_a_number_an_identity_or_words_name_one_person(tmp_path: Path) -> None:
    with open_store(tmp_path / "p.db", create=True) as store:
        store.put(Practice(id="q", name="Cabinet"))
        for name, number in (("a", "1"), ("b", "2"), ("c", "2"), ("d", "3")):
            local = Identifier(type=IdentifierType.LOCAL, system="", value=number)
            traits = Traits(birth_family_name=f"Famille{name}")
            store.put(Patient(id=name, practice="q", traits=traits, identifiers=(local,)))
        assert {named_patient(store, one, today=TODAY).id for one in ("1", "a", "famillea")} == {"a"}
        with pytest.raises(PatientUnknown):
            named_patient(store, "99", today=TODAY)
        with pytest.raises(PatientAmbiguous):
            named_patient(store, "2", today=TODAY)
        at = datetime(2026, 11, 29, tzinfo=UTC)
        people.link(store, "b", "c", rule="human", decided_by="x", at=at)
        assert named_patient(store, "2", today=TODAY).id in {"b", "c"}
        assert named_patient(store, "b", today=TODAY).id == "b"
