"""Names of delivered files and folders: as they were, as far as every system takes them and none runs them."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath

from formats.errors import UnsafeName
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile
from formats.paths import folded_name, safe_path
from formats.pdlgc.endings import ENDINGS, RUNNING, ending

FOLDER = "DOCUMENTS"
"""Where documents and images that are no part of the DICOM file-set lie."""
MAX_STEM = 80
"""Characters of a name before its ending; Windows takes 260 of a whole path."""
MAX_ENDING = 5
"""Letters of the longest ending that is taken for one."""

_GUESSES = mimetypes.MimeTypes(filenames=())
"""Endings by media type as the standard library lists them, the same on every machine."""
_ACTING = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*#%]')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class OwnNames:
    """Gives each file of one dossier the name it had; two of one name are told apart by a number."""

    def __init__(self, dossier: Dossier) -> None:
        self._names = _names(dossier)
        self._taken: dict[str, int] = {}

    def __call__(self, number: int, attachment: Attachment) -> str:
        """Return the place of a file, which has ``number`` in its dossier where it has no name at all."""
        stem, kind = own_name(self._names.get(attachment.sha256, ""), attachment.media_type)
        return f"{FOLDER}/{free_name(stem or f'document {number}', kind, self._taken)}"


def free_name(stem: str, kind: str, taken: dict[str, int]) -> str:
    """Return a name that no case-insensitive disk takes for one of ``taken``, and take it.

    ``taken`` says of each name the last number that something of this name got.
    """
    first = folded_name(f"{stem}{kind}")
    count = taken.get(first, 0)
    while True:
        count += 1
        name = f"{stem}{f' ({count})' if count > 1 else ''}{kind}"
        if folded_name(name) not in taken:
            taken[folded_name(name)] = 1
            taken[first] = count
            return name


def own_name(original: str, media_type: str) -> tuple[str, str]:
    """Return a name without its ending, which may be empty, and the ending with its dot.

    The ending is the one the file had where it says what the bytes are, else that of its media type behind it.
    """
    path = PurePosixPath(original.replace("\\", "/"))
    stem, kind = path.stem, path.suffix
    if not kind or not _says(kind, media_type):
        stem, kind = path.name, f".{ending(media_type, original).lower()}"
    return safe_stem(stem), kind


def _says(kind: str, media_type: str) -> bool:
    """Tell whether an ending says what the bytes are, and nothing runs on a double click."""
    known = media_type.partition(";")[0].strip().lower()
    letters = kind[1:].upper()
    if letters in RUNNING or len(letters) > MAX_ENDING or not (letters.isascii() and letters.isalnum()):
        return False
    usual = ENDINGS.get(known)
    if usual == letters:
        return True
    guessed, _ = _GUESSES.guess_type(f"x{kind.lower()}")
    return guessed == known and usual not in {None, "TXT"}


def safe_stem(text: str) -> str:
    """Return ``text`` as a part of a path on every system; nothing of it acts on a terminal or turns around."""
    plain = unicodedata.normalize("NFC", text)
    plain = "".join("_" if unicodedata.category(one) in _UNSEEN else one for one in plain)
    plain = " ".join(_ACTING.sub("_", plain).split())[:MAX_STEM].strip(" .")
    if not plain:
        return ""
    try:
        safe_path(plain)
    except UnsafeName:  # a name that Windows reserves
        return f"_{plain}"
    return plain


def _names(dossier: Dossier) -> Mapping[str, str]:
    """Return the name each file had, by its SHA-256, else the title of its record."""
    holders: tuple[Document | ImageFile, ...] = (*dossier.documents, *dossier.image_files)
    found: dict[str, str] = {}
    for holder in holders:
        name = holder.original_name or holder.title
        if holder.attachment and name:
            found.setdefault(holder.attachment.sha256, name)
    return found
