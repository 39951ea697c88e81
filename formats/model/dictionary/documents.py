"""Documents and files."""

from __future__ import annotations

from formats.model.dictionary.entry import FieldEntry, Fields, Privacy
from formats.model.dictionary.notations import BYTES, LOINC, MEDIA_TYPE, NAMES
from formats.model.documents import Attachment, Document
from formats.words import Words, mark

FIELDS: Fields = {
    Attachment: {
        "sha256": FieldEntry(
            Words("Empreinte SHA-256", "SHA-256 digest"),
            mark("SHA-256 of the bytes of the file, in lower-case hexadecimal."),
            Privacy.ADMINISTRATIVE,
            tables=(NAMES,),
            left_out=mark("The digest is in DATA/NAMES.CSV and DATA/SHA256.TXT, where programs look for it."),
        ),
        "size": FieldEntry(
            Words("Taille", "Size"),
            mark("Length of the file."),
            Privacy.ADMINISTRATIVE,
            unit=BYTES,
            tables=(NAMES,),
        ),
        "media_type": FieldEntry(
            Words("Type de média", "Media type"),
            mark("Media type by content."),
            Privacy.ADMINISTRATIVE,
            codes=MEDIA_TYPE,
            tables=(NAMES,),
        ),
    },
    Document: {
        "title": FieldEntry(
            Words("Titre", "Title"),
            mark("What the document is called in the practice."),
            Privacy.CARE,
            tables=(NAMES,),
        ),
        "original_name": FieldEntry(
            Words("Nom d’origine", "Original name"),
            mark("Name of the file in the source."),
            Privacy.ADMINISTRATIVE,
            tables=(NAMES,),
        ),
        "category": FieldEntry(
            Words("Catégorie", "Category"), mark("Category, in the words of the source."), Privacy.CARE
        ),
        "code": FieldEntry(
            Words("Type (LOINC)", "Type (LOINC)"),
            mark("Type of document, where it is known."),
            Privacy.CARE,
            codes=LOINC,
        ),
        "created_at": FieldEntry(
            Words("Date", "Date"), mark("Moment at which the document was made or received."), Privacy.CARE
        ),
        "practitioner": FieldEntry(
            Words("Auteur", "Author"), mark("Who wrote or received the document."), Privacy.CARE
        ),
        "note": FieldEntry(
            Words("Remarque", "Note"), mark("What was written about the document."), Privacy.CARE
        ),
        "attachment": FieldEntry(
            Words("Fichier", "File"),
            mark("The file; none where the source lacks it, or it could not be taken."),
            Privacy.CARE,
        ),
    },
}
