"""A store that an import made is nobody's: it says so, and a person says whose it is, by a name or by collecting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.line import IMPORT, Line, asked
from tests.journeys.program import Program

INTO_NEW = (*IMPORT[:-1], "new.db")
OWN = ("--practice", "Cabinet neuf")
SIGNER = ("--signer", "pressoir/signer.p12")
ACTIVE = "SELECT count(*) FROM practitioners WHERE active"
WHOSE = "SELECT one.name FROM practices AS one JOIN settings AS own ON one.id = value WHERE own.name = 'own_practice'"


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("package.asice", "receiver.identity", "roots.pem", "pressoir", "pressoir.sqlite")
    return Program(folder=small_line.copy(tmp_path, *names))


def codes(document: Any) -> list[str]:
    return [one["code"] for one in document["findings"]]


def test_a_store_made_by_an_import_asks_whose_it_is(desk: Program) -> None:
    done = desk(*INTO_NEW, "--receipt", "receipt.json").ok()
    assert "does not say whose practice it is" in done.err
    desk("receipt", "sign", "receipt.json", *SIGNER).refused("receiver-unknown", 33)
    desk("export", "new.db", "x.asice", "--all", "--to", "pressoir/receiver.recipient", *SIGNER).refused(
        "sender-unknown", 33
    )
    assert "own-practice-unknown" in codes(desk(*INTO_NEW, "--json").ok().document)

    # a name serves until the practice's own source is collected
    document = desk(*INTO_NEW, *OWN, "--receipt", "second.json", "--json").ok().document
    assert document["receiver"] == "Cabinet neuf" and "own-practice-unknown" not in codes(document)
    desk("receipt", "sign", "second.json", *SIGNER).ok()
    desk("export", "new.db", "x.asice", "--all", "--to", "pressoir/receiver.recipient", *SIGNER).ok()
    assert "whose practice" not in desk(*INTO_NEW).ok().err
    desk(*INTO_NEW, "--practice", "Un autre").refused("own-practice-known", 33)
    assert asked(desk.folder / "new.db", WHOSE) == [("Cabinet neuf",)]
    assert asked(desk.folder / "new.db", ACTIVE) == [(0,)]
    desk("collect", "opendental", "pressoir.sqlite", "--into", "new.db").ok()
    assert asked(desk.folder / "new.db", WHOSE) == [("Cabinet dentaire du Vieux Pressoir",)]


def test_a_practice_is_taken_over_as_it_is(desk: Program) -> None:
    sender = "Cabinet dentaire des Tilleuls"
    desk(*INTO_NEW, "--practice", sender.upper()).ok()
    assert asked(desk.folder / "new.db", WHOSE) == [(sender,)]
    assert asked(desk.folder / "new.db", ACTIVE) != [(0,)]
    desk("import", "undo", "new.db", "--by", "Anne Exemple").ok()
    assert asked(desk.folder / "new.db", WHOSE) == []
