"""A package opens with stock tools and the page that says how: every command of it runs."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Block, blocks, run_blocks
from tests.docs.practices import alias, lay_results
from tests.tools import need

pytestmark = pytest.mark.xdist_group("docs")

PAGE = ROOT / "docs" / "format" / "open-by-hand.md"
PACKAGE = "age-encryption@0.3.1"
FOLDER = ROOT / "build" / "interop" / "age-encryption-0.3.1"
AGE_NEEDED = (1, 3)
"""The first age that knows hybrid identities."""


@pytest.fixture(scope="module")
def npm() -> Path:
    """The folder whose ``node_modules`` holds age-encryption, shared with the interoperability tests."""
    need("node")
    program = need("npm")
    modules = FOLDER / "node_modules"
    if not (modules / "age-encryption").exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [program, "install", "--no-save", "--prefix", str(FOLDER), PACKAGE]
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, check=False)
        if done.returncode and not os.environ.get("CI"):
            pytest.skip(f"npm could not install {PACKAGE}")
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return modules


def test_every_command_of_the_page_runs(demo: Path, npm: Path, tmp_path: Path) -> None:
    for tool in ("unzip", "openssl", "sha256sum", "dcmdump", "shred"):
        need(tool)
    lay_results(demo, tmp_path, "package.asice", "roots.pem", "receiver.identity")
    (tmp_path / "node_modules").symlink_to(npm, target_is_directory=True)
    wanted = [block for block in blocks(PAGE) if "age" not in block.words or has_age()]
    run_blocks(PAGE, wanted, tmp_path, programs=alias(tmp_path, "7z", need("7z", "7zz", "7za")))


def test_the_page_leaves_out_no_step() -> None:
    """Only the one command for a tool that Debian lacks may be left out, and another stands beside it."""
    marked = [block for block in blocks(PAGE) if block.words]
    assert [block.words for block in marked] == [("age",)]
    following = next(block for block in blocks(PAGE) if block.line > marked[0].line)
    assert _writes(marked[0]) in following.commands
    numbers = re.findall(r"^## (\d)\. ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 10)]


def _writes(block: Block) -> str:
    return block.commands.rpartition(">")[2].strip()


def has_age() -> bool:
    """Say whether an age is here that is new enough."""
    try:
        done = subprocess.run(["age", "--version"], capture_output=True, check=False, text=True)
    except FileNotFoundError:
        return False
    found = re.search(r"(\d+)\.(\d+)", done.stdout)
    return found is not None and (int(found[1]), int(found[2])) >= AGE_NEEDED
