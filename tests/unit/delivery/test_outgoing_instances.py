"""Every DICOM file of a dossier is sent, whichever record it is of, and what stays behind is named."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path

from pydicom import Dataset, dcmread

from archiver.delivery.dicom.files import OutgoingInstance, outgoing_instances
from archiver.delivery.dicom_node import DicomNode, read_node_address
from archiver.delivery.sent_list import SAME_UID, SentItem, SentState
from archiver.delivery.write import DossierSource
from formats.findings import Finding
from tests.unit.delivery.test_dicom_node import node, source_of
from tests.unit.dicom.images import image
from tests.unit.dicom.pictured import Pictured

DICOM = "application/dicom"


def with_records(studies: dict[str, bytes], documents: list[bytes], images: list[bytes]) -> DossierSource:
    """Return a dossier with files in a study, by their instance UID, as documents, and as image files."""
    known, source = Pictured(), source_of(studies)
    for data in documents:
        known.add_document(data, DICOM)
    for data in images:
        known.add(data, DICOM)
    files = {**known.files, **{hashlib.sha256(data).hexdigest(): data for data in studies.values()}}
    return replace(
        source,
        dossier=replace(known.dossier, image_studies=source.dossier.image_studies if studies else ()),
        open_attachment=lambda sha256: io.BytesIO(files[sha256]),
    )


def sent(source: DossierSource) -> list[OutgoingInstance]:
    return [one for one in outgoing_instances(source, encapsulate=False) if isinstance(one, OutgoingInstance)]


def test_dicom_files_that_no_study_has_are_sent_too(tmp_path: Path) -> None:
    studied, paper, shot = (image(tmp_path / one, instance=one).read_bytes() for one in "123")
    source = with_records({"2.25.7.1.1.1": studied}, [paper], [shot, paper])
    found = sent(source)
    assert {one.item.identity for one in found} == {f"2.25.7.1.1.{one}" for one in "123"}
    assert sorted(b"".join(one.pieces()) for one in found) == sorted([studied, paper, shot])
    assert all(one.sop_class and one.transfer_syntax for one in found) and len(found) == 3


def test_one_with_the_uid_of_another_goes_under_its_own(tmp_path: Path) -> None:
    studied = image(tmp_path / "a").read_bytes()
    others = [image(tmp_path / note, StudyID=note).read_bytes() for note in ("8", "9")]
    source = with_records({"2.25.7.1.1.1": studied}, others, [])
    items = list(outgoing_instances(source, encapsulate=False))
    assert len({one.item.identity for one in sent(source)}) == 3
    assert [one.code for one in items if isinstance(one, Finding)] == ["dicom-own-uid"] * 2


def test_one_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    source = with_records({}, [b"\0" * 128 + b"DICM"], [image(tmp_path / "a").read_bytes()])
    found = {one.item.identity: one.sop_class for one in sent(source)}
    (unread,) = (one for one in found if not found[one])
    assert len(found) == 2 and unread in {one.sha256 for one in source.dossier.attachments()}


def test_one_that_cannot_have_its_own_uid_is_not_sent_and_not_called_sent(tmp_path: Path) -> None:
    studied, other = image(tmp_path / "a"), dcmread(image(tmp_path / "b", StudyID="9"))
    other.OriginalAttributesSequence = [Dataset()]  # it has had other values before: with_own_uid refuses
    stream = io.BytesIO()
    other.save_as(stream)
    source = with_records({"2.25.7.1.1.1": studied.read_bytes()}, [stream.getvalue()], [])
    refused = {one.item.sha256: one.refusal for one in sent(source)}
    assert refused == {
        hashlib.sha256(studied.read_bytes()).hexdigest(): "",
        hashlib.sha256(stream.getvalue()).hexdigest(): SAME_UID,
    }
    got: list[str] = []
    with node(got) as address:
        items = list(DicomNode(read_node_address(address)).send(source, lambda _: False))
    states = [(one.state, one.answer) for one in items if isinstance(one, SentItem)]
    assert sorted(states) == [(SentState.REFUSED, SAME_UID), (SentState.SENT, "0000")] and len(got) == 1
