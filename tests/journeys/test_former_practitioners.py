"""Who treated patients at the sender's is known here afterwards, and is not taken for somebody who practises here."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.line import IMPORT, Line, asked
from tests.journeys.program import Program

ACTIVE = "SELECT family_name FROM practitioners WHERE active ORDER BY 1"


def test_practitioners_of_the_sender_come_in_inactive(small_line: Line, tmp_path: Path) -> None:
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db", "practice.db")
    desk = Program(folder=small_line.copy(tmp_path, *names))
    own = asked(tmp_path / "successor.db", ACTIVE)
    desk(*IMPORT).ok()
    assert own and asked(tmp_path / "successor.db", ACTIVE) == own
    assert asked(tmp_path / "successor.db", "SELECT count(*) FROM practitioners WHERE NOT active") != [(0,)]
    assert desk(*IMPORT, "--json").ok().document["totals"]["already_there"] == 4

    # who made the package practises in its own store as before, also when it comes back
    before = asked(tmp_path / "practice.db", ACTIVE)
    desk(*IMPORT[:-1], "practice.db").ok()
    assert asked(tmp_path / "practice.db", ACTIVE) == before != []
