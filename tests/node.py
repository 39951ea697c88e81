"""The npm packages of the tests and of the page that opens packages, as a ``package-lock.json`` pins them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.tools import need

PINNED = Path(__file__).parent / "interop" / "node"
FILES = ("package.json", "package-lock.json")
BUILD = Path(__file__).resolve().parents[1] / "build" / "interop"


def node_folder(pinned: Path = PINNED) -> Path:
    """Return a folder whose ``node_modules`` holds exactly what the lock in ``pinned`` says; installed once for all.

    Without the registry the test is skipped, and in CI fails.
    """
    need("node")
    npm = need("npm")
    digest = hashlib.sha256(b"".join((pinned / name).read_bytes() for name in FILES)).hexdigest()
    folder = BUILD / f"node-{digest[:16]}"
    if not folder.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=BUILD))
        for name in FILES:
            shutil.copy2(pinned / name, aside)
        _install(npm, aside, pinned)
        try:
            aside.rename(folder)
        except OSError:  # another worker was first
            shutil.rmtree(aside)
    return folder


def _install(npm: str, folder: Path, pinned: Path) -> None:
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if done.returncode and not os.environ.get("CI"):
        shutil.rmtree(folder)
        pytest.skip(f"npm could not install what {pinned}/package-lock.json pins")
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
