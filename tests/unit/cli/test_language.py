"""Which language a person reads, and that facts and places come through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from archiver.cli import main
from archiver.cli.program import program
from archiver.cli.terminal import language
from archiver.errors import DiskFault
from archiver.scope.errors import RosterMismatch
from formats.words import mark


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(language.VARIABLE, "fr")
    monkeypatch.setenv("LANGUAGE", "fr")  # the program sets it too: this takes it back
    language.language.cache_clear()
    yield
    language.language.cache_clear()


@pytest.mark.parametrize(("variables", "chosen"), [
    ({"ARCHIVER_LANGUAGE": "en", "LANG": "fr_FR.UTF-8"}, "en"),
    ({"ARCHIVER_LANGUAGE": "fr", "LANG": "C"}, "fr"),
    ({"LC_ALL": "fr_BE", "LANG": "en_US"}, "fr"),
    ({"LANG": "fr_FR.UTF-8"}, "fr"),
    ({"LANG": "de_DE.UTF-8"}, "en"),
    ({"LANGUAGE": "fr:en"}, "fr"),
    ({"LANG": "C.UTF-8"}, "en"),
])  # fmt: skip
def test_the_language_of_the_person(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], chosen: str
) -> None:
    for name in ("ARCHIVER_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    language.language.cache_clear()
    try:
        assert language.language() == chosen
    finally:
        language.language.cache_clear()


def test_a_reason_is_translated_with_its_sentence(french: None) -> None:
    reason = mark("the birth date is another")
    sentence = language.localize_failure(
        RosterMismatch(patient="45", line=3, reason=reason, listed="a", known="b")
    )
    assert "the birth date" not in sentence and "45" in sentence and "3" in sentence


def test_a_name_that_is_no_sentence_stays(french: None) -> None:
    sentence = language.localize_failure(DiskFault(where="a.asice", reason="Exotic fault 99"))
    assert sentence.startswith("a.asice\xa0: ") and "Exotic fault 99" in sentence


ENGLISH = (
    "Usage:",
    "Options:",
    "Commands:",
    "Arguments:",
    "[required]",
    "[default:",
    "Show this",
    "<path>",
    "list[",
)
"""Words of Typer's own that a person who reads French must not meet."""


def commands() -> list[tuple[str, ...]]:
    """Return every command of the program, groups included."""
    found: list[tuple[str, ...]] = [()]
    waiting: list[tuple[tuple[str, ...], Any]] = [((), program())]
    while waiting:
        path, group = waiting.pop()
        for name, command in getattr(group, "commands", {}).items():
            found.append((*path, name))
            waiting.append(((*path, name), command))
    return found


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_help_has_no_english_of_typers_own(path: tuple[str, ...], french: None, capsys: Any) -> None:
    assert main.status([*path, "--help"]) == 0
    output = capsys.readouterr().out
    assert f"Usage\xa0: archiver {' '.join(path)}".strip() in output
    assert [word for word in ENGLISH if word in output] == []


def test_every_command_is_looked_at() -> None:
    assert {("verify",), ("keys", "share"), ("collect", "opendental"), ("evidence", "renew")} <= set(
        commands()
    )
    assert len(commands()) >= 20
