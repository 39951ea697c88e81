"""A practice was sealed whole on its last day; later its dossiers go to two practices, and the rest is kept."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.journeys.line import Line, asked
from tests.journeys.program import Program
from tests.tools import need

MOVED, STAYS = "Dr Malo Kerbrat", "Cabinet du Vieux Pressoir"
TAKES = "Cabinet dentaire du Vieux Pressoir"
"""Who takes over, as their certificate names them."""
OPEN = ("--identity", "conservatoire/receiver.identity", "--roots", "kerbrat/roots.pem")
SPLIT = (
    *("split", "whole.asice", "--roster", "who.csv", "--to", "parts", "--sender", "Conservatoire SARL"),
    *(*OPEN, "--signer", "conservatoire/signer.p12"),
)
RECEIVERS = (
    *("--receiver", f"{MOVED}=kerbrat/receiver.recipient"),
    *("--receiver", f"{STAYS}=pressoir/receiver.recipient"),
)
REST = (
    "--rest",
    "Conservatoire SARL=conservatoire/receiver.recipient",
    "--practice-rows",
    "Conservatoire SARL",
)
ROOTS = ("--roots", "conservatoire/roots.pem")
ACCEPTED = (*ROOTS, "--roots", "kerbrat/roots.pem")
HEADING = "patient_number;family_name;given_name;birth_date;practitioner_rpps"


@pytest.fixture(scope="module")
def sealed(demo_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is left of the practice: a package of everybody, for whom the archive company has the key."""
    folder = tmp_path_factory.mktemp("sealed")
    desk = Program(folder=demo_line.copy(folder, "practice.db", "kerbrat", "pressoir", "roster.csv"))
    desk("keys", "new", "conservatoire", "--name", "Conservatoire SARL", "--no-passphrase").ok()
    desk(
        *("export", "practice.db", "whole.asice", "--all", "--to", "conservatoire/receiver.recipient"),
        *(
            "--signer",
            "kerbrat/signer.p12",
            "--ground",
            "archive-deposit",
            "--receiver",
            "Conservatoire SARL",
        ),
    ).ok()
    (folder / "practice.db").unlink()
    shutil.rmtree(folder / "practice.files")
    return folder


@pytest.fixture
def desk(sealed: Path, tmp_path: Path) -> Program:
    """The archive company, and a roster by which two practitioners take over: 22 patients, and 2 others."""
    shutil.copytree(sealed, tmp_path, dirs_exist_ok=True)
    lines = (tmp_path / "roster.csv").read_text(encoding="utf-8").splitlines()
    moved = [line.replace("99900000029", MOVED) for line in lines[1:]]
    found = Program(folder=tmp_path)("inspect", "whole.asice", *OPEN, "--json").ok().document["units"]
    traits = {one["patient"]["number"]: one["patient"] for one in found if one["patient"]}
    others = [
        ";".join((number, one["family"], one["given"], one["birth_date"], STAYS))
        for number, one in ((number, traits[number]) for number in ("53", "21"))
    ]
    (tmp_path / "who.csv").write_text("\n".join([HEADING, *moved, *others]) + "\n", encoding="utf-8")
    return Program(folder=tmp_path)


def test_two_practices_take_over_and_the_rest_is_kept(desk: Program) -> None:
    # Nobody is forgotten: who is on no line has to go somewhere, or be left out by a word.
    refused = desk(*SPLIT, *RECEIVERS)
    refused.refused("split-incomplete", 31)
    assert "44 patients go to no receiver" in refused.err
    assert not (desk.folder / "parts").exists()

    planned = desk(*SPLIT, *RECEIVERS, *REST, "--dry-run", "--json").ok().document
    assert not (desk.folder / "parts").exists()
    done = desk(*SPLIT, *RECEIVERS, *REST).ok()
    for one in planned["packages"]:
        made = (desk.folder / one["path"]).stat().st_size
        assert made <= one["size"] < made + 1_500_000, one["receiver"]
    assert [one["patients"] for one in planned["packages"]] == [22, 2, 44]
    assert "22 patients for Dr Malo Kerbrat, unchanged" in done.out
    assert "2 patients for Cabinet du Vieux Pressoir, unchanged" in done.out
    assert "44 patients for Conservatoire SARL, unchanged" in done.out
    assert "68 patients in the package that was split." in done.out
    assert "Whoever could open the package before still can" in done.err

    # Each receiver sees who hands it over, and from where it comes; neither needs a key for that.
    part = "parts/Dr-Malo-Kerbrat.asice"
    shown = desk("verify", part, *ACCEPTED).ok().out
    assert "Signed by Conservatoire SARL" in shown
    assert "of Cabinet dentaire des Tilleuls" in shown
    assert "Source, Signed by: proven. Signed by Dr Malo Kerbrat (RPPS 99900000029)" in shown
    assert "Source, Trusted: proven." in shown
    sources = (
        desk("inspect", part, *ROOTS, "--identity", "kerbrat/receiver.identity", "--json")
        .ok()
        .document["sources"]
    )
    assert [one["trusted"]["code"] for one in sources] == ["signer-untrusted"]

    # Both import; what came in is what went out, and the receipt says from which package.
    for package, key, count in (
        (part, "kerbrat", 22),
        ("parts/Cabinet-du-Vieux-Pressoir.asice", "pressoir", 2),
    ):
        into = ("--into", f"{key}.db", "--identity", f"{key}/receiver.identity", "--receipt", f"{key}.json")
        came = desk("import", package, *into, *ROOTS).ok()
        assert f"Dossiers that came in: {count}" in came.out
        assert "Units taken from the package" in came.out and "by Cabinet dentaire des Tilleuls" in came.out
        assert asked(desk.folder / f"{key}.db", "SELECT count(*) FROM patients") == [(count,)]
        checked = desk("receipt", "check", f"{key}.json", "--package", package, *ROOTS, "--json")
        assert checked.document["units"] == checked.document["acknowledged"] == count + 1
        assert checked.document["differences"] == 0

    # One of them can show a court that a patient is in their part, and nobody else's name.
    proof = ("--identity", "kerbrat/receiver.identity", *ROOTS)
    desk("proof", "patient", part, "45", "--to", "proof.json", *proof).ok()
    assert "22 in all" in desk("proof", "verify", "proof.json", part, *ROOTS).ok().out

    # The other's key opens nothing of it.
    wrong = desk("inspect", part, "--identity", "pressoir/receiver.identity", *ROOTS)
    wrong.refused("wrong-key", 21)


def test_every_unit_is_shown_to_come_from_what_was_sealed_first(desk: Program) -> None:
    desk(*SPLIT, *RECEIVERS, *REST).ok()
    openssl = need("openssl")
    found: set[str] = set()
    for package in sorted((desk.folder / "parts").iterdir()):
        tree = desk.folder / package.stem
        with zipfile.ZipFile(package) as container:
            container.extractall(tree)
        meta = tree / "source" / "001" / "META-INF"
        signed = ("-in", meta / "signature001.p7s", "-content", meta / "ASiCManifest001.xml")
        verify = [
            openssl,
            "cms",
            "-verify",
            "-binary",
            "-cades",
            "-inform",
            "DER",
            "-purpose",
            "any",
            *signed,
        ]
        roots = ("-CAfile", desk.folder / "kerbrat" / "roots.pem", "-out", os.devnull)
        subprocess.run([*verify, *roots], check=True, capture_output=True)
        listed = (meta / "ASiCManifest001.xml").read_text(encoding="utf-8")
        own = []
        for unit in (tree / "units").iterdir():
            digest = base64.b64encode(hashlib.sha256(unit.read_bytes()).digest()).decode()
            if digest in listed:
                found.add(unit.name)
            else:
                own.append(unit.name)
        assert len(own) == 1, "the practice's unit alone was made anew"
    with zipfile.ZipFile(desk.folder / "whole.asice") as container:
        units = {name.removeprefix("units/") for name in container.namelist() if name.startswith("units/")}
    assert len(found) == 68 and len(units - found) == 1


def test_whoever_splits_waits_for_the_receipts(desk: Program, demo_line: Line) -> None:
    """A practice that splits what it had sealed writes the parts down in its store, dossier by dossier."""
    demo_line.copy(desk.folder, "practice.db")
    own = tuple("Cabinet dentaire des Tilleuls" if one == "Conservatoire SARL" else one for one in SPLIT)
    foreign = desk(*SPLIT, *RECEIVERS, *REST, "--record", "practice.db")
    foreign.refused("handover-foreign", 33)
    assert not (desk.folder / "parts").exists()
    desk(*own, *RECEIVERS, *REST, "--record", "practice.db").ok()
    listed = desk("handover", "status", "practice.db", "--json").ok().document["listed"]
    parts = {one["file"]: (one["units"], one["receiver"], one["clock"]) for one in listed}
    assert parts["Dr-Malo-Kerbrat.asice"] == (23, MOVED, "not-yet") and len(parts) >= 3
    into = ("--into", "kerbrat.db", "--identity", "kerbrat/receiver.identity", "--receipt", "receipt.json")
    desk("import", "parts/Dr-Malo-Kerbrat.asice", *into, *ROOTS, "--practice", "Dr Malo Kerbrat").ok()
    desk("receipt", "sign", "receipt.json", "--signer", "kerbrat/signer.p12").ok()
    checked = desk(
        "handover", "record", "practice.db", "receipt.json", "--roots", "kerbrat/roots.pem", "--json"
    )
    assert checked.document["differences"] == 0 and checked.document["acknowledged"] == 23


def test_both_who_take_over_agree_on_the_roster(desk: Program) -> None:
    """Patients who go from one to another need the word of both; what they signed is in each package."""
    line = (*SPLIT, "--roots", "pressoir/roots.pem", *RECEIVERS, *REST)
    assert "1 of 2 practitioners agreed" in desk(*line, "--ground", "succession").refused(
        "roster-unsigned", 31
    )
    sign = ("roster", "sign", "who.csv", "--signer")
    terms = ("--practice", "Cabinet dentaire des Tilleuls", "--between", MOVED, "--between", TAKES)
    desk(*sign, "kerbrat/signer.p12", *terms, "--ground", "succession").ok()
    refused = desk(*line)
    assert f"missing: {TAKES}" in refused.refused("roster-unsigned", 31)
    assert not (desk.folder / "parts").exists()
    unsigned = desk(*line, "--unsigned", "le cabinet a fermé", "--json").ok().document["roster"]
    assert (unsigned["asked"], unsigned["found"], unsigned["unsigned"]) == (2, 1, "le cabinet a fermé")
    shutil.rmtree(desk.folder / "parts")
    desk(*sign, "pressoir/signer.p12").ok()
    foreign = desk(*SPLIT, *RECEIVERS, *REST)
    assert "[roster-signature-uncounted]" in foreign.err and "1 of 2 practitioners" in foreign.err
    done = desk(*line).ok()
    assert "Signatures of the roster, or of the package with it: 2 of 2." in done.out
    for package, key in (("Dr-Malo-Kerbrat", "kerbrat"), ("Cabinet-du-Vieux-Pressoir", "pressoir")):
        part = f"parts/{package}.asice"
        shown = desk("inspect", part, "--identity", f"{key}/receiver.identity", *ROOTS, "--json").ok()
        assert {one["party"] for one in shown.document["roster"]["signatures"]} == {MOVED, TAKES}
        with zipfile.ZipFile(desk.folder / part) as container:
            manifest = json.loads(container.read("manifest.json"))
        assert manifest["legal_ground"] == "succession", "the ground that was signed"
