"""Write generated files, or with ``--check`` say which are out of date: what every script beside this one ends in."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECK = "--check"

_LITERAL = re.compile(r"(^```.*?^```[^\n]*\n?|^(?:#| {4})[^\n]*\n?|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
"""What stands in a page letter for letter: blocks, headings (their spaces make the address of the section), code."""
_SPACES = (
    (re.compile(r"(?<=\S)[ \n](?=[;!?](?:[\s).,*_|\"»]|$))"), "\u202f"),
    (re.compile(r"(?<=\S)[ \n](?=:(?:[\s)*_|]|$))|(?<=«)[ \n]|[ \n](?=»)"), "\u00a0"),
)


def write_or_check(
    made: Mapping[Path, str | bytes], *, complaints: Sequence[str] = (), command: str = ""
) -> int:
    """Write what was ``made`` where it differs from what lies there, and return the exit status.

    A page in French gets its ``french_spaces``. With ``--check`` nothing is written: each file that differs is one more
    complaint, which names the ``command`` that writes it, by default the script that runs. Complaints are printed, and
    fail a check alone.
    """
    check = is_check()
    command = command or f"python .ci/{Path(sys.argv[0]).name}"
    found = list(complaints)
    for path, content in made.items():
        data = content if isinstance(content, bytes) else _text(path, content).encode("utf-8")
        if path.exists() and path.read_bytes() == data:
            continue
        if check:
            found.append(f"{path.relative_to(ROOT).as_posix()} is out of date: {command}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    for complaint in found:
        print(complaint)
    return 1 if check and found else 0


def is_check() -> bool:
    """Whether the script was asked to compare and to write nothing."""
    return CHECK in sys.argv[1:]


def _text(path: Path, content: str) -> str:
    return french_spaces(content) if is_french(path) else content


def is_french(path: Path) -> bool:
    """Whether ``path`` is a page in French."""
    return path.name.endswith(".fr.md") or (
        path.suffix == ".md" and "fr" in path.relative_to(ROOT).parts[:-1]
    )


def french_spaces(page: str) -> str:
    """Return a Markdown page with the spaces of French typography: before ``; ! ?`` narrow (U+202F), before ``:`` and
    inside ``« »`` wide (U+00A0), both unbreakable. Code and headings stay as they are.
    """
    parts = _LITERAL.split(page)
    for index in range(0, len(parts), 2):
        before = parts[index - 1][-1] if index else ""
        text = f"{before}{parts[index]}"
        for pattern, space in _SPACES:
            text = pattern.sub(space, text)
        parts[index] = text.removeprefix(before)
    return "".join(parts)
