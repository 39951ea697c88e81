"""Write the pages about limits from the modules, or with ``--check`` tell whether they are up to date.

A limit is a constant whose name begins with ``MAX_``; the text below it says its
unit and its reason. The defaults of ``ZipLimits`` are limits as well. All of them
are on reference/limits-by-module.md, in English; those that a person can meet are
on reference/limits.md of each language, in the words of .ci/limits_people.toml.
"""

from __future__ import annotations

import ast
import importlib
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formats.words import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
ALL = DOCS / "en" / "reference" / "limits-by-module.md"
PEOPLE = tomllib.loads((ROOT / ".ci" / "limits_people.toml").read_text(encoding="utf-8"))
PACKAGES = ("formats", "archiver")
BINARY = ((1 << 30, "Gi"), (1 << 20, "Mi"), (1 << 10, "Ki"))

HEAD = """\
# Limits by module

<!-- Written by .ci/limits_page.py from the modules; do not edit. -->

For developers: every limit, by its constant. Those that a person can meet are on [another page](limits.md).
"""
HEADS = {
    "fr": """\
# Limites

<!-- Written by .ci/limits_page.py from .ci/limits_people.toml and the modules; do not edit. -->

Tout ce qui vient du dehors est lu dans des limites, pour qu’un fichier malveillant ou endommagé n’épuise ni la mémoire
ni le temps. Elles sont bien plus larges que ce que contient un grand cabinet. Au-delà de l’une d’elles, la lecture est
refusée (`limit-exceeded`, ou le code propre au format), et l’export refuse d’écrire ce qui ne se relirait pas. Voici
celles que l’on peut rencontrer ; la liste complète, par module, est
[en anglais](../../en/reference/limits-by-module.md).
""",
    "en": """\
# Limits

<!-- Written by .ci/limits_page.py from .ci/limits_people.toml and the modules; do not edit. -->

Everything that comes from outside is read within limits, so that a hostile or damaged file exhausts neither memory nor
time. They are far beyond what a large practice holds. Past one of them a reader refuses (`limit-exceeded`, or the code
of its own format), and an export refuses to write what could not be read back. Here are those that a person can meet;
the whole list is [by module](limits-by-module.md).
""",
}
MOST = {"fr": "| quoi | au plus |", "en": "| what | at most |"}
BYTES = {"fr": "o", "en": "B"}
OCTETS = {"fr": "octets", "en": "bytes"}
GROUP = {"fr": "\u202f", "en": ","}


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """A limit as its module states it; ``reason`` is empty when it states none."""

    name: str
    value: object
    reason: str


def limits(path: Path) -> Iterator[Limit]:
    """Yield the limits of the module at ``path``."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    wanted = [(_name(node), _reason(body[place + 1 :])) for place, node in enumerate(body)]
    wanted = [(name, reason) for name, reason in wanted if name.startswith("MAX_")]
    zips = [node for node in body if isinstance(node, ast.ClassDef) and node.name == "ZipLimits"]
    if wanted or zips:
        module = importlib.import_module(module_name(path))
        for name, reason in wanted:
            yield Limit(name=name, value=getattr(module, name), reason=reason)
        for node in zips:
            reason = ast.get_docstring(node) or ""
            for field, value in _fields(module.ZipLimits()):
                yield Limit(name=f"{node.name}.{field}", value=value, reason=reason)


def _fields(value: object) -> Iterator[tuple[str, object]]:
    names: tuple[str, ...] = type(value).__slots__
    return ((name, getattr(value, name)) for name in names)


def _name(node: ast.stmt) -> str:
    """Return the name that ``node`` gives a value to."""
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def _reason(after: list[ast.stmt]) -> str:
    """Return the text below a limit; limits in a row share the text below the last."""
    following = next((node for node in after if not _name(node).startswith("MAX_")), None)
    written = following.value if isinstance(following, ast.Expr) else None
    text = written.value if isinstance(written, ast.Constant) else ""
    return " ".join(text.split()) if isinstance(text, str) else ""


def module_name(path: Path) -> str:
    """Return the dotted name of the module at ``path``."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def all_limits() -> dict[str, list[Limit]]:
    """Return the limits of every module that has some."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if own := list(limits(path)):
                found[module_name(path)] = own
    return found


def number(value: object) -> str:
    """Return a limit as people read it."""
    if not isinstance(value, int):
        return str(value)
    for unit, name in BINARY:
        if value >= unit and value % unit == 0:
            return f"{value:,} ({value // unit:,} {name})"
    return f"{value:,}"


def page() -> str:
    """Return the page with every limit."""
    lines = [HEAD]
    for module, own in all_limits().items():
        lines.append(f"## `{module}`\n\n| limit | value | unit and reason |\n|---|---|---|")
        lines += [
            f"| `{one.name}` | {number(one.value)} | {one.reason.replace('|', chr(92) + '|')} |"
            for one in own
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def people_page(language: str) -> str:
    """Return the page with the limits that a person can meet."""
    values = {f"{module}.{one.name}": one.value for module, own in all_limits().items() for one in own}
    lines = [HEADS[language]]
    for part in PEOPLE["part"]:
        lines.append(f"## {part[language]}\n\n{MOST[language]}\n|---|---|")
        lines += [
            f"| {one[language]} | {_most(one, values[one['name']], language)} |" for one in part["limits"]
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _most(limit: dict[str, Any], value: object, language: str) -> str:
    if not isinstance(value, int):
        raise TypeError(f"{limit['name']} is no whole number")
    if "bytes" not in limit:
        return f"{value:,}".replace(",", GROUP[language])
    for unit, name in BINARY[:2]:
        if value >= unit and value % unit == 0:
            return f"{value // unit}\u00a0{name}{BYTES[language]}"
    return f"{value:,}".replace(",", GROUP[language]) + f"\u00a0{OCTETS[language]}"


def files() -> dict[Path, str]:
    """Return each page with its text."""
    people = {DOCS / language / "reference" / "limits.md": people_page(language) for language in LANGUAGES}
    return people | {ALL: page()}


def silent() -> list[str]:
    """Return a complaint about each limit without a reason."""
    names = (f"{module}.{one.name}" for module, own in all_limits().items() for one in own if not one.reason)
    return [f"{name} does not say its unit and its reason" for name in names]


if __name__ == "__main__":
    from generated_files import write_or_check

    sys.exit(write_or_check(files(), complaints=silent()))
