"""Packages of the past are read by every version: verified, inspected, imported, opened in each way."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from archiver.package.manifests.merkle_tree import inclusion_path, proves_inclusion
from archiver.package.manifests.patients import patient_leaf
from archiver.sealing.age import read_identities
from archiver.sealing.keyring import open_keyring
from archiver.sealing.unsealing import unseal
from formats.digests import SHA512, Digest
from tests.journeys.program import Program

HERE = Path(__file__).parent
PACKAGES = {
    "format-1": "72ed9f800032147443a2ffe498f34ce4a4cefed2332fa2a3a00b686c780817a6",
    "example-1": "decacbd6846e11fa64867fb3e0ef5bb575c99281bc5048175257face4825ff05",
    "part-1": "3122950eb42d8824c478b27bbb4397f9df7f9ad3684174e2d94df64148a38bbd",
}
"""SHA-256 of each package. A change here says that something that was archived is not read any more."""
SET = {
    "set-1-set.asice": "b3e0feeb1ac7ea0f413950e80f3bdc1b475c3518a7a52bc5daaf34f37e4dcd61",
    "set-1-set.asice.001.ers": "f3d48be98d590dee2d029cce3e39a0db4e3f9bb9575e40509f899e8ce6c1dceb",
    "set-1-001.asice": "2c638b85a56b5cbec8400813d5d91ef7a0846ed46efe60122ce1e891d96d735e",
    "set-1-002.asice": "fccf50e9faefe6c8ac2ddcc64acea72640102e3977c13cbaad8a13bc17a9c1d2",
}
"""SHA-256 of the volumes of a set, of what ties them, and of its evidence."""
AT = ("--at", "2027-06-01")
"""When they are judged: certificates and time-stamps are valid, the evidence was renewed."""
PEOPLE = {"format-1": 2, "example-1": 1, "part-1": 1}
MAX_BYTES = 450_000

QUESTIONS = ("intact", "complete", "signed_by", "existed_at", "trusted")

NAMES = pytest.mark.parametrize("name", PACKAGES)


@pytest.fixture
def desk(tmp_path: Path) -> Program:
    for path in HERE.iterdir():
        if path.suffix in {".asice", ".ers", ".identity", ".roots", ".tsa-roots", ".passphrase"}:
            shutil.copyfile(path, tmp_path / path.name)
    return Program(folder=tmp_path)


def accepted(name: str) -> tuple[str, ...]:
    """Return whom a reader accepts: who signed, and who stamped where anybody did."""
    stampers = ("--tsa-roots", f"{name}.tsa-roots") if (HERE / f"{name}.tsa-roots").exists() else ()
    return ("--roots", f"{name}.roots", *stampers)


def reading(name: str) -> tuple[str, ...]:
    return (f"{name}.asice", *accepted(name), *AT)


@NAMES
def test_the_package_is_what_it_was(name: str) -> None:
    data = (HERE / f"{name}.asice").read_bytes()
    assert hashlib.sha256(data).hexdigest() == PACKAGES[name]
    assert len(data) < MAX_BYTES


@NAMES
def test_it_verifies(name: str, desk: Program) -> None:
    done = desk.here("verify", *reading(name), "--json")
    states = {
        question: done.document[question]["state"] for question in done.document if state(done, question)
    }
    since = "proven" if name == "format-1" else "unknown"
    wanted = dict.fromkeys(("intact", "complete", "signed_by", "trusted"), "proven") | {"existed_at": since}
    assert states == wanted
    assert done.status == 0


def state(done: Any, question: str) -> bool:
    answer = done.document[question]
    return isinstance(answer, dict) and "state" in answer


@NAMES
def test_it_opens_and_is_imported(name: str, desk: Program) -> None:
    opening = (*reading(name), "--identity", f"{name}.identity")
    listed = desk.here("inspect", *opening, "--json").ok().document
    assert sum(1 for unit in listed["units"] if unit["patient"]) == PEOPLE[name]
    receipt = ("--into", "practice.db", "--receipt", "receipt.json", "--json")
    document = desk.here("import", *opening, *receipt).ok().document
    assert document["complete"]
    # their pages say no version: they are older than that, and nobody makes them again
    assert document["totals"]["pages_not_compared"] == PEOPLE[name]
    assert document["counts"]["patients"] == {
        "announced": PEOPLE[name],
        "found": PEOPLE[name],
        "left_aside": 0,
    }
    assert all(count["announced"] == count["found"] for count in document["counts"].values())


def test_its_passphrase_opens_it(desk: Program) -> None:
    opening = (*reading("format-1"), "--passphrase-file", "format-1.passphrase", "--json")
    assert desk.here("inspect", *opening).ok().document


def test_its_evidence_outlives_the_certificate_of_its_signers(desk: Program) -> None:
    later = (*accepted("format-1"), "--at", "2037-06-01", "--json")
    done = desk.here("verify", "format-1.asice", *later)
    assert done.document["trusted"]["state"] == "proven", done.document["trusted"]


def test_what_was_split_off_shows_in_2046_from_what_it_was_taken(desk: Program) -> None:
    """Its own signer's certificate has ended; the signature and the evidence of the package that was split go on."""
    done = desk.here("verify", *reading("part-1"), "--json")
    (source,) = done.document["sources"]
    assert source["package"] == json.loads(_manifest(HERE / "format-1.asice"))["package"]
    assert {question: source[question]["state"] for question in ("signed_by", "existed_at", "trusted")} == {
        "signed_by": "proven", "existed_at": "proven", "trusted": "proven",
    }  # fmt: skip
    later = desk.here("verify", "part-1.asice", *accepted("part-1"), "--at", "2046-06-01", "--json").document
    (source,) = later["sources"]
    assert source["trusted"]["state"] == source["existed_at"]["state"] == "proven"
    assert later["trusted"]["code"] == "certificate-ended"
    with zipfile.ZipFile(HERE / "part-1.asice") as part, zipfile.ZipFile(HERE / "format-1.asice") as whole:
        units = [name for name in part.namelist() if name.startswith("units/")]
        same = [name for name in units if name in whole.namelist() and part.read(name) == whole.read(name)]
    assert len(units) == 2 and len(same) == 1, "the practice's own unit is made anew"


def _manifest(package: Path) -> bytes:
    with zipfile.ZipFile(package) as archive:
        return archive.read("manifest.json")


@pytest.mark.parametrize("file", SET)
def test_the_set_is_what_it_was(file: str) -> None:
    data = (HERE / file).read_bytes()
    assert hashlib.sha256(data).hexdigest() == SET[file]
    assert len(data) < MAX_BYTES


@pytest.mark.parametrize("year", [2027, 2046])
def test_the_set_verifies_with_every_volume(desk: Program, year: int) -> None:
    """In 2046 the certificates of both signers have ended; evidence keeps the tie as it keeps the volumes."""
    reading = ("set-1-set.asice", *accepted("set-1"), "--at", f"{year}-06-01")
    found = desk.here("verify", *reading, "--json").ok().document
    assert [found[question]["state"] for question in QUESTIONS] == ["proven"] * 5
    assert found["existed_at"]["facts"]["moment"] == "2026-11-24T14:00:00+00:00"
    assert [one["file"] for one in found["volumes"]] == ["set-1-001.asice", "set-1-002.asice"]
    done = desk.here("import", *reading, "--identity", "set-1.identity", "--into", "new.db", "--json").ok()
    assert done.document["counts"]["patients"] == {"announced": 2, "found": 2, "left_aside": 0}
    assert done.document["signer"]["proven"]


def test_without_its_evidence_the_set_is_not_believed_in_2046(desk: Program) -> None:
    (desk.folder / "set-1-set.asice.001.ers").unlink()
    reading = ("set-1-set.asice", *accepted("set-1"), "--at", "2046-06-01")
    assert desk.here("verify", *reading, "--json").document["trusted"]["code"] == "certificate-ended"
    for number in (1, 2):
        desk.here("verify", f"set-1-00{number}.asice", *reading[1:]).ok()


def test_the_revision_and_its_origin_are_told(desk: Program) -> None:
    found = desk.here("verify", *reading("format-1"), "--json").ok().document
    assert found["revision"] == 2
    states = {question: answer["state"] for question, answer in found["origin"].items()}
    assert states == dict.fromkeys(("signed_by", "existed_at", "trusted"), "proven")
    assert found["origin"]["existed_at"]["code"] == "timestamped"
    output = desk.here("verify", *reading("format-1")).ok().out
    assert "Revision 2; nothing in a package proves that there is no later one." in output
    assert "Origin, Signed by: proven" in output
    first = desk.here("verify", *reading("example-1"), "--json").ok().document
    assert (first["revision"], first["origin"]) == (1, None)


@NAMES
def test_one_dossier_alone_proves_that_it_was_handed_over(name: str) -> None:
    """With an audit path, and by the published definition: nothing but its own bytes is read of any dossier."""
    with (HERE / f"{name}.identity").open("rb") as stream:
        identities = read_identities(stream)
    parts = zipfile.ZipFile(HERE / f"{name}.asice")
    manifest = json.loads(parts.read("manifest.json"))
    commitment = Digest.from_hex(manifest["keyring_commitment"], SHA512)
    ring = open_keyring(io.BytesIO(parts.read("keyring.age")), identities, commitment=commitment)
    known = ring.by_unit()
    patients = [known[unit["id"]] for unit in manifest["units"] if known[unit["id"]].patient is not None]
    leaves, root = list(map(patient_leaf, patients)), Digest.from_hex(manifest["patients_commitment"]["root"])
    assert manifest["patients_commitment"]["size"] == len(leaves) == PEOPLE[name]
    for index, entry in enumerate(patients):
        plain = io.BytesIO()
        unseal(io.BytesIO(parts.read(f"units/{entry.unit}.zip")), entry.passphrase, plain)
        document = json.loads(zipfile.ZipFile(plain).read("DATA/UNIT.JSO"))
        facts = {**document, "plain_sha256": hashlib.sha256(plain.getvalue()).hexdigest()}
        leaf = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert proves_inclusion(leaf, index, len(leaves), inclusion_path(index, leaves), root)
        assert document["patient"]["family"] in str(entry.patient)
