"""The images of a practice go to a DICOM node: counted, unchanged, what is refused is listed, and a run goes on."""

from __future__ import annotations

import csv
import json
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.uid import CTImageStorage
from pynetdicom import AE, AllStoragePresentationContexts, evt

from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.resetting_node import resetting_node
from tests.tools import need

READING = ("--identity", "receiver.identity", "--roots", "roots.pem")
RECEIVER = ("--by", "Dr Malo Kerbrat", "--receiver", "Cabinet Exemple")
Answer = Callable[[Any], int]


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("practice.db", "package.asice", "receiver.identity", "roots.pem")
    return Program(folder=small_line.copy(tmp_path, *names))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def dcmtk_node(folder: Path) -> Iterator[str]:
    """Run the node of dcmtk, which keeps what it gets in ``folder``."""
    folder.mkdir()
    port = free_port()
    node = subprocess.Popen([need("storescp"), "+xa", "-od", str(folder), "-aet", "PACS", str(port)])
    try:
        for _ in range(200):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"PACS@127.0.0.1:{port}"
    finally:
        node.terminate()
        node.wait()


@contextmanager
def node(answer: Answer = lambda _: 0, classes: tuple[str, ...] = ()) -> Iterator[str]:
    """Run a node that takes ``classes``, or everything, and gives each file the status that ``answer`` says."""
    entity = AE(ae_title="PACS")
    entity.supported_contexts = [
        one for one in AllStoragePresentationContexts if not classes or one.abstract_syntax in classes
    ]
    server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, answer)])
    assert server is not None and server.socket is not None
    try:
        yield f"PACS@127.0.0.1:{server.socket.getsockname()[1]}"
    finally:
        server.shutdown()


def listed(desk: Program, name: str = "sent.csv") -> list[dict[str, str]]:
    with (desk.folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def digests(desk: Program) -> list[str]:
    """Return the SHA-256 of every DICOM file of the practice."""
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        query = "SELECT attachment_sha256 FROM image_studies_series_instances"
        return sorted(digest for (digest,) in store.execute(query))


def test_every_image_reaches_the_node_as_it_is_and_once(desk: Program) -> None:
    whole = ("deliver", "practice.db", "--all", "--to", "sent.csv", *RECEIVER)
    images = digests(desk)
    with dcmtk_node(desk.folder / "pacs") as address:
        done = desk(*whole, "--node", address).ok()
        assert f"{address} took {len(images)} parts of " in done.out
        again = desk(*whole, "--node", address, "--json").ok().document
    assert again["states"] == {"sent": 0, "earlier": len(images), "refused": 0}
    assert sorted(one["sha256"] for one in listed(desk)) == images
    for path in (desk.folder / "pacs").iterdir():
        got = dcmread(path)
        (line,) = [one for one in listed(desk) if one["identity"] == got.SOPInstanceUID]
        digest = line["sha256"]
        there = dcmread(BytesIO((desk.folder / "practice.files" / digest[:2] / digest).read_bytes()))
        assert got == there and got.file_meta.TransferSyntaxUID == there.file_meta.TransferSyntaxUID
        assert line["state"] == "sent" and line["answer"] == "0000"
    assert len(list((desk.folder / "pacs").iterdir())) == len(images)
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        query = "SELECT detail FROM journal WHERE operation = 'delivery'"
        (noted,) = [json.loads(detail) for (detail,) in store.execute(query)]
    assert (noted["target"], noted["sent"], noted["receiver"]) == (address, len(images), "Cabinet Exemple")
    assert len(noted["patients"]) == len({one["number"] for one in listed(desk)}) < again["dossiers"]


def test_what_a_node_refuses_is_listed_and_sent_when_it_takes_it(desk: Program) -> None:
    whole = ("deliver", "practice.db", "--all", "--to", "sent.csv", *RECEIVER)
    images = digests(desk)
    got: list[str] = []

    def full(event: Any) -> int:
        got.append(event.request.AffectedSOPInstanceUID)
        return 0xA700 if len(got) == 1 else 0

    with node(full, (CTImageStorage,)) as address:
        some = desk(*whole, "--node", address)
        assert some.status == 4 and "(A700: " in some.out and "(not-accepted: " in some.out
        states = [one["state"] for one in listed(desk)]
        assert len(states) == len(images) and states.count("sent") == len(got) - 1
        reached = {one["number"] for one in listed(desk) if one["answer"] != "not-accepted"}
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        (noted,) = store.execute("SELECT detail FROM journal WHERE operation = 'delivery'").fetchone()
    assert len(json.loads(noted)["patients"]) == len(reached)
    assert len(reached) < len({one["number"] for one in listed(desk)})
    # The same node after its disk was emptied, and its settings were mended: another port, so the list is told.
    text = (desk.folder / "sent.csv").read_bytes()
    with node(lambda _: 0) as mended:
        (desk.folder / "sent.csv").write_bytes(text.replace(address.encode(), mended.encode()))
        done = desk(*whole, "--node", mended, "--json").ok().document
    assert done["states"] == {"sent": len(images) - len(got) + 1, "earlier": len(got) - 1, "refused": 0}
    assert sorted(one["sha256"] for one in listed(desk) if one["state"] == "sent") == images


def test_a_run_that_breaks_off_goes_on(desk: Program) -> None:
    whole = ("deliver", "practice.db", "--all", "--to", "sent.csv", *RECEIVER)
    images = digests(desk)
    left = [3]

    def breaking(event: Any) -> int:
        left[0] -= 1
        if left[0] < 0:
            event.assoc.abort()
        return 0

    with node(breaking) as address:
        broken = desk(*whole, "--node", address).refused("target-unreachable", 40)
        assert "goes on where it ended" in broken
        assert len(listed(desk)) == 3
        with (desk.folder / "sent.csv").open("ab") as stream:
            stream.write(b"2026-11-29T05:00:00+00:00;PACS@127")  # a line that a power cut left
        left[0] = len(images)
        done = desk(*whole, "--node", address, "--json").ok().document
    assert done["states"] == {"sent": len(images) - 3, "earlier": 3, "refused": 0}
    assert sorted(one["sha256"] for one in listed(desk)) == images


def test_ctrl_c_says_that_it_goes_on(desk: Program) -> None:
    line = ("deliver", "practice.db", "--all", "--to", "sent.csv", *RECEIVER)
    running: list[subprocess.Popen[bytes]] = []

    def interrupting(_: Any) -> int:
        if len(listed(desk)) == 2:
            running[0].send_signal(signal.SIGINT)
            time.sleep(1)
        return 0

    with node(interrupting) as address:
        running.append(desk.start(*line, "--node", address))
        _, errors = running[0].communicate(timeout=60)
        assert running[0].returncode == 130 and b"goes on where it ended. [sending-interrupted]" in errors
        taken = len(listed(desk))
        done = desk(*line, "--node", address, "--json").ok().document
    assert taken >= 2 and done["states"] == {
        "sent": len(digests(desk)) - taken,
        "earlier": taken,
        "refused": 0,
    }


def test_images_of_a_package_are_sent_too(desk: Program) -> None:
    with node() as address:
        line = ("--patient", "perrichon", "--to", "sent.csv", "--node", address)
        done = desk("deliver", "package.asice", *line, *READING, "--json").ok().document
    assert done["states"]["sent"] == len(listed(desk)) == 2


def test_an_address_that_is_none_sends_nothing(desk: Program) -> None:
    whole = ("deliver", "practice.db", "--all", *RECEIVER)
    for address in (
        "127.0.0.1:104",
        "PACS@127.0.0.1",
        "PACS@127.0.0.1:0",
        "PACS@127.0.0.1:70000",
        "@host:104",
    ):
        desk(*whole, "--to", "sent.csv", "--node", address).refused("target-address", 2)
    assert not (desk.folder / "sent.csv").exists()
    nowhere = f"PACS@127.0.0.1:{free_port()}"
    desk(*whole, "--to", "sent.csv", "--node", nowhere).refused("target-unreachable", 40)
    with resetting_node() as rude:
        printed = desk(*whole, "--to", "sent.csv", "--node", rude).refused("target-unreachable", 40)
    assert "does not accept the association" in printed
    (desk.folder / "mine.csv").write_text("number;name\n1;Perrichon\n", encoding="utf-8")
    desk(*whole, "--to", "mine.csv", "--node", nowhere).refused("table-unreadable", 46)
    assert (desk.folder / "mine.csv").read_text(encoding="utf-8") == "number;name\n1;Perrichon\n"
    asked = desk(*whole, "--to", "x", "--as", "zip", "--node", nowhere)
    assert asked.status == 2 and "--as, --node" in asked.err
