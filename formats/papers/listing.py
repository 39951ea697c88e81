"""The list that describes a folder of documents: its columns, and how to recognise it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from formats.errors import FormatFailure
from formats.tables.read import Columns, Line, has_columns, read_list
from formats.words import mark

COLUMNS = Columns(
    aliases={
        "file": ("fichier", "filename", "nom du fichier", "chemin", "path"),
        "number": ("patient number", "numéro patient", "n° patient", "patient id", "id patient"),
        "family": ("family name", "nom", "nom de famille", "last name", "surname", "nom patient"),
        "given": ("given name", "prénom", "first name", "prénom patient"),
        "birth_date": ("date naissance", "date de naissance", "né le", "née le", "date of birth"),
        "title": ("titre", "intitulé", "libellé", "objet", "description"),
        "kind": ("type", "nature", "catégorie", "category"),
        "date": ("date document", "date du document", "document date", "created"),
        "practitioner": ("praticien", "praticienne", "auteur", "author"),
    },
    required=("file",),
)


class ListingUnreadable(FormatFailure):
    """A folder whose list of documents cannot be found."""

    code = "papers-list"
    sentence = mark("The list of documents cannot be found: {reason}.")


def listing_lines(listing: Path) -> Iterator[Line]:
    """Yield the lines of a list of documents; raises as :func:`formats.tables.read.read_list`."""
    return read_list(listing, COLUMNS)


def is_listing(path: Path) -> bool:
    """Tell whether the first line of ``path`` names a column of files."""
    return has_columns(path, COLUMNS)
