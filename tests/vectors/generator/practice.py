"""Plain practice-level archives of a fictive practice, each part replaceable."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.vectors.generator.dossier import (
    OWN,
    SUMS,
    Parts,
    bundle as dossier_bundle,
    members,
    resource,
    sums,
)
from tests.vectors.generator.zips import Member, built

README = b"DONNEES DU CABINET\r\n"
PRACTICE, ROSTER, LEFT_OUT, TERMS, SIGNATURES, RETENTION, MISSING, SOURCE = (
    "DATA/PRACTICE.JSO",
    "DATA/ROSTER.CSV",
    "DATA/LEFTOUT.CSV",
    "DATA/TERMS.CSV",
    "DATA/SIGNED.CSV",
    "DATA/RETAIN.CSV",
    "DATA/MISSING.CSV",
    "DATA/SOURCE.NDJ",
)
ROSTER_HEADING = ("patient_number", "family_name", "given_name", "practitioner_rpps")
LEFT_OUT_HEADING = ("what", "count", "meaning_fr", "meaning_en")
TERMS_HEADING = ("term", "value", "meaning_fr", "meaning_en")
SIGNATURES_HEADING = ("party", "signer", "number", "fingerprint", "signed_at", "sha256")
RETENTION_HEADING = (
    "unit",
    "patient",
    "patient_number",
    "family_name",
    "given_name",
    "kept_until",
    "destroy_from",
    "rule",
    "source",
    "implausible",
    "meaning_fr",
    "meaning_en",
)
MISSING_HEADING = (
    "unit",
    "patient",
    "patient_number",
    "what",
    "missing",
    "of",
    "reason",
    "meaning_fr",
    "meaning_en",
)
COUNTS = {"missing": 1, "practitioners": 1, "retention": 1, "roster": 2, "source_rows": 1}


def practitioner(key: str = "anne", **more: Any) -> dict[str, Any]:
    """Return the entry of somebody who works there."""
    name = [{"family": "EXEMPLE", "given": ["Anne"], "prefix": ["Dr"]}]
    return resource("practitioners", "Practitioner", key, **{"name": name, "active": True, **more})


def role(of: str = "anne", key: str = "r-anne", **more: Any) -> dict[str, Any]:
    """Return the entry of an engagement."""
    elements = {
        "practitioner": {"reference": f"Practitioner/{of}"},
        "organization": {"reference": "Organization/cabinet"},
        "period": {"start": "2020-01-01"},
    }
    return resource("practitioner-roles", "PractitionerRole", key, **{**elements, **more})


def bundle() -> dict[str, Any]:
    """Return the FHIR bundle of the practice."""
    entries = [dossier_bundle("a")["entry"][0], practitioner(), role()]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def lines(entries: Sequence[Mapping[str, Any]] | None = None) -> bytes:
    """Return the bundle with one entry a line, as a writer of ours lays it out."""
    head = {
        "resourceType": "Bundle",
        "meta": {"tag": [{"system": f"{OWN}CodeSystem/bundle-layout", "code": "one-entry-per-line"}]},
        "type": "collection",
    }
    entries_of_bundle = bundle()["entry"] if entries is None else entries
    body = b",\n".join(json.dumps(one).encode() for one in entries_of_bundle)
    return json.dumps(head).encode()[:-1] + b',"entry":[\n' + body + b"\n]}\n"


def source_row(**more: Any) -> dict[str, Any]:
    """Return the one source row, which is no patient's."""
    fields = {"id": "r-cabinet", "system": "exemple", "table": "preference", "key": "1", "columns": {"a": 1}}
    return {**fields, "records": [], **more}


def table(heading: Sequence[str], *rows: Sequence[str]) -> bytes:
    """Return a table with its heading."""
    written = ("".join((";".join(f'"{cell}"' for cell in row), "\r\n")) for row in (heading, *rows))
    return b"\xef\xbb\xbf" + "".join(written).encode()


def roster(*rows: Sequence[str]) -> bytes:
    """Return the list of those who leave: two patients, or ``rows``."""
    honest = (("1", "EXEMPLE", "Anne", "10000000001"), ("2", "EXEMPLE", "Paul", "10000000001"))
    return table(ROSTER_HEADING, *(rows or honest))


def left_out(*rows: Sequence[str]) -> bytes:
    """Return the list of what is left out."""
    return table(LEFT_OUT_HEADING, *(rows or (("patients", "7", "", ""),)))


def terms(*rows: Sequence[str]) -> bytes:
    """Return the terms of the handover: one, or ``rows``."""
    return table(TERMS_HEADING, *(rows or (("signatures-asked", "2", "", ""),)))


def signatures(*rows: Sequence[str]) -> bytes:
    """Return the signatures of the roster: one, or ``rows``."""
    honest = ("10000000001", "Anne EXEMPLE", "10000000001", "a" * 64, "2026-03-01T09:30:00+00:00", "b" * 64)
    return table(SIGNATURES_HEADING, *(rows or (honest,)))


def retention(*rows: Sequence[str]) -> bytes:
    """Return the list of retention periods: of one dossier, or ``rows``."""
    term = ("2045-05-04", "2046-01-01", "after-care", "CSP R1112-7", "", "", "")
    return table(RETENTION_HEADING, *(rows or (("a" * 26, "p-a", "1", "EXEMPLE", "Anne", *term),)))


def missing(*rows: Sequence[str]) -> bytes:
    """Return the list of missing content: of one dossier, or ``rows``."""
    row = ("a" * 26, "p-a", "1", "documents", "24", "38", "file-missing", "", "")
    return table(MISSING_HEADING, *(rows or (row,)))


def parts() -> Parts:
    """Return the members of the archive, without their sums."""
    return {
        "README.TXT": README,
        PRACTICE: json.dumps(bundle(), ensure_ascii=False).encode(),
        ROSTER: roster(),
        LEFT_OUT: left_out(),
        TERMS: terms(),
        SIGNATURES: signatures(),
        RETENTION: retention(),
        MISSING: missing(),
        SOURCE: json.dumps(source_row()).encode() + b"\n",
    }


def archive(
    *,
    change: Callable[[Parts], None] = lambda _: None,
    change_sums: Callable[[bytes], bytes] = lambda data: data,
    extra: list[Member] | None = None,
    listed: Mapping[str, bytes] | None = None,
    **options: Any,
) -> bytes:
    """Return the archive after ``change``, with right sums, ``extra`` members and lies ``options``."""
    contents = parts()
    change(contents)
    contents[SUMS] = change_sums(sums({**contents, **(listed or {})}))
    return built([*members(contents), *(extra or [])], **options)


def with_part(name: str, data: bytes) -> bytes:
    """Return the archive with another part of that name."""
    return archive(change=lambda parts: parts.update({name: data}))
