"""An archive company takes a package in: it has no key, and nothing to read the dossiers with."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.line import Line, contents
from tests.journeys.program import Ended, Program

QUESTIONS = ("intact", "complete", "signed_by", "existed_at", "trusted")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """Return the program on a machine with the package as a file and unpacked, and the certificate."""
    small_line.copy(tmp_path, "package.asice", "roots.pem")
    with zipfile.ZipFile(tmp_path / "package.asice") as archive:
        archive.extractall(tmp_path / "unpacked")
    return Program(folder=tmp_path)


def states(verdict: Any) -> list[str]:
    return [verdict[question]["state"] for question in QUESTIONS]


@pytest.mark.parametrize("package", ["package.asice", "unpacked"])
def test_a_package_and_the_same_tree_unpacked(desk: Program, package: str) -> None:
    before = contents(desk.folder)
    done = desk("verify", package, "--roots", "roots.pem").ok()
    *lines, revision, due = done.out.splitlines()
    assert [line.split()[0] for line in lines] == ["Intact", "Complete", "Signed", "Existed", "Trusted"]
    assert lines[-1].endswith("is someone you accept. No revocation information was examined.")
    assert revision == "Revision 1; nothing in a package proves that there is no later one."
    assert due.startswith("To be done: give it evidence before ")
    assert done.out.count("  proven  ") == 4 and done.out.count("  unknown  ") == 1
    assert "[no-timestamp]" in done.out
    verdict = desk("verify", package, "--roots", "roots.pem", "--json").ok().document
    assert states(verdict) == ["proven", "proven", "proven", "unknown", "proven"]
    assert contents(desk.folder) == before


def test_without_a_certificate_to_accept_nothing_is_wrong_and_nobody_is_trusted(desk: Program) -> None:
    done = desk("verify", "package.asice", "--json")
    assert done.status == 3
    assert states(done.document) == ["proven", "proven", "proven", "unknown", "unknown"]


def test_judged_at_another_moment(desk: Program) -> None:
    far = desk("verify", "package.asice", "--roots", "roots.pem", "--at", "2060-01-01", "--json")
    assert far.status == 28
    assert far.document["trusted"]["code"] == "certificate-ended"
    assert states(far.document)[:3] == ["proven"] * 3
    assert datetime.fromisoformat(far.document["at"]).year == 2060
    today = datetime.now().astimezone().strftime("%Y-%m-%dT%H:%M:%S")
    desk("verify", "package.asice", "--roots", "roots.pem", "--at", today).ok()
    for moment in ("yesterday", "0001-01-01", "9999-12-31T23:59:59"):
        done = desk("verify", "package.asice", "--at", moment)
        assert done.status == 2 and "--at" in done.err and "[usage]" in done.err
    for moment in ("1900-01-01", "9998-12-31T23:59:59"):
        early = desk("verify", "package.asice", "--roots", "roots.pem", "--at", moment)
        assert early.status == 28 and "[certificate-ended]" in early.err


def refused(done: Ended, question: str, code: str, status: int) -> None:
    assert done.status == status, done.err
    assert (done.document[question]["state"], done.document[question]["code"]) == ("refuted", code)


def test_a_part_of_the_unpacked_tree_is_damaged_lost_or_added(desk: Program) -> None:
    unit = next(iter((desk.folder / "unpacked" / "units").iterdir()))
    whole = unit.read_bytes()
    unit.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    refused(desk("verify", "unpacked", "--json"), "intact", "digest-mismatch", 14)
    unit.unlink()
    refused(desk("verify", "unpacked", "--json"), "complete", "member-missing", 12)
    unit.write_bytes(whole)
    (desk.folder / "unpacked" / "extra.txt").write_text("?", encoding="utf-8")
    refused(desk("verify", "unpacked", "--json"), "complete", "member-unlisted", 13)


def test_a_shelf_of_packages_in_one_run(desk: Program) -> None:
    """A table, a summary and the worst status; what is damaged or missing does not stop the others."""
    shelf = desk.folder / "shelf"
    shelf.mkdir()
    data = bytearray((desk.folder / "package.asice").read_bytes())
    (shelf / "good.asice").write_bytes(data)
    data[len(data) // 2] ^= 1
    (shelf / "bad.asice").write_bytes(data)
    named = ("lost.asice", "shelf", "unpacked", "--roots", "roots.pem")
    done = desk("verify", *named)
    assert done.status == 14, done.err
    lines = {line.split()[0]: line for line in done.out.splitlines() if line.split()}
    assert "[digest-mismatch]" in lines["shelf/bad.asice"] and "refused" in lines["shelf/bad.asice"]
    assert "not examined" in lines["lost.asice"] and "proven" in lines["shelf/good.asice"]
    assert "proven" in lines["unpacked"]
    document = desk("verify", *named, "--json").document
    assert document["status"] == 14
    assert document["summary"] == {"packages": 4, "proven": 2, "undecided": 0, "unexamined": 1, "refused": 1}
    named_there = [one["package"] for one in document["packages"]]
    assert named_there == ["lost.asice", "shelf/bad.asice", "shelf/good.asice", "unpacked"]
    desk("verify", "shelf/good.asice", "unpacked", "--roots", "roots.pem").ok()
    assert desk("verify", "shelf/good.asice", "unpacked").status == 3
    empty = desk.folder / "empty"
    empty.mkdir()
    desk("verify", "empty").refused("no-package", 54)


def test_a_place_without_a_package_stops_none_of_the_others(desk: Program) -> None:
    (desk.folder / "empty").mkdir()
    (desk.folder / "list.csv").write_text("a,b\n", encoding="utf-8")
    named = ("package.asice", "empty", "empty", "lost.asice", "--roots", "roots.pem")
    done = desk("verify", *named)
    assert done.status == 54, done.err
    lines = {line.split()[0]: line for line in done.out.splitlines() if line.split()}
    assert "in order" in lines["package.asice"]
    assert "not examined" in lines["empty"] and "[no-package]" in lines["empty"]
    document = desk("verify", *named, "--json").document
    assert document["summary"] == {"packages": 3, "proven": 1, "undecided": 0, "unexamined": 2, "refused": 0}
    assert [one["package"] for one in document["packages"]] == ["package.asice", "lost.asice", "empty"]
    assert document["packages"][2]["intact"]["code"] == "no-package"
    worse = desk("verify", "list.csv", *named)
    assert worse.status == 10 and "[not-a-package]" in worse.out, (
        "what is refused is worse than what is not there"
    )
