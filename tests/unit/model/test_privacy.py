"""Privacy classes: every field is of one, and a value inside a record is of the stricter of two."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

from formats.model.care import Note
from formats.model.dictionary.entries import ABOUT_CARE, fields_of_class, values_of_class
from formats.model.dictionary.entry import Privacy
from formats.model.dossier import PATIENT_KINDS
from formats.model.people import Patient, RelatedPerson
from tests.full_dossier import full_dossier

WHOLE = full_dossier()


def test_the_classes_part_the_fields_of_every_kind() -> None:
    for kind in (Patient, *PATIENT_KINDS):
        parted = [name for one in Privacy for name in fields_of_class(kind, {one})]
        assert sorted(parted) == sorted(one.name for one in fields(kind))


def test_of_a_note_its_text_is_no_administration() -> None:
    assert "text" in fields_of_class(Note, ABOUT_CARE)
    note = replace(WHOLE.notes[0], text="Très anxieuse")
    assert "Très anxieuse" in set(values_of_class(note, ABOUT_CARE))
    assert note.id not in set(values_of_class(note, ABOUT_CARE))


def test_what_a_private_field_holds_is_private_to_its_last_value() -> None:
    person = WHOLE.related_persons[0]
    assert "contacts" in fields_of_class(RelatedPerson, {Privacy.THIRD_PARTY})
    assert person.contacts[0].value in set(values_of_class(person, {Privacy.THIRD_PARTY}))


def test_a_date_of_care_is_found() -> None:
    acts = (value for act in WHOLE.acts for value in values_of_class(act, {Privacy.CARE}))
    assert any(isinstance(value, date) for value in acts)
