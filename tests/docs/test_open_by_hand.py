"""A package opens with stock tools and the page that says how: every command of it runs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from shamir_mnemonic.wordlist import WORDLIST

from tests.docs.medium import PASSPHRASE, write_medium
from tests.docs.pages import ROOT, Block, blocks, run_blocks
from tests.docs.practices import alias
from tests.node import node_folder
from tests.tools import need

pytestmark = pytest.mark.xdist_group("docs")

ENGLISH = ROOT / "docs" / "format" / "open-by-hand.md"
FRENCH = ENGLISH.with_name("open-by-hand.fr.md")
FENCE = re.compile(r"^```[^\n]*\n.*?^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) (\d*\.?\d*)", re.MULTILINE)
WIDTH = 100
AGE_NEEDED = (1, 3)
"""The first age that knows hybrid identities."""


@pytest.fixture(scope="module")
def npm() -> Path:
    """The folder whose ``node_modules`` holds age-encryption, shared with the interoperability tests."""
    return node_folder() / "node_modules"


@pytest.fixture(scope="module")
def medium(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The medium that somebody found."""
    for tool in ("openssl", "faketime", "pdftoppm"):
        need(tool)
    folder = tmp_path_factory.mktemp("medium")
    write_medium(demo, folder)
    return folder


@pytest.fixture
def table(medium: Path, npm: Path, tmp_path: Path) -> Path:
    """A folder in which somebody put what is on the medium, and the tools that they have."""
    for tool in ("unzip", "openssl", "sha256sum", "dcmdump", "shred", "age", "setsid"):
        need(tool)
    for path in medium.iterdir():
        if path.is_file():
            shutil.copy2(path, tmp_path)
    (tmp_path / "node_modules").symlink_to(npm, target_is_directory=True)
    return tmp_path


def test_every_command_of_the_page_runs(table: Path) -> None:
    follow(*(block for block in in_order() if not {"revision", "set"} & {*block.words}), table=table)


def test_an_earlier_revision_is_looked_at_as_the_page_says(table: Path) -> None:
    (table / "later.asice").replace(table / "package.asice")
    unpack = in_order()[0]
    assert "unzip -q package.asice" in unpack.commands
    follow(unpack, *(block for block in in_order() if "revision" in block.words), table=table)


def test_volumes_are_held_against_their_set_as_the_page_says(medium: Path, table: Path) -> None:
    (table / "package.asice").unlink()
    shutil.copytree(medium / "volumes", table, dirs_exist_ok=True)
    unpack, evidence = (block for block in in_order() if "set" in block.words)
    (made,) = (block for block in in_order() if "../evidence.mjs <<" in block.commands)
    inside, outside = (Block(line=0, words=(), commands=f"cd {place}") for place in ("set", ".."))
    follow(unpack, inside, made, outside, evidence, table=table)


def follow(*wanted: Block, table: Path) -> None:
    programs = alias(table, "7z", need("7z", "7zz", "7za"))
    able = [block for block in wanted if "age" not in block.words or has_age()]
    run_blocks(ENGLISH, able, table, programs=programs, typed=PASSPHRASE)


def in_order() -> list[Block]:
    """Return the blocks of the page, those of the appendices where a step sends its reader there."""
    found = blocks(ENGLISH)
    steps = [block for block in found if "appendix" not in block.words]
    for one in found:
        if one not in steps:
            made = re.search(r"> \.\./(\S+) <<", one.commands)
            assert made
            steps.insert(next(at for at, step in enumerate(steps) if made[1] in step.commands), one)
    assert len(steps) == len(found)
    return steps


def test_the_page_leaves_out_no_step() -> None:
    """Only the one command for a tool that Debian lacks may be left out, and another stands beside it."""
    words = {word for block in blocks(ENGLISH) for word in block.words}
    assert words == {"age", "asks", "appendix", "revision", "set"}
    (left_out,) = (block for block in blocks(ENGLISH) if "age" in block.words)
    following = next(block for block in blocks(ENGLISH) if block.line > left_out.line)
    assert _writes(left_out) in following.commands
    numbers = re.findall(r"^## (\d+)\. ", ENGLISH.read_text(encoding="utf-8"), re.MULTILINE)
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert len(numbers) >= 13


def _writes(block: Block) -> str:
    return block.commands.rpartition(">")[2].strip()


def test_both_languages_have_the_same_commands() -> None:
    fences = [FENCE.findall(page.read_text(encoding="utf-8")) for page in (ENGLISH, FRENCH)]
    assert len(fences[0]) > 40
    assert fences[0] == fences[1]


def test_both_languages_have_the_same_steps() -> None:
    headings = [HEADING.findall(page.read_text(encoding="utf-8")) for page in (ENGLISH, FRENCH)]
    assert len(headings[0]) > 12
    assert headings[0] == headings[1]


@pytest.mark.parametrize("page", [ENGLISH, FRENCH], ids=lambda page: page.name)
def test_the_page_reads_as_plain_text(page: Path) -> None:
    """No line is too long for a terminal or Notepad; the rows of a table must be one line each."""
    lines = page.read_text(encoding="utf-8").splitlines()
    long = [line for line in lines if len(line) > WIDTH and not line.startswith("|")]
    assert len(lines) > 300
    assert not long


def test_the_words_of_the_appendix_are_those_on_cards() -> None:
    (words,) = (block for block in blocks(ENGLISH) if "words.txt <<" in block.commands)
    listed = words.commands.split("\nEND\n", 1)[0].split("\n", 1)[1].split()
    assert listed == [word[:4] for word in WORDLIST]


def has_age() -> bool:
    """Say whether an age is here that is new enough."""
    try:
        done = subprocess.run(["age", "--version"], capture_output=True, check=False, text=True)
    except FileNotFoundError:
        return False
    found = re.search(r"(\d+)\.(\d+)", done.stdout)
    return found is not None and (int(found[1]), int(found[2])) >= AGE_NEEDED
