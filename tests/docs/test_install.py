"""The README's installation gives a program that runs, from the lock and nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.docs.pages import ROOT
from tests.locks import PROGRAM, pins

FENCE = re.compile(r"^```\n(?P<commands>python -m venv .*?)^```$", re.MULTILINE | re.DOTALL)
PARTS = ("pyproject.toml", "setup.py", "requirements.lock", "README.md", "LICENSE", "archiver", "formats")
"""What of a clone the installation reads."""
NOT_COMPILED = {"PIP_NO_COMPILE": "0"}
"""False says no to an option that says no. To compile 90 MB of libraries takes twenty CPU seconds; the
program runs once, and compiles what it loads."""


@pytest.mark.slow
def test_the_documented_installation_gives_a_program_that_runs(tmp_path: Path) -> None:
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, tmp_path / name)
    (fence,) = FENCE.finditer((ROOT / "README.md").read_text(encoding="utf-8"))
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment |= NOT_COMPILED
    done = subprocess.run(
        ["sh", "-euc", fence["commands"]],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verify" in done.stdout
    listed = subprocess.run(
        [tmp_path / "archiver-env" / "bin" / "python", "-m", "pip", "list", "--format=json"],
        capture_output=True,
        check=True,
    )
    installed = {canonicalize_name(one["name"]): one["version"] for one in json.loads(listed.stdout)}
    wanted = {(name, f"=={version}") for name, version in installed.items() if name != "archiver"}
    assert wanted <= {(name, version) for name, version, _ in pins(PROGRAM)}
