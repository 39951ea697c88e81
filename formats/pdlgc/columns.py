"""Columns of the lists of an archive, in their order, with what each means (a sentence of the catalogue)."""

from __future__ import annotations

from collections.abc import Mapping

from formats.model.dictionary.entries import entries_of
from formats.model.documents import Attachment, Document
from formats.pdlgc import layout
from formats.words import mark

_UNIT = {
    "unit": mark("Identifier of the unit in the manifest."),
    "patient": mark("Identity of the patient record."),
}
_NUMBER = {"patient_number": mark("Number of the patient in the practice.")}
_NAMES = {
    "family_name": mark("Family name of the patient."),
    "given_name": mark("Given name of the patient."),
}
_IN_WORDS = {
    "meaning_fr": mark("The same in words, in French."),
    "meaning_en": mark("The same in words, in English."),
}

LISTS: Mapping[str, Mapping[str, str]] = {
    layout.NAMES: {
        "name": mark("Place of the file in the archive."),
        "original_name": entries_of(Document)["original_name"].meaning,
        "title": mark("Title of the document or image, or what its study shows."),
        "sha256": entries_of(Attachment)["sha256"].meaning,
        "size": mark("Length of the file in bytes."),
        "media_type": entries_of(Attachment)["media_type"].meaning,
        "records": mark("Records that use the file: kind/identity, separated by spaces."),
    },
    layout.ROSTER: {
        **_NUMBER,
        **_NAMES,
        "practitioner_rpps": mark("RPPS number of the practitioner with whom the patient leaves."),
    },
    layout.LEFT_OUT: {
        "what": mark("Code of what is left out."),
        "count": mark("How many there are."),
        **_IN_WORDS,
    },
    layout.TERMS: {
        "term": mark("Code of the term under which the dossiers are handed over."),
        "value": mark("What holds: a code, a number or the words of a person."),
        **_IN_WORDS,
    },
    layout.SIGNATURES: {
        "party": mark(
            "Whom the roster is between: the party who signed, as the statement of the roster names it."
        ),
        "signer": mark("Name in the certificate of the signer."),
        "number": mark("Number in the certificate of the signer, or nothing."),
        "fingerprint": mark("SHA-256 of the certificate, in lower-case hexadecimal."),
        "signed_at": mark("Moment that the signature states, ISO 8601."),
        "sha256": mark("SHA-256 of the signed text of the roster, in lower-case hexadecimal."),
    },
    layout.RETENTION: {
        **_UNIT,
        **_NUMBER,
        **_NAMES,
        "kept_until": mark("Day on which the period ends, ISO 8601; empty when nobody can tell."),
        "destroy_from": mark(
            "Day from which the dossier may be destroyed, as in the manifest; empty when nobody can tell."
        ),
        "rule": mark("Code of the rule that gave the period."),
        "source": mark("Article of the law in which the rule stands."),
        "implausible": mark("Codes of dates that cannot be, separated by spaces."),
        **_IN_WORDS,
    },
    layout.MISSING: {
        **_UNIT,
        **_NUMBER,
        "what": mark("Kind of record."),
        "missing": mark("How many of them lack their content."),
        "of": mark("How many there are."),
        "reason": mark("Code of why the content is missing."),
        **_IN_WORDS,
    },
}
"""Meanings of the columns of every list in CSV, by the place of the list in the archive."""


def columns_of(place: str) -> tuple[str, ...]:
    """Return the names of the columns of the list at ``place``, which are its first line."""
    return tuple(LISTS[place])
