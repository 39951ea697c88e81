"""Flaws of MANIFEST.XML and SIGN.XML."""

from __future__ import annotations

from collections.abc import Iterator

from tests.vectors.generator.pdlgc.archive import Files, replaced
from tests.vectors.generator.pdlgc.flaw import ArchiveFlaw, flaw, manifest, without
from tests.vectors.generator.pdlgc.people import INSURED, PATIENTS, another, own_authority, vendor
from tests.vectors.generator.pdlgc.signature import SHA1, Flaws

CX = "1001^^^&amp;1.2.250.1.999.1&amp;ISO^PI"
INS = "279035121518989^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH"
SYSTEM = "^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^U^^^RI"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"


def cases() -> Iterator[ArchiveFlaw]:
    """Yield every flaw of the manifest and of the signature."""
    yield from _statements()
    yield from _authors()
    yield from _entries()
    yield from _patients()
    yield from _signatures()


def _statements() -> Iterator[ArchiveFlaw]:
    identity = "<exportId>6f0c1c0e-2b0c-4a5e-9d0c-0c8a6f2f9a11</exportId>"
    yield manifest("manifest-well-formed", "a tag that does not close", "</Manifest>\n", "")
    yield manifest(
        "manifest-well-formed",
        "a document type",
        "<Manifest>",
        '<!DOCTYPE Manifest [<!ENTITY e "x">]><Manifest>',
    )
    yield manifest(
        "manifest-names",
        "editeurSortant",
        "<author>",
        "<editeurSortant>",
        encoded=lambda text: text.replace("</author>", "</editeurSortant>").encode(),
    )
    yield manifest(
        "manifest-names",
        "counts at the root",
        "<statistics>",
        "",
        encoded=lambda text: text.replace("</statistics>", "").encode(),
    )
    yield manifest(
        "manifest-names",
        "exportID",
        "<exportId>",
        "<exportID>",
        encoded=lambda text: text.replace("</exportId>", "</exportID>").encode(),
    )
    yield manifest("manifest-unknown", "an element more", "<Archives>", "<priority>1</priority><Archives>")
    yield manifest("manifest-export-id", "none", identity, "")
    yield manifest("manifest-export-id", "two", identity, identity * 2)
    yield manifest("manifest-export-id", "empty", identity, "<exportId/>")
    yield manifest("manifest-export-type", "another code", "CIBLE", "PARTIEL")
    yield manifest("manifest-export-type", "small letters", "CIBLE", "Cible")
    yield manifest("manifest-export-status", "another code", "COMPLETE", "OK")
    yield manifest(
        "manifest-period",
        "no date",
        "<exportStatus>",
        "<exportStartTime>01/02/2026</exportStartTime><exportStatus>",
    )
    yield manifest(
        "manifest-period",
        "end before start",
        "<exportStatus>",
        "<exportStartTime>2026-02-01</exportStartTime><exportEndTime>2025-02-01</exportEndTime><exportStatus>",
    )
    yield manifest(
        "manifest-period-use",
        "of everything",
        "<exportStatus>",
        "<exportStartTime>2026-02-01</exportStartTime><exportStatus>",
        kind="MASSIF",
    )
    yield manifest("manifest-comments", "two", "<comments>", "<comments>a</comments><comments>")
    yield manifest("manifest-counts", "no number", "<patientArchiveCount>2<", "<patientArchiveCount>deux<")
    yield manifest("manifest-counts", "missing", "<patientArchiveCount>2</patientArchiveCount>", "")
    yield manifest("manifest-counts", "zero patients", "<patientArchiveCount>2<", "<patientArchiveCount>0<")
    yield manifest("manifest-count-equal", "one more", "<patientArchiveCount>2<", "<patientArchiveCount>3<")
    yield flaw(
        "§10.1",
        "manifest-transverse-none",
        "an export of one patient",
        kind="UNITAIRE",
        patients=PATIENTS[:1],
        root=without("TRANSVERSE.ZIP"),
    )


def _authors() -> Iterator[ArchiveFlaw]:
    contact = "<name>Portabilité</name>"
    telecom = "<telecom><type>EMAIL</type><value>portabilite@example.org</value></telecom>"
    yield flaw("§4", "manifest-author", "none", manifest=_cut("<author>", "</author>\n"))
    yield flaw("§4", "manifest-author", "no system", manifest=_cut("<lgcSystem>", "</lgcSystem>\n"))
    yield flaw("§4", "manifest-institution", "none", manifest=_cut("<institution>", "</institution>"))
    yield manifest(
        "manifest-institution-form",
        "a bare name",
        "Cabinet des Tilleuls^^^^^&amp;1.2.250.1.71.4.2.2&amp;ISO^IDNST^^^499900000018001<",
        "Cabinet des Tilleuls<",
    )
    yield manifest(
        "manifest-institution-form",
        "no OID",
        "&amp;1.2.250.1.71.4.2.2&amp;ISO^IDNST",
        "&amp;FINESS&amp;ISO^IDNST",
    )
    yield manifest("manifest-contact", "no name", contact, "")
    yield manifest("manifest-telecom", "none", telecom, "")
    yield manifest("manifest-telecom", "another type", "<type>EMAIL</type>", "<type>system phone</type>")
    yield manifest("manifest-telecom", "no value", "<value>portabilite@example.org</value>", "")
    yield manifest("manifest-system", "a bare name", SYSTEM, "")
    yield manifest("manifest-system", "another issuer", "&amp;1.2.250.1.71.4.2.1&amp;", "&amp;1.2.3&amp;")
    yield flaw(
        "§10.5", "manifest-system-components", "one component less", manifest=replaced(SYSTEM, SYSTEM[1:], 1)
    )
    yield flaw(
        "§10.2",
        "manifest-system-id",
        "with a slash",
        manifest=replaced("<lgcSystem>499900000018001^", "<lgcSystem>499900000018001/88^", 1),
    )
    yield flaw(
        "§10.3",
        "manifest-system-id",
        "with the prefix 8",
        manifest=replaced("<lgcSystem>499900000018001^", "<lgcSystem>899900000018^", 1),
    )


def _cut(begin: str, end: str) -> object:
    def cut(text: str) -> str:
        start = text.index(begin)
        return text[:start] + text[text.index(end, start) + len(end) :]

    return cut


def _entries() -> Iterator[ArchiveFlaw]:
    second = "<Archive><archiveid>PAT00002"
    yield manifest("manifest-archive-id", "with .ZIP", "<archiveid>PAT00001<", "<archiveid>PAT00001.ZIP<")
    yield manifest("manifest-archive-id", "TRANSVERSE", "<archiveid>TRANSV<", "<archiveid>TRANSVERSE<")
    yield manifest("manifest-archive-type", "small letters", "<type>PATIENT<", "<type>Patient<")
    yield manifest("manifest-archive-type", "none", "<type>TRANSVERSE</type>", "")
    yield manifest("manifest-patient-id", "a patient without", f"<patientId>{CX}</patientId>", "")
    yield manifest(
        "manifest-patient-id",
        "the practice with one",
        "<type>TRANSVERSE</type>",
        "<type>TRANSVERSE</type><patientId>1^^^&amp;1.2.3&amp;ISO^PI</patientId>",
    )
    yield manifest("manifest-patient-id-form", "a bare number", f"<patientId>{CX}<", "<patientId>1001<")
    yield manifest("manifest-patient-id-form", "another type", "ISO^PI", "ISO^XX")
    yield flaw("§4", "manifest-size", "another", manifest=_sized)
    yield manifest("manifest-size", "no number", "<size>", "<size>x")
    yield flaw("§4", "manifest-hash", "another", manifest=_hashed)
    yield flaw("§4", "manifest-hash", "too short", manifest=_short)
    yield flaw(
        "§4",
        "manifest-listed",
        "not there",
        manifest=lambda text: text.replace("</Archives>", _entry("PAT00003", "1009") + "</Archives>"),
    )
    yield flaw("§4", "manifest-complete", "not listed", manifest=lambda text: _without_entry(text, second))
    yield flaw("§4", "manifest-archives", "none", manifest=_cut("<Archives>", "</Archives>\n"))


def _short(text: str) -> str:
    end = text.index("</hash>")
    return text[: end - 2] + text[end:]


def _sized(text: str) -> str:
    start = text.rindex("<size>") + len("<size>")
    end = text.index("<", start)
    return f"{text[:start]}{int(text[start:end]) + 1}{text[end:]}"


def _hashed(text: str) -> str:
    start = text.rindex("<hash>") + len("<hash>")
    first = "0" if text[start] != "0" else "1"
    return f"{text[:start]}{first}{text[start + 1 :]}"


def _entry(name: str, number: str) -> str:
    return (
        f"<Archive><archiveid>{name}</archiveid><type>PATIENT</type><patientId>{number}^^^&amp;1.2.250.1.999.1&amp;ISO^PI"
        f"</patientId><size>1</size><hash>{'0' * 64}</hash></Archive>\n"
    )


def _without_entry(text: str, begin: str) -> str:
    start = text.index(begin)
    return text[:start] + text[text.index("</Archive>\n", start) + len("</Archive>\n") :]


def _patients() -> Iterator[ArchiveFlaw]:
    one = (INSURED,)
    yield manifest("manifest-ins", "a wrong key", INS, INS.replace("8989^", "8988^"), patients=one)
    yield manifest(
        "manifest-ins",
        "an unknown authority",
        "1.2.250.1.213.1.4.10&amp;ISO^NH",
        "1.2.250.1.213.1.4.99&amp;ISO^NH",
        patients=one,
    )
    yield flaw(
        "§10.7",
        "manifest-ins-length",
        "13 digits",
        manifest=replaced(INS, INS.replace("279035121518989", "2790351215189"), 1),
        patients=one,
    )
    yield flaw("§4", "manifest-ins-test", "of tests", manifest=replaced(CX, INS, 1))
    yield flaw(
        "§4", "manifest-patient-twice", "two archives of one patient", patients=(PATIENTS[0], PATIENTS[0])
    )


# -- SIGN.XML -----------------------------------------------------------------------------


def _signatures() -> Iterator[ArchiveFlaw]:
    def signed(old: bytes, new: bytes) -> object:
        def change(data: bytes) -> bytes:
            assert old in data, f"{old!r} is not there"
            return data.replace(old, new, 1)

        return change

    def signature(rule: str, name: str, **chosen: object) -> ArchiveFlaw:
        return flaw("§5", rule, name, signature=Flaws(**chosen))

    yield flaw("§5", "sign-structure", "not well-formed", signed=lambda data: data[:-8])
    yield flaw(
        "§5",
        "sign-structure",
        "a document type",
        signed=signed(b"<ds:Signature ", b'<!DOCTYPE s [<!ENTITY e "x">]><ds:Signature '),
    )
    yield flaw("§5", "sign-structure", "no signature", signed=lambda _: b"<Sign/>")
    yield flaw("§5", "sign-structure", "an Id twice", signed=signed(b'Id="signature"', b'Id="manifest"'))
    yield flaw(
        "§5",
        "sign-limits",
        "110,001 references",
        signed=signed(
            b"</ds:Signature>", b"<ds:Object>" + b"<ds:Reference/>" * 110_001 + b"</ds:Object></ds:Signature>"
        ),
    )
    yield signature("sign-references", "an address", more=(("http://127.0.0.1/x", b""),))
    yield signature("sign-references", "out of the archive", more=(("../secret", b""),))
    yield signature("sign-transforms", "XSLT", transform=XSLT)
    yield signature("sign-transforms", "XPath", transform=XPATH)
    yield signature("sign-algorithms", "SHA-1", digest=SHA1)
    yield signature("sign-algorithms", "a short key", signer=vendor(1024))
    yield signature("sign-preferred", "SHA-512", digest="http://www.w3.org/2001/04/xmlenc#sha512")
    yield signature("sign-form", "references straight in SignedInfo", direct=True)
    yield signature("sign-covers", "a patient's archive unsigned", leave_out=("PAT00002.ZIP",))
    yield signature("sign-covers", "the manifest unsigned", leave_out=("MANIFEST.XML",))
    yield signature("sign-there", "a file that is not there", more=(("PAT00007.ZIP", b"x"),))
    yield signature("sign-digests", "another digest", wrong=("PAT00001.ZIP",))
    yield flaw(
        "§5",
        "sign-digests",
        "another object",
        signed=signed(b"2026-11-28T10:15:00Z", b"2026-11-27T10:15:00Z"),
    )
    yield flaw("§5", "sign-digests", "MANIFEST.XML changed afterwards", after=_changed_manifest)
    yield signature("sign-certificate", "none", certificates=0)
    yield signature("sign-certificate-alone", "two", certificates=2)
    yield signature("sign-value", "of another key", signer=another(), shown=vendor())
    yield signature("sign-properties", "none", properties=False)
    yield signature("sign-properties", "of another certificate", named=another())
    yield signature("sign-time", "none", time="")
    yield signature("sign-time", "before the certificate", time="2019-11-28T10:15:00Z")
    yield signature("sign-author", "somebody else", signer=another())
    yield signature("sign-issuer", "one's own authority", signer=own_authority())


def _changed_manifest(files: Files) -> None:
    files["MANIFEST.XML"] = files["MANIFEST.XML"].replace(b"1/1", b"1/2")
