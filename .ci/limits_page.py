"""Write ``docs/en/reference/limits.md`` from the modules, or with ``--check`` tell whether it is up to date.

A limit is a constant whose name begins with ``MAX_``; the text below it says its
unit and its reason. The defaults of ``ZipLimits`` are limits as well.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "en" / "reference" / "limits.md"
PACKAGES = ("formats", "archiver")
BINARY = ((1 << 30, "Gi"), (1 << 20, "Mi"), (1 << 10, "Ki"))

HEAD = """\
# Limits

Everything that comes from outside is read within these limits. Past one of them a
reader refuses with `limit-exceeded` or with the code of its own format, before it
has read on. The page is made from the modules by `.ci/limits_page.py`.
"""


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


def _fields(held: object) -> Iterator[tuple[str, object]]:
    names: tuple[str, ...] = type(held).__slots__
    return ((name, getattr(held, name)) for name in names)


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
    held = following.value if isinstance(following, ast.Expr) else None
    return (
        " ".join(held.value.split()) if isinstance(held, ast.Constant) and isinstance(held.value, str) else ""
    )


def module_name(path: Path) -> str:
    """Return the dotted name of the module at ``path``."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def all_limits() -> dict[str, list[Limit]]:
    """Return the limits of every module that has some."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if held := list(limits(path)):
                found[module_name(path)] = held
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
    """Return the whole page."""
    lines = [HEAD]
    for module, held in all_limits().items():
        lines.append(f"## `{module}`\n\n| limit | value | unit and reason |\n|---|---|---|")
        lines += [
            f"| `{one.name}` | {number(one.value)} | {one.reason.replace('|', chr(92) + '|')} |"
            for one in held
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main(check: bool) -> int:
    """Write the page, or complain when it is out of date or a limit has no reason."""
    silent = [
        f"{module}.{one.name}" for module, held in all_limits().items() for one in held if not one.reason
    ]
    for name in silent:
        print(f"{name} does not say its unit and its reason")
    text = page()
    if not check:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print(f"{PAGE.relative_to(ROOT)} is out of date: .ci/limits_page.py")
        return 1
    return 1 if silent and check else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
