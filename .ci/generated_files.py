"""Write generated files, or with ``--check`` say which are out of date: what every script beside this one ends in."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECK = "--check"


def write_or_check(
    made: Mapping[Path, str | bytes], *, complaints: Sequence[str] = (), command: str = ""
) -> int:
    """Write what was ``made`` where it differs from what lies there, and return the exit status.

    With ``--check`` nothing is written: each file that differs is one more complaint, which names the ``command`` that
    writes it, by default the script that runs. Complaints are printed, and fail a check alone.
    """
    check = is_check()
    command = command or f"python .ci/{Path(sys.argv[0]).name}"
    found = list(complaints)
    for path, content in made.items():
        data = content.encode("utf-8") if isinstance(content, str) else content
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
