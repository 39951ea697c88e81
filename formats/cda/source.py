"""Clinical documents as a source, told by the first bytes of the first files at a place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path

from formats.cda.document import HEAD, is_clinical_document
from formats.folders import files_below
from formats.reading import Item, SourceDescription
from formats.regular_files import open_regular
from formats.words import mark

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


def open_clinical_documents(place: str, /) -> AbstractContextManager[Iterator[Item]]:
    """Give what the clinical documents at ``place`` hold; raises as ``formats.cda.read.read_documents``."""
    from formats.cda.read import read_documents

    return nullcontext(read_documents(Path(place)))


SOURCE = SourceDescription(
    title=mark("Clinical documents (CDA)"), open=open_clinical_documents, recognize=is_cda, outside=True
)
