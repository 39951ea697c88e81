"""Peers that mean no good, over real connections: nothing of theirs is stored, and others are still heard."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pynetdicom import AE, build_context
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.pdu_primitives import P_DATA

from archiver.dicom_network import instance_folder, reception as reception_module
from archiver.dicom_network.instance_folder import InstanceFolder, InstanceState
from archiver.dicom_network.reception import Reception
from archiver.dicom_network.server import ServerTerms, running_server
from formats.dicom.file_meta import FileMeta
from tests.unit.dicom.images import INTRAORAL, image

EXPLICIT = "1.2.840.10008.1.2.1"
PRIVATE = "1.3.6.1.4.1.99999.1"


@contextmanager
def receiving(folder: Path, **terms: Any) -> Iterator[tuple[Reception, int]]:
    reception = Reception(InstanceFolder(folder))
    with running_server(ServerTerms(port=0, **terms), reception) as running:
        yield reception, running.port


@contextmanager
def sender(port: int, kind: str = INTRAORAL) -> Iterator[Any]:
    entity = AE(ae_title="CAMERA")
    association = entity.associate(
        "127.0.0.1", port, contexts=[build_context(kind, EXPLICIT)], ae_title="ARCHIVER"
    )
    connection = association.dul.socket.socket if association.dul.socket else None
    try:
        yield association
    finally:
        if association.is_established:
            association.release()
        if connection is not None:
            connection.close()  # the library leaves it open when the other side was quicker


def send(port: int, path: Path, **values: Any) -> int:
    data = dcmread(path)
    for keyword, value in values.items():
        setattr(data, keyword, value)
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    with sender(port, data.SOPClassUID) as association:
        return int(association.send_c_store(data).Status)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_private_class_is_an_image_too(tmp_path: Path) -> None:
    with receiving(tmp_path / "in") as (reception, port):
        assert send(port, image(tmp_path / "one.dcm"), SOPClassUID=PRIVATE) == 0
    assert reception.arrivals == {InstanceState.STORED: 1}
    (stored,) = (tmp_path / "in").rglob("*.dcm")
    meta = dcmread(stored).file_meta
    assert (meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID) == (PRIVATE, EXPLICIT)
    assert meta.SourceApplicationEntityTitle == "CAMERA"


@pytest.mark.parametrize("uid", ["../../escape", "a/b", "1." * 40, ".", "1..2", "CON"])
@pytest.mark.filterwarnings("ignore")
def test_no_uid_is_a_path(tmp_path: Path, uid: str) -> None:
    found = InstanceFolder(tmp_path / "in")
    file = found.begin(FileMeta(sop_class=INTRAORAL, sop_instance=uid, transfer_syntax=EXPLICIT))
    file.write(b"data")
    assert found.keep(file, uid) is InstanceState.STORED and found.has(uid)
    file.close()
    (stored,) = files(tmp_path)
    assert stored.startswith("uid-") and stored.endswith(".dcm")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_protocol_data_unit_of_four_gigabytes_ends_the_connection(tmp_path: Path) -> None:
    with receiving(tmp_path / "in") as (reception, port):
        with closing(socket.create_connection(("127.0.0.1", port))) as hostile:
            hostile.settimeout(20)
            hostile.sendall(struct.pack(">BBL", 1, 0, 0xFFFF_FFFF) + bytes(1000))
            while hostile.recv(1000):
                pass
        assert send(port, image(tmp_path / "one.dcm")) == 0
    assert reception.arrivals == {InstanceState.STORED: 1}


@pytest.mark.parametrize("length", [0, 5, 6, 300])
def test_rubbish_is_let_go(tmp_path: Path, length: int) -> None:
    with receiving(tmp_path / "in") as (reception, port):
        with closing(socket.create_connection(("127.0.0.1", port))) as hostile:
            hostile.sendall(b"GET / HTTP/1.1\r\n"[:length] + bytes(max(length - 16, 0)))
        assert send(port, image(tmp_path / "one.dcm")) == 0
    assert reception.count == 1


def fragments(association: Any, control: int, size: int, count: int) -> None:
    """Send ``count`` fragments of ``size`` bytes, as long as the other side takes them."""
    for _ in range(count):
        if not association.is_established:
            return
        data = P_DATA()
        data.presentation_data_value_list.append((1, bytes([control]) + bytes(size)))
        association.dul.send_pdu(data)
        time.sleep(0.001)


def ended(association: Any) -> bool:
    """Wait until the other side has ended the association."""
    end = time.monotonic() + 20
    while association.is_established and time.monotonic() < end:
        time.sleep(0.02)
    return not association.is_established


def test_a_command_without_end_is_aborted(tmp_path: Path) -> None:
    with receiving(tmp_path / "in") as (_, port), sender(port) as association:
        fragments(association, 1, 16_000, 20)
        assert ended(association)
    assert files(tmp_path) == []


def test_a_command_that_is_none_is_aborted_without_a_trace(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with receiving(tmp_path / "in") as (_, port), sender(port) as association:
        fragments(association, 3, 500, 1)
        assert ended(association)
    assert "Traceback" not in capfd.readouterr().err


def store_request(data: bytes) -> C_STORE:
    request = C_STORE()
    request.MessageID = 1
    request.AffectedSOPClassUID, request.AffectedSOPInstanceUID = INTRAORAL, "2.25.1"
    request.Priority = 2
    request.DataSet = BytesIO(data)
    return request


def test_an_image_past_the_limit_is_aborted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archiver.dicom_network import dimse

    monkeypatch.setattr(dimse, "MAX_INSTANCE_BYTES", 1 << 20)
    with receiving(tmp_path / "in") as (reception, port), sender(port) as association:
        association.dimse.send_msg(store_request(bytes(3 << 20)), 1)
        assert ended(association)
    assert files(tmp_path) == [] and reception.count == 0
    assert [one.code for one in reception.findings] == ["dicom-instance-cut"]


def test_half_an_image_is_not_kept_and_is_said(tmp_path: Path) -> None:
    with receiving(tmp_path / "in") as (reception, port):
        entity = AE(ae_title="CAMERA")
        association = entity.associate(
            "127.0.0.1", port, contexts=[build_context(INTRAORAL, EXPLICIT)], ae_title="ARCHIVER"
        )
        whole = association.dimse.dul.send_pdu
        sent = []

        def half(data: Any) -> None:
            sent.append(data)
            if len(sent) < 5:
                whole(data)

        association.dimse.dul.send_pdu = half
        association.dimse.send_msg(store_request(bytes(1 << 20)), 1)
        time.sleep(0.5)
        connection = association.dul.socket.socket
        connection.shutdown(socket.SHUT_RDWR)
        end = time.monotonic() + 20
        while not len(reception.findings) and time.monotonic() < end:
            time.sleep(0.02)
        association.abort()
        connection.close()
    assert [one.code for one in reception.findings] == ["dicom-instance-cut"]
    assert files(tmp_path) == [] and reception.count == 0


def test_a_full_disk_is_the_status_of_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(tmp_path / "in") as (reception, port):
        monkeypatch.setattr(instance_folder, "RESERVED_BYTES", 1 << 62)
        assert send(port, image(tmp_path / "one.dcm")) == 0xA700
        monkeypatch.setattr(instance_folder, "RESERVED_BYTES", 0)
        assert send(port, image(tmp_path / "one.dcm")) == 0
    assert (reception.refused, reception.count) == (1, 1)
    assert [one.code for one in reception.findings] == ["dicom-instance-refused"]


def test_more_images_than_a_run_takes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception_module, "MAX_INSTANCES", 1)
    with receiving(tmp_path / "in") as (reception, port):
        assert send(port, image(tmp_path / "one.dcm")) == 0
        assert send(port, image(tmp_path / "two.dcm", instance="2")) == 0xA700
    assert (reception.count, reception.refused, len(files(tmp_path / "in"))) == (1, 1, 1)


def test_several_send_the_same_at_once_and_one_is_kept(tmp_path: Path) -> None:
    path = image(tmp_path / "one.dcm", PixelData=bytes(1 << 20))
    with receiving(tmp_path / "in") as (reception, port):
        threads = [threading.Thread(target=send, args=(port, path)) for _ in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert reception.arrivals == {InstanceState.STORED: 1, InstanceState.SAME: 5}
    assert len(files(tmp_path / "in")) == 1


def test_who_is_not_let_in_sends_nothing(tmp_path: Path) -> None:
    with (
        receiving(tmp_path / "in", titles=frozenset({"OTHER"})) as (reception, port),
        sender(port) as association,
    ):
        assert association.is_rejected
    assert [one.code for one in reception.findings] == ["dicom-sender-refused"]
    with (
        receiving(tmp_path / "in", hosts=frozenset({"192.0.2.1"})) as (reception, port),
        sender(port) as association,
    ):
        assert not association.is_established


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / ".archiver-0123456789abcdef.part").write_bytes(b"half")
    InstanceFolder(folder)
    assert files(tmp_path) == []
