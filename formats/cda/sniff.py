"""Whether a place holds clinical documents, told by the first bytes of the first files there."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from formats.cda.document import HEAD, is_clinical_document
from formats.folders import files_below
from formats.regular_files import open_regular

LOOKED_AT = 500
"""Files of a folder that are looked at."""


def is_cda(place: str) -> bool:
    """Tell whether ``place`` is a clinical document, or a folder in which one lies."""
    path = Path(place)
    if path.is_file():
        return _is_document(path)
    if not path.is_dir():
        return False
    return any(isinstance(one, Path) and _is_document(one) for one in islice(files_below(path), LOOKED_AT))


def _is_document(path: Path) -> bool:
    try:
        with open_regular(path) as stream:
            return is_clinical_document(stream.read(HEAD))
    except OSError:
        return False
