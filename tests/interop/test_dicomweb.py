"""Images come from a real DICOMweb server, Orthanc with its plugin: as it has them, each once, under its passwords."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.interop.test_images_orthanc import by_uid, dataset, fill
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.orthanc import PASSWORD, USER, Orthanc, running_orthanc
from tests.unit.dicom.images import image


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    (tmp_path / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    return Program(folder=small_line.copy(tmp_path, "practice.db"))


def line(node: Orthanc) -> tuple[str, ...]:
    return (
        *("collect", "dicomweb", node.web, "--into", "practice.db", "--images", "images", "--json"),
        *("--user", USER, "--password-file", "password"),
    )


def test_what_is_fetched_is_what_the_server_has(orthanc: Orthanc, desk: Program) -> None:
    count = fill(orthanc, desk.folder)
    (desk.folder / "reference").mkdir()
    for one in orthanc.ask("GET", "/instances"):
        (desk.folder / "reference" / f"{one}.dcm").write_bytes(orthanc.ask("GET", f"/instances/{one}/file"))
    expected = {uid: dataset(path) for uid, path in by_uid(desk.folder / "reference").items()}
    document = desk(*line(orthanc)).document
    assert {uid: dataset(path) for uid, path in by_uid(desk.folder / "images").items()} == expected
    assert len({syntax for syntax, _ in expected.values()}) >= 11
    network = document["network"]
    assert (network["announced"], network["received"], network["missing"]) == (count, count, 0)
    again = desk(*line(orthanc)).document
    assert (again["network"]["received"], again["network"]["present"]) == (0, count)
    next((desk.folder / "images").rglob("2.25.8.3.dcm")).unlink()
    assert desk(*line(orthanc)).document["network"]["received"] == 1


def test_studies_are_listed_and_chosen(orthanc: Orthanc, desk: Program) -> None:
    orthanc.add(
        image(desk.folder / "a.dcm", study="1", StudyDate="20240314"),
        image(desk.folder / "b.dcm", study="2", StudyDate="20200909", PatientID="99"),
    )
    asked = ("studies", orthanc.web, "--user", USER, "--password-file", "password")
    listed = desk(*asked, "--json").ok().document["list"]
    assert {(one["day"], one["patient_id"], one["images"]) for one in listed} == {
        ("2024-03-14", "45", 1),
        ("2020-09-09", "99", 1),
    }
    assert "2.25.7.1 " not in desk(*asked, "--until", "2021-01-01").ok().out
    document = desk(*line(orthanc), "--patient-id", "99").document
    assert document["network"]["studies"] == 1 and set(by_uid(desk.folder / "images")) == {"2.25.7.2.1.1"}


@pytest.mark.parametrize("who", [(), ("--user", USER, "--password-file", "wrong")], ids=["nobody", "wrong"])
def test_who_is_not_let_in_hears_it_and_no_password_is_said(
    orthanc: Orthanc, desk: Program, who: tuple[str, ...]
) -> None:
    (desk.folder / "wrong").write_text("secret-of-nobody", encoding="utf-8")
    printed = desk("studies", orthanc.web, *who).refused("node-unreachable", 40)
    assert "a user or an access token" in printed and "secret" not in printed


def test_a_password_from_the_environment(orthanc: Orthanc, desk: Program) -> None:
    desk("studies", orthanc.web, "--user", USER, ARCHIVER_DICOMWEB_PASSWORD=PASSWORD).ok()


def test_a_server_that_goes_away_is_one_sentence_and_the_next_run_goes_on(desk: Program) -> None:
    with running_orthanc() as node:
        for number in range(1, 25):
            node.add(
                image(desk.folder / "one.dcm", instance=str(number), PixelData=bytes(8 << 20), Rows=4096)
            )
        fetching = desk.start(*line(node))
        while len(list((desk.folder / "images").rglob("*.dcm"))) < 3 and fetching.poll() is None:
            time.sleep(0.005)
        node.kill()
        out, err = fetching.communicate(timeout=120)
        assert fetching.returncode == 40 and out == b"" and b"[node-unreachable]" in err
        assert PASSWORD.encode() not in err
        stored = len(list((desk.folder / "images").rglob("*.dcm")))
        assert 3 <= stored < 24
        node.start()
        network = desk(*line(node)).document["network"]
        assert (network["present"], network["received"], network["missing"]) == (stored, 24 - stored, 0)
