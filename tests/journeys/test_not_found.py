"""What is not there is said to be not there, by every command, and never as the fault of a disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.line import Line, contents
from tests.journeys.program import Program
from tests.journeys.test_console import COMMANDS

MADE = {("import", "--into"), ("collect opendental", "--into")}
"""What a command makes where there is none."""


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return the program with everything both sides have, for somebody who reads French."""
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db", "kerbrat", "pressoir")
    folder = tmp_path_factory.mktemp("not-found")
    small_line.copy(folder, *names, "practice.db", "roster.csv", "pressoir.sqlite")
    return Program(folder=folder, language="fr")


def inputs() -> list[tuple[str, int]]:
    """Return every place of a command line at which a good run names something that has to be there."""
    return [
        (name, at)
        for name, arguments in COMMANDS.items()
        for at, value in enumerate(arguments)
        if str(value)[0] != "-" and (name, str(arguments[at - 1])) not in MADE
    ]


@pytest.mark.parametrize(("name", "at"), inputs())
def test_a_file_that_is_not_there_is_not_found(desk: Program, name: str, at: int) -> None:
    arguments = list(COMMANDS[name])
    if not (desk.folder / arguments[at]).exists():
        return  # no file, or one that the command makes
    whole = Path(arguments[at])
    arguments[at] = f"absent{whole.suffix}"
    before = contents(desk.folder)
    done = desk.here(*name.split(), *arguments)
    assert done.status == 54, done.err
    kind = "Répertoire" if "[folder-not-found]" in done.err else "Fichier"
    assert done.err.startswith(f"erreur\u00a0: {kind} introuvable\u00a0: {arguments[at]}. [")
    assert done.out == ""
    assert contents(desk.folder) == before


def test_several_places_were_tried() -> None:
    assert len(inputs()) > 20
