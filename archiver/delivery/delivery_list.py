"""The list beside the folders of many delivered persons: one line a dossier, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archiver.delivery.write import DeliveredDossier, DeliveredPerson
from formats.model.dictionary.entry import Privacy
from formats.model.missing import EMPTY_FILES, WITHOUT_FILE
from formats.tables.columns import FREE_TEXT, WRITTEN_DATE, ListColumn
from formats.tables.write import BYTE_ORDER_MARK, list_lines
from formats.words import Words, mark

_COUNT = Words("nombre", "number")


def _count(french: str, english: str, meaning: str) -> ListColumn:
    return ListColumn(Words(french, english), meaning, _COUNT, Privacy.CARE)


def _text(french: str, english: str, meaning: str) -> ListColumn:
    return ListColumn(Words(french, english), meaning, FREE_TEXT, Privacy.ADMINISTRATIVE)


DICTIONARY: Mapping[str, ListColumn] = {
    "place": _text(
        "Place", "Place", mark("The folder or ZIP, and in it the folder of one of several records.")
    ),
    "number": _text("Numéro", "Number", mark("Number of the patient in the practice.")),
    "family_name": _text("Nom", "Family name", mark("Name in use, or else the birth name.")),
    "given_name": _text("Prénom", "Given name", mark("Given names.")),
    "birth_date": ListColumn(
        Words("Date de naissance", "Birth date"),
        mark("Birth date, as far as it is known."),
        WRITTEN_DATE,
        Privacy.ADMINISTRATIVE,
    ),
    "practice": _text("Cabinet", "Practice", mark("The practice whose record it is.")),
    "acts": _count("Actes", "Acts", mark("Acts in the dossier.")),
    "documents": _count("Documents", "Documents", mark("Documents in the dossier.")),
    "images": _count("Images", "Images", mark("Images and imaging studies in the dossier.")),
    "files": _count("Fichiers", "Files", mark("Files of documents and images.")),
    "bytes": _count("Octets", "Bytes", mark("Bytes of these files.")),
    "without_content": _count(
        "Sans contenu", "Without content", mark("Documents and images without a file, or with an empty one.")
    ),
}
"""Columns of the list, in their order."""


def delivery_lines(persons: Iterable[DeliveredPerson]) -> Iterator[bytes]:
    """Yield the list of what was delivered, line by line; no passphrase is in it."""
    yield BYTE_ORDER_MARK
    yield from list_lines(_rows(persons))


def _rows(persons: Iterable[DeliveredPerson]) -> Iterator[tuple[str, ...]]:
    yield tuple(DICTIONARY)
    for person in persons:
        for dossier in person.dossiers:
            place = f"{person.path.name}/{dossier.folder}".rstrip("/")
            yield (place, *_who(dossier), *map(str, _counts(dossier)))


def _who(dossier: DeliveredDossier) -> tuple[str, ...]:
    traits = dossier.traits
    family = traits.get("used_family") or traits.get("family", "")
    known = (traits.get(name, "") for name in ("given", "birth_date"))
    return traits.get("number", ""), family, *known, dossier.practice


def _counts(dossier: DeliveredDossier) -> tuple[int, ...]:
    counts = dossier.counts
    images = counts["image_files"] + counts["image_studies"]
    without = counts.get(WITHOUT_FILE, 0) + counts.get(EMPTY_FILES, 0)
    return counts["acts"], counts["documents"], images, counts["files"], counts["file_bytes"], without
