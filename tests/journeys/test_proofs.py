"""A court asks whether a patient's dossier was handed over, and whether another's was not."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from archiver.sealing.age import decrypt, read_identities
from tests.journeys.line import EXPORT, Line
from tests.journeys.program import Program
from tests.tools import need

READING = ("--identity", "receiver.identity", "--roots", "roots.pem")
NAMES = ("Perrichon", "Lemoine", "Garnier", "O'Shaughnessy", "Maillet")


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    """The successor, who has the package of four dossiers, and an expert with a key of their own."""
    names = ("package.asice", "receiver.identity", "roots.pem", "kerbrat")
    program = Program(folder=small_line.copy(tmp_path, *names))
    program("keys", "new", "expert", "--name", "Me Odile Exemple", "--no-passphrase").ok()
    return program


@pytest.fixture
def court(desk: Program, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The court, which has the package, a proof about one patient, and no key."""
    desk("proof", "patient", "package.asice", "perrichon", "--to", "proof.json", *READING).ok()
    folder = tmp_path_factory.mktemp("court")
    for name in ("package.asice", "proof.json", "roots.pem"):
        shutil.copy2(desk.folder / name, folder)
    return Program(folder=folder)


def test_a_court_is_shown_one_patient_and_no_other_name(desk: Program, court: Program) -> None:
    text = (court.folder / "proof.json").read_text(encoding="utf-8")
    assert len(text) < 2000
    assert [name for name in NAMES if name in text] == ["Perrichon"]
    assert json.loads(text)["leaf"]["patient"]["number"] == "45"

    shown = court("proof", "verify", "proof.json", "package.asice", "--roots", "roots.pem").ok()
    assert "Signed by   proven" in shown.out
    assert (
        "Perrichon Gérard · 1955-11-23 · 45: a patient to whom the signed manifest commits (4 in all)"
        in shown.out
    )
    assert "--archive compares one" in shown.err

    # The patient has the dossier in the clear: it is the one that was handed over.
    unit = desk("keys", "show-unit", "package.asice", "--patient", "45", "--json", *READING).ok().document
    unseal(desk, unit, court.folder)
    compared = court(
        *("proof", "verify", "proof.json", "package.asice", "--roots", "roots.pem"),
        "--archive",
        unit["member"],
    ).ok()
    assert "The archive is the one that was handed over for this patient." in compared.out
    (court.folder / "other.zip").write_bytes(b"another")
    other = court("proof", "verify", "proof.json", "package.asice", "--archive", "other.zip")
    other.refused("proof-invalid", 14)


def unseal(desk: Program, unit: dict[str, str], folder: Path) -> None:
    """Lay what the unit holds into ``folder``, as somebody with its passphrase does."""
    sealed = folder / "sealed.zip"
    unzip = [need("unzip"), "-p", "package.asice", unit["path"]]
    sealed.write_bytes(subprocess.run(unzip, cwd=desk.folder, capture_output=True, check=True).stdout)
    seven = [need("7z", "7zz", "7za"), "x", "-y", f"-p{unit['passphrase']}", f"-o{folder}", str(sealed)]
    subprocess.run(seven, check=True, capture_output=True)


def test_a_proof_that_was_changed_or_is_of_another_package_shows_nothing(
    desk: Program, court: Program
) -> None:
    good = (court.folder / "proof.json").read_text(encoding="utf-8")
    for changed, code, status in (
        (good.replace("Perrichon", "Lemoine"), "proof-invalid", 14),
        (good.replace("1955-11-23", "1955-11-24"), "proof-invalid", 14),
        (good.replace(' "index": ', ' "index": 1'), "proof-invalid", 14),
        (good.replace(json.loads(good)["package"], "another"), "proof-foreign", 13),
        (good.replace(json.loads(good)["root"], "0" * 64), "proof-invalid", 14),
        (good.replace('"path": [', '"path":  ['), "proof-unreadable", 15),
        (good[:-2], "proof-unreadable", 15),
        ("Gérard Perrichon was handed over.", "proof-unreadable", 15),
        ("", "proof-unreadable", 15),
    ):
        assert changed != good
        (court.folder / "changed.json").write_text(changed, encoding="utf-8")
        court("proof", "verify", "changed.json", "package.asice", "--roots", "roots.pem").refused(
            code, status
        )

    # A package that is not as it was signed proves nothing, whatever the proof says.
    data = bytearray((court.folder / "package.asice").read_bytes())
    data[data.index(b'"patients_commitment"') + 2] ^= 1
    (court.folder / "broken.asice").write_bytes(data)
    court("proof", "verify", "proof.json", "broken.asice", "--roots", "roots.pem").refused(
        "digest-mismatch", 14
    )


def test_whom_the_package_does_not_hold_is_not_proven(desk: Program) -> None:
    nobody = desk("proof", "patient", "package.asice", "Lemoine Gontran", "--to", "proof.json", *READING)
    assert nobody.status == 39 and "[patient-unknown]" in nobody.err
    assert not (desk.folder / "proof.json").exists()


def test_an_expert_sees_that_somebody_is_not_in_the_package(desk: Program) -> None:
    listing = (
        "proof",
        "absent",
        "package.asice",
        "--expert",
        "expert/receiver.recipient",
        "--to",
        "list.age",
    )
    written = desk(*listing, *READING).ok()
    assert "list.age: 4 patients, everybody in the package" in written.out

    sealed = (desk.folder / "list.age").read_bytes()
    assert not [name for name in NAMES if name.encode() in sealed]

    # The expert has the package, the list, and a key that opens the list and nothing else.
    asked = ("proof", "verify", "list.age", "package.asice", "--roots", "roots.pem")
    own = ("--identity", "expert/receiver.identity")
    seen = desk(*asked, *own, "--patient", "Lemoine Gontran", "--patient", "perrichon 1955").ok()
    assert "4 patients are listed: exactly those to whom the signed manifest commits" in seen.out
    assert "Lemoine Gontran: nobody in the package fits. Nearest: " in seen.out
    assert "perrichon 1955: 1 person fits: Perrichon Gérard · 1955-11-23 · 45." in seen.out
    document = desk(*asked, *own, "--patient", "Lemoine Gontran", "--json").ok().document
    assert (document["shows"], document["size"], document["searched"][0]["count"]) == ("patients", 4, 0)
    desk("inspect", "package.asice", *own, "--roots", "roots.pem").refused("wrong-key", 21)
    desk(*asked, "--identity", "receiver.identity").refused("wrong-key", 21)
    assert desk(*asked).status == 2


def test_a_list_without_one_patient_is_refused(desk: Program) -> None:
    listing = (
        "proof",
        "absent",
        "package.asice",
        "--expert",
        "expert/receiver.recipient",
        "--to",
        "list.age",
    )
    desk(*listing, *READING).ok()
    lines = opened(desk, "list.age").splitlines(keepends=True)
    assert len(lines) == 5
    head = json.loads(lines[0])
    fewer = json.dumps({**head, "size": 3}, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    cases = {
        "whole": (b"".join(lines), None),
        "fewer": (b"".join([fewer, *lines[1:4]]), "proof-invalid"),
        "cut": (b"".join(lines[:4]), "proof-unreadable"),
        "swapped": (b"".join([lines[0], lines[2], lines[1], *lines[3:]]), "proof-invalid"),
        "renamed": (b"".join(lines).replace(b"Perrichon", b"Perruchon"), "proof-invalid"),
        "twice": (b"".join([*lines, *lines]), "proof-invalid"),
        "foreign": (b"".join(lines).replace(head["package"].encode(), b"another"), "proof-foreign"),
    }
    for name, (data, code) in cases.items():
        (desk.folder / f"{name}.jsonl").write_bytes(data)
        judged = desk("proof", "verify", f"{name}.jsonl", "package.asice", "--roots", "roots.pem")
        if code is None:
            judged.ok()
        else:
            assert f"[{code}]" in judged.err, name
            assert judged.status in {13, 14, 15}


def opened(desk: Program, name: str) -> bytes:
    """Return what an age file for the expert holds."""
    with (desk.folder / "expert/receiver.identity").open("rb") as key:
        identities = list(read_identities(key))
    target = io.BytesIO()
    with (desk.folder / name).open("rb") as stream:
        decrypt(stream, target, identities)
    return target.getvalue()


def test_a_set_is_proven_volume_by_volume_and_listed_whole(small_line: Line, tmp_path: Path) -> None:
    names = ("practice.db", "receiver.identity", "roots.pem", "kerbrat", "pressoir", "roster.csv")
    desk = Program(folder=small_line.copy(tmp_path, *names))
    desk(*EXPORT, "--by-retention-year").ok()
    desk("keys", "new", "expert", "--name", "Me Odile Exemple", "--no-passphrase").ok()
    desk("proof", "patient", "package-set.asice", "45", "--to", "proof.json", *READING).ok()
    assert (
        "45: a patient to whom"
        in desk("proof", "verify", "proof.json", "package-set.asice", "--roots", "roots.pem").ok().out
    )
    listing = (
        "proof",
        "absent",
        "package-set.asice",
        "--expert",
        "expert/receiver.recipient",
        "--to",
        "list.age",
    )
    desk(*listing, *READING).ok()
    own = ("--identity", "expert/receiver.identity", "--roots", "roots.pem")
    assert "4 patients are listed" in desk("proof", "verify", "list.age", "package-set.asice", *own).ok().out
    desk("proof", "verify", "list.age", "package-001.asice", *own).refused("proof-foreign", 13)

    # One volume and the list of it say nothing of the others, and the answer says so.
    one_volume = ("proof", "absent", "package-001.asice", *listing[3:-1], "one.age")
    desk(*one_volume, *READING).ok()
    judged = desk("proof", "verify", "one.age", "package-001.asice", *own).ok()
    assert "This is volume 1 of " in judged.err
    document = desk("proof", "verify", "one.age", "package-001.asice", *own, "--json").ok().document
    assert document["set"]["volume"] == 1 and document["size"] < 4

    # Without a volume nobody sees who is in it: neither its part nor the rest of the list shows an absence.
    (desk.folder / "first.jsonl").write_bytes(opened(desk, "one.age"))
    for volume in sorted(desk.folder.glob("package-0*.asice"))[1:]:
        volume.unlink()
    for name in ("list.age", "first.jsonl"):
        judged = desk("proof", "verify", name, "package-set.asice", *own)
        assert (judged.status, judged.out) == (12, "") and "[volume-missing]" in judged.err, name
