"""Writing dossiers as NDJSON, one file a type of resource, with a manifest as FHIR's ``$export`` gives one.

Sources: HL7, FHIR Bulk Data Access 2.0 (hl7.fhir.uv.bulkdata): *Export - Complete Status*; https://ndjson.org.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from typing import BinaryIO, Self

from formats.digests import SHA256
from formats.errors import LimitExceeded
from formats.fhir.codes import BASE
from formats.fhir.elements import Element
from formats.fhir.exact import put_primitive
from formats.fhir.layout import MAX_ENTRY_BYTES
from formats.fhir.primitives import MOMENT
from formats.fhir_interchange.resources import (
    file_places,
    patient_resources,
    practice_resources,
    resource_text,
)
from formats.model.dossier import Dossier
from formats.words import mark

MANIFEST = "manifest.json"
MAX_LINES = 1_000_000
"""Resources of one file; more of the type go on in the next one (``Observation.2.ndjson``)."""


class NdjsonExport:
    """Writes one dossier after the other; ``open_file`` opens a new file by its name.

    A practice, a practitioner or an engagement that several dossiers have is written once.
    """

    def __init__(self, open_file: Callable[[str], BinaryIO], at: datetime) -> None:
        self._open_file = open_file
        self._at = at
        self._stack = ExitStack()
        self._streams: dict[str, BinaryIO] = {}
        self._files: dict[str, list[str]] = {}
        self._lines: Counter[str] = Counter()
        self._people: set[tuple[str, bytes]] = set()
        self.resources: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, dossier: Dossier) -> Counter[str]:
        """Write a dossier without its source rows; return how many records, by kind.

        Raises:
            FormatFailure: when a record's identity is no FHIR id.
            LimitExceeded: when a resource would be too long to be read again.
        """
        written: Counter[str] = Counter()
        for node in practice_resources(dossier):
            text = resource_text(node, {})
            known = node["id"], SHA256.hash_value(text.encode("utf-8", "surrogatepass"))
            if known not in self._people:
                self._people.add(known)
                self._write(node, text)
        places = file_places(dossier)
        for node in patient_resources(dossier, written):
            self._write(node, resource_text(node, places))
        return written

    def finish(self) -> None:
        """Write the manifest."""
        manifest: Element = {}
        put_primitive(manifest, "transactionTime", MOMENT, self._at)
        manifest |= {
            "request": f"{BASE}/$export",
            "requiresAccessToken": False,
            "output": [
                {"type": name, "url": file, "count": self._lines[file]}
                for name, files in sorted(self._files.items())
                for file in files
            ],
            "deleted": [],
            "error": [],
        }
        with self._open_file(MANIFEST) as stream:
            stream.write(json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n")

    def _write(self, node: Element, text: str) -> None:
        name, line = node["resourceType"], text.encode()
        if len(line) > MAX_ENTRY_BYTES:
            raise LimitExceeded(
                where=f"{name}/{node['id']}",
                name=mark("the length of a line in bytes"),
                found=len(line),
                limit=MAX_ENTRY_BYTES,
            )
        self._stream(name).write(line + b"\n")
        self._lines[self._files[name][-1]] += 1
        self.resources[name] += 1

    def _stream(self, name: str) -> BinaryIO:
        """Return the file of a type that is written at the moment: the first, or a new one behind a full one."""
        files = self._files.setdefault(name, [])
        if files and self._lines[files[-1]] < MAX_LINES:
            return self._streams[name]
        if files:
            self._streams[name].close()
        files.append(f"{name}.{len(files) + 1}.ndjson" if files else f"{name}.ndjson")
        self._streams[name] = self._stack.enter_context(self._open_file(files[-1]))
        return self._streams[name]
