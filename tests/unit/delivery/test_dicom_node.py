"""One file that cannot be sent is refused by name, and those behind it reach the node."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread
from pynetdicom import AE, evt

from archiver.delivery.dicom_node import DicomNode, read_node_address
from archiver.delivery.sent_list import NO_HEADER, SentState
from archiver.delivery.write import DossierSource
from formats.model.documents import Attachment
from formats.model.imaging import ImageInstance, ImageSeries, ImageStudy
from formats.pdlgc.sender import Sender
from tests.full_dossier import full_dossier
from tests.unit.dicom.images import INTRAORAL, image

LONG = "1." * 40 + "1"
"""A UID has 64 characters at most (PS3.5, 9.1)."""


@contextmanager
def node(got: list[str]) -> Iterator[str]:
    """Run a node that takes intraoral images, and writes down which."""
    entity = AE(ae_title="PACS")
    entity.add_supported_context(INTRAORAL)

    def take(event: evt.Event) -> int:
        got.append(event.request.AffectedSOPInstanceUID)
        return 0

    server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, take)])
    assert server is not None and server.socket is not None
    try:
        yield f"PACS@127.0.0.1:{server.socket.getsockname()[1]}"
    finally:
        server.shutdown()


def without_instance(path: Path, uid: str | None) -> bytes:
    """Return the image with another instance UID in its file meta information, or none."""
    data = dcmread(path)
    del data.file_meta.MediaStorageSOPInstanceUID
    if uid:
        data.file_meta.add_new(0x00020003, "UI", uid)
    stream = BytesIO()
    data.save_as(stream, enforce_file_format=False)
    return stream.getvalue()


def source_of(contents: dict[str, bytes]) -> DossierSource:
    """Return a dossier that has these files, by their instance UID."""
    files = {hashlib.sha256(data).hexdigest(): data for data in contents.values()}
    instances = tuple(
        ImageInstance(
            sop_instance_uid=uid,
            sop_class_uid=INTRAORAL,
            attachment=Attachment(
                sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type="application/dicom"
            ),
        )
        for uid, data in contents.items()
    )
    series = ImageSeries(series_instance_uid="2.25.7.1.1", modality="IO", instances=instances)
    dossier = full_dossier()
    study: ImageStudy = replace(dossier.image_studies[0], series=(series,))
    return DossierSource(
        dossier=replace(dossier, image_studies=(study,)),
        open_attachment=lambda sha256: BytesIO(files[sha256]),
        header_facts=lambda _: b"",
        sender=Sender(name="Cabinet"),
        written_at=datetime(2026, 11, 29, tzinfo=UTC),
    )


@pytest.mark.filterwarnings("ignore:The value length")
@pytest.mark.parametrize("stated", [None, LONG], ids=["none", "too long"])
def test_a_file_without_an_instance_uid_stops_no_other(tmp_path: Path, stated: str | None) -> None:
    paths = {number: image(tmp_path / number, instance=number) for number in "123"}
    contents = {f"2.25.7.1.1.{number}": path.read_bytes() for number, path in paths.items()}
    contents["2.25.7.1.1.2"] = without_instance(paths["2"], stated)
    got: list[str] = []
    with node(got) as address:
        sent = list(DicomNode(read_node_address(address)).send(source_of(contents), lambda _: False))
    assert [(one.identity[-1], one.state) for one in sent] == [
        ("1", SentState.SENT),
        ("2", SentState.REFUSED),
        ("3", SentState.SENT),
    ]
    assert sent[1].answer == NO_HEADER and got == ["2.25.7.1.1.1", "2.25.7.1.1.3"]
