"""What people read is there in French and in English: one language a page, and both pages say the same."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.docs.test_codes import CODE as STABLE
from tests.docs.test_command_lines import CODE, OPTION, PAGES

BOTH_ON_ONE_PAGE = {
    "docs/glossary.md": "a dictionary",
    "docs/reference/dependencies.md": "generated, for developers",
    "docs/reference/errors.md": "generated: each sentence beside its translation",
    "docs/reference/limits.md": "generated",
    "docs/reference/mapping-opendental.md": "generated",
    "docs/reference/output.md": "for authors of programs",
    "docs/reference/receipt.md": "for authors of programs",
    "docs/reference/store.md": "generated",
}
"""Pages that a person looks something up in, and why they need no twin."""
ENGLISH_ONLY = {
    "docs/explanation/speed.md": "figures, for developers; what they come to is said in French as well",
    "docs/format/patient-bundle.md": "generated, for authors of programs",
}
DEVELOPERS = "docs/decisions/"
FENCED = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PIECE = re.compile(r"#+ [\d.]*|\|(?=.*\|$)|(?:- |\d+\. )")
"""What begins a heading with its number, a row, an item of a list."""
LINK = re.compile(r"\[[^\]\n]*\]\((?P<to>[^)\s]+\.md[^)\s]*)\)")
PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\|)|\|")
WORDS = {
    "fr": {"le", "la", "les", "des", "du", "un", "une", "et", "est", "sont", "qui", "que", "pour", "dans"},
    "en": {"the", "of", "and", "is", "are", "not", "who", "that", "for", "in", "on", "with", "to", "it"},
}
"""Small words of each language that are rare in the other."""
MANY = 4
"""Small words of the other language, more than the page's own, that make a sentence of it."""


def place(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def twin(page: Path) -> Path:
    """Return where the other language of ``page`` is."""
    name = page.name
    return page.with_name(name.replace(".fr.md", ".md") if is_french(page) else f"{page.stem}.fr.md")


def is_french(page: Path) -> bool:
    return page.name.endswith(".fr.md")


IN_ONE = [
    page
    for page in PAGES
    if place(page) not in BOTH_ON_ONE_PAGE.keys() | ENGLISH_ONLY.keys()
    and not place(page).startswith(DEVELOPERS)
]
PAIRS = [(page, twin(page)) for page in IN_ONE if not is_french(page)]


@pytest.mark.parametrize("page", IN_ONE, ids=place)
def test_a_page_exists_in_both_languages(page: Path) -> None:
    assert twin(page).exists(), f"{place(page)} has no {twin(page).name}"


def test_the_pages_that_need_no_twin_are_still_there() -> None:
    for name in (*BOTH_ON_ONE_PAGE, *ENGLISH_ONLY):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize(("english", "french"), PAIRS, ids=place)
def test_both_languages_of_a_page_are_built_alike(english: Path, french: Path) -> None:
    shapes = [shape(page.read_text(encoding="utf-8")) for page in (english, french)]
    assert len(shapes[0]) > 5
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(("english", "french"), PAIRS, ids=place)
def test_both_languages_of_a_page_show_the_same_commands(english: Path, french: Path) -> None:
    """What is typed is the same to the letter; what is printed has as many lines, in its own language."""
    ours, theirs = (list(FENCED.finditer(page.read_text(encoding="utf-8"))) for page in (english, french))
    for one, other in zip(ours, theirs, strict=True):
        assert one["info"] == other["info"]
        if one["info"].split()[:1] == ["text"]:
            assert len(one["body"].splitlines()) == len(other["body"].splitlines()), other["body"]
        elif one["info"] or "──" not in one["body"]:  # what is drawn is labelled in words
            assert one["body"] == other["body"]


@pytest.mark.parametrize(("english", "french"), PAIRS, ids=place)
def test_both_languages_of_a_page_name_the_same_options_and_codes(english: Path, french: Path) -> None:
    assert named(english) == named(french)


def named(page: Path) -> Counter[str]:
    """Return how often the text of a page names each option and each stable code."""
    prose = FENCED.sub("", page.read_text(encoding="utf-8"))
    spans = [span["body"] for span in CODE.finditer(prose)]
    found = [option for span in spans for option in OPTION.findall(span)]
    return Counter([*found, *(code["code"] for code in STABLE.finditer(prose))])


@pytest.mark.parametrize("page", IN_ONE, ids=place)
def test_a_page_leads_to_pages_in_its_language(page: Path) -> None:
    for link in LINK.finditer(FENCED.sub("", page.read_text(encoding="utf-8"))):
        target = (page.parent / link["to"].partition("#")[0]).resolve()
        if target in IN_ONE and target != twin(page):
            assert is_french(target) == is_french(page), f"{place(page)} links to {link['to']}"


@pytest.mark.parametrize("page", IN_ONE, ids=place)
def test_a_page_speaks_one_language(page: Path) -> None:
    own, other = ("fr", "en") if is_french(page) else ("en", "fr")
    text = CODE.sub("", FENCED.sub("", page.read_text(encoding="utf-8")))
    for part in PARAGRAPH.split(text):
        counted = Counter(re.findall(r"\w+", part.lower()))
        foreign, ours = (sum(counted[word] for word in WORDS[one]) for one in (other, own))
        assert foreign < MANY or ours >= foreign, f"{place(page)} also speaks {other}: {part.strip()[:200]}"
        assert " · " not in part or foreign == 0, f"{place(page)}: {part.strip()[:200]}"


def shape(text: str) -> list[str]:
    """Return what a page is made of: headings, rows of tables, items of lists, what stands between fences."""
    made: list[str] = []
    for block in FENCED.split(text)[::3]:
        lines = block.splitlines()
        made += [found[0] for line in lines if (found := PIECE.match(line))]
        made.append("```")
    return made
