"""A lost key comes back from paper, somebody is reminded a year later, and a third practice may read too."""

from __future__ import annotations

import json
import os
import re
import subprocess
import unicodedata
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archiver.sealing.age import read_identities
from tests.journeys.line import EXPORT, IMPORT, Line, contents
from tests.journeys.program import PATIENCE, Program
from tests.scanner import kit_of
from tests.tools import need, run

ROOTS = ("--roots", "roots.pem")
REGISTER = ".local/share/archiver/recovery.json"
PASSPHRASE = "quatre molaires et un café crème\n"


@cache
def cards(line: Line) -> tuple[str, ...]:
    """Return the words on the five cards of the successor's key."""
    return kit_of(line.folder)


@pytest.fixture(scope="session")
def paper(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Return the words on the five cards of the key for which the small package is sealed."""
    folder = small_line.copy(tmp_path_factory.mktemp("kit"), "receiver.identity")
    return cards(Line(folder=folder, printed=""))


@pytest.fixture
def fire(small_line: Line, tmp_path: Path) -> Program:
    """Return the program on a new machine: the package is there, the key is not."""
    small_line.copy(tmp_path, "package.asice", "roots.pem", "successor.db")
    return Program(folder=tmp_path)


def write_cards(program: Program, *words: str) -> tuple[str, str]:
    (program.folder / "cards.txt").write_text("\n\n".join(words) + "\n", encoding="utf-8")
    return ("--cards-file", "cards.txt")


def noted(program: Program) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((program.folder / REGISTER).read_text(encoding="utf-8"))
    return found


def test_the_kit_is_private_and_never_replaced(small_line: Line, tmp_path: Path) -> None:
    program = Program(folder=small_line.copy(tmp_path, "receiver.identity"))
    done = program("keys", "recovery", "receiver.identity", "--out", "kit.pdf").ok()
    assert "5 cards, any 3 of which" in done.out and "Check value:" in done.out
    if os.name == "posix":
        assert (tmp_path / "kit.pdf").stat().st_mode & 0o777 == 0o600
    (record,) = noted(program)["keys"].values()
    assert record["kit_made"] and record["drilled"] is None
    before = contents(tmp_path)
    program("keys", "recovery", "receiver.identity", "--out", "kit.pdf").refused("already-exists", 42)
    program(
        "keys", "recovery", "receiver.identity", "--out", "two.pdf", "--threshold", "1"
    ).refused("recovery-refused", 27)  # fmt: skip
    assert contents(tmp_path) == before
    page = run(need("pdftotext"), "-layout", "kit.pdf", "-", cwd=tmp_path)
    assert "Cabinet dentaire du Vieux Pressoir" in page


def test_a_drill_from_paper_alone(fire: Program, paper: tuple[str, ...]) -> None:
    before = contents(fire.folder)
    done = fire(
        "keys", "drill", "package.asice", *write_cards(fire, paper[4], paper[0], paper[2]), *ROOTS
    ).ok()
    assert "4 dossiers can be read" in done.out
    assert "whole and unchanged" in done.out
    (key, record), *rest = noted(fire)["keys"].items()
    assert not rest and record["drilled"] and record["kit_made"] is None
    assert key in done.err
    after = contents(fire.folder)
    assert after.keys() - before.keys() == {
        "cards.txt", REGISTER, ".local", ".local/share", ".local/share/archiver",
    }  # fmt: skip
    assert all(after[name] == before[name] for name in before)


def test_a_drill_in_json(fire: Program, paper: tuple[str, ...]) -> None:
    document = (
        fire("keys", "drill", "package.asice", *write_cards(fire, *paper), *ROOTS, "--json").ok().document
    )
    assert document["drill"] == 1 and document["dossiers"] == 4 and document["units"] == 5
    assert (
        document["tried"]["bytes"] > 0 and len(document["key_id"]) == 19 and len(document["check_value"]) == 9
    )


def test_a_drill_opens_nothing_of_somebody_not_accepted(fire: Program, paper: tuple[str, ...]) -> None:
    drill = ("keys", "drill", "package.asice", *write_cards(fire, *paper[:3]))
    refused = fire(*drill)
    refused.refused("signer-untrusted", 17)
    # nobody is asked for the words of cards that could open nothing
    for command in (drill[:3], ("inspect", "package.asice", "--cards")):
        fire(*command).refused("signer-untrusted", 17)
    assert not (fire.folder / REGISTER).exists()
    output = fire(*drill, "--trust-first").ok().out
    fingerprint = re.search(r"fingerprint ((?:[0-9a-f]{4} ?){16}), is accepted on first use", output)
    assert fingerprint and fingerprint[1] in refused.err
    assert fingerprint[1] in fire(*drill, "--trust-first").ok().out
    assert "is someone you accept" in fire(*drill, "--accept", fingerprint[1]).ok().out


def test_cards_typed_at_the_terminal(fire: Program, paper: tuple[str, ...]) -> None:
    typed = "\n".join([*paper[1:4], ""]) + "\n"
    done = subprocess.run(
        fire.command("keys", "drill", "package.asice", *ROOTS), cwd=fire.folder, env=fire.environment(),
        input=typed.encode(), capture_output=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    output = done.stderr.decode("utf-8")
    assert done.returncode == 0, output
    assert "Words of card 3" in output and "3 cards of this set are needed" in output
    assert "4 dossiers can be read" in done.stdout.decode("utf-8")


def test_cards_that_are_wrong(
    fire: Program, paper: tuple[str, ...], small_line: Line, tmp_path: Path
) -> None:
    def drilled(*words: str) -> Any:
        return fire("keys", "drill", "package.asice", *write_cards(fire, *words), *ROOTS)

    assert "3 cards are needed, and 2 came" in drilled(*paper[:2]).refused("cards-too-few", 26)
    drilled().refused("cards-too-few", 26)
    drilled(paper[0], paper[1], paper[0]).refused("card-twice", 26)
    wrong = paper[1].split()
    wrong[20] = "ACADEMIC" if wrong[20] != "ACADEMIC" else "ACID"
    sentence = drilled(paper[0], " ".join(wrong), paper[2]).refused("card-mistyped", 25)
    assert "Card 2" in sentence and "word 21" in sentence and paper[1].split()[20].lower() in sentence
    wrong[20] = "DENTISTE"
    assert "word 21" in drilled(paper[0], " ".join(wrong), paper[2]).refused("card-word-unknown", 25)
    drilled(paper[0], " ".join(paper[1].split()[:30]), paper[2]).refused("card-unreadable", 25)
    (tmp_path / "other").mkdir()
    other = cards(Line(folder=small_line.copy(tmp_path / "other", "receiver.identity"), printed=""))
    drilled(paper[0], paper[1], other[2]).refused("cards-mixed", 26)
    assert not (fire.folder / REGISTER).exists()


def test_cards_of_a_key_the_package_is_not_sealed_for(fire: Program) -> None:
    fire("keys", "new", "stranger", "--name", "Dr Zoé Ailleurs", "--no-passphrase").ok()
    fire.folder.joinpath("receiver.identity").write_bytes(
        (fire.folder / "stranger" / "receiver.identity").read_bytes()
    )
    words = cards(Line(folder=fire.folder, printed=""))
    done = fire("keys", "drill", "package.asice", *write_cards(fire, *words[:3]), *ROOTS)
    assert done.status == 21 and "[wrong-key]" in done.err
    assert not (fire.folder / REGISTER).exists()


def test_import_and_inspection_from_cards(fire: Program, paper: tuple[str, ...]) -> None:
    key = write_cards(fire, *paper[:3])
    assert "4 patients." in fire("inspect", "package.asice", *key, *ROOTS).ok().out
    output = fire("import", "package.asice", *key, *ROOTS, "--into", "successor.db").ok().out
    assert "Dossiers that came in: 4" in output
    assert re.search(
        r"^Signed by Dr Malo Kerbrat.*\nFingerprint [0-9a-f]{4}( [0-9a-f]{4}){15}$", output, re.MULTILINE
    )


def test_the_key_file_comes_back(fire: Program, paper: tuple[str, ...], small_line: Line) -> None:
    output = fire("keys", "restore", "again", *write_cards(fire, *paper[2:]), "--no-passphrase").ok().err
    assert "receiver.identity has no passphrase" in output
    lost, found = small_line.folder / "receiver.identity", fire.folder / "again" / "receiver.identity"
    with lost.open("rb") as before, found.open("rb") as after:
        assert read_identities(before) == read_identities(after)
    public = (small_line.folder / "pressoir" / "receiver.recipient").read_text("utf-8").splitlines()[-1]
    assert (fire.folder / "again" / "receiver.recipient").read_text("utf-8").strip() == public
    again = fire("keys", "restore", "again", "--cards-file", "cards.txt", "--no-passphrase")
    assert again.status == 42 and "[already-exists]" in again.err


def test_no_key_at_all_is_misuse(fire: Program) -> None:
    done = fire("inspect", "package.asice", *ROOTS)
    assert done.status == 2 and "--cards-file" in done.err


@pytest.mark.parametrize("kind", ["kit_made", "drilled"])
def test_after_twelve_months_somebody_is_reminded(
    fire: Program, paper: tuple[str, ...], small_line: Line, kind: str
) -> None:
    small_line.copy(fire.folder, "receiver.identity")
    fire("keys", "drill", "package.asice", *write_cards(fire, *paper[:3]), *ROOTS).ok()
    inspect = ("inspect", "package.asice", "--identity", "receiver.identity", *ROOTS)
    assert "recovery cards" not in fire(*inspect).ok().err
    notes = noted(fire)
    (key,) = notes["keys"]
    notes["keys"][key] = {"kit_made": None, "drilled": None, "package": "", kind: "2025-01-31T10:00:00+01:00"}
    (fire.folder / REGISTER).write_text(json.dumps(notes), encoding="utf-8")
    reminded = fire(*inspect).ok()
    assert "2025-01-31" in reminded.err and key in reminded.err and "archiver keys drill" in reminded.err
    assert "recovery cards" in fire(*IMPORT).ok().err
    fire("keys", "drill", "package.asice", "--cards-file", "cards.txt", *ROOTS).ok()
    assert "recovery cards" not in fire(*inspect).ok().err
    (fire.folder / REGISTER).write_text("damaged", encoding="utf-8")
    assert "register" in fire(*inspect).ok().err


def members(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def three(small_line: Line, tmp_path: Path) -> Program:
    """Return the program of the successor, who knows a third practice."""
    small_line.copy(tmp_path, "package.asice", "receiver.identity", "roots.pem", "kerbrat", "successor.db")
    program = Program(folder=tmp_path)
    program("keys", "new", "pressoir", "--name", "Cabinet dentaire du Vieux Pressoir", "--no-passphrase").ok()
    program("keys", "new", "third", "--name", "Cabinet Troisième", "--no-passphrase").ok()
    return program


SHARE = (
    "keys", "share", "package.asice", "second.asice", "--identity", "receiver.identity", *ROOTS,
    "--to", "third/receiver.recipient", "--signer", "pressoir/signer.p12",
)  # fmt: skip


def test_a_third_practice_may_read_and_no_unit_is_touched(three: Program) -> None:
    old = members(three.folder / "package.asice")
    output = three(*SHARE, "--receiver", "Cabinet Troisième").ok().out
    assert "revision 2, 5 sealed units, unchanged" in output
    new = members(three.folder / "second.asice")
    units = [name for name in old if name.startswith("units/")]
    assert len(units) == 5
    assert [name for name in new if name.startswith("units/")] == units
    assert all(new[name] == old[name] for name in [*units, "keyring.age", "README.TXT"])
    assert new["previous/001/manifest.json"] == old["manifest.json"]
    assert new["previous/001/META-INF/signature001.p7s"] == old["META-INF/signature001.p7s"]
    assert b"Troisi" in new["manifest.json"] and b'"revision": 2' in new["manifest.json"]
    accepted = ("--roots", "pressoir/roots.pem")
    three("verify", "second.asice", *accepted).ok()
    three("verify", "package.asice", *ROOTS).ok()
    third = ("--identity", "third/receiver.identity", *accepted)
    assert "4 patients." in three("inspect", "second.asice", *third).ok().out
    done = three("import", "second.asice", *third, "--into", "third.db", "--receipt", "receipt.json").ok()
    assert "Dossiers that came in: 4" in done.out
    mine = ("--identity", "receiver.identity", *accepted)
    assert "4 patients." in three("inspect", "second.asice", *mine).ok().out
    assert three("inspect", "package.asice", "--identity", "third/receiver.identity", *ROOTS).status == 21


def test_the_first_signature_can_still_be_checked_by_hand(three: Program) -> None:
    three(*SHARE).ok()
    with zipfile.ZipFile(three.folder / "second.asice") as archive:
        archive.extractall(three.folder / "unpacked")
    run(
        need("openssl"), "cms", "-verify", "-binary", "-cades", "-inform", "DER",
        "-in", "META-INF/signature001.p7s", "-content", "META-INF/ASiCManifest001.xml",
        "-CAfile", three.folder / "roots.pem", "-purpose", "any", "-out", os.devnull,
        cwd=three.folder / "unpacked" / "previous" / "001",
    )  # fmt: skip


def test_only_the_new_ones_and_a_third_revision(three: Program) -> None:
    three(*SHARE, "--only").ok()
    accepted = ("--roots", "pressoir/roots.pem")
    mine = ("--identity", "receiver.identity", *accepted)
    assert three("inspect", "second.asice", *mine).status == 21
    (three.folder / "word.txt").write_text(PASSPHRASE, encoding="utf-8")
    three(
        "keys", "share", "second.asice", "third.asice", "--identity", "third/receiver.identity", *accepted,
        "--new-passphrase-file", "word.txt", "--signer", "third/signer.p12",
    ).ok()  # fmt: skip
    last = ("--roots", "third/roots.pem")
    three("verify", "third.asice", *last).ok()
    for key in (("--passphrase-file", "word.txt"), ("--identity", "third/receiver.identity")):
        assert "4 patients." in three("inspect", "third.asice", *key, *last).ok().out
    names = members(three.folder / "third.asice").keys()
    assert {"previous/001/manifest.json", "previous/002/manifest.json", "keyring-r3.age"} <= names


def test_a_package_from_somebody_not_accepted_is_not_shared(three: Program) -> None:
    command = [*SHARE]
    command[command.index("roots.pem")] = "third/roots.pem"
    three(*command).refused("signer-untrusted", 17)
    assert not (three.folder / "second.asice").exists()
    nobody = [one for one in SHARE if one not in {"--to", "third/receiver.recipient"}]
    assert three(*nobody).status == 2


def test_a_package_for_a_key_and_a_passphrase(small_line: Line, tmp_path: Path) -> None:
    small_line.copy(
        tmp_path, "practice.db", "kerbrat", "roots.pem", "pressoir", "receiver.identity", "roster.csv"
    )
    program = Program(folder=tmp_path)
    (tmp_path / "word.txt").write_text(PASSPHRASE, encoding="utf-8")
    program(*EXPORT, "--passphrase-file", "word.txt").ok()
    for key in (("--passphrase-file", "word.txt"), ("--identity", "receiver.identity")):
        assert "4 patients." in program("inspect", "package.asice", *key, *ROOTS).ok().out
    done = program(
        "import", "package.asice", "--passphrase-file", "word.txt", *ROOTS, "--into", "new.db"
    ).ok()
    assert "Dossiers that came in: 4" in done.out
    # another system writes accents in two characters, ends lines otherwise, and begins files with a mark
    foreign = b"\xef\xbb\xbf" + unicodedata.normalize("NFD", PASSPHRASE).replace("\n", "\r\n").encode()
    (tmp_path / "foreign.txt").write_bytes(foreign)
    opened = program("inspect", "package.asice", "--passphrase-file", "foreign.txt", *ROOTS)
    assert "4 patients." in opened.ok().out
    (tmp_path / "wrong.txt").write_text("quatre molaires et un thé\n", encoding="utf-8")
    program("inspect", "package.asice", "--passphrase-file", "wrong.txt", *ROOTS).refused(
        "wrong-passphrase", 22
    )
    assert {"keyring.age", "keyring-passphrase.age"} <= members(tmp_path / "package.asice").keys()

    alone = [one for one in EXPORT if one not in {"--to", "pressoir/receiver.recipient"}]
    alone[alone.index("package.asice")] = "alone.asice"
    (tmp_path / "short.txt").write_text("molaire\n", encoding="utf-8")
    assert program(*alone, "--passphrase-file", "short.txt").status != 0
    program(*alone, "--passphrase-file", "word.txt").ok()
    assert (
        "4 patients." in program("inspect", "alone.asice", "--passphrase-file", "word.txt", *ROOTS).ok().out
    )
    program("inspect", "alone.asice", "--identity", "receiver.identity", *ROOTS).refused("wrong-key", 21)
    assert program(*alone).status == 2
