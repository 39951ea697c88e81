"""Judges of what we write, from PyPI, as ``tests/interop/python/requirements.txt`` pins them; each runs by itself."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PINNED = Path(__file__).parent / "interop" / "python" / "requirements.txt"
BUILD = Path(__file__).resolve().parents[1] / "build"

EARK = """
import sys, urllib.request
from importlib.resources import files

def shipped(address, *_, **__):  # it asks the network for four lists that lie in its own folder
    return (files("eark_validator.ipxml.resources.vocabs") / address.rsplit("/", 1)[1]).open("rb")

urllib.request.urlopen = shipped
from eark_validator.cli.app import main
main()
"""

BAGIT = """
import runpy, sys, types
old = types.ModuleType("pkg_resources")  # asked for the version alone, by name; setuptools has it no more
old.DistributionNotFound, old.get_distribution = LookupError, lambda name: types.SimpleNamespace(version="1.8.1")
sys.modules["pkg_resources"] = old
runpy.run_module("bagit", run_name="__main__")
"""


@cache
def judges_folder() -> Path:
    """Return a folder to import the judges from; installed once for all tests.

    Without the registry the test is skipped, and in CI fails.
    """
    digest = hashlib.sha256(PINNED.read_bytes()).hexdigest()
    folder = BUILD / f"judges-{digest[:16]}"
    if not folder.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=BUILD))
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        wheels = ["--only-binary", ":all:", "--require-hashes", "--requirement", PINNED, "--target", aside]
        done = subprocess.run([*pip, *wheels], capture_output=True, check=False)
        if done.returncode and not os.environ.get("CI"):
            pytest.skip(f"pip could not install what {PINNED.name} pins")
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        try:
            aside.rename(folder)
        except OSError:  # another worker was first
            shutil.rmtree(aside)
    return folder


def _python(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(judges_folder()), "TMPDIR": str(cwd)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, check=False
    )


def judge_eark(package: Path, scratch: Path) -> dict[str, Any]:
    """Return the report of ``eark-validator`` on the package, a folder or a ZIP."""
    done = _python("-c", EARK, package, cwd=scratch)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    printed = done.stdout.decode("utf-8")
    report: dict[str, Any] = json.loads(printed[printed.index("{") :])
    return report


def judge_bag(bag: Path, scratch: Path) -> str:
    """Return what the ``bagit`` of the Library of Congress has against the bag; nothing when it is valid."""
    done = _python("-c", BAGIT, "--validate", bag, cwd=scratch)
    return "" if done.returncode == 0 else done.stderr.decode("utf-8", "replace") or "refused"
