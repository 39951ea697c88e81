"""Images come from a real node, Orthanc: sent by it, got, moved; as it has them, each once, and none unnoticed."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian

from tests.journeys.line import Line, asked
from tests.journeys.program import Program
from tests.orthanc import OUR_TITLE, Orthanc, free_port, running_orthanc
from tests.tools import need, run
from tests.unit.dicom.images import SAMPLES, image

SENT = (
    "CT_small.dcm",
    "MR_small_implicit.dcm",
    "MR_small_bigendian.dcm",
    "image_dfl.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "JPEG-lossy.dcm",
    "SC_rgb_jpeg_gdcm.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "MR_small_jp2klossless.dcm",
    "JPEG2000.dcm",
    "MR_small_RLE.dcm",
    "rtplan.dcm",
    "waveform_ecg.dcm",
    "test-SR.dcm",
)
"""Images, a plan, a waveform, a report; of eleven transfer syntaxes."""
PEAK = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True)
sys.stderr.buffer.write(done.stderr)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
"""
SPREAD_MIB = 24
"""How far apart the peaks of a run with little and one with much may lie."""


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    return Program(folder=small_line.copy(tmp_path, "practice.db"))


def by_uid(folder: Path) -> dict[str, Path]:
    """Return the instances in a folder by their UID."""
    return {str(dcmread(one).SOPInstanceUID): one for one in folder.rglob("*") if one.is_file()}


def dataset(path: Path) -> tuple[str, str]:
    """Return transfer syntax and digest of the data set, which begins where the group length says (PS3.10, 7.1)."""
    data = path.read_bytes()
    assert data[128:132] == b"DICM" and data[132:140] == b"\2\0\0\0UL\4\0"
    sent = data[144 + int.from_bytes(data[140:144], "little") :]
    syntax = str(dcmread(path).file_meta.TransferSyntaxUID)
    if syntax == DeflatedExplicitVRLittleEndian and len(sent) % 2:
        sent += (
            b"\0"  # dcmtk writes a deflated data set without the null that made its length even (PS3.5, A.5)
        )
    return syntax, hashlib.sha256(sent).hexdigest()


def codes(document: Any) -> list[str]:
    return sorted({one["code"] for one in document["findings"] if one["severity"] != "note"})


def fill(node: Orthanc, folder: Path) -> int:
    """Store samples of several SOP classes and transfer syntaxes, each as an instance of its own; return how many."""
    for number, name in enumerate(SENT):
        data = dcmread(SAMPLES / name)
        data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = f"2.25.8.{number}"
        data.save_as(folder / "one.dcm")
        node.add(folder / "one.dcm")
    assert len(node.ask("GET", "/instances")) == len(SENT)
    return len(SENT)


def listening(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nobody listens")


@contextmanager
def bit_preserving_node(folder: Path, port: int) -> Iterator[None]:
    """Run dcmtk's node, which writes what it gets exactly as it came."""
    folder.mkdir()
    command = [need("storescp"), "-B", "+xa", "-od", str(folder), "-aet", OUR_TITLE, str(port)]
    node = subprocess.Popen(command)
    try:
        listening(port)
        yield
    finally:
        node.terminate()
        node.wait()


def as_sent(node: Orthanc, folder: Path) -> dict[str, tuple[str, str]]:
    """Return what the node sends to somebody else, by instance."""
    with bit_preserving_node(folder, node.our_port):
        node.send_to_us()
    return {uid: dataset(path) for uid, path in by_uid(folder).items()}


def test_what_the_node_sends_is_kept_as_it_is(orthanc: Orthanc, desk: Program) -> None:
    count = fill(orthanc, desk.folder)
    expected = as_sent(orthanc, desk.folder / "reference")
    receiving = desk.start(
        *("collect", "dicom-receive", "--into", "practice.db", "--images", "images", "--json"),
        *("--port", str(orthanc.our_port), "--count", str(count), "--from-title", "PACS"),
    )
    listening(orthanc.our_port)
    assert orthanc.send_to_us()["FailedInstancesCount"] == 0
    out, err = receiving.communicate(timeout=120)
    document = json.loads(out)
    assert receiving.returncode in {0, 4}, err
    assert {uid: dataset(path) for uid, path in by_uid(desk.folder / "images").items()} == expected
    assert len({syntax for syntax, _ in expected.values()}) >= 11 and len(expected) == count
    assert document["network"]["received"] == count and document["network"]["refused"] == 0
    found = asked(desk.folder / "practice.db", "SELECT count(*) FROM source_rows WHERE [table] = 'study'")
    assert document["tables"]["study"]["added"] >= 5 and found[0][0] == document["tables"]["study"]["stored"]


@pytest.mark.parametrize("how", [(), ("--move",)], ids=["get", "move"])
def test_what_is_fetched_is_what_the_node_has(orthanc: Orthanc, desk: Program, how: tuple[str, ...]) -> None:
    count = fill(orthanc, desk.folder)
    expected = as_sent(orthanc, desk.folder / "reference")
    line = (
        *("collect", "dicom-node", orthanc.address, "--into", "practice.db", "--images", "images"),
        *(*how, "--port", str(orthanc.our_port), "--json"),
    )
    document = desk(*line).document
    assert {uid: dataset(path) for uid, path in by_uid(desk.folder / "images").items()} == expected
    network = document["network"]
    assert (network["announced"], network["received"], network["present"], network["missing"]) == (
        count,
        count,
        0,
        0,
    )
    again = desk(*line).document
    assert (again["network"]["received"], again["network"]["present"]) == (0, count)
    assert again["changed"] is False


def test_studies_are_listed_and_chosen(orthanc: Orthanc, desk: Program) -> None:
    orthanc.add(
        image(desk.folder / "a.dcm", study="1", StudyDate="20240314"),
        image(desk.folder / "b.dcm", study="2", StudyDate="20200909", PatientID="99"),
    )
    listed = desk("studies", orthanc.address, "--json").ok().document["list"]
    assert {one["day"] for one in listed} == {"2024-03-14", "2020-09-09"} and {
        one["images"] for one in listed
    } == {1}
    one = desk("studies", orthanc.address, "--patient-id", "99").ok().out
    assert "2.25.7.2" in one and "2.25.7.1" not in one
    line = ("collect", "dicom-node", orthanc.address, "--into", "practice.db", "--images", "images")
    document = desk(*line, "--since", "2024-01-01", "--json").document
    assert document["network"]["studies"] == 1
    assert set(by_uid(desk.folder / "images")) == {"2.25.7.1.1.1"}


def test_a_number_of_another_issuer_is_nobodys_here(orthanc: Orthanc, desk: Program) -> None:
    unnamed = {"PatientName": "", "PatientBirthDate": "", "PatientID": "45"}
    orthanc.add(
        image(desk.folder / "own.dcm", study="1", **unnamed),
        image(desk.folder / "foreign.dcm", study="2", **unnamed, IssuerOfPatientID="Centre de radiologie"),
    )
    line = ("collect", "dicom-node", orthanc.address, "--into", "practice.db", "--images", "images", "--json")
    document = desk(*line).document
    assert [one["key"] for one in document["unassigned"]] == ["2.25.7.2"]
    assert document["kinds"]["image_studies"]["added"] == 1


def test_a_node_that_goes_away_is_one_sentence_and_the_next_run_goes_on(desk: Program) -> None:
    with running_orthanc() as node:
        for number in range(1, 41):
            path = image(desk.folder / "one.dcm", instance=str(number), PixelData=bytes(8 << 20), Rows=4096)
            node.add(path)
        line = (
            "collect",
            "dicom-node",
            node.address,
            "--into",
            "practice.db",
            "--images",
            "images",
            "--json",
        )
        fetching = desk.start(*line)
        while len(list((desk.folder / "images").rglob("*.dcm"))) < 5 and fetching.poll() is None:
            time.sleep(0.01)
        node.kill()
        out, err = fetching.communicate(timeout=120)
        printed = err.decode().splitlines()
        assert fetching.returncode == 40 and out == b"", err
        assert len(printed) == 1 and "[node-unreachable]" in printed[0] and "Perrichon" not in printed[0]
        stored = len(list((desk.folder / "images").rglob("*.dcm")))
        assert 5 <= stored < 40 and not list((desk.folder / "images").rglob("*.part"))
        assert asked(
            desk.folder / "practice.db",
            "SELECT count(*) FROM image_studies WHERE study_instance_uid = '2.25.7.1'",
        ) == [(0,)]
        node.start()
        network = desk(*line).document["network"]
        assert (network["present"], network["received"], network["missing"]) == (stored, 40 - stored, 0)


def test_a_move_to_a_title_that_the_node_does_not_know(orthanc: Orthanc, desk: Program) -> None:
    fill(orthanc, desk.folder)
    line = ("collect", "dicom-node", orthanc.address, "--into", "practice.db", "--images", "images", "--move")
    printed = desk(*line, "--title", "STRANGER", "--port", str(free_port())).refused("node-unreachable", 40)
    assert "does not know this program's title, address and port" in printed


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        ("PACS@127.0.0.1:9", "cannot be reached"),
        ("WRONG@127.0.0.1:{port}", "does not accept the association"),
    ],
)
def test_a_node_that_is_not_there_or_has_another_title(
    orthanc: Orthanc, desk: Program, node: str, reason: str
) -> None:
    printed = desk("studies", node.format(port=orthanc.dicom_port)).refused("node-unreachable", 40)
    assert reason in printed


def test_memory_does_not_grow_with_the_images(orthanc: Orthanc, desk: Program) -> None:
    def peak(images: str) -> int:
        line = ("collect", "dicom-node", orthanc.address, "--into", "practice.db", "--images", images)
        command = [sys.executable, "-c", PEAK, *desk.command(*line)]
        done = subprocess.run(
            command, cwd=desk.folder, env=desk.environment(), capture_output=True, check=True
        )
        status, mebibytes = done.stdout.split()
        assert status in {b"0", b"4"}, done.stderr
        return int(mebibytes)

    orthanc.add(image(desk.folder / "small.dcm"))
    small = peak("small")
    volume = image(
        desk.folder / "volume.dcm", study="2", PixelData=bytes(160 << 20), Rows=4096, Columns=40960
    )
    orthanc.add(volume)
    for number in range(1, 36):
        slice_of_it = image(
            desk.folder / "one.dcm", study="3", instance=str(number), PixelData=bytes(4 << 20)
        )
        orthanc.add(slice_of_it)
    large = peak("large")
    assert sum(one.stat().st_size for one in (desk.folder / "large").rglob("*.dcm")) > 300_000_000
    assert large - small < SPREAD_MIB, (small, large)


def test_dcmtk_asks_and_sends(desk: Program) -> None:
    port = free_port()
    receiving = desk.start(
        *("collect", "dicom-receive", "--into", "practice.db", "--images", "images", "--json"),
        *("--port", str(port), "--idle", "6", "--from-title", "CAMERA"),
    )
    listening(port)
    sent = image(desk.folder / "sent.dcm", instance="1")
    changed = image(desk.folder / "changed.dcm", instance="1", StudyDescription="another")
    run(need("echoscu"), "-aet", "CAMERA", "-aec", OUR_TITLE, "127.0.0.1", str(port))
    for path in (sent, sent, changed):
        run(need("storescu"), "-aet", "CAMERA", "-aec", OUR_TITLE, "127.0.0.1", str(port), path)
    for title, called in (("STRANGER", OUR_TITLE), ("CAMERA", "WRONG")):
        refused = subprocess.run(
            [need("echoscu"), "-aet", title, "-aec", called, "127.0.0.1", str(port)],
            capture_output=True,
            check=False,
        )
        assert refused.returncode != 0 and b"Rejected" in refused.stderr
    out, err = receiving.communicate(timeout=60)
    document = json.loads(out)
    network = document["network"]
    assert (network["received"], network["same"], network["different"]) == (1, 1, 1), err
    assert "dicom-sender-refused" in codes(document) and "dicom-same-uid" in codes(document)
    assert receiving.returncode == 4
    assert re.search(rb"received as ARCHIVER at 127.0.0.1, port \d+", err)


def test_ctrl_c_ends_receiving_and_collects(desk: Program) -> None:
    port = free_port()
    receiving = desk.start(
        *(
            "collect",
            "dicom-receive",
            "--into",
            "practice.db",
            "--images",
            "images",
            "--json",
            "--port",
            str(port),
        )
    )
    listening(port)
    path = image(desk.folder / "sent.dcm")
    run(need("storescu"), "-aec", OUR_TITLE, "127.0.0.1", str(port), path)
    receiving.send_signal(signal.SIGINT)
    out, err = receiving.communicate(timeout=60)
    assert receiving.returncode == 0, err
    assert json.loads(out)["network"]["received"] == 1


def test_a_port_that_another_program_has(desk: Program) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        line = ("collect", "dicom-receive", "--into", "practice.db", "--images", "images", "--port", port)
        desk(*line).refused("port-unavailable", 40)


@pytest.mark.parametrize("sender", ["camera", "10.0.0.0/8", "127.0.0.1:104"])
def test_a_sender_whose_address_would_let_nobody_in(desk: Program, sender: str) -> None:
    line = ("collect", "dicom-receive", "--into", "practice.db", "--images", "images", "--idle", "1")
    refused = desk(*line, "--from-address", sender)
    assert refused.status == 2 and "192.168.1.20" in refused.err
    assert not (desk.folder / "images").exists()
