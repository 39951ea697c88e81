"""The same program in French and in English; codes, keys and JSON are the same in both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.journeys.line import Line
from tests.journeys.program import Program

OPENING = ("package.asice", "--identity", "receiver.identity", "--roots", "roots.pem")


@pytest.fixture
def place(small_line: Line, tmp_path: Path) -> Path:
    """Return a folder with the package and the keys to it."""
    return small_line.copy(tmp_path, "package.asice", "receiver.identity", "roots.pem", "pressoir")


def both(place: Path) -> tuple[Program, Program]:
    return Program(folder=place, language="fr"), Program(folder=place, language="en")


def test_help(place: Path) -> None:
    french, english = (program("--help").ok().out for program in both(place))
    assert "Archive and hand over the records of a dental practice." in english
    assert "cabinet dentaire" in french
    for command in ("collect", "export", "verify", "inspect", "import", "keys", "people"):
        assert command in french and command in english


@pytest.mark.parametrize("group", ["", "collect", "evidence", "package", "paperwork", "keys", "people"])
def test_what_a_command_does_fits_on_its_line(place: Path, group: str) -> None:
    fewest = 3 if group in {"package", "paperwork"} else 5  # they have one command, and two
    for program in both(place):
        output = program.here(*group.split(), "--help").ok().out
        assert "..." not in output and output.count("\n  ") >= fewest


def test_the_main_line_is_told_in_its_order(place: Path) -> None:
    output = Program(folder=place).here("--help").ok().out
    line = [
        "collect",
        "patients",
        "roster",
        "export",
        "verify",
        "inspect",
        "import",
        "find",
        "show",
        "read",
        "deliver",
    ]
    words = dict.fromkeys(
        re.findall(r"^  ([a-z]+) ", output, re.MULTILINE)
    )  # import, import list, import undo
    assert [*words][: len(line)] == line


def test_a_verdict(place: Path) -> None:
    french, english = (program("verify", *OPENING[:1], *OPENING[3:]).ok().out for program in both(place))
    assert "Every part is as it was signed." in english
    assert "Every part" not in french and "Intégrité" in french and "prouvée" in french
    assert french.count("[no-timestamp]") == english.count("[no-timestamp]") == 1


def test_a_receipt_is_in_both_languages_whoever_reads(place: Path) -> None:
    pages = []
    for number, program in enumerate(both(place)):
        into = ("--into", f"{number}.db", "--receipt", f"{number}.json")
        program("import", *OPENING, *into).ok()
        pages.append((place / f"{number}.txt").read_text(encoding="utf-8"))
    for page in pages:
        first, second = page.split("\n\n")[0], page.split("Receipt of patient records")[1]
        assert first.startswith("Reçu") and "Counts, announced and found:" in second


def test_a_refusal(place: Path) -> None:
    sentences = [
        program("inspect", *OPENING[:2], "pressoir/roots.pem", *OPENING[3:]).refused("key-unreadable", 23)
        for program in both(place)
    ]
    assert sentences[0] != sentences[1]


def test_a_misuse(place: Path) -> None:
    french, english = (program("verify") for program in both(place))
    assert french.status == english.status == 2
    assert "Give the package." in english.err and "Indiquez le paquet." in french.err
    assert "[usage]" in french.err and "[usage]" in english.err


def test_json_is_the_same(place: Path) -> None:
    french, english = (program("inspect", *OPENING, "--json").ok().document for program in both(place))
    assert french == english


@pytest.mark.parametrize(("variable", "value", "word"), [
    ("LC_ALL", "fr_FR.UTF-8", "cabinet"), ("LANG", "fr_CA", "cabinet"), ("LANG", "C.UTF-8", "practice"),
])  # fmt: skip
def test_the_language_of_the_machine(place: Path, variable: str, value: str, word: str) -> None:
    done = Program(folder=place)("--help", ARCHIVER_LANGUAGE="", **{variable: value}).ok()
    assert word in done.out
