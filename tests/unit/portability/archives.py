"""Portability archives of fictive people, as the guide has them and as other programs write them."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.clinical import INS, INS_OID, coded, concern, document, observation, section
from tests.unit.xdm.medium import Entry, metadata

VSM = document(
    section("11450-4", "Problèmes", concern(observation(coded("value", "icd10", "I20.0", "Angine"))))
)
PDF = b"%PDF-1.4 a copy"
NAMED = "20260310_CR de consultation_MARTIN_Jeanne_DOC00001.pdf"
PATIENT = f"{INS}^^^&amp;{INS_OID}&amp;ISO^NH"


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive of ``files``."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    return target.getvalue()


def part(
    entries: Sequence[Entry] = (Entry("DOC00001.XML", VSM),),
    *,
    pdfs: Sequence[str] = (NAMED,),
    subset: str = "IHE_XDM/SUBSET01",
    more: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Return the files of a patient's part."""
    files = {"README.TXT": b"Fournisseur Sortant :\r\n", "INDEX.HTM": b"<html/>"}
    if entries:
        files[f"{subset}/METADATA.XML"] = metadata(entries)
        files |= {f"{subset}/{one.name}": one.data for one in entries}
    files |= {f"PDF/{name}": PDF + name.encode() for name in pdfs}
    return files | dict(more or {})


def manifest(
    parts: Mapping[str, bytes], *, entries: str = "", patients: int | None = None, status: str = "COMPLETE"
) -> bytes:
    """Return MANIFEST.XML as the guide of September 2026 has it; ``entries`` are others than ``parts`` are."""
    count = sum(name.startswith("PAT") for name in parts) if patients is None else patients
    listed = entries or "".join(entry(name, data) for name, data in parts.items())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Manifest><exportId>6f0c1c0e-2b0c-4a5e-9d0c-0c8a6f2f9a11</exportId><exportType>CIBLE</exportType>
<exportStatus>{status}</exportStatus><author><lgcSoftwareVendor>
<institution>Logiciel Exemple^^^^^&amp;1.2.250.1.71.4.2.2&amp;ISO^IDNST^^^499900000018001</institution>
<contact><name>Portabilité</name><telecom><type>EMAIL</type><value>p@example.invalid</value></telecom></contact>
</lgcSoftwareVendor><lgcSystem>1/1^exemple 1^exemple</lgcSystem></author>
<statistics><patientArchiveCount>{count}</patientArchiveCount>
<transverseArchiveCount>1</transverseArchiveCount></statistics>
<Archives>{listed}</Archives></Manifest>""".encode()


def entry(name: str, data: bytes, *, size: int | None = None, digest: str | None = None) -> str:
    """Return what a manifest says of one part."""
    patient = f"<type>PATIENT</type><patientId>{PATIENT}</patientId>" if name.startswith("PAT") else ""
    stated = hashlib.sha256(data).hexdigest() if digest is None else digest
    called = "TRANSV" if not patient else name.removesuffix(".ZIP")
    return (
        f"<Archive><archiveid>{called}</archiveid>{patient or '<type>TRANSVERSE</type>'}"
        f"<size>{len(data) if size is None else size}</size><hash>{stated}</hash></Archive>"
    )


def signature(files: Mapping[str, bytes]) -> bytes:
    """Return a signature about ``files`` whose value is none: only its digests are read."""
    references = "".join(
        f'<Reference URI="{name}"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>'
        f"{base64.b64encode(hashlib.sha256(data).digest()).decode()}</DigestValue></Reference>"
        for name, data in files.items()
    )
    return (
        f'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><Reference URI="#manifest"/></SignedInfo>'
        f'<Object><Manifest Id="manifest">{references}</Manifest></Object></Signature>'
    ).encode()


def export(
    parts: Mapping[str, bytes] | None = None,
    *,
    made: bytes | None = None,
    signed: bool = True,
    transverse: str = "TRANSVERSE.ZIP",
    more: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Return the files of a portability archive."""
    within = dict(parts if parts is not None else {"PAT00001.ZIP": packed(part())})
    if transverse:
        within[transverse] = packed({"README.TXT": b"x", "TRANSVERSE/AGENDA.ICS": b"BEGIN:VCALENDAR\r\n"})
    listed = manifest(within) if made is None else made
    files = {"README.TXT": b"Fournisseur Sortant :\r\n", "MANIFEST.XML": listed, **within}
    if signed:
        files["SIGN.XML"] = signature({"MANIFEST.XML": listed, **within})
    return files | {"DOCUMENTATION/MAPPING.JSON": b"{}"} | dict(more or {})


def lay(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Lay ``files`` into ``folder``, and return it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def lay_packed(
    folder: Path, files: Mapping[str, bytes] | None = None, name: str = "PA20261128T101500.ZIP"
) -> Path:
    """Lay a portability archive into ``folder`` as one file, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(packed(export() if files is None else files))
    return folder / name
