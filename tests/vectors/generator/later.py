"""Packages that more than one hand wrote: later revisions, second signatures, evidence records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from tests.vectors.generator import people
from tests.vectors.generator.cms import signature as signed
from tests.vectors.generator.package import (
    ASIC,
    SIGNATURE,
    Parts,
    Row,
    asic_manifest,
    reference,
    revision_mac,
    same,
    signatures,
    whole_parts,
)
from tests.vectors.generator.records import record_over
from tests.vectors.generator.zips import built, plain

CO_ASIC, CO_SIGNATURE = "META-INF/ASiCManifest002.xml", "META-INF/signature002.p7s"
REVISION_PARTS = ("manifest.json", "SHA256SUMS", ASIC, SIGNATURE)
"""What a revision says of itself, and the next one keeps."""


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return the container that holds ``parts``."""
    return built([plain(name, data) for name, data in parts.items()])


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# -- later revisions ----------------------------------------------------------------------


def revised(
    before: Parts | None = None,
    *,
    revision: Any = 2,
    replaces: Any = None,
    mac: Any = None,
    previous: Callable[[Parts], Parts] = same,
    manifest: Callable[[Row], Any] = same,
    pages: Mapping[str, bytes] | None = None,
    **options: Any,
) -> Parts:
    """Return the revision that follows ``before``; ``previous`` changes what it keeps of it, and is signed.

    ``options`` is what ``whole_parts`` takes besides.
    """
    earlier = whole_parts() if before is None else before
    folder = f"previous/{revision - 1:03}" if isinstance(revision, int) else "previous/001"
    earlier_parts = {name: data for name, data in earlier.items() if name.startswith("previous/")}
    earlier_parts |= {f"{folder}/{name}": earlier[name] for name in REVISION_PARTS}
    digest = sha256(earlier["manifest.json"]) if replaces is None else replaces

    def change(row: Row) -> Any:
        document = manifest({**row, "revision": revision, "replaces": digest})
        return {"revision_mac": revision_mac(document) if mac is None else mac, **document}

    return whole_parts(pages={**(pages or {}), **previous(earlier_parts)}, manifest=change, **options)


# -- second signatures --------------------------------------------------------------------


def colleague() -> people.Person:
    """The practitioner who signs as well."""
    return people.person("Dr Paul Exemple", issuer=people.root())


def co_signed(
    *,
    by: people.Person | None = None,
    named: Callable[[list[str]], Any] = same,
    references: Callable[[list[str]], list[str]] = same,
    target: str = CO_SIGNATURE,
    over: str = CO_ASIC,
    signing: Mapping[str, Any] | None = None,
    first: Mapping[str, Any] | None = None,
    first_line: bytes | None = None,
    **options: Any,
) -> Parts:
    """Return a package that two signed; ``named`` are the fingerprints the manifest tells.

    ``options`` is what ``whole_parts`` takes besides.
    """
    second = by or colleague()
    stated = signatures({}, {"by": second, **(signing or {})})
    first_options = first or {}
    stated[0].update(
        timestamp=bool(first_options.get("stamp", True)), revocation=bool(first_options.get("crls", ()))
    )
    signers = named([one["certificate"] for one in stated])

    def change(row: Row) -> Row:
        if signers is None:
            return row
        if isinstance(signers, str):
            return {**row, "signatures": signers}
        spare = [*stated, stated[-1]]
        rows = [{**one, "certificate": name} for one, name in zip(spare, signers, strict=False)]
        return {**row, "signatures": rows}

    parts = whole_parts(manifest=change, signing=first, first=first_line, **options)
    listed = [
        reference(name, data) for name, data in parts.items() if name not in {"mimetype", ASIC, SIGNATURE}
    ]
    parts[CO_ASIC] = asic_manifest(references(listed), signature=target)
    parts[CO_SIGNATURE] = signed(parts[over], by=second, **(signing or {}))
    return parts


# -- evidence -----------------------------------------------------------------------------


def evidence_members(number: int = 1) -> tuple[str, str]:
    """Return where the list and the record of that number lie."""
    return (
        f"META-INF/ASiCEvidenceRecordManifest{number:03}.xml",
        f"META-INF/evidencerecord{number:03}.ers",
    )


def evidenced(
    before: Parts | None = None,
    *,
    number: int = 1,
    listed: Callable[[Parts], Parts] = same,
    references: Callable[[list[str]], list[str]] = same,
    target: str | None = None,
    covered: Callable[[list[bytes]], list[bytes]] = same,
    record: Callable[[bytes], bytes] = same,
    xml: Callable[[bytes], bytes] = same,
    **options: Any,
) -> Parts:
    """Return ``before`` with an evidence record; every step can be told to lie.

    ``listed`` changes what the list speaks of, ``covered`` what the record holds, ``options`` its token.
    """
    parts = dict(whole_parts() if before is None else before)
    place, member = evidence_members(number)
    spoken = listed({name: data for name, data in parts.items() if "vidence" not in name})
    lines = [reference(name, data) for name, data in spoken.items()]
    digests = covered([hashlib.sha256(data).digest() for data in spoken.values()])
    parts[place] = xml(asic_manifest(references(lines), signature=target or member))
    parts[member] = record(record_over(digests, **options))
    return parts
