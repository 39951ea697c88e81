"""MANIFEST.XML of a portability archive, and MANIFEST.JSON of its earliest layout, as anybody writes them.

Every name that the guide had, in its text, its model and its example, is taken, in any case of letters (PDLGC 0.1.0 of
September and July 2026, and its June branch). A manifest that is not well-formed is read as far as it goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from formats import xml
from formats.digests import Digest, DigestMalformed
from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark
from formats.xml import Element

MAX_MANIFEST_BYTES = 64 << 20
"""An entry takes some 300 bytes; 99,999 patients of one archive are 30 MB."""
MAX_ENTRIES = 200_000
"""Archives that a manifest lists; five digits tell 99,999 patients apart."""

_ALIASES: Mapping[str, frozenset[str]] = {
    "export": frozenset({"exportid", "idexport", "identifiantexport"}),
    "type": frozenset({"exporttype", "typeexport"}),
    "status": frozenset({"exportstatus", "statutexport"}),
    "comments": frozenset({"comments", "commentaires"}),
    "made": frozenset({"extracttime", "exportdate", "dateexport"}),
    "author": frozenset({"author", "editeursortant", "fournisseursortant"}),
    "institution": frozenset({"institution", "raisonsociale", "denominationeg", "name", "nom"}),
    "number": frozenset({"idnatstruc", "idnatstruct", "numsiret"}),
    "system": frozenset({"lgcsystem", "logiciel", "application"}),
    "patients": frozenset({"patientarchivecount"}),
    "transverse": frozenset({"transversearchivecount"}),
    "archive": frozenset({"archive"}),
}
_ENTRY: Mapping[str, frozenset[str]] = {
    "id": frozenset({"archiveid", "idarchive", "nom", "name"}),
    "type": frozenset({"type"}),
    "patient": frozenset({"patientid", "idpatient"}),
    "size": frozenset({"size", "taille"}),
    "hash": frozenset({"hash", "metadatahash", "empreinte"}),
}
_TRANSVERSE = frozenset({"TRANSV", "TRANSVERSE", "TRANVERSE", "SUBSET_TR"})
"""How an archive beside those of patients is called; the third is the misprint of the July text."""
_DIGITS = re.compile(r"\d{1,18}", re.ASCII)


class NotManifest(FormatFailure):
    """A manifest that lists nothing."""

    code = "pdlgc-manifest"
    sentence = mark("The manifest of the portability archive cannot be read: nothing of it is listed.")


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveEntry:
    """One archive that the manifest lists; ``name`` is in capitals, without ``.ZIP``.

    ``size`` in bytes and ``digest`` (SHA-256) are what it states, if it does.
    """

    name: str
    transverse: bool
    patient: str = ""
    size: int | None = None
    digest: Digest | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportManifest:
    """What a manifest says; ``fault`` is where it is not well-formed, ``counts`` what it counts itself."""

    export: str = ""
    type: str = ""
    status: str = ""
    institution: str = ""
    number: str = ""
    system: str = ""
    entries: tuple[ArchiveEntry, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    fault: str = ""


def read_export_manifest(data: bytes, what: str) -> ExportManifest:
    """Return what a manifest says, in XML or JSON.

    Raises:
        NotManifest: when it lists nothing.
        LimitExceeded: when it is longer, or lists more, than any.
        FormatFailure: when nothing of it can be read, or it carries a DTD.
    """
    if len(data) > MAX_MANIFEST_BYTES:
        name = mark("the size of the XML in bytes")
        raise LimitExceeded(where=what, name=name, found=len(data), limit=MAX_MANIFEST_BYTES)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        pairs, fault = list(_json_pairs(data, what)), ""
    else:
        root, fault = xml.parse_recovered(data, what=what, limit=MAX_MANIFEST_BYTES)
        pairs = list(_xml_pairs(root))
    found = _manifest(pairs, fault, what)
    if not found.entries and not found.export:
        raise NotManifest(where=what)
    return found


Pair = tuple[str, str]
"""A name in lower case, and a text, in the order of the document; an archive begins with the pair of its identifier."""


def _xml_pairs(root: Element) -> Iterator[Pair]:
    for one in root.iter():
        if isinstance(one.tag, str):
            yield one.tag.rsplit("}", 1)[-1].casefold(), (one.text or "").strip()


def _json_pairs(data: bytes, what: str) -> Iterator[Pair]:
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise FormatFailure(where=what, format="JSON") from fault
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        name, one = waiting.pop()
        if isinstance(one, dict):
            yield name, ""
            waiting.extend((str(key).casefold(), inner) for key, inner in reversed(one.items()))
        elif isinstance(one, list):
            waiting.extend((name, inner) for inner in reversed(one))
        else:
            yield name, "" if one is None else str(one).strip()


def _manifest(pairs: list[Pair], fault: str, what: str) -> ExportManifest:
    known: dict[str, str] = {}
    entries: list[dict[str, str]] = []
    for name, text in pairs:
        if name in _ENTRY["id"] and _archive_name(text):
            if len(entries) == MAX_ENTRIES:
                limit = mark("the number of archives in the manifest")
                raise LimitExceeded(where=what, name=limit, found=MAX_ENTRIES + 1, limit=MAX_ENTRIES)
            entries.append({"id": text})
            continue
        part = _part(name, _ENTRY) if entries else ""
        if part and text:
            entries[-1].setdefault(part, text)
            continue
        part = _part(name, _ALIASES)
        if part and text:
            known.setdefault(part, text)
    return ExportManifest(
        export=known.get("export", ""),
        type=known.get("type", "").upper(),
        status=known.get("status", "").upper(),
        institution=_first(known.get("institution", "")),
        number=known.get("number", "") or _last(known.get("institution", "")),
        system=known.get("system", ""),
        entries=tuple(map(_entry, entries)),
        counts=dict(_counts(known)),
        fault=fault,
    )


def _counts(known: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield how many archives the manifest counts of each kind."""
    for name in ("patients", "transverse"):
        if _DIGITS.fullmatch(known.get(name, "")):
            yield name, int(known[name])


def _part(name: str, names: Mapping[str, frozenset[str]]) -> str:
    return next((part for part, aliases in names.items() if name in aliases), "")


def _archive_name(text: str) -> str:
    """Return the name of an archive as it is listed, in capitals and without ``.ZIP``; nothing for another text."""
    name = text.upper().removesuffix(".ZIP").strip('"')
    return name if name in _TRANSVERSE or re.fullmatch(r"PAT\d{1,9}", name, re.ASCII) else ""


def _entry(found: Mapping[str, str]) -> ArchiveEntry:
    name = _archive_name(found["id"])
    size = found.get("size", "")
    return ArchiveEntry(
        name=name,
        transverse=is_transverse(name),
        patient=found.get("patient", "").strip('"'),
        size=int(size) if _DIGITS.fullmatch(size) else None,
        digest=_digest(found.get("hash", "")),
    )


def _digest(text: str) -> Digest | None:
    try:
        return Digest.from_hex(text.strip('"').lower())
    except DigestMalformed:
        return None


def is_transverse(name: str) -> bool:
    """Tell whether an archive or folder of this name is the one beside those of patients."""
    return name.upper().removesuffix(".ZIP") in _TRANSVERSE


def _first(text: str) -> str:
    """Return the name in an XON, or the text."""
    return text.strip('"').split("^", 1)[0]


def _last(text: str) -> str:
    """Return the number in an XON, if it has one."""
    return "".join(text.strip('"').split("^")[9:10])
