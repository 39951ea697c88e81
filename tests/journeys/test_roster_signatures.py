"""A roster that both practitioners sign, each in their own place and at their own time."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from samples.demo import COLLABORATOR
from tests.docs.pages import DOCS, blocks
from tests.journeys.line import Line, once
from tests.journeys.program import Program
from tests.tools import need
from tests.workbooks import xlsx

OWNER = "99900000011"
TERMS = (
    *("--practice", "Cabinet des Tilleuls", "--between", COLLABORATOR, "--between", OWNER),
    *("--ground", "collaboration-exit", "--rule", "attending"),
)
HEAD = "patient_number;family_name;given_name;birth_date;practitioner_rpps\n"
LINES = f"45;Perrichon;Gérard;1955-11-23;{COLLABORATOR}\n16;O'Shaughnessy;Maeve;1990-05-25;\n"


@pytest.fixture(scope="module")
def keys(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key of the collaborator, and one of the owner."""

    def build(folder: Path) -> None:
        small_line.copy(folder, "kerbrat")
        make = ("keys", "new", "owner", "--name", "Dr Anne Vauquelin", "--number", OWNER, "--no-passphrase")
        Program(folder=folder)(*make).ok()
        roots = [(folder / name / "roots.pem").read_text() for name in ("kerbrat", "owner")]
        (folder / "both.pem").write_text("".join(roots))

    return once(tmp_path_factory, "roster-keys", build)


@pytest.fixture
def places(keys: Path, tmp_path: Path) -> tuple[Program, Program]:
    """Return the program at the collaborator's and at the owner's, each with the same roster and their own key."""
    made = []
    for name in ("kerbrat", "owner"):
        folder = tmp_path / f"at-{name}"
        folder.mkdir()
        shutil.copytree(keys / name, folder / name)
        shutil.copy(keys / "both.pem", folder)
        (folder / "roster.csv").write_text(HEAD + LINES, encoding="utf-8")
        made.append(Program(folder=folder))
    return made[0], made[1]


def sign(place: Program, who: str, *terms: str, roster: str = "roster.csv") -> Path:
    done = place("roster", "sign", roster, "--signer", f"{who}/signer.p12", *terms, "--json").ok()
    return Path(place.folder, done.document["signatures"][0])


def send(source: Program, target: Program, *endings: str) -> None:
    for path in source.folder.glob("roster.*.*"):
        if path.name.endswith(endings):
            shutil.copy(path, target.folder)


def both(places: tuple[Program, Program]) -> Program:
    """Let both sign, and return the place where everything is together."""
    first, second = places
    sign(first, "kerbrat", *TERMS)
    send(first, second, ".json", ".p7s")
    sign(second, "owner")
    send(second, first, ".p7s")
    return first


def test_each_signs_in_their_own_place(places: tuple[Program, Program]) -> None:
    place = both(places)
    done = place("roster", "verify", "roster.csv", "--roots", "both.pem").ok()
    assert "roster.csv: 2 patients of Cabinet des Tilleuls, between 99900000029 / 99900000011." in done.out
    assert "Ground: end of a collaboration" in done.out and "Rule: attending" in done.out
    assert done.out.count("Signed by: proven") == done.out.count("Trusted: proven") == 2
    assert "Dr Malo Kerbrat" in done.out and "Dr Anne Vauquelin" in done.out
    document = place("roster", "verify", "roster.csv", "--roots", "both.pem", "--json").ok().document
    assert sorted(one["party"] for one in document["signatures"]) == [OWNER, COLLABORATOR]
    assert document["unsigned_parties"] == []


def test_who_has_not_signed_is_named(places: tuple[Program, Program]) -> None:
    first, _ = places
    sign(first, "kerbrat", *TERMS)
    done = first("roster", "verify", "roster.csv", "--roots", "both.pem")
    assert done.status == 3 and "Has not signed this roster: 99900000011." in done.out


def test_a_signer_nobody_accepts_proves_nothing(places: tuple[Program, Program]) -> None:
    place = both(places)
    assert place("roster", "verify", "roster.csv").status == 3
    done = place("roster", "verify", "roster.csv", "--roots", "kerbrat/roots.pem")
    assert done.status == 17 and "[signer-untrusted]" in done.out


@pytest.mark.parametrize(
    "text",
    [
        HEAD + LINES.replace("1955", "1956"),
        HEAD + LINES + "47;A;B;;\n",
        HEAD + LINES.splitlines(keepends=True)[0],
        HEAD + LINES.replace("Maeve;1990-05-25;", "Maeve;1990-05-25;99900000011"),
    ],
)
def test_another_roster_is_not_the_one_that_was_signed(places: tuple[Program, Program], text: str) -> None:
    place = both(places)
    (place.folder / "roster.csv").write_text(text, encoding="utf-8")
    done = place("roster", "verify", "roster.csv", "--roots", "both.pem")
    assert done.status == 16 and done.out.count("[roster-changed]") == 2
    assert done.out.count("Has not signed this roster") == 2
    again = place("roster", "sign", "roster.csv", "--signer", "kerbrat/signer.p12")
    assert "roster as it was" in again.refused("roster-changed", 16)


def test_the_same_lines_in_a_workbook_are_the_same_roster(places: tuple[Program, Program]) -> None:
    place = both(places)
    rows = [
        ("Liste des départs",),
        ("Praticien", "N°", "Né(e) le", "Prénom", "Nom", "Ville"),
        ("", 16, date(1990, 5, 25), "Maeve", "O'Shaughnessy", "Lyon"),
        (99900000029, "45.0", date(1955, 11, 23), "Ge\u0301rard", "Perrichon", ""),
    ]
    (place.folder / "roster.csv").write_bytes(xlsx({"Feuil1": rows}))
    place("roster", "verify", "roster.csv", "--roots", "both.pem").ok()


def test_what_is_agreed_is_said_once(places: tuple[Program, Program]) -> None:
    first, second = places
    signing = ("roster", "sign", "roster.csv", "--signer")
    missing = first(*signing, "kerbrat/signer.p12").refused("roster-statement-missing", 32)
    assert "--practice" in missing
    sign(first, "kerbrat", *TERMS)
    send(first, second, ".json", ".p7s")
    for option in (("--practice", "X"), ("--ground", "share-sale"), ("--rule", "y"), ("--between", "Z")):
        second(*signing, "owner/signer.p12", *option).refused("roster-statement-differs", 32)
    sign(second, "owner", *TERMS)
    again = second(*signing, "owner/signer.p12").refused("already-exists", 42)
    assert "exists already" in again


def test_only_those_whom_it_is_between_sign(places: tuple[Program, Program]) -> None:
    first, _ = places
    terms = ("--practice", "P", "--between", OWNER, "--between", "Dr Paul Personne")
    sentence = first("roster", "sign", "roster.csv", "--signer", "kerbrat/signer.p12", *terms)
    assert "Dr Malo Kerbrat" in sentence.refused("roster-signer-foreign", 17)
    assert [path.name for path in first.folder.glob("roster*")] == ["roster.csv"]


def test_a_roster_with_errors_is_not_signed(places: tuple[Program, Program]) -> None:
    first, _ = places
    (first.folder / "roster.csv").write_text(HEAD + "45;a;b;hier;\n", encoding="utf-8")
    first("roster", "sign", "roster.csv", "--signer", "kerbrat/signer.p12", *TERMS).refused(
        "roster-unreadable", 32
    )
    assert [path.name for path in first.folder.glob("roster*")] == ["roster.csv"]


def test_a_roster_nobody_has_decided_about_is_not_signed(places: tuple[Program, Program]) -> None:
    first, _ = places
    text = "decision;" + HEAD + "à décider;" + LINES.splitlines(keepends=True)[0]
    (first.folder / "roster.csv").write_text(text, encoding="utf-8")
    command = ("roster", "sign", "roster.csv", "--signer", "kerbrat/signer.p12", *TERMS)
    assert "45 Perrichon" in first(*command).refused("roster-undecided", 31)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"roster": 2}', "null", "[" * 9000, '{"roster":1,"practice":1}']
)
def test_a_statement_that_is_none(places: tuple[Program, Program], text: str) -> None:
    first, _ = places
    (first.folder / "roster.csv.statement.json").write_text(text, encoding="utf-8")
    first("roster", "verify", "roster.csv").refused("roster-statement-invalid", 32)


def test_the_signed_text_names_nobody(places: tuple[Program, Program]) -> None:
    place = both(places)
    text = (place.folder / "roster.csv.signed.txt").read_text(encoding="utf-8")
    head, *digests = text.splitlines()
    assert json.loads(head)["lines"] == len(digests) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in digests) and digests == sorted(digests)
    assert "Perrichon" not in text


SEALING = (
    *("export", "practice.db", "out.asice", "--roster", "roster.csv", "--practitioner", COLLABORATOR),
    *("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12"),
)


@pytest.fixture
def exporting(places: tuple[Program, Program], small_line: Line) -> tuple[Program, Program]:
    """Return both places; at the collaborator's lies the practice as well."""
    small_line.copy(places[0].folder, "practice.db", "pressoir")
    return places


def inspected(place: Program) -> Any:
    keys = ("--identity", "pressoir/receiver.identity", "--roots", "both.pem")
    return place("inspect", "out.asice", *keys, "--json").ok().document["roster"]


def test_an_export_carries_who_signed_the_roster(exporting: tuple[Program, Program]) -> None:
    place = both(exporting)
    shutil.copy(exporting[1].folder / "owner/roots.pem", place.folder / "owner.pem")
    done = place(*SEALING, "--roots", "owner.pem", "--json").ok()
    assert done.document["legal_ground"] == "collaboration-exit", "the ground that was signed"
    agreed = inspected(place)
    assert agreed == done.document["roster"]
    assert (agreed["asked"], agreed["found"], agreed["unsigned"]) == (2, 2, "")
    digest = hashlib.sha256((place.folder / "roster.csv.signed.txt").read_bytes()).hexdigest()
    signers = {one["signer"]: one["party"] for one in agreed["signatures"]}
    assert signers == {"Dr Anne Vauquelin": OWNER, "Dr Malo Kerbrat": COLLABORATOR}
    for one in agreed["signatures"]:
        assert one["sha256"] == digest and datetime.fromisoformat(one["signed_at"]).tzinfo


def test_a_signature_of_somebody_nobody_accepts_does_not_count(exporting: tuple[Program, Program]) -> None:
    place = both(exporting)
    done = place(*SEALING)
    assert done.status == 31 and "[roster-unsigned]" in done.err
    assert "1 of 2 practitioners" in done.err and "missing: 99900000011" in done.err
    assert "[roster-signature-uncounted]" in done.err and "--accept" in done.err
    assert not (place.folder / "out.asice").exists()


def test_a_roster_changed_after_it_was_signed_needs_a_reason(exporting: tuple[Program, Program]) -> None:
    place = both(exporting)
    (place.folder / "roster.csv").write_text(HEAD + LINES.splitlines(keepends=True)[0], encoding="utf-8")
    accepting = (*SEALING, "--roots", "both.pem")
    assert "not over this roster" in place(*accepting).err
    place(*accepting, "--unsigned", "Madame Exemple s’est ravisée").ok()
    agreed = inspected(place)
    assert (agreed["found"], agreed["signatures"]) == (1, []), "who signs the package agreed"
    assert agreed["unsigned"] == "Madame Exemple s’est ravisée"


def test_who_signs_the_package_signs_the_roster_in_it(exporting: tuple[Program, Program]) -> None:
    place, other = exporting
    shutil.copytree(other.folder / "owner", place.folder / "owner")
    place(*SEALING).refused("roster-unsigned", 31)
    place(*SEALING, "--co-signer", "owner/signer.p12", "--ground", "collaboration-exit").ok()
    assert (inspected(place)["asked"], inspected(place)["found"]) == (2, 2)


def test_a_ground_on_which_one_decides_asks_for_nobody_else(exporting: tuple[Program, Program]) -> None:
    place, _ = exporting
    place(*SEALING, "--ground", "archive-deposit").ok()
    assert inspected(place) == {"asked": 1, "found": 1, "unsigned": "", "signatures": []}


def test_the_ground_is_the_one_that_was_signed(exporting: tuple[Program, Program]) -> None:
    place = both(exporting)
    other = (*SEALING, "--roots", "both.pem", "--ground", "archive-deposit")
    place(*other).refused("roster-statement-differs", 32)


def test_a_reason_speaks_of_a_roster(exporting: tuple[Program, Program]) -> None:
    place, _ = exporting
    everybody = ("--all", *SEALING[7:], "--unsigned", "x")
    assert place(*SEALING[:3], *everybody).status == 2
    place(*SEALING, "--unsigned", " ").refused("roster-unsigned", 31)


def test_a_plan_says_who_has_not_signed(exporting: tuple[Program, Program]) -> None:
    first, _ = exporting
    sign(first, "kerbrat", *TERMS)
    done = first(*SEALING, "--roots", "both.pem", "--dry-run").ok()
    assert "Signatures of the roster: 1 of 2" in done.out


def test_the_slip_names_who_signed(exporting: tuple[Program, Program]) -> None:
    place = both(exporting)
    place(*SEALING, "--roots", "both.pem", "--paperwork", "papers").ok()
    slip = PdfReader(place.folder / "papers/bordereau-de-transfert.pdf")
    text = " ".join(" ".join(page.extract_text() for page in slip.pages).split())
    assert "Liste signée par" in text and "Dr Anne Vauquelin (99900000011)" in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_checks_it_with_stock_tools(places: tuple[Program, Program], language: str) -> None:
    """What the page about signed rosters shows, run as it stands."""
    need("openssl")
    place = both(places)
    shutil.copy(place.folder / "both.pem", place.folder / "roots.pem")
    (block,) = blocks(DOCS / language / "format" / "roster.md")
    done = subprocess.run(
        ["bash", "-e", "-c", block.commands],
        cwd=place.folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout + done.stderr
    assert printed.count("CAdES Verification successful") == 2
    assert all(line in printed for line in block.prints), printed
