"""The glossary is the arbiter: the dictionary of the model, every page, and the code call a thing as it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from formats.model.dictionary.kinds import KINDS, KindEntry
from formats.words import Words
from tests.architecture import layers
from tests.architecture.test_names import names, words
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


# -- words of the code --------------------------------------------------------------------


def terms_of_code() -> list[list[str]]:
    """Return the terms of each row of *Words of the code*."""
    page = GLOSSARIES["en"].read_text(encoding="utf-8").partition("\n## Words of the code\n")[2]
    lines = [line for line in page.splitlines() if re.match(r"\| (?!term)[^-]", line)]
    assert len(lines) >= 25
    return [line.strip("|").split("|")[0].strip().split(", ") for line in lines]


@cache
def names_of_code() -> tuple[frozenset[str], frozenset[str]]:
    """Return every name in both packages, folders and modules too, and the words of each, with spaces around."""
    found = set()
    for path in layers.modules(ROOT):
        found |= {*names(layers.syntax(path))}
        found |= {*path.relative_to(ROOT).with_suffix("").parts}
    return frozenset(found), frozenset(f" {' '.join(words(one))} " for one in found)


def is_in_code(term: str) -> bool:
    """Tell whether code has a name in backquotes as it stands, and of other terms whether it has them in a name."""
    whole, parted = names_of_code()
    if term.startswith("`"):
        return term.strip("`") in whole
    spelt = " ".join(words(term))
    return any(f" {spelt}{ending} " in name for name in parted for ending in ("", "s"))


@pytest.mark.parametrize("row", terms_of_code(), ids=lambda row: row[0])
def test_every_word_of_the_code_is_in_the_code(row: list[str]) -> None:
    named = [term for term in row if term.startswith("`")]
    assert all(map(is_in_code, named))
    assert named or all(map(is_in_code, row))


@pytest.mark.parametrize("term", ["berth", "`LookupTable`", "merge sort"])
def test_a_word_that_code_has_lost_is_noticed(term: str) -> None:
    assert not is_in_code(term)
