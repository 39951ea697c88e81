"""The submission of an archive: what it holds, what describes it, and every change of either noticed."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pytest
from lxml import etree

from formats.cda.writer.kinds import CONSENT, ILLUSTRATION, IMPLANT_CARD, KINDS, OTHER_DOCUMENT, PLAN, SUMMARY
from formats.model.dates import PartialDate
from formats.model.documents import Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile, ImageKind
from formats.pdlgc import layout
from formats.pdlgc.errors import ArchiveChanged, ArchiveIncomplete
from formats.pdlgc.names import place_files
from formats.pdlgc.profile import METADATA, SUBSET, TWINS
from formats.pdlgc.read import PatientArchive
from formats.pdlgc.subset.documents import MADE_NAME, SubsetDocument
from formats.pdlgc.subset.plan import subset_documents
from formats.pdlgc.write import Renderings, write_archive
from formats.xdm.metadata import Submission, document_type, read_metadata
from formats.zip.writer import ZipStream
from tests.dossiers import full_dossier
from tests.unit.pdlgc.bodies import SENDER, WRITTEN_AT, Made, make, opener, with_files
from tests.unit.pdlgc.test_archive import attached, document, empty, holding, members, read, rebuilt
from tests.unit.xdm.test_write import faults as metadata_faults


@cache
def whole() -> Made:
    return make(*with_files(full_dossier()))


def submission(parts: dict[str, bytes]) -> Submission:
    return read_metadata(parts[METADATA])


# -- written ------------------------------------------------------------------------------


def test_the_metadata_describe_each_document_once_with_its_digest() -> None:
    parts = members(whole().data)
    assert metadata_faults(parts[METADATA]) == []
    documents = [name for name in parts if name.startswith(f"{SUBSET}/") and name != METADATA]
    entries = submission(parts).entries
    assert [f"{SUBSET}/{one.slot('URI')}" for one in entries] == documents
    for one, name in zip(entries, documents, strict=True):
        assert one.slot("size") == str(len(parts[name]))
        assert one.slot("hash") == hashlib.sha1(parts[name], usedforsecurity=False).hexdigest().upper()
        assert document_type(one).code


def test_what_is_made_of_a_dossier_and_what_lay_in_it_are_both_there() -> None:
    dossier = whole().dossier
    named = [one for one in members(whole().data) if MADE_NAME.fullmatch(one.rpartition("/")[2])]
    assert sum("/CON" in one for one in named) == len(dossier.consents)
    images = {
        one.attachment.sha256 for study in dossier.image_studies for s in study.series for one in s.instances
    }
    papers = {one.attachment.sha256 for one in (*dossier.documents, *dossier.image_files) if one.attachment}
    originals = [one for one in members(whole().data) if one.startswith(f"{SUBSET}/DOC")]
    assert len(originals) == len(papers - images) > 1


def test_a_document_is_of_the_day_of_what_it_says() -> None:
    parts = members(whole().data)
    found = {one.slot("URI"): one.slot("serviceStartTime") for one in submission(parts).entries}
    last = max(
        one.performed_on for one in whole().dossier.acts if one.performed_on and one.status.value == "done"
    )
    assert found["VSM00001.XML"] >= f"{last:%Y%m%d}"
    assert found["VSM00001.XML"] <= f"{WRITTEN_AT:%Y%m%d}"
    nothing = members(make(empty(), {}).data)
    assert submission(nothing).entries[0].slot("serviceStartTime") == f"{WRITTEN_AT:%Y%m%d%H%M%S}"


KIND_OF = (
    ({"code": "57833-6"}, "57833-6"),
    ({"category": "Ordonnances"}, "57833-6"),
    ({"title": "Devis implant 36"}, "77604-7"),
    ({"title": "Consentement éclairé"}, "59284-0"),
    ({"category": "Questionnaire médical"}, "74465-6"),
    ({"title": "Courrier du Dr Exemple"}, OTHER_DOCUMENT.type.code),
    ({"code": "8-8", "title": ""}, OTHER_DOCUMENT.type.code),
)


def planned(dossier: Dossier) -> list[SubsetDocument]:
    places = place_files(dossier, opener({})).places
    return [one for one in subset_documents(dossier, places, WRITTEN_AT) if one.record is not None]


@pytest.mark.parametrize(("fields", "code"), KIND_OF)
def test_a_file_without_a_type_gets_one(fields: dict[str, str], code: str) -> None:
    (one,) = planned(holding(document(1, attached(b"x"), **fields)))
    assert one.type == KINDS[code].type


def test_a_picture_and_a_paper_that_a_record_names_are_of_its_kind() -> None:
    paper, picture = attached(b"p"), attached(b"i", "image/jpeg")
    dossier = holding(document(1, paper))
    full = full_dossier()
    linked = {
        CONSENT: {"consents": (replace(full.consents[0], document="0000-1", patient=dossier.patient.id),)},
        IMPLANT_CARD: {
            "devices": (
                replace(
                    full.devices[0],
                    document="0000-1",
                    act=None,
                    practitioner=None,
                    patient=dossier.patient.id,
                ),
            )
        },
    }
    for kind, records in linked.items():
        (one,) = planned(replace(dossier, **records))
        assert one.type == kind.type
    image = ImageFile(id="i", patient=dossier.patient.id, image=ImageKind.RADIOGRAPH, attachment=picture)
    (one,) = planned(replace(empty(), image_files=(image,)))
    assert one.type == ILLUSTRATION.type
    assert PLAN.type != SUMMARY.type


# -- read back ----------------------------------------------------------------------------


def changed(**parts: Callable[[bytes], bytes]) -> PatientArchive:
    """Return the archive read with members changed by the end of their names, and all sums right again."""
    every = members(whole().data)
    for end, change in parts.items():
        (name,) = [one for one in every if one.startswith(SUBSET) and end in one]
        every[name] = change(every[name])
    return read(rebuilt(every))


def test_a_document_that_is_made_of_the_dossier_must_be_the_one_that_is_described() -> None:
    with pytest.raises(ArchiveChanged, match="VSM00001"):
        changed(VSM=lambda data: data + b"\n")
    with pytest.raises(ArchiveChanged, match="VSM00001"):
        changed(VSM=lambda data: data.replace(b"Synth", b"synth", 1))


def test_an_original_file_must_be_the_one_that_is_described() -> None:
    first = next(one for one in members(whole().data) if one.startswith(f"{SUBSET}/DOC"))
    data = members(whole().data)[first]
    stated = hashlib.sha1(data, usedforsecurity=False).hexdigest().upper().encode()
    archive = changed(METADATA=lambda text: text.replace(stated, b"0" * 40))
    with (
        pytest.raises(ArchiveChanged, match=first),
        archive.open_attachment(hashlib.sha256(data).hexdigest()) as body,
    ):
        body.read()


def entry_of(text: bytes, name: bytes) -> bytes:
    entries = re.findall(rb"<rim:ExtrinsicObject.*?</rim:ExtrinsicObject>", text, re.DOTALL)
    return next(one for one in entries if b">" + name in one)


def test_what_is_described_must_be_there_once() -> None:
    with pytest.raises(ArchiveChanged, match="VSM00001"):
        changed(METADATA=lambda text: text.replace(entry := entry_of(text, b"VSM"), entry * 2))
    with pytest.raises(ArchiveIncomplete, match="VSM00009"):
        changed(METADATA=lambda text: text.replace(b"VSM00001.XML", b"VSM00009.XML"))
    every = {name: data for name, data in members(whole().data).items() if name != METADATA}
    with pytest.raises(ArchiveIncomplete, match="METADATA"):
        read(rebuilt(every))


def test_a_document_that_nothing_describes_is_reported() -> None:
    archive = changed(METADATA=lambda text: text.replace(entry_of(text, b"SCH"), b""))
    assert [(one.code, one.where) for one in archive.findings] == [
        ("archive-member-unread", f"{SUBSET}/SCH00001.XML"),
        ("archive-document-undescribed", f"{SUBSET}/SCH00001.XML"),
    ]
    assert archive.dossier == whole().dossier


def test_a_described_document_that_no_record_has_is_reported() -> None:
    """A name that no document of ours has, so that nobody can slip one in among them."""
    every = members(whole().data)
    foreign = b"<a/>"
    entry = entry_of(every[METADATA], b"VSM").replace(b"VSM00001.XML", b"DOC99999.XML")
    for slot, value in (
        (b"hash", hashlib.sha1(foreign, usedforsecurity=False).hexdigest().encode()),
        (b"size", b"4"),
    ):
        entry = re.sub(rb'(name="%s"><rim:ValueList><rim:Value>)[^<]*' % slot, rb"\g<1>" + value, entry)
    every[METADATA] = every[METADATA].replace(
        b"</rim:RegistryObjectList>", entry + b"</rim:RegistryObjectList>"
    )
    every[f"{SUBSET}/DOC99999.XML"] = foreign
    archive = read(rebuilt(every))
    assert [(one.code, one.where) for one in archive.findings] == [
        ("archive-member-unread", f"{SUBSET}/DOC99999.XML")
    ]


def test_an_archive_without_a_submission_is_read() -> None:
    """A folder for a person has none; neither had archives of before."""
    dossier, bodies = with_files(full_dossier())
    target = io.BytesIO()
    placement = place_files(dossier, opener(bodies), name_file=lambda number, _: f"DOCUMENTS/{number}.BIN")
    write_archive(
        dossier,
        ZipStream(target, when=WRITTEN_AT),
        placement,
        open_attachment=opener(bodies),
        written_at=WRITTEN_AT,
        sender=SENDER,
    )
    assert not any(name.startswith("IHE_XDM") for name in members(target.getvalue()))
    assert read(target.getvalue()).dossier == dossier


# -- readable copies ----------------------------------------------------------------------


@contextmanager
def twin(one: SubsetDocument):
    yield io.BytesIO(f"%PDF-1.4 {one.place}".encode())


def with_twins() -> bytes:
    made = whole()
    target = io.BytesIO()
    write_archive(
        made.dossier,
        ZipStream(target, when=WRITTEN_AT),
        place_files(made.dossier, opener(made.bodies)),
        open_attachment=opener(made.bodies),
        written_at=WRITTEN_AT,
        sender=SENDER,
        renderings=Renderings(twins=twin),
    )
    return target.getvalue()


def test_every_document_has_one_readable_copy_and_the_dossier_comes_back_alone() -> None:
    data = with_twins()
    parts = members(data)
    copies = {name: parts[name].decode().split()[1] for name in parts if name.startswith(f"{TWINS}/")}
    documents = [name for name in parts if name.startswith(f"{SUBSET}/") and name != METADATA]
    assert list(copies.values()) == documents
    assert all(name.endswith(f"_{place.rpartition('/')[2][:8]}.pdf") for name, place in copies.items())
    days = {
        one.slot("URI"): one.slot("serviceStartTime")[:8].ljust(8, "0") for one in submission(parts).entries
    }
    assert all(name.startswith(f"PDF/{days[place.rpartition('/')[2]]}_") for name, place in copies.items())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert all(archive.getinfo(name).flag_bits & 0x800 for name in copies if not name.isascii())
    found = read(data)
    assert found.dossier == whole().dossier
    assert found.findings == ()


def test_a_copy_of_nothing_is_reported() -> None:
    every = members(with_twins())
    every["PDF/20260310_x_A_B_DOC77777.pdf"] = b"%PDF"
    assert [one.code for one in read(rebuilt(every)).findings] == ["archive-member-unread"]


def test_documents_without_a_date_are_of_the_moment_of_writing() -> None:
    one = Document(id="d", patient=empty().patient.id, attachment=attached(b"x"))
    dated = replace(one, created_at=datetime(2024, 5, 6, 23, 30, tzinfo=UTC))
    starts = []
    for record in (
        one,
        dated,
        replace(one, created_at=date(2024, 5, 6)),
        replace(one, created_at=PartialDate(2024)),
    ):
        parts = members(make(holding(record), {record.attachment.sha256: b"x"}).data)
        starts.append(submission(parts).entries[-1].slot("serviceStartTime"))
    assert starts == [f"{WRITTEN_AT:%Y%m%d%H%M%S}", "20240506233000", "20240506", "2024"]


def test_the_page_says_who_sends_as_the_guide_wants_it() -> None:
    page = etree.fromstring(members(whole().data)[layout.INDEX])
    texts = {one.get("id"): "".join(one.itertext()) for one in page.iter() if one.get("id")}
    assert texts["name"] == f"Emetteur : {SENDER.name} ({texts['identifier']})"
    assert re.fullmatch(r"[13]\d+", texts["identifier"])
    assert texts["readme"] == layout.README
