"""Record of the points that were really tried: a line each while they run, one file of a complete run.

``python -m tests.faults.injection.record`` makes the file of the lines, if no point is missing.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults.injection.catalogue import POINTS, Fault

ROOT = Path(__file__).resolve().parents[3]
LINES = ROOT / "build" / "faults" / "points.jsonl"
RECORD = Path(__file__).with_name("record.json")


def note(fault: Fault, outcome: str) -> None:
    """Write down that a point was tried and everything held, and what the run did that met the fault."""
    LINES.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"point": fault.name, "outcome": outcome}, ensure_ascii=False)
    with LINES.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")


def recorded(path: Path = RECORD) -> dict[str, Any]:
    """Return the record of the last complete run."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def made_of(lines: Iterable[str]) -> dict[str, str]:
    """Return the outcome of each point; the last line of a point counts."""
    found = [json.loads(line) for line in lines]
    return {one["point"]: one["outcome"] for one in found}


def missing(outcomes: Mapping[str, str]) -> list[str]:
    """Return the points of the catalogue of which nothing is written."""
    return [point.name for point in POINTS if point.name not in outcomes]


def machine() -> dict[str, object]:
    """Return on what the points were tried."""
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "") if sys.platform == "linux" else ""
    return {
        "system": system or platform.system(),
        "kernel": platform.release(),
        "processor": platform.machine(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
    }


def main() -> int:
    """Write the record; say what is missing, and fail."""
    outcomes = made_of(LINES.read_text(encoding="utf-8").splitlines())
    if absent := missing(outcomes):
        sys.stdout.write(f"{len(absent)} points were not tried or did not hold: {', '.join(absent[:20])}\n")
        return 1
    command = ("git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD")
    commit = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout.strip()
    document = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": commit,
        "machine": machine(),
        "points": {point.name: outcomes[point.name] for point in POINTS},
    }
    RECORD.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(POINTS)} points are recorded in {RECORD.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
