"""Some dossiers of a package, or a part of each, come in first; the rest is left aside, said, and comes in later."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.line import IMPORT, Line, asked, dump
from tests.journeys.program import Program
from tests.journeys.test_import_undone import BY, content

SIGNER = ("--signer", "pressoir/signer.p12")
ROOTS = ("--roots", "pressoir/roots.pem")
HEAD = "Numéro;Nom;Prénom;Né(e) le;Décision\n"
MOMENTS = (
    "imports",
    "dossier_states",
    "identity_",
    "settings",
    "stated_terms",
    "journal",
    "former_rows",
    "import_runs",
)
"""Tables whose rows say when something was done."""


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db", "practice.db", "pressoir")
    return Program(folder=small_line.copy(tmp_path, *names))


def records(desk: Program) -> list[str]:
    """Return every row of the successor's store that is no moment of an import."""
    rows = dump(desk.folder / "successor.db")
    return sorted(row for row in rows if not any(f'INSERT INTO "{one}' in row for one in MOMENTS))


def imported(desk: Program, *choice: str) -> Any:
    """Import with a ``choice``, and return the receipt, every dossier of which adds up to what was sent."""
    document = desk(*IMPORT, *choice, "--json").ok().document
    for kind, compared in document["counts"].items():
        assert compared["announced"] == compared["found"] + compared["left_aside"], kind
    return document


def by_number(document: Any) -> dict[str, Any]:
    return {one["patient"]["number"]: one for one in document["dossiers"] if one["patient"]}


def test_a_patient_first_and_the_others_later(desk: Program) -> None:
    inspected = desk("inspect", *IMPORT[1:6], "--json").ok().document["units"]
    sent = {one["unit"]: Counter(one["counts"]) for one in inspected}
    done = desk(*IMPORT, "--only", "45", "--receipt", "first.json").ok()
    assert "Dossiers that came in: 1" in done.out and "Dossiers left aside on purpose: 3" in done.out
    assert "comes in when the package is imported again" in done.out
    first = json.loads((desk.folder / "first.json").read_text(encoding="utf-8"))
    assert first["choice"] == {"only": True, "since": None, "until": None, "kinds": []}
    assert (first["states"]["integrated"], first["states"]["left-aside"]) == (1, 3)
    for one in by_number(first).values():
        assert Counter(one["counts"]) + Counter(one["left_aside"]) == +sent[one["unit"]]
    assert "Maillet Pauline 2004-02-29" in (desk.folder / "first.txt").read_text(encoding="utf-8")
    listed = desk("patients", "successor.db", "--json").ok().document["listed"]
    assert [one["number"] for one in listed if one["transfer"]] == ["45"]

    # the sender sees what was wanted and what was not, and keeps everything
    desk("receipt", "sign", "first.json", *SIGNER).ok()
    done = desk("handover", "record", "practice.db", "first.json", *ROOTS).incomplete()
    assert done.out.count("[receipt-left-aside]") == 3 and "5 units sent, 2 received" in done.out
    status = desk("handover", "status", "practice.db").ok()
    assert "left aside" in status.out and "acknowledged in part" in status.out
    listed = desk("handover", "status", "practice.db", "--json").ok().document["listed"]
    (handover,) = (one for one in listed if one["receipts"])
    assert (handover["units"], handover["acknowledged"], handover["left_aside"]) == (5, 2, 3)

    # what is here already is not said to be left aside, whoever is chosen next
    second = by_number(imported(desk, "--only", "Maillet"))
    outcomes = {number: one["outcome"] for number, one in second.items()}
    assert outcomes == {"1": "left-aside", "16": "left-aside", "45": "already-there", "47": "came-in"}

    # without the choice the rest comes in, and all is as if it had come at once
    third = desk(*IMPORT, "--json").ok().document
    assert (third["totals"]["came_in"], third["totals"]["already_there"], third["totals"]["left_aside"]) == (
        2,
        2,
        0,
    )
    at_once = records(desk)
    refused = desk("import", "undo", "successor.db", "1", *BY)
    assert (
        refused.status == 70 and "has the dossiers of 2 patients of this one. [later-import]" in refused.err
    )
    for _ in range(3):
        desk("import", "undo", "successor.db", *BY).ok()
    imported(desk)
    assert records(desk) == at_once


def test_a_part_of_each_dossier_and_the_rest_later(desk: Program) -> None:
    empty = content(desk)
    document = imported(desk, "--kind", "acts", "--since", "2025-01-01")
    assert document["totals"]["in_part"] == 4 and document["totals"]["left_aside"] == 0
    perrichon = by_number(document)["45"]
    assert (perrichon["outcome"], perrichon["state"]) == ("came-in", "partial")
    assert perrichon["counts"]["health_statements"] and "health_statements" not in perrichon["left_aside"]
    assert perrichon["left_aside"]["acts"] and perrichon["left_aside"]["invoiced_cents"]
    store = desk.folder / "successor.db"
    days = asked(store, "SELECT min(performed_on) FROM acts WHERE patient IN (SELECT patient FROM imports)")
    assert str(days[0][0]) >= "2025-01-01"
    assert asked(store, "SELECT count(*) FROM notes WHERE patient IN (SELECT patient FROM imports)") == [(0,)]
    assert "integrated in part" in desk("patients", "successor.db").ok().out

    # another part is added to the first; the dossier is the same one
    both = by_number(imported(desk, "--kind", "documents"))["45"]
    assert both["counts"]["acts"] == perrichon["counts"]["acts"] and both["counts"]["documents"] > 0
    assert "documents" not in both["left_aside"] and both["state"] == "partial"

    # the sender is told, dossier by dossier
    desk(*IMPORT, "--kind", "documents", "--receipt", "part.json").ok()
    desk("receipt", "sign", "part.json", *SIGNER).ok()
    done = desk("receipt", "check", "part.json", "--package", "package.asice", "--roots", "roots.pem", *ROOTS,
                "--identity", "receiver.identity").incomplete()  # fmt: skip
    assert (
        done.out.count("[receipt-in-part]") == 4
        and "Left aside by the receiver, whole or in part: 4" in done.out
    )

    whole = imported(desk)
    refused = desk("import", "undo", "successor.db", "1", *BY)
    later = [line for line in refused.err.splitlines() if line.startswith("error: ")][:-1]
    assert len(later) == 2 and all("[later-import]" in line for line in later), "what they brought is theirs"
    assert whole["totals"]["in_part"] == 0 and whole["states"]["partial"] == 0
    at_once = records(desk)
    # a choice takes nothing away from what is here whole
    assert imported(desk, "--kind", "recalls")["totals"] == whole["totals"] | {
        "came_in": 0,
        "already_there": 4,
    }
    for _ in range(3):
        desk("import", "undo", "successor.db", *BY).ok()
    assert content(desk) == empty
    imported(desk)
    assert records(desk) == at_once


def test_a_part_is_a_dossier_that_is_exported_like_any_other(desk: Program) -> None:
    imported(desk, "--kind", "documents", "--until", "2024-12-31")
    whole = ("export", "successor.db", "again.asice", "--all", "--to", "pressoir/receiver.recipient", *SIGNER)
    desk(*whole).ok()
    desk("import", "again.asice", *IMPORT[2:4], *ROOTS, "--into", "third.db").ok()


def test_a_list_says_whom(desk: Program) -> None:
    (desk.folder / "some.csv").write_text(
        f"{HEAD}45;Perrichon;Gérard;23/11/1955;oui\n47;Maillet;Pauline;2004-02-29;non\n", encoding="utf-8"
    )
    outcomes = {
        number: one["outcome"] for number, one in by_number(imported(desk, "--only", "some.csv")).items()
    }
    assert [number for number, outcome in outcomes.items() if outcome == "came-in"] == ["45"]

    before = content(desk)
    (desk.folder / "wrong.csv").write_text(
        f"{HEAD}45;Perrichon;Gérard;24/11/1955;\n4711;Personne;Paul;1960-01-01;\n", encoding="utf-8"
    )
    done = desk(*IMPORT, "--only", "wrong.csv")
    assert done.status == 32 and "[list-errors]" in done.err
    assert "[roster-mismatch]" in done.err and "[list-unknown-patient]" in done.err
    assert content(desk) == before


@pytest.mark.parametrize(
    ("choice", "code", "status"),
    [
        (("--only", "4711"), "patient-unknown", 39),
        (("--only", "nobody.csv"), "file-not-found", 54),
        (("--kind", "teeth"), "usage", 2),
        (("--since", "soon"), "usage", 2),
        (("--since", "2025-01-02", "--until", "2025-01-01"), "usage", 2),
    ],
)
def test_a_choice_that_is_none(desk: Program, choice: tuple[str, ...], code: str, status: int) -> None:
    before = content(desk)
    done = desk(*IMPORT, *choice)
    assert done.status == status and (f"[{code}]" in done.err or code == "usage")
    assert content(desk) == before
