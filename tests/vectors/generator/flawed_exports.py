"""Exports of other programs that lie, are cut, or ask for more than they are: portability archives and FHIR.

Beside what is wrong there always is a patient about whom nothing is, so that it can be told whether that one came.
"""

from __future__ import annotations

import base64
import hashlib
import json

from tests.vectors.generator import exports
from tests.vectors.generator.case import FHIR, PORTABILITY, Case, Flaws
from tests.vectors.generator.exports import (
    DOCUMENT,
    MANIFEST,
    METADATA,
    PATIENT,
    SIGNATURE,
    binary,
    bundle,
    clinical_document,
    document_reference,
    export,
    lines,
    manifest,
    metadata,
    part,
    zipped,
)
from tests.vectors.generator.flawed_xml import DECLARATIONS
from tests.vectors.generator.zips import Member, deflate, plain, wide_field

MEGA = 1 << 20
REFUSED, FORMAT, LIMIT, DAMAGED = "zip-refused", "format", "limit-exceeded", "zip-damaged"
DS = "http://www.w3.org/2000/09/xmldsig#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


def cases() -> Flaws:
    """Yield every case of this family."""
    for what, (code, data) in {**_names(), **_bombs(), **_cut(), **_documents(), **_lists()}.items():
        yield Case(
            family="portability archive",
            name=what,
            wrong=f"a portability archive: {what}",
            reader=PORTABILITY,
            code=code,
            data=data,
        )
    for what, (code, data) in {**_resources(), **_json(), **_files()}.items():
        yield Case(
            family="FHIR export", name=what, wrong=f"a FHIR export: {what}", reader=FHIR, code=code, data=data
        )


def honest() -> dict[str, bytes]:
    """Return an export of each kind that lies about nothing."""
    data = b"%PDF-1.7 a letter"
    sha1 = hashlib.sha1(data, usedforsecurity=False).digest()
    stated = document_reference(url="Binary/b1", hash=_base64(sha1))
    return {PORTABILITY: export(), FHIR: bundle(stated, binary(data))}


Flawed = dict[str, tuple[str, bytes]]


def _names() -> Flawed:
    evil = {
        "a part that climbs out": "../PAT00001.ZIP",
        "an absolute part": "/etc/PAT00001.ZIP",
        "a part on a drive": "C:\\PAT00001.ZIP",
        "a document that climbs out": "DOCUMENTATION/../../evil",
    }
    whole = {what: ("unsafe-name", export(more=[plain(name, exports.OTHER)])) for what, name in evil.items()}
    within = {
        "a file of a part that climbs out": "PDF/../../../evil.pdf",
        "a document of a part that climbs out": "IHE_XDM/SUBSET01/../../evil.xml",
        "an absolute file of a part": "/etc/cron.d/evil",
    }
    return whole | {
        what: ("unsafe-name", export(zipped({**part(), name: b"evil"}))) for what, name in within.items()
    }


def _bombs() -> Flawed:
    zeros = deflate(bytes(100 * MEGA))
    claim = {"method": 8, "size": 100 * MEGA, "crc": 1}

    def bomb(name: str) -> Member:
        return Member(name=name.encode(), packed=zeros, local=claim, central=claim)

    vast = {"size": 0xFFFFFFFF, "packed": 10, "extra": wide_field(1 << 40)}
    members = [plain(name, data) for name, data in part().items()]
    without = [one for one in members if one.name.decode() != METADATA]
    nested = zipped({"IHE_XDM.ZIP": zipped([bomb("IHE_XDM/SUBSET01/METADATA.XML")])})
    deep = exports.OTHER
    for _ in range(40):
        deep = zipped({"IHE_XDM.ZIP": deep})
    return {
        "a part of zeros": (LIMIT, export(zipped([*without, bomb(METADATA)]))),
        "a part with a PDF of zeros": (LIMIT, export(zipped([*members, bomb("PDF/evil.pdf")]))),
        "a packed medium of zeros": (LIMIT, export(nested)),
        "a part that claims a terabyte": (
            REFUSED,
            export(
                zipped([*members, Member(name=b"PDF/evil.pdf", packed=bytes(10), local=vast, central=vast)])
            ),
        ),
        "media within media forty deep": ("pdlgc-no-documents", export(deep)),
    }


def _cut() -> Flawed:
    good, whole = zipped(part()), export()
    return {
        "cut in the middle": (REFUSED, whole[: len(whole) // 2]),
        "cut at its end": (REFUSED, whole[:-30]),
        "a part that is cut": (REFUSED, export(good[: len(good) // 2])),
        "a part of nothing": (REFUSED, export(b"")),
        "a part that is text": (REFUSED, export(b"evil" * 100)),
        "a part with a byte changed": (DAMAGED, export(good.replace(b"EXEMPLE", b"EXEMPLF"))),
        "a packed medium that is cut": (REFUSED, export(zipped({"IHE_XDM.ZIP": good[: len(good) // 2]}))),
    }


def _documents() -> Flawed:
    document = clinical_document()
    described = metadata(document)
    found: Flawed = {}
    for what, (declaration, use) in DECLARATIONS.items():
        bad = declaration.encode() + document.split(b"?>\n", 1)[1].replace(b"Anne", f"Anne{use}".encode())
        found[f"a document with {what}"] = FORMAT, export(zipped(part(bad)))
        spoilt = declaration.encode() + described.replace(b"1.2.250.9^1", f"1{use}".encode())
        found[f"metadata with {what}"] = FORMAT, export(zipped({**part(), METADATA: spoilt}))
    nested = b"<a>" * 5_000 + b"</a>" * 5_000
    return found | {
        "metadata without end": ("xdm-metadata", export(zipped({**part(), METADATA: b"<a/>"}))),
        "metadata cut": (FORMAT, export(zipped({**part(), METADATA: described[:-40]}))),
        "metadata of five thousand levels": (FORMAT, export(zipped({**part(), METADATA: nested}))),
        "a document of another digest": (
            "xdm-hash",
            export(zipped({**part(), DOCUMENT: document.replace(b"Anne", b"Lise")})),
        ),
        "a document of another length": ("xdm-size", export(zipped({**part(), DOCUMENT: document + b" "}))),
        "a document that is not there": (
            "xdm-missing",
            export(zipped({name: data for name, data in part().items() if name != DOCUMENT})),
        ),
        "metadata that name a path": (
            "xdm-missing",
            export(zipped({**part(), METADATA: metadata(document, "../../../etc/passwd")})),
        ),
    }


def _lists() -> Flawed:
    one = zipped(part())
    parts = {"PAT00001": one, "PAT00009": exports.OTHER}
    good = manifest(parts)
    found: Flawed = {
        f"a manifest with {what}": (
            FORMAT,
            export(others={MANIFEST: good.replace(b"<Manifest>", f"{declaration}<Manifest>{use}".encode())}),
        )
        for what, (declaration, use) in DECLARATIONS.items()
    }
    many = f'<Reference URI="PAT00001.ZIP"><DigestMethod Algorithm="{SHA256}"/></Reference>' * 110_001
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    return found | {
        "a wrong digest of one part": (
            "pdlgc-hash",
            export(others={MANIFEST: manifest(parts, PAT00001="0" * 64)}),
        ),
        "a part that nothing names": (
            "pdlgc-unlisted",
            export(others={MANIFEST: manifest({"PAT00009": exports.OTHER})}),
        ),
        "a part that is not there": (
            "pdlgc-missing",
            export(others={MANIFEST: manifest({**parts, "PAT00005": b"evil"})}),
        ),
        "a count that lies": (
            "pdlgc-counts",
            export(others={MANIFEST: good.replace(b"Count>2<", b"Count>99999<")}),
        ),
        "a manifest that is not well-formed": (
            "pdlgc-manifest-not-well-formed",
            export(others={MANIFEST: good.replace(b"</exportId>", b"")}),
        ),
        "a manifest of nothing": (FORMAT, export(others={MANIFEST: b""})),
        "a manifest of two hundred thousand parts": (
            LIMIT,
            export(others={MANIFEST: b"<m>" + b"<archiveid>PAT00001</archiveid>" * 200_001 + b"</m>"}),
        ),
        "a manifest in JSON a hundred thousand deep": (FORMAT, export(others={MANIFEST: deep})),
        "a signature of 110,001 references": (
            LIMIT,
            export(others={SIGNATURE: f'<Signature xmlns="{DS}">{many}</Signature>'.encode()}),
        ),
        "a signature with an entity bomb": (
            FORMAT,
            export(
                others={SIGNATURE: f"{DECLARATIONS['entity bomb'][0]}<Signature>&l11;</Signature>".encode()}
            ),
        ),
        "a signature that is cut": (FORMAT, export(others={SIGNATURE: f'<Signature xmlns="{DS}">'.encode()})),
    }


# -- FHIR ---------------------------------------------------------------------------------


def _resources() -> Flawed:
    nobody = {**document_reference(), "subject": {"reference": "Patient/evil"}}
    observation = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": {"reference": "Patient/p1"},
        "code": {"text": "Latex"},
    }
    odd = {
        "a list instead of an object": {**observation, "code": []},
        "an odd meta": {**observation, "meta": "evil"},
        "an odd tag": {**observation, "meta": {"tag": [1]}},
        "a number instead of a text": {**observation, "code": {"text": 7}},
    }
    return {
        "a document of nobody": ("fhir-no-patient", lines(nobody)),
        "an id in use": ("fhir-twice", lines({**PATIENT, "birthDate": "1970"})),
        "an id that climbs out": (
            "fhir-type-unread",
            lines({"resourceType": "../../evil", "id": "../../evil"}),
        ),
        **{f"{what} in a resource": ("fhir-element", lines(node)) for what, node in odd.items()},
        "a date that is none": (
            "fhir-date-wrong",
            lines({**PATIENT, "id": "p2", "birthDate": "1961-99-99"}),
        ),
        "no practice": (
            "fhir-practice-unknown",
            json.dumps(
                {name: value for name, value in PATIENT.items() if name != "managingOrganization"}
            ).encode(),
        ),
    }


def _json() -> Flawed:
    deep = b'{"resourceType":"Basic","id":"x","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    nested = b'{"resourceType":"Basic","id":"x","a":' + b"[" * 65 + b"]" * 65 + b"}\n"
    line = b'{"resourceType":"Basic","id":"x","a":"' + b"x" * (17 * MEGA) + b'"}\n'
    good = bundle(document_reference())
    return {
        "a line a hundred thousand deep": (LIMIT, lines() + deep + lines()),
        "a line too deep": (LIMIT, lines() + nested),
        "a line of 17 MiB": (LIMIT, lines() + line + lines()),
        "a line that names a member twice": (
            FORMAT,
            lines() + b'{"resourceType":"Patient","id":"p2","id":"p1"}\n',
        ),
        "a line that is cut": (FORMAT, lines() + b'{"resourceType":"Patient","id"'),
        "a line that is no object": (FORMAT, lines() + b"[1]\n"),
        "a line that is no resource": (FORMAT, lines() + b'{"id":"x"}\n'),
        "a line that is no number": (FORMAT, lines() + b'{"resourceType":"Basic","id":"x","a":NaN}\n'),
        "a line of a number without end": (
            FORMAT,
            lines() + b'{"resourceType":"Basic","id":"x","a":' + b"9" * 100_000 + b"}\n",
        ),
        "a line that is not UTF-8": (FORMAT, lines() + b'{"resourceType":"Basic","id":"\xff"}\n'),
        "a bundle that is cut": (FORMAT, good[:-10]),
        "a bundle of 33 MiB": (LIMIT, good[:-1] + b" " * (33 * MEGA) + b"}"),
        "a bundle that names a member twice": (FORMAT, b'{"resourceType":"Bundle","type":"x",' + good[1:]),
        "a bundle of no entries": (FORMAT, b'{"resourceType":"Bundle","entry":{"resource":1}}'),
        "an entry that is none": (FORMAT, bundle().replace(b'"entry": [', b'"entry": [1,')),
    }


def _files() -> Flawed:
    data = b"%PDF-1.7 a letter"
    sha1 = hashlib.sha1(b"evil", usedforsecurity=False).digest()
    broken = "fhir-file-broken"
    return {
        "a file that is not whole": (broken, lines(document_reference(data="JVBERi0xLjcKY"))),
        "a file of another alphabet": (broken, lines(document_reference(data="%" * 1000))),
        "a file of another digest": (
            broken,
            lines(document_reference(url="Binary/b1", hash=_base64(sha1)), binary(data)),
        ),
        "a Binary that is not whole": (
            broken,
            lines(document_reference(url="Binary/b1"), {**binary(data), "data": "JVBERi0xLjcKY"}),
        ),
        "a Binary of nothing": (
            broken,
            lines(document_reference(url="Binary/b1"), {"resourceType": "Binary", "id": "b1"}),
        ),
        "a Binary of 17 MiB": (
            LIMIT,
            lines(document_reference(url="Binary/b1"), binary(bytes(13 * MEGA))),
        ),
        "a Binary that is not there": ("fhir-file-elsewhere", lines(document_reference(url="Binary/evil"))),
        "a file of this machine": (
            "fhir-file-elsewhere",
            lines(document_reference(url="file:///etc/passwd")),
        ),
        "a file of a server": (
            "fhir-file-elsewhere",
            lines(document_reference(url="http://127.0.0.1:9/evil")),
        ),
        "a file that is itself": (
            "fhir-file-elsewhere",
            lines(document_reference(url="DocumentReference/d1")),
        ),
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
