"""Which language a person reads, and that facts and places come through it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archiver.cli import language
from archiver.errors import DiskFault, RosterMismatch
from formats.words import mark


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(language.VARIABLE, "fr")
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
    told = language.tell_failure(RosterMismatch(patient="45", line=3, reason=reason))
    assert "the birth date" not in told and "45" in told and "3" in told


def test_a_name_that_is_no_sentence_stays(french: None) -> None:
    told = language.tell_failure(DiskFault(where="a.asice", reason="Exotic fault 99"))
    assert told.startswith("a.asice\xa0: ") and "Exotic fault 99" in told
