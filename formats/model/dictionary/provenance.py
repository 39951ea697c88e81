"""Source rows, accesses, consents."""

from __future__ import annotations

from formats.model.dictionary.entry import FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import MISSING_REASON, SOURCE, UUID
from formats.model.provenance import AccessEvent, Consent, SourceRow
from formats.words import Words, mark

FIELDS: Fields = {
    SourceRow: {
        "patient": FieldEntry(
            Words("Patient", "Patient"),
            mark("The patient the row is about; none for a row of the practice as a whole."),
            Privacy.ADMINISTRATIVE,
            tables=(SOURCE,),
            left_out=mark("The whole page is about this patient."),
        ),
        "system": FieldEntry(
            Words("Logiciel", "Software"),
            mark("Software or kind of source the row comes from."),
            Privacy.ADMINISTRATIVE,
            tables=(SOURCE,),
        ),
        "table": FieldEntry(
            Words("Table", "Table"), mark("Table of the source."), Privacy.ADMINISTRATIVE, tables=(SOURCE,)
        ),
        "key": FieldEntry(
            Words("Clé", "Key"),
            mark("Key of the row in its table."),
            Privacy.ADMINISTRATIVE,
            tables=(SOURCE,),
            left_out=mark("The rows are in DATA/SOURCE.NDJ; the page counts them table by table."),
        ),
        "columns": FieldEntry(
            Words("Colonnes", "Columns"),
            mark("The columns of the row with their values, word for word."),
            Privacy.PERSONAL_NOTE,
            tables=(SOURCE,),
            left_out=mark("The rows are in DATA/SOURCE.NDJ; the page counts them table by table."),
        ),
        "records": FieldEntry(
            Words("Enregistrements", "Records"),
            mark("Identities of the records the row was read into; none where no rule understood it."),
            Privacy.ADMINISTRATIVE,
            codes=UUID,
            tables=(SOURCE,),
            left_out=mark("The rows are in DATA/SOURCE.NDJ; the page counts them table by table."),
        ),
        "unread": FieldEntry(
            Words("Contenu manquant", "Missing content"),
            mark("By column, the code of why content it speaks of is missing."),
            Privacy.ADMINISTRATIVE,
            codes=MISSING_REASON,
            tables=(SOURCE,),
            left_out=mark(
                "DATA/SOURCE.NDJ says why; the page says that a file is missing, and shows an unread amount as 0."
            ),
        ),
    },
    AccessEvent: {
        "happened_at": FieldEntry(
            Words("Quand", "When"), mark("Moment of the access."), Privacy.ADMINISTRATIVE
        ),
        "actor": FieldEntry(
            Words("Qui", "Who"), mark("Who it was, by the name in the source."), Privacy.ADMINISTRATIVE
        ),
        "action": FieldEntry(Words("Quoi", "What"), mark("What was done."), Privacy.ADMINISTRATIVE),
        "detail": FieldEntry(
            Words("Précisions", "Details"), mark("What the source wrote about it."), Privacy.ADMINISTRATIVE
        ),
        "device": FieldEntry(
            Words("Poste", "Device"), mark("Computer on which it was done."), Privacy.ADMINISTRATIVE
        ),
    },
    Consent: {
        "subject": FieldEntry(
            Words("Objet", "Subject"), mark("What was agreed to or refused."), Privacy.CARE
        ),
        "given": FieldEntry(Words("Réponse", "Answer"), mark("Whether the patient agreed."), Privacy.CARE),
        "given_on": FieldEntry(Words("Date", "Date"), mark("Date of the answer."), Privacy.CARE),
        "signed_by": FieldEntry(
            Words("Signé par", "Signed by"), mark("Who signed the consent."), Privacy.CARE
        ),
        "text": FieldEntry(Words("Texte", "Text"), mark("The text that was agreed to."), Privacy.CARE),
        "document": FieldEntry(Words("Document", "Document"), mark("The paper that shows it."), Privacy.CARE),
    },
}
