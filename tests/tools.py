"""Other people's programs that read what we write."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def need(*names: str) -> str:
    """Return the path of the first of ``names`` on this machine; else skip, and in CI fail."""
    for name in names:
        if found := shutil.which(name):
            return found
    sentence = f"this machine has no {' or '.join(names)}"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


def run(*command: str | Path, cwd: Path | None = None, stdin: bytes | None = None) -> str:
    """Run ``command``, show what it printed if it fails, and return its output."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, input=stdin, capture_output=True, check=False
    )
    output = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}:\n{output}"
    return output
