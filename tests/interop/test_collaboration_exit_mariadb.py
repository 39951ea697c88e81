"""Whose patient is it, asked of Open Dental in a running MariaDB: the same proposal as from the copy in SQLite."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from samples.demo import COLLABORATOR
from samples.story.book import build_sqlite
from tests.interop.test_main_line_mariadb import address
from tests.journeys.line import SAMPLES
from tests.journeys.program import Program
from tests.mariadb import Server

ASKED = (
    "--rule", "booked-with", "--rule", "exclusive-18-months", "--practitioner", COLLABORATOR,
    "--on", "2025-06-30",
)  # fmt: skip
LISTS = ("roster.csv", "before-the-split.csv", "before-the-split.fr.html", "before-the-split.en.html")


@pytest.fixture(scope="module")
def desk(
    mariadb_server: Server, opendental_practice: str, tmp_path_factory: pytest.TempPathFactory
) -> Program:
    """Two stores of the practice, from the server and from the copy."""
    folder = tmp_path_factory.mktemp("exit")
    program = Program(folder=folder)
    build_sqlite(
        (SAMPLES / "practice" / "opendental.sql").read_text(encoding="utf-8"), folder / "copy.sqlite"
    )
    sources = {"server.db": address(mariadb_server, opendental_practice), "copy.db": "copy.sqlite"}
    for store, source in sources.items():
        done = program("collect", "opendental", source, "--into", store)
        assert done.status in {0, 4}, done.err
        program("roster", "propose", store, *ASKED, "--to", Path(store).stem).ok()
    return program


@pytest.mark.parametrize("name", LISTS)
def test_server_and_copy_give_the_same_proposal(desk: Program, name: str) -> None:
    one, other = (
        re.sub(
            r"made on [0-9 :-]+|établi le [0-9/ :]+",
            "",
            (desk.folder / place / name).read_text(encoding="utf-8"),
        )
        for place in ("server", "copy")
    )
    assert one == other and "Lemoine-Garnier" in one
