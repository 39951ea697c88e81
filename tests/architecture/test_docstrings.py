"""Docstrings say first what a thing is, by its term, and end that sentence: what a machine can judge of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture import layers
from tests.architecture.structure import ROOT

RIDDLES = (
    "The same",
    "Say the same",
    "Tell the same",
    "Return the same",
    "Yield the same",
    "Return that ",
    "It ",
    "They ",
)
"""Beginnings of a sentence that says nothing to whoever has not read what stands before it, or the code."""
CELLS = "formats/fhir/records/"
"""Modules whose docstrings are cells of a generated page."""
NAME = re.compile(
    r"(?:``|:func:`)((?:[A-Z][a-z]+){2,}\d?|(?:\w+\.)*\w*[A-Za-z0-9]_\w+|(?:[A-Za-z]\w+\.)+\w+)`"
)
"""Code in a docstring that looks like a name: with an underscore, a full stop, or a capital inside."""
NAMES_OF_OTHERS = frozenset({
    *("CertHash", "DeviceLot2", "msgid_plural", "http_proxy", "https_proxy", "no_proxy"),
    *("DOC00001.PDF", "PATnnnnn.ZIP", "ASiCEvidenceRecordManifest001.xml"),
})  # fmt: skip
"""Names in docstrings that a standard, another program or a file has."""


def faults(tree: ast.Module) -> Iterator[str]:
    """Yield the docstrings whose first line is no whole sentence, or a riddle."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            continue
        text = ast.get_docstring(node) or ""
        first = text.split("\n", 1)[0]
        if text and (not first.endswith((".", ":", "?")) or first.startswith(RIDDLES)):
            yield f"{getattr(node, 'name', 'module')}: {first}"


def test_the_first_line_is_a_sentence_and_no_riddle() -> None:
    seen, found = 0, {}
    for path in layers.modules(ROOT):
        if path.relative_to(ROOT).as_posix().startswith(CELLS):
            continue
        tree = layers.syntax(path)
        seen += 1
        if wrong := list(faults(tree)):
            found[path.relative_to(ROOT).as_posix()] = wrong
    assert seen > 300, "too little was seen"
    assert found == {}


def used(tree: ast.Module) -> Iterator[str]:
    """Yield the words by which the code itself, its texts included, names anything."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name | ast.Attribute | ast.arg):
            yield (
                node.id
                if isinstance(node, ast.Name)
                else node.attr
                if isinstance(node, ast.Attribute)
                else node.arg
            )
        elif isinstance(node, ast.alias):
            yield from node.name.split(".")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "``" not in node.value:
            yield from re.findall(r"\w+", node.value)


def mentioned(tree: ast.Module) -> Iterator[str]:
    """Yield the names in the docstrings of a module and of its constants."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield from NAME.findall(node.value.value)


def test_a_name_in_a_docstring_is_one_that_the_code_has() -> None:
    """And one in the glossary's words of the code: whoever renames a thing renames it there."""
    trees = {path: layers.syntax(path) for path in layers.modules(ROOT)}
    places = {path.relative_to(ROOT).with_suffix("").parts for path in trees}
    known = {word for tree in trees.values() for word in used(tree)} | {
        part for place in places for part in place
    }
    names = {(path.name, name) for path, tree in trees.items() for name in mentioned(tree)}
    page = (ROOT / "docs" / "en" / "glossary.md").read_text(encoding="utf-8")
    glossary = page.split("\n## Words of the code\n")[1]
    terms = re.findall(r"^\| ([^|]+) \|", glossary, re.MULTILINE)
    names |= {("glossary.md", name) for term in terms for name in re.findall(r"`(\w+)`", term)}
    assert len(names) > 200, "too little was seen"
    assert {
        (place, name)
        for place, name in names
        if name not in NAMES_OF_OTHERS and not name.endswith(".py") and not known.issuperset(name.split("."))
    } == set()


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ('"""Spool of sealed units."""', 0),
        ('"""Spool of sealed units"""', 1),
        ('def f():\n    """Return the same, but\n    otherwise."""', 1),
        ('class C:\n    """The same for a set."""', 1),
        ('def f():\n    """Yield every row: the oldest first."""', 0),
    ],
)
def test_a_riddle_is_found(code: str, wrong: int) -> None:
    assert len(list(faults(ast.parse(code)))) == wrong
