"""DICOMweb servers that mean no good, and TLS: nothing of theirs is stored, every failure says what was met."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from archiver.dicom_network import instance_folder
from archiver.dicom_network.dicomweb import DicomwebServer, RetrieveServer, WebAccess, require_web_access
from archiver.dicom_network.errors import NodeAddressInvalid, NodeRefuses, NodeUnreachable, TlsFileUnusable
from archiver.dicom_network.instance_folder import InstanceFolder
from archiver.dicom_network.listing import ListedInstance, ListedSeries, StudyFilter
from archiver.dicom_network.node_address import parse_node_address
from archiver.dicom_network.query_retrieve import QueryNode
from archiver.dicom_network.reception import Reception
from archiver.dicom_network.server import ServerTerms, running_server
from archiver.dicom_network.tls import TlsFiles, client_context
from archiver.operations.collecting.fetch_images import fetch_images
from formats.errors import Failure, LimitExceeded
from tests.dripping import dripped, dripping, flooding, silent
from tests.french import in_french
from tests.self_signed import self_signed
from tests.unit.dicom.images import image

ONE = ListedInstance(uid="2.25.7.1.1.1")
SERIES = ListedSeries(uid="2.25.7.1.1", instances=(ONE,))
FILES = b'multipart/related; type="application/dicom"; boundary=b'


def http(kind: bytes, body: bytes, *, length: int | None = None, status: bytes = b"200 OK") -> Any:
    """Return what answers every request alike."""
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nConnection: close\r\n" % (status, kind)
    if length is not None:
        head += b"Content-Length: %d\r\n" % length

    def speak(client: Any) -> None:
        client.recv(1 << 16)
        client.sendall(head + b"\r\n" + body)

    return speak


@contextmanager
def server(speak: Any, folder: Path, seconds: float = 2) -> Iterator[RetrieveServer]:
    with dripping(speak) as base:
        yield RetrieveServer(WebAccess(base=base), Reception(InstanceFolder(folder)), seconds=seconds)


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def part(data: bytes, header: bytes = b"") -> bytes:
    return b"--b\r\n%b\r\n%b" % (header, data)


@pytest.mark.parametrize(
    ("kind", "body", "failure", "reason", "french"),
    [
        (b"text/html", b"<p>Welcome", NodeRefuses, "not several files", "suite de fichiers"),
        (b"multipart/related", b"", NodeRefuses, "not several files", "suite de fichiers"),
        (FILES, b"", NodeUnreachable, "ends too early", "trop tôt"),
        (FILES, part(b"half an im"), NodeUnreachable, "ends too early", "trop tôt"),
        (FILES, b"x" * 100_000, NodeRefuses, "hold together", "ne tiennent pas ensemble"),
        (
            FILES,
            part(b"data", b"Content-Length: 400\r\n") + b"\r\n--b--",
            NodeRefuses,
            "another length",
            "longueur",
        ),
    ],
)
def test_an_answer_that_does_not_hold_together(
    tmp_path: Path, kind: bytes, body: bytes, failure: type[Failure], reason: str, french: str
) -> None:
    with server(http(kind, body), tmp_path / "in") as one, pytest.raises(failure, match=reason) as refused:
        one.fetch("2.25.7.1", SERIES, [ONE])
    assert french in in_french(refused.value)
    assert stored(tmp_path / "in") == []


def test_a_file_that_is_no_dicom_is_refused_and_the_next_one_comes(tmp_path: Path) -> None:
    good = image(tmp_path / "good.dcm").read_bytes()
    body = part(b"<html>") + b"\r\n" + part(good) + b"\r\n--b--"
    with server(http(FILES, body), tmp_path / "in") as one:
        one.fetch("2.25.7.1", SERIES, [ONE])
        reception = one._reception
    assert stored(tmp_path / "in") == ["2.25.7.1.1.1.dcm"]
    assert (reception.count, reception.refused) == (1, 1)
    assert [each.code for each in reception.findings] == ["dicom-instance-refused"]


def test_a_part_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance_folder, "MAX_INSTANCE_BYTES", 8 << 20)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n\r\n" % FILES + part(b"")
    endless = flooding(bytes(1 << 16))

    def speak(client: Any) -> None:
        client.sendall(head)
        endless(client)

    with (
        server(speak, tmp_path / "in", 60) as one,
        pytest.raises(NodeRefuses, match="the length of an image"),
    ):
        one.fetch("2.25.7.1", SERIES, [ONE])
    assert stored(tmp_path / "in") == []


@pytest.mark.parametrize(
    "speak",
    [
        silent,
        dripped(b"", b"HTTP/1.1 200 OK\r\nX: y\r\n"),
        dripped(b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n\r\n" % FILES + part(b""), b"x"),
    ],
    ids=["silent", "headers", "part"],
)
def test_a_server_that_drips_is_given_up_in_time(tmp_path: Path, speak: Any) -> None:
    with server(speak, tmp_path / "in", 1) as one, pytest.raises(NodeUnreachable, match="in time"):
        one.fetch("2.25.7.1", SERIES, [ONE])
    assert stored(tmp_path / "in") == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[1]", b"<html>", b"[" * 100_000, b'[{"0020000D": ', b"\xff"],
)
def test_a_list_that_is_none(tmp_path: Path, body: bytes) -> None:
    with (
        server(http(b"application/dicom+json", body), tmp_path) as one,
        pytest.raises(NodeRefuses, match="no list"),
    ):
        list(one.studies(StudyFilter()))


@pytest.mark.parametrize(
    "value", [None, [], {}, "text", [None], [[]], [{"Alphabetic": []}], [{"x": 1}], [1e400]]
)
def test_values_of_any_shape_are_texts(tmp_path: Path, value: object) -> None:
    entry = {
        "0020000D": {"vr": "UI", "Value": ["2.25.7"]},
        "00100010": {"Value": value},
        "00201208": {"Value": value},
    }
    body = json.dumps([entry, {"0020000D": 7}, {}]).encode()
    with server(http(b"application/dicom+json", body), tmp_path) as one:
        found, *unnamed = one.studies(StudyFilter())
    assert [each.uid for each in unnamed] == ["", ""]
    assert found.uid == "2.25.7" and found.announced is None and isinstance(found.patient_name, str)


def test_what_is_listed_without_a_uid_is_said(tmp_path: Path) -> None:
    """Every request has this answer: a study with one instance that has no UID, and a study that has none."""
    body = json.dumps([{"0020000D": {"vr": "UI", "Value": ["2.25.7"]}}, {}]).encode()
    with dripping(http(b"application/dicom+json", body)) as base:
        reception = Reception(InstanceFolder(tmp_path / "in"))
        fetched = fetch_images(RetrieveServer(WebAccess(base=base), reception), reception, StudyFilter())
    assert (fetched.studies, fetched.announced, fetched.missing) == (1, 2, 2)
    assert [one.code for one in reception.findings] == [
        *("dicom-series-refused", "dicom-instances-missing"),
        "dicom-study-unnamed",
    ]


def test_a_server_that_knows_no_pages_is_asked_twice(tmp_path: Path) -> None:
    asked = []
    body = json.dumps([{"0020000D": {"vr": "UI", "Value": [f"2.25.{n}"]}} for n in range(3)]).encode()

    def speak(client: Any) -> None:
        asked.append(client.recv(1 << 16))
        client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)

    with server(speak, tmp_path) as one:
        assert len(list(one.studies(StudyFilter()))) == 3
    assert len(asked) == 2 and b"offset=3" in asked[1]


def test_a_list_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archiver.dicom_network import dicomweb

    monkeypatch.setattr(dicomweb, "MAX_LIST_BYTES", 4 << 20)

    def speak(client: Any) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n[")
        flooding(b"[" * (1 << 16))(client)

    with server(speak, tmp_path, 60) as one, pytest.raises(LimitExceeded):
        list(one.studies(StudyFilter()))


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (b"401 Unauthorized", NodeUnreachable),
        (b"403 Forbidden", NodeUnreachable),
        (b"503 Busy", NodeUnreachable),
        (b"302 Found\r\nLocation: http://192.0.2.1/", NodeRefuses),
        (b"406 Not Acceptable", NodeRefuses),
        (b"404 Not Found", NodeRefuses),
    ],
)
def test_a_refusal_is_said(tmp_path: Path, status: bytes, failure: type[Exception]) -> None:
    with server(http(b"text/html", b"", status=status), tmp_path) as one, pytest.raises(failure):
        one.fetch("2.25.7.1", SERIES, [ONE])


@pytest.mark.parametrize(
    "access",
    [
        WebAccess(base="http://192.0.2.1/dicom-web", user="reader"),
        WebAccess(base="ftp://127.0.0.1/"),
        WebAccess(base="https://user:secret@192.0.2.1/"),
        WebAccess(base="https://:secret@192.0.2.1/"),
        WebAccess(base="https://192.0.2.1/?token=secret"),
        WebAccess(base="https://192.0.2.1/?x=y"),
        WebAccess(base="https://192.0.2.1/", token="secret\r\nX: y"),
        WebAccess(base="https://192.0.2.1/", user="a:b"),
    ],
)
def test_what_would_be_read_on_the_way_is_no_address(access: WebAccess) -> None:
    with pytest.raises(NodeAddressInvalid) as refused:
        require_web_access(access)
    assert "X: y" not in str(refused.value) and "secret" not in str(refused.value) + repr(
        WebAccess(base="", password="secret")
    )


def test_a_certificate_that_nobody_trusts(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))

    def greet(client: Any) -> None:
        context.wrap_socket(client, server_side=True)

    with dripping(greet, scheme="https") as base, pytest.raises(NodeUnreachable, match="does not trust"):
        list(DicomwebServer(WebAccess(base=base), seconds=5).studies(StudyFilter()))


def test_an_association_over_tls(tmp_path: Path) -> None:
    own, other = self_signed(tmp_path), self_signed(tmp_path, "other")
    terms = ServerTerms(port=0, tls=TlsFiles(certificate=own, roots=own))
    with running_server(terms, Reception(InstanceFolder(tmp_path / "in"))) as running:
        address = parse_node_address(f"ARCHIVER@127.0.0.1:{running.port}")
        assert address is not None
        trusted = QueryNode(address, title="CAMERA", tls=TlsFiles(certificate=own, roots=own))
        with pytest.raises(NodeRefuses, match="does not offer"):  # it is a Storage SCP: reached, and no more
            list(trusted.studies(StudyFilter()))
        for files in (
            TlsFiles(certificate=own, roots=other),
            TlsFiles(certificate=other, roots=own),
            TlsFiles(),
            None,
        ):
            with pytest.raises(NodeUnreachable):
                list(QueryNode(address, title="CAMERA", tls=files).studies(StudyFilter()))


def test_files_that_are_none_for_tls(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("nothing", encoding="utf-8")
    for files in (TlsFiles(certificate=wrong), TlsFiles(roots=wrong)):
        with pytest.raises(TlsFileUnusable):
            client_context(files)
