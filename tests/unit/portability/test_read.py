"""Portability archives: every layout and name that the guide had is read; another part is refused alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from formats.errors import Failure
from formats.findings import Finding
from formats.model.documents import Document
from formats.model.health import HealthStatement
from formats.model.people import Patient
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.portability.places import NotPortability
from formats.portability.read import MAX_ROW_BYTES, read_portability
from formats.reading import Item, Tally
from formats.registry import recognize
from tests.clinical import INS, document, ids, person
from tests.unit.portability.archives import (
    NAMED,
    entry,
    export,
    lay,
    lay_packed,
    manifest,
    packed,
    part,
    signature,
)
from tests.unit.xdm.medium import Entry

OTHER = document(
    patient=person("PETITJEAN", "Luc", "19700101", "M"), identifiers=ids(ins="", number="12"), number="7"
)


def read(place: Path) -> list[Item]:
    """Return what is read, having compared the rows with what the source counts."""
    items = list(read_portability(place))
    rows = Counter(f"{one.system}/{one.table}" for one in items if isinstance(one, SourceRow))
    assert rows == {one.table: one.rows for one in items if isinstance(one, Tally)}
    return items


def codes(items: list[Item]) -> list[str]:
    quiet = {"pdlgc-signature-unjudged", "pdlgc-pdf-copies"}
    return [one.code for one in items if isinstance(one, Finding) and one.code not in quiet]


def of(items: list[Item], kind: type[Record]) -> int:
    return sum(isinstance(one, kind) for one in items)


def rows(items: list[Item], table: str) -> dict[str, str]:
    found = (one for one in items if isinstance(one, SourceRow) and one.table == table)
    return {str(one.columns["name"]): str(one.columns["content"]) for one in found}


@pytest.mark.parametrize("is_packed", [True, False])
def test_an_export_as_the_guide_has_it(tmp_path: Path, *, is_packed: bool) -> None:
    place = lay_packed(tmp_path) if is_packed else lay(tmp_path / "PA", export())
    assert recognize(str(place)) == ("pdlgc",)
    items = read(place)
    assert codes(items) == []
    assert of(items, Patient) == of(items, HealthStatement) == of(items, Document) == 1
    assert rows(items, "transverse") == {
        "TRANSVERSE.ZIP/README.TXT": "x",
        "TRANSVERSE.ZIP/TRANSVERSE/AGENDA.ICS": "BEGIN:VCALENDAR\r\n",
    }
    found_rows = rows(items, "file")
    assert {name.rsplit("/", 1)[-1] for name in found_rows} == {
        "README.TXT", "INDEX.HTM", "MANIFEST.XML", "SIGN.XML", "MAPPING.JSON"
    }  # fmt: skip
    patient = next(one for one in items if isinstance(one, Patient))
    pages = [one for one in items if isinstance(one, SourceRow) and one.key.count("PAT00001")]
    assert {one.patient for one in pages} == {patient.id}


LAYOUTS: Mapping[str, dict[str, bytes]] = {
    "lower case": {name.lower(): data for name, data in export(signed=False).items()},
    "back-slashes": {name.replace("/", "\\"): data for name, data in export().items()},
    "a folder more": {f"PA20261128T101500/{name}": data for name, data in export().items()},
    "SUBSET001": export({"PAT00001.ZIP": packed(part(subset="IHE_XDM/SUBSET001"))}),
    "IHE_XDM.ZIP": export(
        {
            "PAT00001.ZIP": packed(
                {"IHE_XDM.ZIP": packed({n: d for n, d in part(pdfs=()).items() if n.startswith("IHE_XDM")})}
            )
        }
    ),
    "README within": export({"PAT00001.ZIP": packed(part(more={"IHE_XDM/README.TXT": b"x"}))}),
    "TRANVERSE.ZIP": export(transverse="TRANVERSE.ZIP"),
    "TRANSV.ZIP": export(transverse="TRANSV.ZIP"),
    "an unpacked TRANSVERSE": export(transverse="")
    | {"MANIFEST.XML": export()["MANIFEST.XML"], "TRANSVERSE/AGENDA.ICS": b"x"},
    "SUBSET_TR": export(transverse="") | {"MANIFEST.XML": export()["MANIFEST.XML"], "SUBSET_TR/A.ICS": b"x"},
    "June": {
        "MANIFEST.JSON": b'{"exportId": "1", "extractTime": "2026-06-01", "archives": ['
        b'{"archiveId": "PAT00001.zip", "type": "Patient", "patientId": "261029935423442"}, {"archiveId": "TRANSV"}]}',
        "CHECKSUMS.TXT": b"x",
        "EXPORT_DOC/A.TXT": b"x",
        "INDEX.HTML": b"x",
        **{n: d for n, d in export().items() if n.endswith(".ZIP")},
    },
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_there_was_is_read(tmp_path: Path, layout: str) -> None:
    items = read(lay_packed(tmp_path, LAYOUTS[layout]))
    assert of(items, HealthStatement) == 1, codes(items)
    errors = [one for one in items if isinstance(one, Finding) and one.severity.value == "error"]
    assert not [one for one in errors if one.code != "pdlgc-manifest-changed"]
    assert rows(items, "transverse")


def test_several_subsets_of_one_patient_are_one_dossier(tmp_path: Path) -> None:
    second = document(number="2")
    more = part([Entry("DOC00002.XML", second, unique="1.2.250.9^2")], subset="IHE_XDM/SUBSET02", pdfs=())
    parts = {"PAT00001.ZIP": packed(part() | more)}
    items = read(lay_packed(tmp_path, export(parts)))
    assert of(items, Document) == 2
    assert len({one.id for one in items if isinstance(one, Patient)}) == 1


def test_one_of_three_with_another_digest_is_refused_and_the_others_come(tmp_path: Path) -> None:
    parts = {f"PAT{number:05}.ZIP": packed(part()) for number in (1, 2, 3)}
    listed = "".join(
        entry(name, data, digest="0" * 64 if "2" in name else None) for name, data in parts.items()
    )
    items = read(lay_packed(tmp_path, export(parts, made=manifest(parts, entries=listed), signed=False)))
    assert codes(items).count("pdlgc-hash") == 1
    assert of(items, HealthStatement) == 2
    (finding,) = (one for one in items if isinstance(one, Finding) and one.code == "pdlgc-hash")
    assert finding.where.endswith("PAT00002.ZIP")


def test_another_size_refuses_and_capital_digests_do_not(tmp_path: Path) -> None:
    parts = {"PAT00001.ZIP": packed(part()), "PAT00002.ZIP": packed(part())}
    upper = hashlib.sha256(parts["PAT00002.ZIP"]).hexdigest().upper()
    listed = entry("PAT00001.ZIP", parts["PAT00001.ZIP"], size=1) + entry(
        "PAT00002.ZIP", parts["PAT00002.ZIP"], digest=upper
    )
    items = read(lay_packed(tmp_path, export(parts, made=manifest(parts, entries=listed), signed=False)))
    assert "pdlgc-size" in codes(items)
    assert of(items, HealthStatement) == 1


def test_a_part_that_is_not_what_was_signed_is_refused(tmp_path: Path) -> None:
    files = export()
    files["SIGN.XML"] = signature({"PAT00001.ZIP": b"another"})
    assert "pdlgc-hash" in codes(read(lay_packed(tmp_path, files)))


def test_of_a_manifest_that_was_not_signed_no_digest_is_believed(tmp_path: Path) -> None:
    files = export()
    forged = packed(part([Entry("DOC00001.XML", OTHER)]))
    files["MANIFEST.XML"] = manifest({"PAT00001.ZIP": forged, "TRANSVERSE.ZIP": files["TRANSVERSE.ZIP"]})
    files["PAT00001.ZIP"] = forged
    items = read(lay_packed(tmp_path, files))
    assert [code for code in codes(items) if code != "pdlgc-counts"] == [
        "pdlgc-manifest-changed",
        "pdlgc-hash",
    ]
    assert of(items, Patient) == 0


def test_the_example_of_the_guide_with_its_five_faults_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """The example of the guide is not well-formed; this is one of ours with the same five faults."""
    data = packed(part())
    listed = (
        '<Archive><archiveid>PAT00001<archiveid><type>Patient</type><patientId>"1"</patientId></Archive>'
        "<Archive><archiveid>TRANSV</archiveid></Archive>"
    )
    made = (
        "<Manifest><exportId>1</exportId><editeurSortant><name>Logiciel</raisonSociale><type>TEL</system>"
        "<lgcSystem>x<lgcSystem></editeurSortant><patientArchiveCount>1</PatientArchiveCount>"
        f"<Archives>{listed}</Archives></Manifest>"
    ).encode()
    items = read(lay_packed(tmp_path, export({"PAT00001.ZIP": data}, made=made, signed=False)))
    assert "pdlgc-manifest-not-well-formed" in codes(items)
    assert of(items, HealthStatement) == 1


@pytest.mark.parametrize(
    ("made", "code"),
    [(b"", "pdlgc-manifest-unread"), (b"<a/>", "pdlgc-manifest-unread"), (b"{", "pdlgc-manifest-unread"),
     (b'<!DOCTYPE a [<!ENTITY x "y">]><Manifest><exportId>&x;</exportId></Manifest>', "pdlgc-manifest-unread")],
)  # fmt: skip
def test_a_manifest_that_cannot_be_read_is_named_and_the_parts_come(
    tmp_path: Path, made: bytes, code: str
) -> None:
    items = read(lay_packed(tmp_path, export(made=made, signed=False)))
    assert code in codes(items)
    assert of(items, HealthStatement) == 1


def test_what_is_listed_and_not_there_and_what_is_there_and_not_listed(tmp_path: Path) -> None:
    data = packed(part())
    files = export(
        {"PAT00001.ZIP": data}, made=manifest({"PAT00001.ZIP": data, "PAT00009.ZIP": data}), signed=False
    )
    files["PAT00002.ZIP"] = data
    items = read(lay_packed(tmp_path, files))
    assert {"pdlgc-missing", "pdlgc-unlisted"} <= set(codes(items))
    assert of(items, HealthStatement) == 1


def test_counts_and_status_that_differ_are_said(tmp_path: Path) -> None:
    data = {"PAT00001.ZIP": packed(part())}
    made = manifest(data, patients=5, status="PARTIAL")
    items = read(lay_packed(tmp_path, export(data, made=made, signed=False, transverse="")))
    assert Counter(codes(items)) == {"pdlgc-counts": 2, "pdlgc-partial": 1, "pdlgc-unsigned": 1}


def test_another_patient_in_the_manifest_is_said_and_the_documents_are_believed(tmp_path: Path) -> None:
    data = {"PAT00001.ZIP": packed(part())}
    made = manifest(data).replace(INS.encode(), b"180010000000000")
    items = read(lay_packed(tmp_path, export(data, made=made, signed=False)))
    assert "pdlgc-other-patient" in codes(items)
    short = manifest(data).replace(INS.encode(), INS[:13].encode())
    assert "pdlgc-other-patient" not in codes(
        read(lay_packed(tmp_path / "b", export(data, made=short, signed=False)))
    )


def test_two_persons_under_one_number_are_kept_apart(tmp_path: Path) -> None:
    other = document(patient=person("PETITJEAN", "Luc", "19700101", "M"), number="7")
    parts = {
        "PAT00001.ZIP": packed(part()),
        "PAT00002.ZIP": packed(part([Entry("DOC00001.XML", other, unique="1.2.250.9^7")])),
    }
    items = read(lay_packed(tmp_path, export(parts, signed=False)))
    assert len({one.id for one in items if isinstance(one, Patient)}) == 2


def test_a_pdf_without_its_document_is_kept_and_a_copy_is_not(tmp_path: Path) -> None:
    alone = "20200101_Certificat_MARTIN_Jeanne.pdf"
    parts = {"PAT00001.ZIP": packed(part(pdfs=(NAMED, alone, "DOC00001.PDF")))}
    items = read(lay_packed(tmp_path, export(parts, signed=False)))
    assert "pdlgc-pdf-alone" in codes(items)
    (alone_document,) = (one for one in items if isinstance(one, Document) and one.original_name == alone)
    assert (alone_document.title, alone_document.note) == ("Certificat", "2020-01-01")
    assert of(items, Document) == 2


@pytest.mark.parametrize("folders", [("2025", "2026"), ("", "2026"), ("a/b", "a/c")])
def test_several_unpacked_exports_in_one_folder_are_all_read(
    tmp_path: Path, folders: tuple[str, str]
) -> None:
    exports = (export(), export({"PAT00001.ZIP": packed(part([Entry("DOC00001.XML", OTHER)]))}))
    for folder, files in zip(folders, exports, strict=True):
        lay(tmp_path / "all" / folder, files)
    items = read(tmp_path / "all")
    assert of(items, Patient) == 2
    assert not [code for code in codes(items) if code in {"pdlgc-hash", "pdlgc-missing", "pdlgc-unlisted"}]


def test_a_number_at_the_end_of_another_name_makes_no_copy(tmp_path: Path) -> None:
    pdfs = ("scan_radio_1.pdf", "20260101_Autre_MARTIN_Jeanne_1.pdf", "1.pdf")
    items = read(
        lay_packed(
            tmp_path,
            export({"PAT00001.ZIP": packed(part([Entry("1.XML", document())], pdfs=pdfs))}, signed=False),
        )
    )
    names = {one.original_name for one in items if isinstance(one, Document)}
    assert "scan_radio_1.pdf" in names and "20260101_Autre_MARTIN_Jeanne_1.pdf" not in names


def test_two_of_one_name_without_a_manifest_are_two(tmp_path: Path) -> None:
    names = {
        "PAT00001": "20200101_Certificat_DUPONT_Jean.pdf",
        "PAT00002": "20200101_Certificat_DUPONT_Jean.pdf",
    }
    parts = {f"{one}.ZIP": packed(part((), pdfs=(name,))) for one, name in names.items()}
    files = export(parts, signed=False)
    del files["MANIFEST.XML"]
    items = read(lay_packed(tmp_path, files))
    patients = [one.id for one in items if isinstance(one, Patient)]
    assert len(patients) == len(set(patients)) == 2


def test_a_part_that_only_a_changed_manifest_lists_is_not_taken(tmp_path: Path) -> None:
    files = export()
    forged = packed(part([Entry("DOC00001.XML", OTHER)]))
    files["PAT00002.ZIP"] = forged
    files["MANIFEST.XML"] = manifest({name: files[name] for name in files if name.endswith(".ZIP")})
    items = read(lay_packed(tmp_path, files))
    assert {"pdlgc-manifest-changed", "pdlgc-unlisted"} <= set(codes(items))
    assert of(items, Patient) == 1


def test_a_patient_of_whom_there_are_pdfs_alone(tmp_path: Path) -> None:
    parts = {"PAT00001.ZIP": packed(part((), pdfs=("20200101_Certificat_MARTIN_Jeanne.pdf",)))}
    items = read(lay_packed(tmp_path, export(parts, signed=False)))
    assert {"pdlgc-pdf-only", "pdlgc-pdf-alone"} <= set(codes(items))
    (patient,) = (one for one in items if isinstance(one, Patient))
    assert patient.traits.birth_family_name == "MARTIN"
    assert [one.value for one in patient.identifiers] == [INS]


def test_nobody_is_guessed_where_nothing_tells(tmp_path: Path) -> None:
    files = {"PAT00001.ZIP": packed(part((), pdfs=("lettre.pdf",)))}
    items = read(lay_packed(tmp_path, files))
    assert {"pdlgc-manifest-missing", "pdlgc-no-patient"} <= set(codes(items))
    assert of(items, Patient) == 0


def test_a_file_that_the_guide_does_not_know_is_a_document(tmp_path: Path) -> None:
    parts = {"PAT00001.ZIP": packed(part(more={"IMAGES/photo.png": b"\x89PNG\r\n\x1a\n1"}))}
    items = read(lay_packed(tmp_path, export(parts, signed=False)))
    assert "pdlgc-file-other" in codes(items)
    assert [one.attachment.media_type for one in items if isinstance(one, Document) and one.attachment] == [
        "application/hl7-cda+xml", "image/png"
    ]  # fmt: skip


def test_what_is_too_long_to_be_a_row_is_named(tmp_path: Path) -> None:
    files = export(more={"DOCUMENTATION/BIG.BIN": bytes(MAX_ROW_BYTES + 1)})
    assert codes(read(lay_packed(tmp_path, files))) == ["pdlgc-file-too-long"]


def test_a_broken_part_is_refused_alone(tmp_path: Path) -> None:
    parts = {"PAT00001.ZIP": packed(part())[:-30], "PAT00002.ZIP": packed(part())}
    items = read(lay_packed(tmp_path, export(parts)))
    assert "zip-refused" in codes(items)
    assert of(items, HealthStatement) == 1


def test_a_folder_of_several_exports(tmp_path: Path) -> None:
    lay_packed(tmp_path, name="PA1.ZIP")
    lay_packed(tmp_path, export({"PAT00001.ZIP": packed(part([Entry("D.XML", OTHER)]))}), name="PA2.ZIP")
    (tmp_path / "letter.pdf").write_bytes(b"%PDF")
    items = read(tmp_path)
    assert "pdlgc-beside" in codes(items)
    assert len({one.id for one in items if isinstance(one, Patient)}) == 2


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", packed({"a.txt": b"x"})])
def test_what_is_none_is_refused(tmp_path: Path, data: bytes) -> None:
    place = tmp_path / "one.zip"
    place.write_bytes(data)
    assert recognize(str(place)) == ()
    with pytest.raises(Failure):
        list(read_portability(place))
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotPortability):
        list(read_portability(tmp_path / "empty"))
    with pytest.raises(Failure):
        list(read_portability(tmp_path / "nowhere"))


def test_names_that_walk_through_folders_refuse_the_archive(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="it walks through folders"):
        list(read_portability(lay_packed(tmp_path, export() | {"..\\..\\etc\\passwd": b"x"})))


def test_a_packed_medium_that_is_none_stops_no_other_part(tmp_path: Path) -> None:
    broken = packed({"README.TXT": b"x", "IHE_XDM.ZIP": b"PK\x03\x04" + bytes(40)})
    parts = {"PAT00001.ZIP": packed(part()), "PAT00002.ZIP": broken}
    found = read(lay_packed(tmp_path, export(parts)))
    assert "zip-refused" in codes(found) and sum(isinstance(one, HealthStatement) for one in found) == 1
