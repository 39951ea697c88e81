"""A dossier as a transaction for a FHIR server (R4, http.html#transaction): all of it is stored, or nothing.

Each resource is put under its own identity (*update as create*), so that the same transaction twice changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from formats.errors import LimitExceeded
from formats.fhir.layout import MAX_BUNDLE_BYTES, BundleSink, as_json
from formats.fhir.records.papers import FILE_URL
from formats.fhir.write import bundle_lines
from formats.model.dossier import Dossier
from formats.words import mark

_OPENING = b'{"resourceType":"Bundle","type":"transaction","entry":[\n'
_CLOSING = b"\n]}\n"
_FILE = re.compile(f'"url":"{FILE_URL}([0-9a-f]{{64}})"')
"""Where a resource names a file; inside a text the quotation marks would be escaped."""


def write_transaction(
    dossier: Dossier, target: BundleSink, *, file_address: Callable[[str], str]
) -> tuple[int, Mapping[str, int]]:
    """Write ``dossier`` without its source rows to ``target``; return how many resources, and the records by kind.

    ``file_address`` returns where the server will have a file, by its SHA-256. The same dossier gives the same bytes.

    Raises:
        FormatFailure: when a record's identity is no FHIR id.
        LimitExceeded: when the bundle would be too large.
    """
    written: Counter[str] = Counter()
    count, total = 0, target.write(_OPENING)
    for count, (place, text) in enumerate(bundle_lines(dossier, written), 1):
        resource = _FILE.sub(lambda found: f'"url":{as_json(file_address(found[1]))}', text)
        request = as_json({"method": "PUT", "url": place})
        line = f'{"," if count > 1 else ""}{resource[:-1]},"request":{request}}}'.encode()
        total += target.write(line)
        if total > MAX_BUNDLE_BYTES:
            name = mark("the size of the bundle in bytes")
            raise LimitExceeded(where=place, name=name, found=total, limit=MAX_BUNDLE_BYTES)
    target.write(_CLOSING)
    return count, written
