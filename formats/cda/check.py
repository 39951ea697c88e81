"""The checker of clinical documents: whether one can be read, and what would be noticed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from formats.cda.document import MAX_DOCUMENT_BYTES, custodian, patient_of, read_document
from formats.cda.items import Holder, document_items
from formats.errors import LimitExceeded
from formats.findings import Finding
from formats.words import mark


def check_document(source: BinaryIO, /) -> Iterator[Finding]:
    """Read the clinical document in ``source`` to its end, and yield what is noticed.

    Raises:
        NotClinicalDocument, FormatFailure: as ``read_document``.
    """
    data = source.read(MAX_DOCUMENT_BYTES + 1)
    if len(data) > MAX_DOCUMENT_BYTES:
        name = mark("the size of the XML in bytes")
        raise LimitExceeded(name=name, found=len(data), limit=MAX_DOCUMENT_BYTES)
    document = read_document(data)
    practice = custodian(document)
    holder = Holder(practice=practice, patient=patient_of(document, practice), system="cda", known=set())
    items = document_items(document, holder, place="CDA", name="", open_file=lambda: io.BytesIO(data))
    yield from (one for one in items if isinstance(one, Finding))
