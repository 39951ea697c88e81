"""Holds and decisions of a practice go out with a package, come in at the successor's, and can be taken back."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.line import EXPORT, IMPORT, Line, asked, dump
from tests.journeys.program import Program

WHY = ("--reason", "Expertise", "--by", "Dr Kerbrat")
DISPUTED, CONSOLIDATED = "45", "47"


def test_a_hold_and_a_term_reach_the_successor_and_are_taken_back(small_line: Line, tmp_path: Path) -> None:
    small_line.copy(
        tmp_path, "practice.db", "kerbrat", "pressoir", "receiver.identity", "roots.pem", "roster.csv"
    )
    small_line.copy(tmp_path, "successor.db")
    desk = Program(folder=tmp_path)

    # the one who leaves
    desk("hold", "set", "practice.db", DISPUTED, "--ground", "appeal", *WHY).ok()
    desk("retention", "consolidation", "practice.db", CONSOLIDATED, "--on", "2026-11-01", *WHY).ok()
    desk("retention", "keep", "practice.db", CONSOLIDATED, "--until", "2060-12-31", *WHY).ok()
    desk("retention", "keep", "practice.db", DISPUTED, "--until", "2027-01-01", *WHY).ok()
    sealed = desk(*EXPORT)
    assert "Under a hold, to be kept beyond its term: 1 dossier." in sealed.ok().out
    assert "[retention-earlier]" in sealed.err

    # the successor
    desk(*IMPORT).ok()
    (hold,) = desk("hold", "list", "successor.db", "--json").ok().document["listed"]
    assert (hold["ground"], hold["reason"], hold["set_by"]) == ("stated", "", "")
    listed = desk("retention", "list", "successor.db", "--json").ok().document["listed"]
    stated = {one["number"]: one for one in listed if one["rule"] == "stated"}
    assert {number: one["until"] for number, one in stated.items()} == {CONSOLIDATED: "2060-12-31"}
    assert [one["number"] for one in listed if one["hold"]] == [DISPUTED]

    # what was lifted stays lifted, and nothing doubles
    desk("hold", "lift", "successor.db", str(hold["id"]), *WHY).ok()
    before = list(dump(tmp_path / "successor.db"))
    desk(*IMPORT).ok()
    assert list(dump(tmp_path / "successor.db")) == before
    assert not desk("hold", "list", "successor.db", "--json").ok().document["listed"]

    # and at the sender's everything is taken back
    (mine,) = desk("hold", "list", "practice.db", "--json").ok().document["listed"]
    desk("hold", "lift", "practice.db", str(mine["id"]), *WHY).ok()
    for one in desk("retention", "decisions", "practice.db", "--json").ok().document["listed"]:
        desk("retention", "withdraw", "practice.db", str(one["id"]), *WHY).ok()
    assert {
        one["rule"] for one in desk("retention", "list", "practice.db", "--json").document["listed"]
    }.isdisjoint({"decision", "consolidation"})
    noted = [row[0] for row in asked(tmp_path / "practice.db", "SELECT operation FROM journal ORDER BY id")]
    assert noted[-6:] == ["retention-decided", "export", "hold-lifted", *["retention-withdrawn"] * 3]


def test_what_is_not_there_is_refused_and_nothing_is_written(small_line: Line, tmp_path: Path) -> None:
    small_line.copy(tmp_path, "practice.db")
    desk = Program(folder=tmp_path)
    before = list(dump(tmp_path / "practice.db"))
    desk("hold", "set", "practice.db", "no such", *WHY).refused("patient-unknown", 39)
    desk("hold", "lift", "practice.db", "1", *WHY).refused("hold-unknown", 39)
    desk("retention", "withdraw", "practice.db", "1", *WHY).refused("decision-unknown", 39)
    for day in ("2026-02-30", "tomorrow", "2099-01-01"):
        assert desk("retention", "consolidation", "practice.db", "45", "--on", day, *WHY).status == 2
    assert desk("hold", "set", "practice.db", "45", "--reason", " ", "--by", "x").status == 2
    assert desk("hold", "set", "practice.db", "45", "--reason", "x" * 1001, "--by", "x").status == 2
    assert list(dump(tmp_path / "practice.db")) == before
