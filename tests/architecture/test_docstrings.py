"""Docstrings say first what a thing is, by its term, and end that sentence: what a machine can judge of it."""

from __future__ import annotations

import ast
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
        tree = ast.parse(path.read_text(encoding="utf-8"))
        seen += 1
        if wrong := list(faults(tree)):
            found[path.relative_to(ROOT).as_posix()] = wrong
    assert seen > 300, "too little was seen"
    assert found == {}


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
