"""Evidence beside what lies unpacked in a folder (§12): judged as beside the file, but where another file comes out."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from archiver.examination.examine import examine_whole
from archiver.verdict import State, Verdict
from tests.vectors.generator import corpus, flawed_set_evidence, later, package, volumes
from tests.vectors.generator.case import Case
from tests.vectors.hostile_readers import TRUST
from tests.vectors.test_hostile import HONEST, IN_PLACE_OF_RECORD

OTHER = "evidence-object-missing"
FLAWS: Mapping[str, Case] = {one.name: one for one in flawed_set_evidence.cases()}


def unpack(data: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder


def evidence_last(parts: package.Parts) -> package.Parts:
    """Return ``parts`` in the order of §11.1, for a keeper who destroys puts evidence behind the statement again."""
    return dict(sorted(parts.items(), key=lambda one: "vidence" in one[0].removeprefix("META-INF/")[:20]))


def proven_since(verdict: Verdict) -> None:
    assert verdict.proven, verdict.findings
    assert verdict.existed_at.state is State.PROVEN and verdict.records


@pytest.mark.parametrize("name", ["p.asice", "p"])
@pytest.mark.parametrize("made", HONEST.values(), ids=HONEST)
def test_of_an_unpacked_package_a_record_over_its_file_is_proven(
    tmp_path: Path, made: Callable[[], package.Parts], name: str
) -> None:
    data = later.packed(evidence_last(made()))
    (tmp_path / "p.asice.001.ers").write_bytes(volumes.beside(data, neighbour=bytes(32)))
    verdict = examine_whole(unpack(data, tmp_path / name), TRUST).verdict
    proven_since(verdict)
    record = verdict.records[-1]
    assert (record.member, record.existed_at.state) == ("p.asice.001.ers", State.PROVEN)


@pytest.mark.parametrize(
    ("record", "state", "code"),
    [
        (lambda data: volumes.beside(data + b"\0"), State.UNKNOWN, OTHER),
        (lambda data: volumes.beside(data, spoiled=True), State.REFUTED, "evidence-token-invalid"),
        (lambda data: volumes.beside(data)[:-1], State.REFUTED, "evidence-unreadable"),
        (lambda _: b"Bonjour", State.REFUTED, "evidence-unreadable"),
        (lambda _: b"", State.REFUTED, "evidence-unreadable"),
    ],
    ids=["over another file", "damaged token", "cut short", "text", "empty"],
)
def test_of_an_unpacked_package_a_record_that_does_not_hold_has_its_code(
    tmp_path: Path, record: Callable[[bytes], bytes], state: State, code: str
) -> None:
    data = package.package(signing={"stamp": False})
    (tmp_path / "p.asice.001.ers").write_bytes(record(data))
    verdict = examine_whole(unpack(data, tmp_path / "p"), TRUST).verdict
    assert (verdict.existed_at.state, verdict.existed_at.code) == (state, code)
    assert verdict.intact.state is State.PROVEN


def test_of_an_unpacked_package_records_are_counted_as_beside_a_file(tmp_path: Path) -> None:
    data = package.package(signing={"stamp": False})
    tree = unpack(data, tmp_path / "p")
    (tmp_path / "p.asice.002.ers").write_bytes(volumes.beside(data))
    assert examine_whole(tree, TRUST).verdict.existed_at.code == "member-missing"
    for number in (1, *range(3, 18)):
        (tmp_path / f"p.asice.{number:03}.ers").write_bytes(volumes.beside(data))
    assert examine_whole(tree, TRUST).verdict.existed_at.code == "limit-exceeded"
    (tmp_path / "p.asice.017.ers").unlink()
    verdict = examine_whole(tree, TRUST).verdict
    proven_since(verdict)
    assert len(verdict.records) == 16


def test_a_record_proves_nothing_of_a_folder_that_gives_no_file_or_another_one(tmp_path: Path) -> None:
    data = package.package(signing={"stamp": False})
    tree = unpack(data, tmp_path / "p")
    (tmp_path / "p.asice.001.ers").write_bytes(volumes.beside(data))
    for name in ("README.TXT", package.SIGNATURE, package.ASIC):
        (tree / name).unlink()
        verdict = examine_whole(tree, TRUST).verdict
        assert (verdict.existed_at.state, verdict.existed_at.code) == (State.UNKNOWN, OTHER)
        assert verdict.complete.code == "member-missing"
    (tmp_path / "p.asice.001.ers").write_bytes(b"Bonjour")
    assert examine_whole(tree, TRUST).verdict.existed_at.code == "evidence-unreadable"


@pytest.mark.parametrize("name", volumes.honest_sets())
def test_an_honest_set_is_proven_with_everything_of_it_unpacked(tmp_path: Path, name: str) -> None:
    volume_list, beside = volumes.honest_sets()[name]
    record = volumes.beside(volume_list)
    (tmp_path / "p-set.asice.001.ers").write_bytes(record)
    for file, data in beside.items():
        if file.endswith(".ers"):
            (tmp_path / file.replace(corpus.INPUT, "p-set.asice")).write_bytes(data)
        else:
            unpack(data, tmp_path / file)
            (tmp_path / f"{file}.001.ers").write_bytes(volumes.beside(data))
    examined = examine_whole(unpack(volume_list, tmp_path / "p-set"), TRUST)
    proven_since(examined.verdict)
    for volume in examined.volumes:
        proven_since(volume.verdict)
        assert volume.verdict.records[-1].member == f"{volume.file}.001.ers"


@pytest.mark.parametrize("name", FLAWS)
def test_every_flaw_of_evidence_beside_a_set_has_the_same_answer_when_it_lies_unpacked(
    tmp_path: Path, name: str
) -> None:
    flaw, trust = FLAWS[name], replace(TRUST, at=FLAWS[name].at)
    file = tmp_path / "file" / corpus.INPUT
    for folder in (file.parent, tmp_path / "unpacked"):
        folder.mkdir()
        for other, data in flaw.beside.items():
            (folder / other.replace(corpus.INPUT, f"{corpus.INPUT}.asice")).write_bytes(data)
    file = file.with_name(f"{corpus.INPUT}.asice")
    file.write_bytes(flaw.data)
    whole = examine_whole(file, trust).verdict
    verdict = examine_whole(unpack(flaw.data, tmp_path / "unpacked" / corpus.INPUT), trust).verdict
    for one, other in zip(verdict.records, whole.records, strict=True):
        expected = other.existed_at
        state = State.UNKNOWN if expected.code == OTHER else expected.state
        assert (one.existed_at.state, one.existed_at.code) == (state, expected.code)


@pytest.mark.skipif(os.name == "nt", reason="links and pipes there need rights that tests do not have")
@pytest.mark.parametrize("what", IN_PLACE_OF_RECORD)
def test_what_stands_in_place_of_a_record_beside_a_folder_is_no_record(tmp_path: Path, what: str) -> None:
    make, code = IN_PLACE_OF_RECORD[what]
    tree = unpack(package.package(signing={"stamp": False}), tmp_path / "p")
    make(tmp_path / "p.asice.001.ers")
    verdict = examine_whole(tree, TRUST).verdict
    assert (verdict.existed_at.state, verdict.existed_at.code) == (State.REFUTED, code)
