"""What the lock files pin."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROGRAM, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(path: Path) -> dict[Requirement, int]:
    """Return every requirement of a lock, with the number of its hashes."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {Requirement(line.split("--hash", 1)[0]): len(HASH.findall(line)) for line in lines}


def pins(path: Path) -> set[tuple[str, str, str]]:
    return {(canonicalize_name(one.name), str(one.specifier), str(one.marker or "")) for one in locked(path)}
