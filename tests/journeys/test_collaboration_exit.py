"""Dr Kerbrat's collaboration ends on 30 June 2025: whose patients are they, and what do the two of them settle?

The practice asks two clauses of the contract: patients who booked directly with him are his, and so are those whom
he alone has seen for more than eighteen months.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from samples.demo import COLLABORATOR
from tests.journeys.line import Line, asked, contents
from tests.journeys.program import Program

CLAUSES = ("--rule", "booked-with", "--rule", "exclusive-18-months")
ENDED = ("--practitioner", COLLABORATOR, "--on", "2025-06-30")
SHARED = {"1": "Anne-Sophie", "43": "Thibault", "41": "Aurélie"}
"""Both have treated them, and neither clause decides."""


@pytest.fixture(scope="module")
def desk(demo_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The practice's machine, with the proposal in a folder."""
    folder = demo_line.copy(
        tmp_path_factory.mktemp("exit"), "practice.db", "pressoir", "kerbrat", "roots.pem"
    )
    program = Program(folder=folder, language="fr")
    program("roster", "propose", "practice.db", *CLAUSES, *ENDED, "--to", "proposition").ok()
    return program


def rows(desk: Program, name: str = "proposition/roster.csv") -> list[dict[str, str]]:
    with (desk.folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def decide(desk: Program, name: str, decisions: dict[str, str]) -> Path:
    """Fill in the column for some numbers, as people do in a spreadsheet, and save under another name."""
    filled = rows(desk)
    for row in filled:
        row["Décision"] = decisions.get(row["Numéro"], row["Décision"])
    path = desk.folder / name
    with path.open("w", encoding="utf-16", newline="") as stream:
        writer = csv.DictWriter(stream, filled[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(filled)
    return path


def seal(
    desk: Program, roster: str | Path, package: str, practitioner: str = COLLABORATOR
) -> tuple[str, ...]:
    return (
        "export", "practice.db", package, "--practitioner", practitioner, "--roster", str(roster),
        "--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12",
        "--ground", "collaboration-exit", "--unsigned", "essai",
    )  # fmt: skip


def test_everybody_is_listed_once_with_the_evidence(desk: Program) -> None:
    found = rows(desk)
    numbers = asked(
        desk.folder / "practice.db", "SELECT value FROM patients_identifiers WHERE type = 'LOCAL'"
    )
    assert sorted(row["Numéro"] for row in found) == sorted(str(value) for (value,) in numbers)
    assert {row["Décision"] for row in found} == {"oui", "non", "à décider"}
    chloe = next(row for row in found if row["Numéro"] == "3")
    assert (chloe["Nom"], chloe["Décision"], chloe["Praticien"]) == ("Lemoine-Garnier", "oui", COLLABORATOR)
    assert (chloe["Indices concernant"], chloe["Vu la première fois"]) == ("Malo Kerbrat", "2021-07-26")
    assert "Lemoine Étienne 1976-11-02 → Hélène Vauquelin" in chloe["Foyer"]
    owner = next(row for row in found if row["Numéro"] == "2")
    assert (owner["Décision"], owner["Praticien"]) == ("oui", "99900000011")


def test_what_the_clauses_do_not_decide_is_left_open_and_said_why(desk: Program) -> None:
    left_open = {row["Numéro"]: row for row in rows(desk) if row["Décision"] == "à décider"}
    assert left_open.keys() == SHARED.keys()
    assert "rien n’indique si le patient est venu ensuite de lui-même" in left_open["43"]["Motif"]
    page = (desk.folder / "proposition/before-the-split.fr.html").read_text(encoding="utf-8")
    section = page[page.index("<h2>À décider") : page.index("<h2>Deux praticiens")]
    assert all(name in section for name in SHARED.values())
    assert "Traitant indiqué par le cabinet\u00a0: Malo Kerbrat." in section


def test_the_second_clause_gives_him_a_patient_whom_the_first_leaves_open(desk: Program) -> None:
    beatrice = next(row for row in rows(desk) if row["Numéro"] == "17")
    assert beatrice["Décision"] == "oui"
    assert beatrice["Motif"] == "Malo Kerbrat seul praticien vu du 07/10/2022 au 08/04/2025 (30 mois)."


def test_households_and_what_is_unfinished_are_listed_before_the_split(desk: Program) -> None:
    with (desk.folder / "proposition/before-the-split.csv").open(encoding="utf-8-sig", newline="") as stream:
        report = list(csv.DictReader(stream, delimiter=";"))
    points = {row["Point"] for row in report}
    assert {
        "À décider", "Deux praticiens peuvent y prétendre", "Foyers séparés", "Soldes ouverts",
        "Devis non terminés", "Plans de traitement en cours", "Rendez-vous à venir",
    } == points  # fmt: skip
    household = {
        row["Numéro"] for row in report if (row["Point"], row["Précision"]) == ("Foyers séparés", "foyer 2")
    }
    assert household == {"1", "2", "3", "4"}
    ahead = [row for row in report if row["Point"] == "Rendez-vous à venir"]
    assert len(ahead) == 5 and all(row["Date"][3:] > "07/2025" for row in ahead)


def test_nobody_exports_before_everything_is_decided(desk: Program) -> None:
    done = desk(*seal(desk, "proposition/roster.csv", "trop-tot.asice"))
    assert done.status != 0 and not (desk.folder / "trop-tot.asice").exists()
    assert done.err.count("[roster-undecided]") == 3
    assert all(name in done.err for name in SHARED.values())


def test_the_two_decide_and_each_side_takes_its_own(desk: Program) -> None:
    """Both keep a copy of Anne-Sophie; she leaves with him, and the practice keeps everything it had."""
    before = contents(desk.folder / "practice.files")
    store = asked(desk.folder / "practice.db", "SELECT count(*) FROM acts")
    settled = decide(desk, "convenue.csv", {"1": "oui", "41": "non", "43": "non"})
    checked = desk("roster", "check", "practice.db", settled, "--practitioner", COLLABORATOR).ok()
    assert "26 patients peuvent partir selon la liste." in checked.out
    assert "11 lignes disent que le patient reste." in checked.out
    done = desk(*seal(desk, settled, "kerbrat.asice")).ok()
    assert re.search(r"patients +26\n", done.out)
    assert before.items() <= contents(desk.folder / "practice.files").items()  # previews come to it
    assert asked(desk.folder / "practice.db", "SELECT count(*) FROM acts") == store


def test_the_workbook_is_the_same_list(desk: Program) -> None:
    """Evidence is passed over without a word, and numbers stay texts."""
    ended = [
        desk("roster", "check", "practice.db", f"proposition/roster.{kind}", *ENDED[:2])
        for kind in ("csv", "xlsx")
    ]
    assert ended[0].out.replace("roster.csv", "roster.xlsx") == ended[1].out
    assert all("[list-" not in one.err and one.out.count("[roster-undecided]") == 3 for one in ended)


def test_before_anything_is_written_it_is_said_what_would_be(desk: Program) -> None:
    settled = decide(desk, "prevue.csv", {"1": "oui", "41": "non", "43": "non"})
    before = contents(desk.folder)
    plan = desk(*seal(desk, settled, "prevu.asice"), "--dry-run", "--json").ok().document
    assert contents(desk.folder) == before
    assert plan["counts"]["patients"] == 26 and plan["left_out"]["patients"] == 42
    assert plan["volumes"] == 1 and plan["feasible"] and plan["needed"] <= plan["free"]
    assert {tuple(one["practitioners"]) for one in plan["contested"]} == {
        ("Malo Kerbrat", "Hélène Vauquelin"),
        ("Hélène Vauquelin", "Malo Kerbrat"),
    }
    shown = desk(*seal(desk, settled, "prevu.asice"), "--dry-run").ok().out
    assert "Rien n’a été écrit." in shown and "Garnier Anne-Sophie" in shown
    done = desk(*seal(desk, settled, "prevu.asice"), "--json").ok().document
    assert done["size"] <= plan["size"]
    kinds = plan["counts"].keys() - {"without_file"}
    assert {kind: done["counts"][kind] for kind in kinds} == {kind: plan["counts"][kind] for kind in kinds}


def test_the_settled_list_is_compared_with_the_clauses(desk: Program) -> None:
    settled = decide(desk, "convenue-bis.csv", {"1": "oui", "41": "non", "43": "non"})
    explicit = ("--rule", "explicit", "--roster", settled, *ENDED, "--to", "comparaison")
    document = desk("roster", "propose", "practice.db", *explicit, "--json").ok().document
    kerbrat = next(one for one in document["decisions"] if one["persons"] == 26 and one["decision"] == "yes")
    assert kerbrat["practitioner"] == document["practitioner"]
    assert document["contested"] == 5 and document["persons"] == document["records"] == 68
    again = rows(desk, "comparaison/roster.csv")
    assert {row["Numéro"] for row in again if row["Praticien"] == COLLABORATOR} == {
        row["Numéro"] for row in rows(desk, "proposition/roster.csv") if row["Praticien"] == COLLABORATOR
    } - {"41", "43"}


@pytest.mark.parametrize(
    ("options", "code", "status"),
    [
        (("--rule", "whoever"), "rule-unknown", 2),
        (("--rule", "explicit"), "rule-incomplete", 2),
        (("--rule", "attending", "--practitioner", "Dr Nobody"), "unknown-practitioner", 33),
    ],
)
def test_what_cannot_be_asked_is_refused(
    desk: Program, options: tuple[str, ...], code: str, status: int
) -> None:
    desk("roster", "propose", "practice.db", *options, "--to", "rien").refused(code, status)
    assert not (desk.folder / "rien").exists()
