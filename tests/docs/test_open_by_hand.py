"""A package opens with stock tools and the page that says how: every command of it runs."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import zlib
from collections import Counter
from pathlib import Path

import pytest
from shamir_mnemonic.wordlist import WORDLIST

from archiver.sealing.age import encrypt
from archiver.sealing.age.hybrid import HybridIdentity
from archiver.sealing.age.payload import CHUNK
from tests.docs.medium import PASSPHRASE, write_medium
from tests.docs.pages import DOCS, Block, blocks, language_of, run_blocks, twin
from tests.docs.practices import alias
from tests.material import material
from tests.node import node_folder
from tests.packages import counted
from tests.tools import need

ENGLISH = DOCS / "en" / "format" / "open-by-hand.md"
FRENCH = twin(ENGLISH)
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
    follow(
        *(block for block in in_order() if not {"revision", "set", "source"} & {*block.words}), table=table
    )


def test_an_earlier_revision_is_looked_at_as_the_page_says(table: Path) -> None:
    (table / "later.asice").replace(table / "package.asice")
    unpack = in_order()[0]
    assert "unzip -q package.asice" in unpack.commands
    follow(unpack, *(block for block in in_order() if "revision" in block.words), table=table)


def test_the_units_of_another_package_are_looked_at_as_the_page_says(table: Path) -> None:
    (table / "part.asice").replace(table / "package.asice")
    unpack = in_order()[0]
    follow(unpack, *(block for block in in_order() if "source" in block.words), table=table)


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
    assert words == {"age", "asks", "appendix", "revision", "set", "source"}
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


@pytest.mark.parametrize("page", [ENGLISH, FRENCH], ids=language_of)
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
        done = subprocess.run(["age", "--version"], capture_output=True, check=False, encoding="utf-8")
    except FileNotFoundError:
        return False
    found = re.search(r"(\d+)\.(\d+)", done.stdout)
    return found is not None and (int(found[1]), int(found[2])) >= AGE_NEEDED


# -- appendix C against keyrings of others --------------------------------------------------


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the program of appendix C and nothing else."""
    (made,) = (block for block in blocks(ENGLISH) if "../keyring.mjs <<" in block.commands)
    folder = tmp_path_factory.mktemp("alone")
    program = made.commands.partition("<<'END'\n")[2].rpartition("END\n")[0]
    (folder / "keyring.mjs").write_text(program, encoding="utf-8")
    return folder


def opened(alone: Path, secret: str, file: bytes) -> bytes | None:
    """Return what the program opens ``file`` to, or nothing when it refuses."""
    (alone / "secret").write_text(secret, encoding="utf-8")
    (alone / "file").write_bytes(file)
    target = alone / "opened"
    target.unlink(missing_ok=True)
    command = [need("node"), "keyring.mjs", "secret", "file", "opened"]
    done = subprocess.run(command, cwd=alone, capture_output=True, check=False)
    assert target.exists() is (done.returncode == 0)
    return target.read_bytes() if target.exists() else None


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_node_alone_opens_what_we_seal(alone: Path, length: int) -> None:
    ours, other = (HybridIdentity.new(counted(b"%d" % length + who)) for who in (b"ours", b"other"))
    plain, sealed = counted(b"plain")(length), io.BytesIO()
    recipients = [other.to_recipient(), ours.to_recipient()]
    encrypt(io.BytesIO(plain), sealed, recipients, randomness=counted(b"sealing"))
    assert opened(alone, f"# a comment\n{ours.secret_text().lower()}\n", sealed.getvalue()) == plain
    outsider = HybridIdentity.new(counted(b"stranger")).secret_text()
    assert opened(alone, outsider, sealed.getvalue()) is None


def test_node_alone_refuses_what_was_changed_or_mistyped(alone: Path) -> None:
    ours, sealed = HybridIdentity.new(counted(b"ours")), io.BytesIO()
    encrypt(io.BytesIO(b"lines\n" * 9), sealed, [ours.to_recipient()], randomness=counted(b"sealing"))
    good, secret = sealed.getvalue(), ours.secret_text()
    assert opened(alone, secret, good) == b"lines\n" * 9
    for place in (0, 30, 60, len(good) // 2, len(good) - 80, len(good) - 20, len(good) - 1):
        changed = bytearray(good)
        changed[place] ^= 1
        assert opened(alone, secret, bytes(changed)) is None, place
    assert opened(alone, secret, good[:-1]) is None
    assert opened(alone, secret.replace(secret[-9], "Q" if secret[-9] != "Q" else "P"), good) is None


def test_node_alone_opens_the_public_vectors(alone: Path) -> None:
    tried = Counter[str]()
    for path in sorted(material("age", "hybrid").parent.iterdir()):
        if not path.name.startswith(("hybrid", "scrypt")):
            continue
        head, _, file = path.read_bytes().partition(b"\n\n")
        facts = [line.partition(": ")[::2] for line in head.decode().splitlines()]
        secrets = [text for name, text in facts if name in {"identity", "passphrase"}]
        fields = dict(facts)
        if fields["expect"] == "header failure" or not all(map(_is_known, secrets)):
            continue
        if fields.get("compressed") == "zlib":
            file = zlib.decompress(file)
        found = opened(alone, "\n".join(secrets) + "\n", file)
        expected = fields["payload"] if fields["expect"] == "success" else None
        assert (found and hashlib.sha256(found).hexdigest()) == expected, path.name
        tried[fields["expect"]] += 1
    assert tried["success"] >= 4
    assert tried["no match"] >= 5


def _is_known(secret: str) -> bool:
    """Say whether ``secret`` is of a kind that opens keyrings: a hybrid identity or a passphrase."""
    return secret.startswith("AGE-SECRET-KEY-PQ-") or not secret.upper().startswith("AGE-SECRET-KEY-")
