"""The glossary is the arbiter: the dictionary of the model, and so every page, calls a thing as it does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from formats.model.dictionary.kinds import KINDS, KindEntry
from formats.words import Words
from tests.docs.pages import ROOT

GLOSSARIES = {language: ROOT / "docs" / language / "glossary.md" for language in ("fr", "en")}
LEAST = 50
"""Terms there are at least, so that no test here passes on an empty table."""


def rows(language: str) -> list[tuple[str, str, str]]:
    """Return of each term of the page in ``language`` the French, the English, and what it is."""
    page = GLOSSARIES[language].read_text(encoding="utf-8")
    found = []
    for line in page.partition("\n## ")[0].replace("'", "’").splitlines():
        if re.match(r"\| (?!term)[^-]", line):
            term, other, meaning = (cell.strip() for cell in line.strip("|").split("|"))
            found.append((term, other, meaning) if language == "fr" else (other, term, meaning))
    assert len(found) >= LEAST
    return found


def terms(cell: str) -> set[str]:
    """Return the terms of a cell: several are separated by commas, a code stands in backquotes."""
    return {one.strip().strip("`") for one in cell.split(",")}


def others(entry: KindEntry, language: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows that call a kind of record so in one language and otherwise in the other."""
    for row in rows(language):
        if (entry.one.fr in terms(row[0])) != (entry.one.en in terms(row[1])):
            yield row


@pytest.mark.parametrize("language", GLOSSARIES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_record_is_called_as_in_the_glossary(kind: str, language: str) -> None:
    assert list(others(KINDS[kind], language)) == []


@pytest.mark.parametrize("language", GLOSSARIES)
@pytest.mark.parametrize("kind", [kind for kind, entry in KINDS.items() if entry.title])
def test_another_heading_of_a_kind_stands_in_its_row(kind: str, language: str) -> None:
    entry = KINDS[kind]
    (meaning,) = (row[2] for row in rows(language) if entry.one.fr in terms(row[0]))
    assert entry.title
    assert getattr(entry.title, language) in meaning


def test_both_pages_have_the_same_terms() -> None:
    french, english = (sorted(row[:2] for row in rows(language)) for language in GLOSSARIES)
    assert french == english


def test_another_word_is_noticed() -> None:
    other = Words("constat du schéma", "chart finding")
    assert len(list(others(KindEntry(other, other, ""), "fr"))) == 1
