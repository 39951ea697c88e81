"""Whole packages from scratch: container, lists, signature, keyring, units; every step can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from tests.vectors.generator import age, dossier, unit
from tests.vectors.generator.chance import passphrase, seeded, unit_id
from tests.vectors.generator.cms import signature as signed
from tests.vectors.generator.zips import Member, built, plain

PACKAGE = "urn:exemple:hostile:1"
MIMETYPE = b"application/vnd.etsi.asic-e+zip"
ASIC, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"
ASIC_NAMESPACE = "http://uri.etsi.org/02918/v1.2.1#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
NONCE = seeded("keyring nonce", 32)
LABELS = ("a", "b")

Parts = dict[str, bytes]
Row = dict[str, Any]


@cache
def archive_of(label: str) -> bytes:
    return dossier.archive(label)


@cache
def sealed_unit(label: str) -> bytes:
    return unit.sealed(archive_of(label), label)


def base_units() -> dict[str, bytes]:
    """Return the sealed units by their identifier."""
    return {unit_id(label): sealed_unit(label) for label in LABELS}


def entry(label: str, archive: bytes | None = None) -> Row:
    """Return the keyring's line about ``label``."""
    held = archive_of(label) if archive is None else archive
    return {
        "unit": unit_id(label),
        "member": "PAT00001.ZIP",
        "passphrase": passphrase(label),
        "plain_sha256": hashlib.sha256(held).hexdigest(),
        "plain_size": len(held),
        "patient": {"family": f"EXEMPLE {label.upper()}", "id": f"p-{label}"},
        "counts": {**dossier.COUNTS, "file_bytes": len(dossier.letter(label))},
    }


def base_entries() -> list[Row]:
    return [entry(label) for label in LABELS]


def line(row: Mapping[str, Any]) -> bytes:
    """Return ``row`` in canonical JSON."""
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def first_line(package: str = PACKAGE) -> bytes:
    """Return the first line of a keyring."""
    nonce = base64.urlsafe_b64encode(NONCE).decode().rstrip("=")
    return line({"keyring": 1, "package": package, "nonce": nonce})


def index(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return b"".join(line(row) for row in rows)


def commitment(held: bytes) -> str:
    """Return what the manifest says about the index ``held``."""
    return hashlib.sha512(NONCE + held).hexdigest()


def base_manifest(units: Mapping[str, bytes], index_of: bytes) -> Row:
    """Return the public manifest."""
    practice = {
        "name": "SELARL Exemple",
        "identifiers": [{"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1999999999"}],
    }
    letters = sum(len(dossier.letter(label)) for label in LABELS)
    return {
        "format": "1",
        "package": PACKAGE,
        "set": None,
        "created": "2026-03-01T09:30:00+00:00",
        "legal_ground": "collaboration",
        "controller_before": practice,
        "controller_after": None,
        "sender": practice,
        "receiver": None,
        "scope": {"kind": "roster", "left_out": {"patients": 7}},
        "counts": {"patients": 2, "documents": 2, "source_rows": 2, "files": 2, "file_bytes": letters},
        "keyrings": ["keyring.age"],
        "keyring_commitment": commitment(index_of),
        "units": [
            {
                "id": key,
                "member": f"units/{key}.zip",
                "size": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
                "destroy_from": "2047-01-01",
                "hold": False,
            }
            for key, data in units.items()
        ],
    }


def sums_of(held: Mapping[str, bytes]) -> bytes:
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in held.items()).encode()


def reference(name: str, data: bytes, *, algorithm: str = SHA256, digest: bytes | None = None) -> str:
    """Return the ASiC manifest's element about one data object."""
    value = base64.b64encode(hashlib.sha256(data).digest() if digest is None else digest).decode()
    return (
        f'<DataObjectReference URI="{name}" MimeType="application/octet-stream">'
        f'<ds:DigestMethod Algorithm="{algorithm}"/><ds:DigestValue>{value}</ds:DigestValue>'
        "</DataObjectReference>"
    )


def asic_manifest(
    references: Sequence[str], *, before: str = "", inside: str = "", signature: str = SIGNATURE
) -> bytes:
    """Return the ASiC manifest; ``before`` stands before its root, ``inside`` before its end."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        f'<ASiCManifest xmlns="{ASIC_NAMESPACE}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
        f'<SigReference URI="{signature}" MimeType="application/pkcs7-signature"/>'
        f"{''.join(references)}{inside}</ASiCManifest>"
    ).encode()


def same(value: Any) -> Any:
    return value


def package(
    *,
    units: Mapping[str, bytes] | None = None,
    entries: Sequence[Mapping[str, Any]] | None = None,
    index_bytes: bytes | None = None,
    first: bytes | None = None,
    committed: str | None = None,
    keyring: bytes | None = None,
    pages: Mapping[str, bytes] | None = None,
    manifest: Callable[[Row], Any] = same,
    manifest_bytes: Callable[[bytes], bytes] = same,
    sums: Callable[[bytes], bytes] = same,
    summed: Callable[[Parts], Parts] = same,
    references: Callable[[list[str]], list[str]] = same,
    asic: Callable[[bytes], bytes] = same,
    asic_told: Mapping[str, str] | None = None,
    signing: Mapping[str, Any] | None = None,
    signature: Callable[[bytes], bytes] = same,
    parts: Callable[[Parts], Parts] = same,
    members: Callable[[list[Member]], list[Member]] = same,
    **told: Any,
) -> bytes:
    """Return a package; each argument makes one step lie, and all later steps honestly cover the lie.

    ``parts`` changes members after everything was signed, ``members`` and ``told``
    change the container around them.
    """
    held = whole_parts(
        units=units,
        entries=entries,
        index_bytes=index_bytes,
        first=first,
        committed=committed,
        keyring=keyring,
        pages=pages,
        manifest=manifest,
        manifest_bytes=manifest_bytes,
        sums=sums,
        summed=summed,
        references=references,
        asic=asic,
        asic_told=asic_told,
        signing=signing,
        signature=signature,
    )
    return built(members([plain(name, data) for name, data in parts(held).items()]), **told)


def whole_parts(**told: Any) -> Parts:
    """Return every member of a package by its name; see ``package``."""
    units = base_units() if told.get("units") is None else told["units"]
    rows = base_entries() if told.get("entries") is None else told["entries"]
    held_index = index(rows) if told.get("index_bytes") is None else told["index_bytes"]
    first = first_line() if told.get("first") is None else told["first"]
    keyring = age.file(first + held_index) if told.get("keyring") is None else told["keyring"]
    document = base_manifest(units, held_index)
    if told.get("committed") is not None:
        document["keyring_commitment"] = told["committed"]
    document = told.get("manifest", same)(document)
    held: Parts = {"mimetype": MIMETYPE, "README.TXT": b"LISEZ-MOI\r\n"}
    held |= told.get("pages") or {}
    held |= {f"units/{key}.zip": data for key, data in units.items()}
    held["keyring.age"] = keyring
    raw = json.dumps(document, ensure_ascii=False, indent=1).encode()
    held["manifest.json"] = told.get("manifest_bytes", same)(raw)
    held["SHA256SUMS"] = told.get("sums", same)(sums_of(told.get("summed", same)(dict(held))))
    listed = [reference(name, data) for name, data in held.items() if name != "mimetype"]
    xml = asic_manifest(told.get("references", same)(listed), **(told.get("asic_told") or {}))
    held[ASIC] = told.get("asic", same)(xml)
    held[SIGNATURE] = told.get("signature", same)(signed(held[ASIC], **(told.get("signing") or {})))
    return held
