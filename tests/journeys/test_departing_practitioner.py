"""Dr Kerbrat leaves: keys, the export of his roster, everything else stays."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from samples.demo import COLLABORATOR
from tests.journeys.line import SAMPLES, Line, contents
from tests.journeys.program import Program

ROSTER = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))["roster"]


@pytest.fixture
def desk(demo_line: Line, tmp_path: Path) -> Program:
    """Return the program on the collaborator's machine."""
    demo_line.copy(tmp_path, "practice.db", "roster.csv", "pressoir", "kerbrat")
    return Program(folder=tmp_path)


def export(desk: Program, *options: str, package: str = "out.asice") -> tuple[str, ...]:
    sealing = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    return ("export", "practice.db", package, *sealing, *options)


LEAVING = ("--practitioner", COLLABORATOR, "--roster", "roster.csv", "--unsigned", "essai")


def test_keys_are_made_once_and_secret(desk: Program) -> None:
    made = desk("keys", "new", "mine", "--name", "Dr Malo Kerbrat", "--no-passphrase").ok()
    assert re.search(r"Fingerprint of your certificate: ([0-9a-f]{4} ){15}[0-9a-f]{4}\n", made.out)
    assert "Keep two copies of the secret files apart" in made.err
    names = {path.name for path in (desk.folder / "mine").iterdir()}
    assert names == {"signer.p12", "roots.pem", "receiver.identity", "receiver.recipient"}
    if os.name == "posix":
        modes = {path.name: path.stat().st_mode & 0o777 for path in (desk.folder / "mine").iterdir()}
        assert modes["signer.p12"] == modes["receiver.identity"] == 0o600
    before = contents(desk.folder / "mine")
    again = desk("keys", "new", "mine", "--name", "Dr Malo Kerbrat", "--no-passphrase")
    assert "exists already" in again.refused("already-exists", 42)
    assert contents(desk.folder / "mine") == before


def test_a_signing_key_with_a_passphrase(desk: Program) -> None:
    (desk.folder / "phrase").write_text("un café crème\n", encoding="utf-8")
    phrase = ("--new-passphrase-file", "phrase")
    desk("keys", "new", "mine", "--name", "Dr Malo Kerbrat", *phrase).ok()
    sealing = ("--to", "mine/receiver.recipient", "--signer", "mine/signer.p12")
    leaving = ("export", "practice.db", "out.asice", *sealing, *LEAVING)
    assert desk(*leaving).refused("wrong-passphrase", 22) == "mine/signer.p12: The passphrase is wrong."
    assert not (desk.folder / "out.asice").exists()
    desk(*leaving, ARCHIVER_SIGNER_PASSPHRASE=unicodedata.normalize("NFD", "un café crème")).ok()
    assert (desk.folder / "out.asice").exists()


def test_only_the_roster_leaves_and_the_store_gains_a_record_of_it(desk: Program) -> None:
    before = contents(desk.folder)
    done = desk(*export(desk, *LEAVING, "--ground", "collaboration-exit", "--json")).ok()
    document = done.document
    assert done.err == ""
    assert document["counts"]["patients"] == len(ROSTER["patients"])
    assert document["units"] == len(ROSTER["patients"]) + 1
    assert document["left_out"]["patients"] == 68 - len(ROSTER["patients"])
    assert document["legal_ground"] == "collaboration-exit"
    assert document["size"] == (desk.folder / "out.asice").stat().st_size
    after = contents(desk.folder)
    assert after.pop("out.asice")
    added = Counter(after.pop("practice.db").splitlines())
    added.subtract(before.pop("practice.db").splitlines())
    changed = {line: times for line, times in added.items() if times}
    assert changed and set(changed.values()) == {1}
    assert {line.split()[2].strip('"') for line in changed} == {"handovers", "journal", "sent_units"}
    assert after == before


def test_the_practitioner_may_be_named(desk: Program) -> None:
    done = desk(
        *export(desk, "--practitioner", "Malo Kerbrat", "--unsigned", "essai", "--roster", "roster.csv")
    ).ok()
    assert "out.asice: 23 sealed units" in done.out
    assert "No legal ground is recorded" in done.err


def test_patients_of_others_in_the_same_roster_stay(desk: Program) -> None:
    with (desk.folder / "roster.csv").open("a", encoding="utf-8") as roster:
        roster.write("12;Morvan;Jean;1951-07-21;99900000011\n")
    done = desk(*export(desk, *LEAVING)).ok()
    assert "The roster names 1 patient of another practitioner, who stays." in done.err
    assert re.search(r"patients +22\n", done.out)


def test_everybody_and_the_practice_as_a_whole(desk: Program) -> None:
    document = desk(*export(desk, "--all", "--json")).ok().document
    assert document["counts"]["patients"] == 68
    assert document["left_out"] == {"patients": 0}


def test_a_roster_or_everybody_but_not_both_and_not_neither(desk: Program) -> None:
    for options in ((), ("--all", "--roster", "roster.csv")):
        done = desk(*export(desk, *options))
        assert done.status == 2
        assert "[usage]" in done.err and "Traceback" not in done.err
        assert not (desk.folder / "out.asice").exists()
