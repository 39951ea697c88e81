"""The manifest of a bulk export (``$export``): of which moment it is, and how many resources each file has.

Source: HL7, FHIR Bulk Data Access 2.0 (hl7.fhir.uv.bulkdata): *Export - Complete Status*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from formats.errors import Failure
from formats.fhir.layout import decode_bundle
from formats.fhir_exports.moments import stated_moment
from formats.findings import Finding, Severity
from formats.regular_files import read_regular
from formats.words import mark, plural

MAX_BYTES = 16 << 20
"""Bytes of a manifest; one of a thousand files has some 100,000."""
_DIFFERS = plural(
    "The manifest says that this file has {stated} resource, and {found} were found: the export is not whole.",
    "The manifest says that this file has {stated} resources, and {found} were found: the export is not whole.",
    by="stated",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkManifest:
    """When the export was made, and the number of resources that is stated of each file, by its last name."""

    at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def findings(self, found: Counter[str]) -> Iterator[Finding]:
        """Yield a finding for each file of which another number of resources was ``found``, by its last name."""
        for name, stated in sorted(self.counts.items()):
            if found[name] != stated:
                yield Finding(
                    severity=Severity.ERROR,
                    code="fhir-manifest-differs",
                    where=name,
                    sentence=_DIFFERS,
                    facts={"stated": stated, "found": found[name]},
                )


def read_bulk_manifest(path: Path) -> BulkManifest | None:
    """Return the manifest at ``path``; nothing where the file is none."""
    try:
        node = decode_bundle(
            read_regular(path, MAX_BYTES, mark("the size of the manifest in bytes")), path.name
        )
    except (Failure, OSError):
        return None
    outputs = node.get("output")
    if "transactionTime" not in node or not isinstance(outputs, list):
        return None
    return BulkManifest(at=stated_moment(node, "transactionTime"), counts=dict(_counts(outputs)))


def _counts(outputs: list[Any]) -> Iterator[tuple[str, int]]:
    for one in outputs:
        address, count = (one.get("url"), one.get("count")) if isinstance(one, dict) else (None, None)
        if isinstance(address, str) and isinstance(count, int) and not isinstance(count, bool):
            try:
                name = PurePosixPath(urlsplit(address).path).name
            except ValueError:
                continue
            yield name, count
