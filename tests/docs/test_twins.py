"""What people read is there in French and in English: one language a page, and both pages say the same."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, language_of, twin
from tests.docs.test_codes import CODE as STABLE
from tests.docs.test_command_lines import CODE, OPTION, PAGES as PAGES_WITH_COMMANDS

PAGES = [*PAGES_WITH_COMMANDS, *sorted(ROOT.glob("CHANGELOG*.md")), *sorted(ROOT.glob("samples/**/*.md"))]
ALONE = {
    "docs/README.md": "the door to both languages",
    "docs/en/reference/limits-by-module.md": "for developers; reference/limits.md has those a person can meet",
}
"""Pages without a twin, and why; decisions are for developers too, who read English."""
DECISIONS = "docs/decisions/"
RULES_IN_ENGLISH = {"docs/en/format/patient-bundle.md", "docs/en/reference/mapping-opendental.md"}
"""Pages whose English says in a column what the code does, from its docstrings; the French one leads there."""
FOR_DEVELOPERS = "\n## Words of the code\n"
"""Heading in the English glossary behind which there is no French: the code has English names."""
FENCED = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
PIECE = re.compile(r"#+ [\d.]*|\|(?=.*\|$)|(?:- |\d+\. )")
"""What begins a heading with its number, a row, an item of a list."""
LINK = re.compile(r"\[[^\]\n]*\]\((?P<to>[^)\s]+\.md[^)\s]*)\)")
ADDRESS = re.compile(r"\]\([^)]*\)")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
GROUPS = {
    "en": re.compile(r"(?<=\d)[,\u00a0\u202f ](?=\d{3}\b)"),
    "fr": re.compile(r"(?<=\d)[\u00a0\u202f ](?=\d{3}\b)"),
}
"""What stands between groups of three digits."""
SENTENCE = re.compile(r"\n\s*\n|\n(?=\||- |\d+\. )|\||(?<=[.!?:;·])\s+")
"""What stands between sentences, items of a list and cells of a table."""
WORDS = {
    "fr": re.compile(
        r"\b(?:les?|la|des|du|une?|et|est|sont|qui|que|pour|dans|aux?|ce|cette|ne|pas|plus|par|sur|avec|ou|où)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:the|of|and|is|are|not|who|that|for|in|with|to|it|this|from|by|which|as|its|be|has|have|or|what)\b",
        re.IGNORECASE,
    ),
}
"""Small words of each language that are no word of the other."""
CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
"""Words of a licence expression, and other abbreviations."""
MANY = 3
"""Small words of the other language, more than the page's own, that make a sentence of it."""


def place(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


IN_ONE = [page for page in PAGES if place(page) not in ALONE and not place(page).startswith(DECISIONS)]
PAIRS = [(page, twin(page)) for page in IN_ONE if language_of(page) == "en"]
TRANSLATED_PAIRS = [(page, french) for page, french in PAIRS if place(page) not in RULES_IN_ENGLISH]


@pytest.mark.parametrize("page", IN_ONE, ids=place)
def test_a_page_exists_in_both_languages(page: Path) -> None:
    assert twin(page).exists(), f"{place(page)} has no {place(twin(page))}"


def test_the_pages_that_need_no_twin_are_still_there() -> None:
    assert len(ALONE) <= 5
    for name in ALONE:
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize(("english", "french"), PAIRS, ids=place)
def test_both_languages_of_a_page_are_built_alike(english: Path, french: Path) -> None:
    shapes = [shape(text_of(page)) for page in (english, french)]
    assert len(shapes[0]) > 5
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(("english", "french"), PAIRS, ids=place)
def test_both_languages_of_a_page_show_the_same_commands(english: Path, french: Path) -> None:
    """What is typed is the same to the letter; what is printed has as many lines, in its own language."""
    ours, theirs = (list(FENCED.finditer(text_of(page))) for page in (english, french))
    for one, other in zip(ours, theirs, strict=True):
        assert one["info"] == other["info"]
        if one["info"].split()[:1] == ["text"]:
            assert len(one["body"].splitlines()) == len(other["body"].splitlines()), other["body"]
        elif one["info"] or "──" not in one["body"]:  # what is drawn is labelled in words
            assert one["body"] == other["body"]


@pytest.mark.parametrize(("english", "french"), TRANSLATED_PAIRS, ids=place)
def test_both_languages_of_a_page_name_the_same_options_and_codes(english: Path, french: Path) -> None:
    assert named(english) == named(french)


def named(page: Path) -> Counter[str]:
    """Return how often the text of a page names each option and each stable code."""
    text = prose(page)
    spans = [span["body"] for span in CODE.finditer(text)]
    found = [option for span in spans for option in OPTION.findall(span)]
    return Counter([*found, *(code["code"] for code in STABLE.finditer(text))])


@pytest.mark.parametrize(("english", "french"), TRANSLATED_PAIRS, ids=place)
def test_both_languages_of_a_page_have_the_same_numbers(english: Path, french: Path) -> None:
    ours, theirs = numbers(english), numbers(french)
    assert ours == theirs, f"only in English: {ours - theirs}; only in French: {theirs - ours}"


def numbers(page: Path) -> Counter[str]:
    """Return how often the text of a page has each number that is written in digits."""
    text = ADDRESS.sub("]", CODE.sub("", prose(page)))
    text = GROUPS[language_of(page)].sub("", text)
    return Counter(found[0].replace(",", ".") for found in NUMBER.finditer(text))


@pytest.mark.parametrize("page", IN_ONE, ids=place)
def test_a_page_leads_to_pages_in_its_language(page: Path) -> None:
    for link in LINK.finditer(prose(page)):
        target = (page.parent / link["to"].partition("#")[0]).resolve()
        if target in IN_ONE and target != twin(page):
            assert language_of(target) == language_of(page), f"{place(page)} links to {link['to']}"


@pytest.mark.parametrize("page", IN_ONE, ids=place)
def test_a_page_speaks_one_language(page: Path) -> None:
    other = language_of(twin(page))
    found = list(sentences_in(other, without_pointer(page)))
    assert not found, f"{place(page)} also speaks {other}: {found}"


def without_pointer(page: Path) -> str:
    """Return the text of ``page`` without the words, in the other language, that lead to its twin."""
    address = re.escape(os.path.relpath(twin(page), page.parent).replace(os.sep, "/"))
    return re.sub(rf"[^.]*\[[^\]]*\]\({address}\)", "", prose(page), count=1)


def sentences_in(other: str, text: str) -> Iterator[str]:
    """Yield every sentence of ``text`` that has more small words of the language ``other`` than of its own."""
    own = "en" if other == "fr" else "fr"
    for sentence in SENTENCE.split(CAPITALS.sub("", CODE.sub("", text))):
        foreign, ours = (len(WORDS[language].findall(sentence)) for language in (other, own))
        if foreign >= MANY and foreign > ours:
            yield sentence.strip()


@pytest.mark.parametrize(
    ("other", "text"),
    [
        ("en", "La base est un fichier.\nA store is a file that any tool reads, and the files beside it."),
        ("en", "| `id` | la clé du paquet · the key of the package | |"),
        ("fr", "- The patient. Le patient est celui que le cabinet soigne."),
    ],
)
def test_a_sentence_in_the_other_language_is_noticed(other: str, text: str) -> None:
    assert len(list(sentences_in(other, text))) == 1


def text_of(page: Path) -> str:
    """Return the text of ``page`` that is there for the readers of both languages."""
    return page.read_text(encoding="utf-8").partition(FOR_DEVELOPERS)[0]


def prose(page: Path) -> str:
    """Return the text of ``page`` without comments and what stands between fences."""
    return COMMENT.sub("", FENCED.sub("", text_of(page)))


def shape(text: str) -> list[str]:
    """Return what a page is made of: headings, rows of tables, items of lists, what stands between fences."""
    made: list[str] = []
    for block in FENCED.split(text)[::3]:
        lines = block.splitlines()
        made += [found[0] for line in lines if (found := PIECE.match(line))]
        made.append("```")
    return made
