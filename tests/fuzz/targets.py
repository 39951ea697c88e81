"""One target for each reader of outside bytes: it takes bytes, and may raise nothing but a failure.

Each target imports what it reads with, so that a run counts and loads nothing else.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES, serialize_key_and_certificates

from samples.story.files import pdf
from tests.unit.imaging_folders.laid_bridges import called_up
from tests.vectors.generator import (
    age,
    case,
    dossier,
    flawed_evidence,
    flawed_exports,
    later,
    package,
    people,
    practice,
    unit,
    volumes,
)
from tests.vectors.generator.chance import passphrase
from tests.vectors.generator.exports import lines as fhir_lines
from tests.vectors.generator.flawed_pictures import image, picture, records
from tests.vectors.generator.pdlgc.archive import build as portability_archive
from tests.vectors.generator.pdlgc.clinical import summary as portability_summary
from tests.vectors.generator.pdlgc.people import PATIENTS

LARGEST_MEMBER = 1 << 24
"""Bytes a member of a fuzzed archive may have, so that the time goes into structures instead of zeros."""

Read = Callable[[bytes], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What makes the reader, what it starts from, and whose cases of the corpus it starts from as well."""

    made: Callable[[], Read]
    honest: tuple[bytes, ...]
    cases: str = ""


# -- packages -----------------------------------------------------------------------------


def _container() -> Read:
    from archiver.package.archive import read_package_members

    return lambda data: list(read_package_members(BytesIO(data)))


def _manifest() -> Read:
    from archiver.package.manifests.manifest_reading import read_manifest

    return read_manifest


def _asic_manifest() -> Read:
    from archiver.package.lists.asic_reading import read_asic_manifest

    return read_asic_manifest


def _sums() -> Read:
    from archiver.package.lists.sha256sums import read_sha256sums

    return lambda data: list(read_sha256sums(data))


def _signature() -> Read:
    from archiver.signing.signatures.cades import examine_signature
    from archiver.signing.trust.anchors import Trust

    trust = Trust(at=people.SIGNED, roots=(people.root().der,), tsa_roots=(people.root().der,))
    return lambda data: examine_signature(data, PARTS[package.ASIC], trust)


def _answer() -> Read:
    from archiver.evidence.query import Query, read_answer
    from formats.digests import SHA256, Digest

    asked = Query(digest=Digest(SHA256, flawed_evidence.ROOT), nonce=7)
    return lambda data: read_answer(data, asked, (people.root().der,))


def _record() -> Read:
    from archiver.evidence.records import read_record

    return read_record


def _evidence_manifest() -> Read:
    from archiver.package.lists.asic_reading import read_evidence_manifest

    where, target = later.evidence_members()
    return lambda data: read_evidence_manifest(data, where=where, target=target)


def _examined() -> Read:
    from archiver.package.checks.check_package import check
    from archiver.signing.trust.anchors import Trust

    trust = Trust(at=people.SIGNED, roots=(people.root().der,), tsa_roots=(people.root().der,))
    return lambda data: check(_laid_down(data), trust, threads=1)


def _set_manifest() -> Read:
    from archiver.package.manifests.set_reading import read_set_manifest

    return read_set_manifest


def _set() -> Read:
    from archiver.examination.examine import examine_volumes
    from archiver.signing.trust.anchors import Trust

    for name, data in volumes.files().items():
        (Path(_FOLDER.name) / name).write_bytes(data)
    trust = Trust(at=people.SIGNED, roots=(people.root().der,), tsa_roots=(people.root().der,))
    return lambda data: examine_volumes(_laid_down(data), trust)


def _policy() -> Read:
    from archiver.signing.policy import parse_policy

    return parse_policy


def _pkcs12() -> Read:
    from archiver.signing.keys.key_file import load_signer

    return lambda data: load_signer(_laid_down(data), PASSPHRASE)


def _roots() -> Read:
    from archiver.signing.certificates.reading import read_roots

    return lambda data: read_roots(_laid_down(data))


def _trust_list() -> Read:
    from archiver.signing.trust.trust_list import read_trust_list

    return lambda data: read_trust_list(_laid_down(data))


def _revocations() -> Read:
    from archiver.signing.revocation.sources import read_sources

    def read(data: bytes) -> object:
        path = _laid_down(data)
        return read_sources([path], []) if data[:1] != b"O" else read_sources([], [_laid_down(data[1:])])

    return read


# -- seals --------------------------------------------------------------------------------


def _age() -> Read:
    from archiver.sealing.age import decrypt, read_identities

    keys = read_identities(BytesIO(age.identity_text().encode()))
    return lambda data: decrypt(BytesIO(data), BytesIO(), keys)


def _identities() -> Read:
    """Read what is not encrypted, and of what is, all that is read before a passphrase is typed."""
    from archiver.sealing.age import are_encrypted, read_identities

    return lambda data: are_encrypted(BytesIO(data)) or read_identities(BytesIO(data))


def _recipients() -> Read:
    from archiver.sealing.age import read_recipients

    return lambda data: read_recipients(BytesIO(data))


def _words() -> Read:
    from archiver.sealing.recovery.words import cards_in, read_card

    def read(data: bytes) -> object:
        return [
            read_card(card, number)
            for number, card in enumerate(cards_in(data.decode("utf-8", "replace")), 1)
        ]

    return read


def _unit() -> Read:
    from archiver.sealing.unsealing import open_unit

    return lambda data: open_unit(BytesIO(data), passphrase("a")).read()


def _keyring() -> Read:
    from archiver.sealing.keyring_header import read_header_line
    from archiver.sealing.keyring_lines import read_entry_line

    def read(data: bytes) -> object:
        first, *others = data.splitlines(keepends=True) or [b""]
        return read_header_line(first), [read_entry_line(line) for line in others]

    return read


# -- archives -----------------------------------------------------------------------------


def _zip() -> Read:
    from formats.zip.archive import ZipArchive
    from formats.zip.limits import ZipLimits

    limits = ZipLimits(member_bytes=LARGEST_MEMBER, total_bytes=LARGEST_MEMBER)

    def read(data: bytes) -> object:
        archive = ZipArchive(BytesIO(data), limits=limits)
        return [archive.open(name).read() for name in archive.members]

    return read


def _archive() -> Read:
    from formats.pdlgc.read import read_patient_archive
    from formats.zip.limits import ZipLimits

    limits = ZipLimits(member_bytes=LARGEST_MEMBER, total_bytes=LARGEST_MEMBER)

    def read(data: bytes) -> object:
        archive = read_patient_archive(BytesIO(data), limits=limits)
        return [archive.open_attachment(one.sha256).read() for one in archive.dossier.attachments()]

    return read


def _practice() -> Read:
    from formats.pdlgc.practice.read import read_practice_archive
    from formats.zip.limits import ZipLimits

    limits = ZipLimits(member_bytes=LARGEST_MEMBER, total_bytes=LARGEST_MEMBER)

    def read(data: bytes) -> object:
        archive = read_practice_archive(BytesIO(data), limits=limits)
        return list(archive.rows())

    return read


def _practice_parts() -> Read:
    """Each part by itself, named by the first byte: in an archive their sums would keep changes out."""
    from formats.pdlgc.practice.bundle import read_practice_bundle
    from formats.pdlgc.practice.lists import (
        read_left_out,
        read_missing,
        read_retention,
        read_roster_signatures,
        read_terms,
    )
    from formats.pdlgc.practice.read import read_leaving

    lists = {
        b"R": read_leaving,
        b"T": read_retention,
        b"M": read_missing,
        b"H": read_terms,
        b"S": read_roster_signatures,
    }

    def read_part(data: bytes) -> object:
        kind, stream = data[:1], BytesIO(data[1:])
        if kind in lists:
            return tuple(lists[kind](stream))
        return read_left_out(stream) if kind == b"L" else read_practice_bundle(stream)

    return read_part


def _bundle() -> Read:
    from formats.fhir.read import read_bundle

    return lambda data: read_bundle(BytesIO(data))


def _rows() -> Read:
    from formats.pdlgc.source_rows import read_source_rows

    return lambda data: list(read_source_rows(BytesIO(data)))


def _names() -> Read:
    from formats.pdlgc.names import read_places

    return lambda data: read_places(BytesIO(data))


# -- other people's files -----------------------------------------------------------------


def _table() -> Read:
    from formats.tables.columns import Columns
    from formats.tables.read import read_list

    columns = Columns(
        aliases={"patient": ("patient number",), "name": ("family name",)}, required=("patient",)
    )
    return lambda data: list(read_list(_laid_down(data), columns))


def _roster() -> Read:
    from archiver.scope.rosters.roster import read_roster

    return lambda data: read_roster(_laid_down(data))


def _file_of_table(open_table: Callable[..., Any], **known: Any) -> Callable[[], Read]:
    """Return the target of a kind of file that holds a table of a practice; what a module is called is its reader's."""

    def made() -> Read:
        from formats.databases.files.file_findings import FileNotices
        from formats.databases.files.table_file import TableFile

        opener = open_table()

        def read(data: bytes) -> object:
            table = opener("T", _laid_down(data), TableFile(**known), FileNotices())
            try:
                return list(table.rows())
            finally:
                table.close()

        return read

    return made


def _portability() -> Read:
    from formats.portability.read import read_portability

    return lambda data: list(read_portability(_laid_down(data)))


def _judged_archive() -> Read:
    from formats.judging.judgement import judgement_document
    from formats.judging.pdlgc.judge import judge_portability

    return lambda data: judgement_document(judge_portability(BytesIO(data), "PA20261128T101500.ZIP"))


def _judged_part() -> Read:
    """The first byte says which file of an archive the others are."""
    name, whole = portability_archive()
    del name

    def read(data: bytes) -> object:
        from formats.judging.judgement import judgement_document
        from formats.judging.pdlgc.judge import judge_portability

        place = JUDGED_PARTS[(data[:1] or b"A")[0] % len(JUDGED_PARTS)]
        return judgement_document(judge_portability(BytesIO(_with_part(whole, place, data[1:])), "x.zip"))

    return read


JUDGED_PARTS = (
    *("MANIFEST.XML", "SIGN.XML", "README.TXT", "DOCUMENTATION/MAPPING.CSV", "DOCUMENTATION/MORE.JSO"),
    *("INDEX.HTM", "IHE_XDM/SUBSET01/METADATA.XML", "IHE_XDM/SUBSET01/VSM00001.XML", "PDF/X.pdf"),
)
"""Files of a portability archive, those of a patient behind the fifth."""
OF_A_PATIENT_FROM = 5


def _with_part(whole: bytes, place: str, data: bytes) -> bytes:
    """Return the portability archive with other bytes in one file."""

    def changed(archive: bytes, files: dict[str, bytes]) -> bytes:
        with ZipFile(BytesIO(archive)) as old:
            found = {one: old.read(one) for one in old.namelist()}
        target = BytesIO()
        with ZipFile(target, "w") as new:
            for one, content in (found | files).items():
                new.writestr(one, content)
        return target.getvalue()

    if JUDGED_PARTS.index(place) < OF_A_PATIENT_FROM:
        return changed(whole, {place: data})
    with ZipFile(BytesIO(whole)) as outer:
        part = outer.read("PAT00001.ZIP")
    return changed(whole, {"PAT00001.ZIP": changed(part, {place: data})})


def _judged_document() -> Read:
    from formats.judging.registry import judge_place

    return lambda data: judge_place("cda", _laid_down(data))


def _judged_image() -> Read:
    from formats.judging.registry import judge_place

    return lambda data: judge_place("dicom", _laid_down(data))


def _fhir_export() -> Read:
    from formats.fhir_exports.read import read_export

    return lambda data: list(read_export(_laid_down(data)))


def _open_json() -> Any:
    from formats.databases.files.json_table import open_json

    return open_json


def _open_xml() -> Any:
    from formats.databases.files.xml_table import open_xml

    return open_xml


def _open_dbase() -> Any:
    from formats.databases.files.dbase.table import open_dbase

    (Path(_FOLDER.name) / "input.fpt").write_bytes(_memo_file())
    return open_dbase


def _open_calendar() -> Any:
    from functools import partial

    from formats.databases.files.calendar.table import open_calendar

    return partial(open_calendar, time_zone="Europe/Paris")


def _open_delimited() -> Any:
    from formats.databases.files.delimited import open_delimited

    return open_delimited


def _open_fixed_width() -> Any:
    from formats.databases.files.fixed_width import open_fixed_width

    return open_fixed_width


def _media_type() -> Read:
    from formats.media_types import media_type

    names = ("", "scan.stl", "bouche.jpg", "note.txt", "lettre.docx")
    return lambda data: [media_type(data, name) for name in names]


def _xml() -> Read:
    from formats import xml

    return xml.parse


def _dicom() -> Read:
    from formats.dicom.header import read_dicom_header

    return lambda data: read_dicom_header(BytesIO(data))


def _dicomdir() -> Read:
    from formats.dicom.directory import missing_files

    return lambda data: list(missing_files(_laid_down(data), "DICOMDIR"))


def _bridge_file(name: str) -> Callable[[], Read]:
    def made() -> Read:
        from formats.imaging_folders.bridges import BRIDGE_FILES

        return lambda data: list(BRIDGE_FILES[name](data, f"03/103/{name}"))

    return made


def _pdf_end() -> Read:
    from formats.contents.pdf import pdf_state

    return lambda data: pdf_state(BytesIO(data))


def _exif() -> Read:
    from formats.contents.exif import has_position, taken_at

    return lambda data: (taken_at(BytesIO(data)), has_position(BytesIO(data)))


_FOLDER = TemporaryDirectory(prefix="fuzz-")


def _laid_down(data: bytes) -> Path:
    path = Path(_FOLDER.name) / "input"
    path.write_bytes(data)
    return path


def _photograph() -> bytes:
    """Return the start of a JPEG file that says when it was taken."""
    moment = b"2024:03:14 10:15:30\0"
    first = struct.pack("<2sHLHHHLLL", b"II", 42, 8, 1, 0x8769, 4, 1, 26, 0)
    inner = struct.pack("<HHHLLL", 1, 0x9003, 2, len(moment), 44, 0) + moment
    block = b"Exif\0\0" + first + inner
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block) + 2) + block + b"\xff\xd9"


def _key_file() -> bytes:
    """Return the key of the corpus's signer as a PKCS#12 file of one round, so that a run tries many."""
    few = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1)
    return serialize_key_and_certificates(
        b"signer",
        people.signer().key,
        people.signer().certificate,
        [people.root().certificate],
        few.key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC).hmac_hash(SHA256()).build(PASSPHRASE.encode()),
    )


def _trust_list_of_one() -> bytes:
    """Return a trust list that names one authority (TS 119 612)."""
    certificate = base64.b64encode(people.root().der).decode("ascii")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"><SchemeInformation><SchemeTerritory>FR</SchemeTerritory>
<TSLSequenceNumber>42</TSLSequenceNumber><ListIssueDateTime>2026-02-01T00:00:00Z</ListIssueDateTime>
</SchemeInformation><TrustServiceProviderList><TrustServiceProvider><TSPServices><TSPService><ServiceInformation>
<ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier>
<ServiceDigitalIdentity><DigitalId><X509Certificate>{certificate}</X509Certificate></DigitalId>
</ServiceDigitalIdentity>
<ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted</ServiceStatus>
<StatusStartingTime>2020-01-01T00:00:00Z</StatusStartingTime></ServiceInformation><ServiceHistory/></TSPService>
</TSPServices></TrustServiceProvider></TrustServiceProviderList></TrustServiceStatusList>""".encode()


def _memo_file() -> bytes:
    """Return a memo file of FoxPro with one memo."""
    return struct.pack(">IHH", 9, 0, 64).ljust(512, b"\0") + struct.pack(">II", 1, 5) + b"froid"


def _dbase_table() -> bytes:
    """Return a table of Visual FoxPro with a field of every type, one record."""
    fields = (
        *(
            (b"N", 8, b"   12.50"),
            (b"C", 4, b"No  "),
            (b"D", 8, b"19750904"),
            (b"L", 1, b"T"),
            (b"M", 4, b"\x08\0\0\0"),
        ),
        *(
            (b"I", 4, b"\7\0\0\0"),
            (b"Y", 8, bytes(8)),
            (b"T", 8, bytes(8)),
            (b"B", 8, bytes(8)),
            (b"V", 4, b"ab \2"),
        ),
        (b"0", 1, b"\2"),
    )
    described = b"".join(
        kind.ljust(11, b"\0")
        + kind
        + bytes(4)
        + bytes((length, 0, 5 if kind == b"0" else 2)).ljust(16, b"\0")
        for kind, length, _ in fields
    )
    record = b" " + b"".join(data for *_, data in fields)
    head = (
        struct.pack("<B3xIHH", 0x30, 1, 32 + len(described) + 1, len(record)).ljust(29, b"\0") + b"\x03\0\0"
    )
    return head + described + b"\r" + record + b"\x1a"


CALENDAR = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VTIMEZONE\r
TZID:quai\r
BEGIN:STANDARD\r
DTSTART:20001029T030000\r
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r
TZOFFSETFROM:+0300\r
TZOFFSETTO:+0200\r
END:STANDARD\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:1\r
DTSTART;TZID=quai:20250612T150000\r
DURATION:PT30M\r
RRULE:FREQ=WEEKLY;COUNT=3\r
ATTENDEE;CN="Anne":mailto:a@example.org\r
END:VEVENT\r
END:VCALENDAR\r
"""


def _openmolar_chart() -> Read:
    """Every kind of cell that the decoder takes holds the bytes; each name that a part has is its own."""
    from formats.sources.decoder import DecodedPart
    from formats.sources.openmolar.chart import CHART

    def read(data: bytes) -> object:
        text = data.decode("latin-1")
        cells = {"dent1": data[:1].hex(), "chart": data, "ul5": text, "ur6pl": text, "periopl": text}
        found = list(CHART.decode(cells))
        keys = [one.key for one in found if isinstance(one, DecodedPart)]
        assert len(keys) == len(set(keys))
        return found

    return read


def _openmolar_perio() -> Read:
    from formats.sources.openmolar.perio import PERIO

    return lambda data: list(PERIO.decode({"chartdata": data}))


ROOT = Path(__file__).resolve().parents[2]
PARTS = package.whole_parts()
RECIPIENT = "age1l5hl985ykk9a7qsygvgauwujqy6nwrt9z66qvp06e38pxucff9lq5vgdzt"
CARD = (
    "jerky spew academic acid acne domain crush snapshot force estate slavery easy golden "
    "warmth eclipse treat cover sled forward galaxy remember steady fiscal sharp nuclear pecan "
    "health maximum lair salt category remove educate"
)
"""The first of two recovery cards of a key nobody has."""
PASSPHRASE = "quatre mots suffisent ici"


def _two(stated: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return what a manifest states of two signatures, the second by somebody else."""
    return [*stated, {**stated[0], "certificate": "ab" * 32}]


SETS = (
    {},
    {"manifest": lambda row: {**row, "signatures": _two(row["signatures"]), "later": [None, True, 1.5, {}]}},
    {"manifest": volumes.lying(file="été – 2.asice", retention_year=2046, units=0)},
)
"""What makes sets that say all that a set may say, true or not."""
_AGE = age.file(b"Bonjour")
_LOCKED = age.file(age.identity_text().encode(), [age.scrypt()])
_LINES = package.first_line() + package.index(package.base_entries())

TARGETS: Mapping[str, Target] = {
    "container": Target(made=_container, honest=(package.package(),), cases=case.PACKAGE),
    "manifest": Target(made=_manifest, honest=(PARTS["manifest.json"],)),
    "asic_manifest": Target(made=_asic_manifest, honest=(PARTS[package.ASIC],)),
    "sums": Target(made=_sums, honest=(PARTS["SHA256SUMS"],)),
    "examined": Target(
        made=_examined, honest=(package.package(), later.packed(later.evidenced(later.co_signed())))
    ),
    "set_manifest": Target(
        made=_set_manifest, honest=tuple(volumes.set_parts(**lie)[volumes.SET_MANIFEST] for lie in SETS)
    ),
    "set": Target(made=_set, honest=tuple(volumes.volume_list(**lie) for lie in SETS), cases=case.SET),
    "evidence_manifest": Target(
        made=_evidence_manifest, honest=(later.evidenced()[later.evidence_members()[0]],)
    ),
    "signature": Target(made=_signature, honest=(PARTS[package.SIGNATURE],)),
    "answer": Target(made=_answer, honest=(flawed_evidence.honest_answer(),), cases=case.ANSWER),
    "record": Target(
        made=_record, honest=tuple(flawed_evidence.honest_records().values()), cases=case.RECORD
    ),
    "policy": Target(made=_policy, honest=((ROOT / "archiver/signing/algorithm-policy.json").read_bytes(),)),
    "pkcs12": Target(made=_pkcs12, honest=(_key_file(),)),
    "roots": Target(made=_roots, honest=(people.root().pem, people.root().der)),
    "trust_list": Target(made=_trust_list, honest=(_trust_list_of_one(),)),
    "revocations": Target(
        made=_revocations,
        honest=(people.revocation_list(), b"O" + people.ocsp_response(people.signer())),
    ),
    "age": Target(made=_age, honest=(_AGE, age.armored(_AGE)), cases=case.AGE),
    "identities": Target(
        made=_identities,
        honest=(age.identity_text().encode(), _LOCKED, age.armored(_LOCKED)),
        cases=case.IDENTITIES,
    ),
    "recipients": Target(made=_recipients, honest=(RECIPIENT.encode(),)),
    "words": Target(made=_words, honest=(CARD.encode(),)),
    "unit": Target(made=_unit, honest=(unit.sealed(b"Bonjour", "a"),), cases=case.UNIT),
    "keyring": Target(made=_keyring, honest=(_LINES,)),
    "zip": Target(made=_zip, honest=(dossier.archive(),), cases=case.ARCHIVE),
    "archive": Target(made=_archive, honest=(dossier.archive(),), cases=case.ARCHIVE),
    "practice": Target(made=_practice, honest=(practice.archive(),), cases=case.PRACTICE),
    "practice_parts": Target(
        made=_practice_parts,
        honest=(
            b"L" + practice.left_out(),
            b"R" + practice.roster(),
            b"H" + practice.terms(),
            b"S" + practice.signatures(),
            b"P" + practice.lines(),
            b"P" + json.dumps(practice.bundle()).encode(),
        ),
    ),
    "bundle": Target(made=_bundle, honest=(json.dumps(dossier.bundle("a")).encode(),), cases=case.BUNDLE),
    "rows": Target(made=_rows, honest=(json.dumps(dossier.source_row("a")).encode(),), cases=case.ROWS),
    "names": Target(made=_names, honest=(dossier.names_table("a"),), cases=case.NAMES),
    "table": Target(made=_table, honest=(b"patient;name\r\n1;A\r\n",), cases=case.TABLE),
    "roster": Target(
        made=_roster,
        honest=(b"patient_number;family_name;given_name;birth_date\n1;EXEMPLE;Anne;2001-02-03\n",),
    ),
    "media_type": Target(
        made=_media_type, honest=(_photograph(), bytes(80) + b"\1\0\0\0" + bytes(50), b"%PDF-1.7\n")
    ),
    "xml": Target(made=_xml, honest=(PARTS[package.ASIC],), cases=case.XML),
    "dicom": Target(made=_dicom, honest=(picture(image()),), cases=case.DICOM),
    "dicomdir": Target(made=_dicomdir, honest=(records(b"A\\B"),), cases=case.DICOMDIR),
    "json_table": Target(
        made=_file_of_table(_open_json),
        honest=(b'[{"A": 1.5, "B": {"C": [1, "x", {}]}, "D": null}]', b'{"A": 1}\n{"A": true}\n'),
        cases=case.JSON,
    ),
    "xml_table": Target(
        made=_file_of_table(_open_xml),
        honest=(b'<?xml version="1.0" encoding="windows-1252"?><r><p a="1"><b>\xe9<c/></b></p></r>',),
        cases=case.TABLE_XML,
    ),
    "dbase": Target(made=_file_of_table(_open_dbase), honest=(_dbase_table(),), cases=case.DBASE),
    "calendar": Target(made=_file_of_table(_open_calendar), honest=(CALENDAR,), cases=case.CALENDAR),
    "portability": Target(
        made=_portability, honest=(flawed_exports.honest()[case.PORTABILITY],), cases=case.PORTABILITY
    ),
    "judged_archive": Target(made=_judged_archive, honest=(portability_archive()[1],)),
    "judged_part": Target(
        made=_judged_part,
        honest=(
            b"\x00<Manifest><exportId>1</exportId><Archives><Archive/></Archives></Manifest>",
            b"\x01<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>",
            b"\x06<x/>",
            b"\x07" + portability_summary(PATIENTS[0]).encode(),
        ),
    ),
    "judged_document": Target(made=_judged_document, honest=(portability_summary(PATIENTS[0]).encode(),)),
    "judged_image": Target(made=_judged_image, honest=(picture(image()),), cases=case.DICOM),
    "fhir_export": Target(
        made=_fhir_export, honest=(flawed_exports.honest()[case.FHIR], fhir_lines()), cases=case.FHIR
    ),
    "delimited": Target(
        made=_file_of_table(_open_delimited),
        honest=(b'sep=;\r\nNUM;NOM\r\n1;"a ""b"""\r\n', "\ufeffNUM\tNOM\n1\tNoël\n".encode("utf-16-le")),
    ),
    "fixed_width": Target(
        made=_file_of_table(_open_fixed_width, widths=(2, 4), headings=("NUM", "NOM")),
        honest=(b"01No\xebl\r\n\x1a", b"01A\r02B\r", "\ufeff01Noël\n".encode("utf-16-be")),
        cases=case.FIXED,
    ),
    "openmolar_chart": Target(
        made=_openmolar_chart, honest=(b"UR5 MOD,CO  UL6 RT CR,V1 \0", b"GI/MOD !x_y +S (BR/P,V1 EX/S1 ")
    ),
    "openmolar_perio": Target(
        made=_openmolar_perio,
        honest=(bytes(range(128)) * 12, bytes([127]) * 1440, b"\x7f" * 24 + bytes(1416)),
    ),
    "pdf_end": Target(made=_pdf_end, honest=(pdf("Courrier", "Une ligne"),)),
    "exif": Target(made=_exif, honest=(_photograph(),)),
    **{
        f"bridge_{name}": Target(made=_bridge_file(name), honest=(honest,))
        for name, honest in {
            "filedata.txt": b"NOM=EVRARD\r\nPRENOM=Zo\xe9\r\nDATE=19551123\r\n",
            "patient.ini": b"[PATIENT]\r\nID=45\r\nLASTNAME=Evrard\r\nDOB=19551123\r\nGENDER=F",
            "siomin.sdx": called_up("45", "Évrard", "Zoé", "23.11.1955"),
            "linkage.xml": b'<LinkageParameter><Patient LastName="Evrard" ChartNumber="45"/></LinkageParameter>',
        }.items()
    },
}
"""Every reader by name."""
