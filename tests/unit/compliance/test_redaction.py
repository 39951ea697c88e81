"""What is handed over holds nothing of somebody else's and no personal note, and everything else."""

from __future__ import annotations

from dataclasses import replace

from archiver.compliance.redaction import EVERYTHING, Selection, redact
from archiver.compliance.request_words import Omission
from formats.model.care import NoteKind
from formats.model.dictionary.entries import values_of_class
from formats.model.dictionary.entry import Privacy
from formats.model.dossier import PATIENT_KINDS
from formats.model.identity import ContactKind
from tests.full_dossier import full_dossier

WHOLE = full_dossier()
PERSONAL = [note.id for note in WHOLE.notes if note.note is NoteKind.PERSONAL]


def test_nothing_about_others_and_no_personal_note_is_left() -> None:
    assert any(True for record in WHOLE.records() for _ in values_of_class(record, {Privacy.THIRD_PARTY}))
    found = redact(WHOLE, EVERYTHING)
    others = [
        value
        for record in found.dossier.records()
        for value in values_of_class(record, {Privacy.THIRD_PARTY})
        if value
    ]
    assert others == [] and found.emptied
    assert PERSONAL and not [one for one in found.dossier.notes if one.note is NoteKind.PERSONAL]
    assert found.dossier.source_rows == () and found.dossier.related_persons == ()


def test_everything_else_is_left_as_it_was() -> None:
    found = redact(WHOLE, EVERYTHING)
    before = {record.id: record for record in WHOLE.records()}
    after = {record.id: record for record in found.dossier.records()}
    assert before.keys() == after.keys() | found.records.keys()
    assert not after.keys() & found.records.keys()
    changed = [one for one in after if after[one] != before[one]]
    assert {before[one].kind for one in changed} == {kind for kind, _ in found.emptied}
    assert {why for _, why in found.records.values()} == {
        Omission.THIRD_PARTY,
        Omission.PERSONAL_NOTE,
        Omission.VERBATIM_ROW,
    }
    assert sum(found.counts().values()) == len(found.records)


def test_a_person_says_what_else_leaves_and_what_stays() -> None:
    act, document = WHOLE.acts[0].id, WHOLE.documents[0].id
    chosen = Selection(without={act, document}, notes={*PERSONAL})
    found = redact(WHOLE, chosen)
    assert {one.id for one in found.dossier.notes} >= {*PERSONAL}
    assert found.records[act] == ("acts", Omission.CHOICE)
    assert act not in {one.act for one in found.dossier.notes}
    assert found.dossier.acts == WHOLE.acts[1:] or act not in {one.id for one in found.dossier.acts}


def test_only_what_serves_the_purpose() -> None:
    found = redact(WHOLE, Selection(only={"acts", "documents"}))
    filled = {kind.kind for kind in PATIENT_KINDS if getattr(found.dossier, kind.kind)}
    assert filled == {"acts", "documents"}
    assert Omission.PURPOSE in {why for _, why in found.records.values()}


def test_a_linked_record_is_no_part_of_what_is_handed_over() -> None:
    patient = replace(WHOLE.patient, linked=("x",))
    assert redact(replace(WHOLE, patient=patient), EVERYTHING).dossier.patient.linked == ()
    assert ContactKind.PHONE  # ways to reach the patient stay
    assert redact(WHOLE, EVERYTHING).dossier.patient.contacts == WHOLE.patient.contacts
