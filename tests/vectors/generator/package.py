"""Whole packages from scratch: container, lists, signature, keyring, units; every step can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from tests.vectors.generator import age, dossier, people, practice, unit
from tests.vectors.generator.chance import passphrase, salt, seeded, unit_id
from tests.vectors.generator.cms import signature as signed
from tests.vectors.generator.zips import Member, built, plain

PACKAGE = "urn:exemple:hostile:1"
MIMETYPE = b"application/vnd.etsi.asic-e+zip"
ASIC, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"
ASIC_NAMESPACE = "http://uri.etsi.org/02918/v1.2.1#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
NONCE = seeded("keyring nonce", 32)
LABELS = ("a", "b")
"""The patients; the practice's unit comes behind them."""
PRACTICE = "practice"
TERM = "2047-01-01"
TERMS = ("legal_ground", "controller_before", "controller_after", "sender", "receiver")
"""What the first line of a keyring repeats of the manifest."""

Parts = dict[str, bytes]
Row = dict[str, Any]


@cache
def archive_of(label: str) -> bytes:
    return dossier.archive(label)


@cache
def sealed_unit(label: str) -> bytes:
    return unit.sealed(archive_of(label), label)


@cache
def practice_unit() -> bytes:
    """Return the sealed unit of the practice."""
    return unit.sealed(practice.archive(), PRACTICE, name=b"TRANSV.ZIP")


def with_practice(units: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return ``units`` with that of the practice behind them."""
    return {**units, unit_id(PRACTICE): practice_unit()}


def base_units() -> dict[str, bytes]:
    """Return the sealed units by their identifier, the practice's last."""
    return with_practice({unit_id(label): sealed_unit(label) for label in LABELS})


def entry(label: str, archive: bytes | None = None) -> Row:
    """Return the keyring's line about ``label``."""
    data = archive_of(label) if archive is None else archive
    return {
        "unit": unit_id(label),
        "member": "PAT00001.ZIP",
        "passphrase": passphrase(label),
        "plain_sha256": hashlib.sha256(data).hexdigest(),
        "plain_size": len(data),
        "patient": dossier.traits(label),
        "counts": {**dossier.COUNTS, "file_bytes": len(dossier.letter(label))},
        "salt": salt(label),
        "destroy_from": TERM,
        "hold": False,
    }


def practice_entry() -> Row:
    """Return the keyring's line about the practice, which is no leaf and has no salt."""
    archive = practice.archive()
    return {
        "unit": unit_id(PRACTICE),
        "member": "TRANSV.ZIP",
        "passphrase": passphrase(PRACTICE),
        "plain_sha256": hashlib.sha256(archive).hexdigest(),
        "plain_size": len(archive),
        "patient": None,
        "counts": practice.COUNTS,
        "salt": None,
        "destroy_from": TERM,
        "hold": False,
    }


def base_entries() -> list[Row]:
    return [*(entry(label) for label in LABELS), practice_entry()]


def line(row: Mapping[str, Any]) -> bytes:
    """Return ``row`` in canonical JSON."""
    return dossier.canonical(row) + b"\n"


def first_line(package: str = PACKAGE, **lie: Any) -> bytes:
    """Return the first line of a keyring of the base manifest, in another ``package``."""
    return first_line_of({**base_manifest({}, b""), "package": package}, **lie)


def first_line_of(document: Any, **lie: Any) -> bytes:
    """Return the first line of the keyrings of the revision with the manifest ``document``, as far as it goes."""
    row = {**base_manifest({}, b""), **(document if isinstance(document, dict) else {})}
    signers = [one.get("certificate") for one in row["signatures"] if isinstance(one, dict)]
    facts = {
        "keyring": 1,
        "package": row["package"],
        "revision": row.get("revision", 1),
        "nonce": base64.urlsafe_b64encode(NONCE).decode().rstrip("="),
        "signers": signers,
        **{key: row[key] for key in TERMS},
    }
    return line({**facts, **lie})


def revision_mac(document: Row) -> str:
    """Return what proves that whoever made a later revision knows the nonce."""
    return hmac.digest(NONCE, first_line_of(document), "sha256").hex()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle Tree Hash (RFC 9162, 2.1.1), as it is defined."""
    if len(leaves) < 2:
        return hashlib.sha256(b"".join(b"\0" + one for one in leaves)).digest()
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + merkle_root(leaves[:left]) + merkle_root(leaves[left:])).digest()


def patients_commitment(units: Mapping[str, bytes], rows: Sequence[Mapping[str, Any]]) -> Row:
    """Return the commitment to the patients among ``rows``, in the order of ``units``."""
    known = {row["unit"]: row for row in rows if row.get("patient") is not None}
    keys = ("patient", "plain_sha256", "salt", "unit")
    leaves = [dossier.canonical({key: known[one].get(key) for key in keys}) for one in units if one in known]
    return {"root": merkle_root(leaves).hex(), "size": max(len(units) - 1, 0)}


def signatures(*signings: Mapping[str, Any]) -> list[Row]:
    """Return what a manifest states of signatures that are made as ``signings``."""
    return [
        {
            "certificate": hashlib.sha256(one.get("by", people.signer()).der).hexdigest(),
            "timestamp": bool(one.get("stamp", True)),
            "revocation": bool(one.get("crls", ())),
        }
        for one in signings
    ]


def with_units(row: Row, units: Sequence[Row]) -> Row:
    """Return the manifest ``row`` with other units, and as many patients committed to."""
    patients = {**row["patients_commitment"], "size": len(units) - 1}
    return {**row, "units": list(units), "patients_commitment": patients}


def index(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return b"".join(line(row) for row in rows)


def commitment(plaintext: bytes) -> str:
    """Return what the manifest says about the index ``plaintext``."""
    return hashlib.sha512(NONCE + plaintext).hexdigest()


def base_manifest(
    units: Mapping[str, bytes],
    index_of: bytes,
    rows: Sequence[Mapping[str, Any]] = (),
    signing: Mapping[str, Any] | None = None,
) -> Row:
    """Return the public manifest of ``units``, whose keyring has ``rows``, signed as ``signing`` tells."""
    clinic = {
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
        "controller_before": clinic,
        "controller_after": None,
        "sender": clinic,
        "receiver": None,
        "scope": {"kind": "roster", "left_out": {"patients": 7}},
        "counts": {"patients": 2, "documents": 2, "source_rows": 2, "files": 2, "file_bytes": letters},
        "keyrings": ["keyring.age"],
        "keyring_commitment": commitment(index_of),
        "patients_commitment": patients_commitment(units, rows),
        "signatures": signatures(signing or {}),
        "units": [
            {
                "id": key,
                "member": f"units/{key}.zip",
                "size": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
                "destroy_from": TERM,
                "hold": False,
            }
            for key, data in units.items()
        ],
    }


def sums_of(parts: Mapping[str, bytes]) -> bytes:
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in parts.items()).encode()


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
    asic_options: Mapping[str, str] | None = None,
    signing: Mapping[str, Any] | None = None,
    signature: Callable[[bytes], bytes] = same,
    parts: Callable[[Parts], Parts] = same,
    members: Callable[[list[Member]], list[Member]] = same,
    **options: Any,
) -> bytes:
    """Return a package; each argument makes one step lie, and all later steps honestly cover the lie.

    ``parts`` changes members after everything was signed, ``members`` and ``options``
    change the container around them.
    """
    contents = whole_parts(
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
        asic_options=asic_options,
        signing=signing,
        signature=signature,
    )
    return built(members([plain(name, data) for name, data in parts(contents).items()]), **options)


def whole_parts(**changes: Any) -> Parts:
    """Return every member of a package by its name; see ``package``."""
    units = base_units() if changes.get("units") is None else changes["units"]
    rows = base_entries() if changes.get("entries") is None else changes["entries"]
    index_data = index(rows) if changes.get("index_bytes") is None else changes["index_bytes"]
    document = base_manifest(units, index_data, rows, changes.get("signing"))
    if changes.get("committed") is not None:
        document["keyring_commitment"] = changes["committed"]
    document = changes.get("manifest", same)(document)
    first = first_line_of(document) if changes.get("first") is None else changes["first"]
    keyring = age.file(first + index_data) if changes.get("keyring") is None else changes["keyring"]
    parts: Parts = {"mimetype": MIMETYPE, "README.TXT": b"LISEZ-MOI\r\n"}
    parts |= changes.get("pages") or {}
    parts |= {f"units/{key}.zip": data for key, data in units.items()}
    parts["keyring.age"] = keyring
    raw = json.dumps(document, ensure_ascii=False, indent=1).encode()
    parts["manifest.json"] = changes.get("manifest_bytes", same)(raw)
    parts["SHA256SUMS"] = changes.get("sums", same)(sums_of(changes.get("summed", same)(dict(parts))))
    listed = [reference(name, data) for name, data in parts.items() if name != "mimetype"]
    xml = asic_manifest(changes.get("references", same)(listed), **(changes.get("asic_options") or {}))
    parts[ASIC] = changes.get("asic", same)(xml)
    parts[SIGNATURE] = changes.get("signature", same)(signed(parts[ASIC], **(changes.get("signing") or {})))
    return parts
