"""The list that describes a folder of documents: its columns, and how to recognise it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from formats.errors import FormatFailure
from formats.findings import Finding
from formats.model.dictionary.entry import Privacy
from formats.papers.paper import KIND_WORDS
from formats.tables.columns import FREE_TEXT, PARTIAL_DATE, Columns, ListColumn
from formats.tables.read import Line, has_columns, read_list
from formats.words import Words, mark

_IMAGE_WORDS = " · ".join(", ".join(f"`{word}`" for word in words) for words in KIND_WORDS.values())
DICTIONARY: Mapping[str, ListColumn] = {
    "file": ListColumn(
        Words("Fichier", "File"),
        mark(
            "File that the line describes; without one the line is taken, and a finding says that it has none."
        ),
        Words("nom à partir du répertoire, avec `/` ou `\\`", "name from the folder on, with `/` or `\\`"),
        Privacy.ADMINISTRATIVE,
        aliases=("fichier", "filename", "nom du fichier", "chemin", "path"),
        required=True,
    ),
    "number": ListColumn(
        Words("Numéro", "Number"),
        mark("Number of the patient in the practice, or the INS."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=(
            *("patient number", "numéro patient", "n° patient", "patient id", "id patient", "no patient"),
            *("n° dossier", "no dossier", "numéro dossier", "numéro de dossier", "code patient"),
        ),
        number=True,
    ),
    "family": ListColumn(
        Words("Nom", "Family name"),
        mark("Family name of the patient."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("family name", "nom", "nom de famille", "last name", "surname", "nom patient"),
    ),
    "given": ListColumn(
        Words("Prénom", "Given name"),
        mark("Given name of the patient."),
        FREE_TEXT,
        Privacy.ADMINISTRATIVE,
        aliases=("given name", "prénom", "prénom(s)", "first name", "prénom patient"),
    ),
    "birth_date": ListColumn(
        Words("Date de naissance", "Birth date"),
        mark("Birth date of the patient; what is no date becomes part of the note, and a finding says so."),
        PARTIAL_DATE,
        Privacy.ADMINISTRATIVE,
        aliases=(
            "date naissance",
            "date de naissance",
            "né le",
            "née le",
            "né(e) le",
            "date naiss.",
            "date of birth",
        ),
    ),
    "title": ListColumn(
        Words("Titre", "Title"),
        mark("What the document or image is called."),
        FREE_TEXT,
        Privacy.CARE,
        aliases=("titre", "intitulé", "libellé", "objet", "description"),
    ),
    "kind": ListColumn(
        Words("Nature", "Kind"),
        mark(
            "Category of a document; of a picture, what kind of image it is: any other word makes it a document."
        ),
        Words(
            f"texte ; d’une image, un de ces mots (un groupe par sorte d’image) : {_IMAGE_WORDS}",
            f"text; of a picture, one of these words (a group a kind of image): {_IMAGE_WORDS}",
        ),
        Privacy.CARE,
        aliases=("type", "nature", "catégorie", "category"),
    ),
    "date": ListColumn(
        Words("Date", "Date"),
        mark("When the document was made or the picture taken; it counts before the date of the camera."),
        Words(
            "date, avec l’heure si elle est connue : `2024-09-03`, `2024-09-03 14:30`, `03/09/2024`, "
            "`03/09/2024 à 14h30`",
            "date, with the time if it is known: `2024-09-03`, `2024-09-03 14:30`, `03/09/2024`, "
            "`03/09/2024 à 14h30`",
        ),
        Privacy.CARE,
        aliases=("date document", "date du document", "document date", "created"),
    ),
    "practitioner": ListColumn(
        Words("Auteur", "Author"),
        mark("Who wrote or received it; somebody whom the practice does not know becomes part of the note."),
        Words("numéro RPPS, ou nom qu’a le cabinet", "RPPS number, or the name that the practice has"),
        Privacy.CARE,
        aliases=("praticien", "praticienne", "auteur", "author"),
        number=True,
    ),
}
"""Columns of a list of documents."""
COLUMNS = Columns.of(DICTIONARY)


class ListingUnreadable(FormatFailure):
    """A folder whose list of documents cannot be found."""

    code = "papers-list"
    sentence = mark("The list of documents cannot be found: {reason}.")


def listing_lines(listing: Path) -> Iterator[Line | Finding]:
    """Yield the lines of a list of documents; raises as :func:`formats.tables.read.read_list`."""
    return read_list(listing, COLUMNS)


def is_listing(path: Path) -> bool:
    """Tell whether the first line of ``path`` names a column of files."""
    return has_columns(path, COLUMNS)
