"""Structure of both packages: sizes of modules, functions and folders, imports between parts, names defined twice.

``python -m tests.architecture.structure`` prints it; ``test_sizes`` holds its limits.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.architecture import layers

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 8
"""How many of the largest are printed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """Lines of a module or a function, and where it is."""

    lines: int
    place: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Structure:
    """What was counted; ``folders`` are modules a folder, ``names`` the modules that define a public name."""

    modules: tuple[Size, ...]
    functions: tuple[Size, ...]
    folders: dict[str, int]
    names: dict[str, tuple[str, ...]]
    imports: dict[str, frozenset[str]]


def measure(root: Path) -> Structure:
    """Count the modules of both packages below ``root``."""
    modules, functions = [], []
    folders: Counter[str] = Counter()
    names: defaultdict[str, list[str]] = defaultdict(list)
    for path in layers.modules(root):
        place = path.relative_to(root)
        text = path.read_text(encoding="utf-8")
        tree = layers.syntax(path)
        functions += _functions(tree, place.as_posix())
        if path.name == "__init__.py":
            continue
        modules.append(Size(lines=text.count("\n"), place=place.as_posix()))
        folders[place.parent.as_posix()] += 1
        for name in _public(tree):
            names[name].append(place.as_posix())
    return Structure(
        modules=tuple(sorted(modules, key=_largest)),
        functions=tuple(sorted(functions, key=_largest)),
        folders=dict(folders),
        names={name: tuple(places) for name, places in names.items()},
        imports=_imports(root),
    )


def twice(structure: Structure) -> dict[str, tuple[str, ...]]:
    """Return the public names that more than one module outside ``archiver/cli`` defines.

    A command and its body are one thing in two places; what it does is named below it.
    """
    found = {}
    for name, places in structure.names.items():
        below = tuple(place for place in places if not place.startswith("archiver/cli/"))
        if len(below) > 1:
            found[name] = below
    return found


def share(structure: Structure, folder: str) -> float:
    """Return which part of all lines lies below ``folder``."""
    inside = sum(size.lines for size in structure.modules if size.place.startswith(folder))
    return inside / sum(size.lines for size in structure.modules)


def _largest(size: Size) -> tuple[int, str]:
    return -size.lines, size.place


def _functions(tree: ast.Module, place: str) -> Iterator[Size]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield Size(lines=node.end_lineno - node.lineno + 1, place=f"{place}:{node.lineno} {node.name}")


def _public(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def _imports(root: Path) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in layers.modules(root):
        for one in layers.imports(root, path):
            here, there = layers.part(one.module), layers.part(one.name)
            if here and there and here != there and "__init__" not in {here[1], there[1]}:
                found["/".join(here)].add("/".join(there))
    return {part: frozenset(below) for part, below in found.items()}


def describe(structure: Structure) -> Iterator[str]:
    """Yield the lines that a person reads."""
    lines = [size.lines for size in structure.modules]
    functions = [size.lines for size in structure.functions]
    yield f"{len(lines)} modules, {sum(lines)} lines, median {median(lines):.0f}; the longest:"
    yield from (f"  {size.lines:5} {size.place}" for size in structure.modules[:SHOWN])
    yield f"{len(functions)} functions, median {median(functions):.0f}; the longest:"
    yield from (f"  {size.lines:5} {size.place}" for size in structure.functions[:SHOWN])
    yield "modules a folder:"
    for folder, count in sorted(structure.folders.items()):
        yield f"  {count:5} {folder}"
    yield f"archiver/cli has {share(structure, 'archiver/cli/'):.1%} of all lines"
    yield "imports, layer by layer (lowest first):"
    for package, rows in layers.LAYERS.items():
        for row in rows:
            for part in row:
                below = sorted(structure.imports.get(f"{package}/{part}", ()))
                yield f"  {package}/{part} <- {', '.join(below)}"
    yield f"public names defined in two modules: {len(twice(structure))}"
    for name, places in sorted(twice(structure).items()):
        yield f"  {name}: {', '.join(places)}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in describe(measure(ROOT)))
