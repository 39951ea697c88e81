"""Names are the terms of a standard or of the field: a list of words that are none, and verbs for functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.architecture import layers
from tests.architecture.structure import ROOT

FIGURES = {
    *(
        "harbour",
        "mooring",
        "moored",
        "berth",
        "berths",
        "house",
        "pen",
        "told",
        "untold",
        "tells",
        "said",
        "saying",
    ),
    *(
        "standing",
        "passage",
        "climb",
        "joint",
        "speaking",
        "misuse",
        "remembered",
        "openers",
        "stranger",
        "strangers",
    ),
    *("kept", "held", "way", "ways", "room"),
    *("oversee", "handed", "withheld", "tie", "ties", "afloat", "whence", "wont"),
    *("manager", "helper", "helpers", "utils", "common", "handler"),
}
"""Words of no standard and no field, or that say nothing: what they once meant is in ``docs/en/glossary.md``."""
PARTICIPLES = {
    *(
        "told",
        "said",
        "kept",
        "held",
        "given",
        "taken",
        "shown",
        "drawn",
        "written",
        "chosen",
        "found",
        "made",
        "sent",
    ),
    *(
        "seen",
        "heard",
        "lost",
        "met",
        "spoken",
        "begun",
        "built",
        "sought",
        "hidden",
        "broken",
        "proven",
        "torn",
    ),
    *("thrown", "grown", "laid"),
}
"""Irregular past participles; the regular ones end in ``-ed``."""
NOUNS = frozenset({"seed", "feed", "speed", "need"})
"""Words that end in ``-ed`` and are none."""
ALLOWED = {
    "common_name": "X.520's term",
    "MAX_COMMON_NAME": "X.520's term",
    "COMMON_LAW": "a marital status of HL7",
    "trust_manager": "pyhanko's name of a parameter",
    "whence": "Python's name of a parameter of ``seek``",
    "_Handler": "urllib's term",
    "kept_until": "a column of the list of retention in format 1",
    "room": "FHIR's term of a kind of place (location-physical-type)",
}
"""Names that a standard or a library gives, and which."""


def words(name: str) -> list[str]:
    """Return the words of an identifier in lower case."""
    return [one.lower() for one in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)]


def is_participle(word: str) -> bool:
    return word in PARTICIPLES or (word.endswith("ed") and word not in NOUNS)


def names(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module defines: classes, functions, parameters, fields, attributes, variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_self(node.value):
            yield node.attr


def is_term(name: str) -> bool:
    """Tell whether a name is that of a thing: that of a test is a sentence."""
    return name not in ALLOWED and not name.startswith("test_")


def is_self(node: ast.expr) -> bool:
    """Tell whether a name is that of a method's own object: other objects' attributes have names of their own."""
    return isinstance(node, ast.Name) and node.id == "self"


def figures(tree: ast.Module) -> set[str]:
    """Return the names with a word that is none of the field."""
    return {name for name in names(tree) if is_term(name) and not FIGURES.isdisjoint(words(name))}


def participles(tree: ast.Module) -> set[str]:
    """Return the public functions of a module that are called by a single past participle."""
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and "_" not in node.name and is_participle(node.name)
    }


def parsed(paths: Iterable[Path]) -> Iterator[tuple[str, ast.Module]]:
    found = [(path.relative_to(ROOT).as_posix(), path) for path in paths]
    assert len(found) > 500, "too little was seen"
    yield from ((place, layers.syntax(path)) for place, path in found)


def modules_in(*folders: str) -> Iterator[Path]:
    """Yield the modules that are no part of the program: tests, the sample practice, scripts that write pages."""
    for folder in folders:
        yield from sorted(ROOT.joinpath(folder).rglob("*.py"))


def test_no_name_is_a_figure_of_speech() -> None:
    paths = [*layers.modules(ROOT), *modules_in("tests", "samples", ".ci")]
    found = {place: figures(tree) for place, tree in parsed(paths)}
    assert {place: one for place, one in found.items() if one} == {}
    stems = {place: Path(place).stem for place in found}
    modules = [
        place for place, stem in stems.items() if is_term(stem) and not FIGURES.isdisjoint(words(stem))
    ]
    assert modules == []


def test_no_function_is_called_by_a_past_participle() -> None:
    paths = [*layers.modules(ROOT), *modules_in("samples", ".ci")]
    found = {place: participles(tree) for place, tree in parsed(paths)}
    assert {place: one for place, one in found.items() if one} == {}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("class Harbour: ...", {"Harbour"}),
        ("def f(*, said): ...", {"said"}),
        ("class C:\n    told: int", {"told"}),
        ("def set_pen(): ...", {"set_pen"}),
        ("def f(*said, **told): ...", {"said", "told"}),
        ("def f(self):\n    self._held, way = 1, 2", {"_held", "way"}),
        ("one = [held for held in ()]", {"held"}),
        ("for kept in (): ...", {"kept"}),
        ("def open_pencil(): ...", set()),
        ("def test_what_is_kept(): ...", set()),
    ],
)
def test_a_figure_of_speech_is_found(code: str, found: set[str]) -> None:
    assert figures(ast.parse(code)) == found


def test_a_past_participle_is_found() -> None:
    code = "def placed(): ...\ndef chosen(): ...\ndef seed(): ...\ndef place_files(): ..."
    assert participles(ast.parse(code)) == {"placed", "chosen"}
