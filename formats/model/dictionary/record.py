"""Fields that every record has."""

from __future__ import annotations

from formats.model.dictionary.entry import FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import UUID
from formats.model.record import PatientRecord, Record
from formats.words import Words, mark

FIELDS: Fields = {
    Record: {
        "id": FieldEntry(
            Words("Identité", "Identity"),
            mark("Identity of the record, the same whenever the same row of the same practice is read."),
            Privacy.ADMINISTRATIVE,
            codes=UUID,
            left_out=mark("An identity is for programs; it is in DATA/DOSSIER.JSO."),
        ),
    },
    PatientRecord: {
        "patient": FieldEntry(
            Words("Patient", "Patient"),
            mark("The patient whose record it is."),
            Privacy.ADMINISTRATIVE,
            left_out=mark("The whole page is about this patient."),
        ),
    },
}
