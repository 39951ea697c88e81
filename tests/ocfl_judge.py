"""The reference implementation ocfl-py as the judge of OCFL; ``.ci/ocfl-py`` installs it beside our own environment."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
JOURNAL = "[W901] OCFL Storage Root includes unregistered extension directory 'extensions/archiver-journal'\n"
"""What is said of the journal: an extension of ours, which nobody registered (docs/en/format/vault.md, 9)."""
VALIDATOR = ROOT / "build" / "ocfl-py" / "bin" / "ocfl-root.py"


def judge_ocfl(path: Path) -> str:
    """Return what ocfl-py says of the storage root at ``path`` and its objects; without it skip, and in CI fail."""
    if not VALIDATOR.exists():
        sentence = "ocfl-py is not installed: .ci/ocfl-py does that"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    command = ("validate", "--root", path, "--validate-objects", "--check-digests")
    done = subprocess.run(
        [VALIDATOR.with_name("python"), VALIDATOR, *command],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    return f"{done.stdout}{done.stderr}\n[{done.returncode}]"


def assert_valid_ocfl(path: Path, objects: int) -> None:
    """Fail unless ocfl-py finds neither an error nor a warning in the storage root at ``path`` with ``objects``.

    That the journal lies in an extension is no fault.
    """
    output = judge_ocfl(path).replace(JOURNAL, "")
    assert f"{objects} / {objects}" in output, output
    assert "is VALID" in output and not re.search(r"\[[EW]\d", output), output
