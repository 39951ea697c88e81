"""Somebody without the program: what lies beside a package checks and opens it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from archiver.opener import opener_page
from archiver.signing.certificates.reading import write_pem
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.packages import signer
from tests.tools import need

NAMES = {
    "FORMAT-1.en.txt", "FORMAT-1.fr.txt", "OPEN-BY-HAND.en.txt", "OUVRIR-A-LA-MAIN.fr.txt",
    "LISEZ-MOI.txt", "README.txt", "OUVRIR.HTM", "check.sh",
    "cards.mjs", "decrypt.mjs", "evidence.mjs", "keyring.mjs", "unseal.mjs", "words.txt",
}  # fmt: skip


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    small_line.copy(tmp_path, "package.asice", "roots.pem", "receiver.identity")
    return Program(folder=tmp_path)


def run_alone(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run what somebody types who has no Python."""
    return subprocess.run(
        [need(command[0]), *command[1:]],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def test_the_tools_beside_a_package_check_and_open_it(desk: Program) -> None:
    made = desk("package", "tools", "package.asice", "--json").ok().document
    assert (made["folder"], {*made["files"]}) == ("tools", NAMES)
    tools = desk.folder / "tools"
    assert {path.name for path in tools.iterdir()} == NAMES
    digest = run_alone(desk.folder, "sha256sum", "package.asice").stdout.split()[0]
    for name in ("README.txt", "LISEZ-MOI.txt"):
        text = (tools / name).read_text(encoding="utf-8")
        assert digest in text and "package.asice" in text
        assert all(other in text for other in NAMES if not other.endswith(".txt"))
    assert (tools / "OUVRIR.HTM").read_bytes() == opener_page()
    checked = run_alone(desk.folder, "sh", "tools/check.sh", "package.asice", "roots.pem")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for sentence in (
        "every listed file is unchanged",
        "nothing is missing",
        "there is no evidence record",
        "equally long",
    ):
        assert sentence in checked.stdout
    keyring = "tools/checked/tree/keyring.age"
    opened = run_alone(
        desk.folder, "node", "tools/keyring.mjs", "receiver.identity", keyring, "keyring.jsonl"
    )
    assert opened.returncode == 0, opened.stderr
    inspected = desk.here(
        "inspect", "package.asice", "--identity", "receiver.identity", "--roots", "roots.pem", "--json"
    )
    lines = (desk.folder / "keyring.jsonl").read_text(encoding="utf-8").splitlines()[1:]
    assert inspected.ok().document
    assert sum('"patient":{' in line for line in lines) == 4


def test_a_changed_package_is_not_checked_to_the_end(desk: Program) -> None:
    desk.here("package", "tools", "package.asice", "--to", "other").ok()
    package = desk.folder / "package.asice"
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 1
    package.write_bytes(data)
    checked = run_alone(desk.folder, "sh", "other/check.sh", "package.asice", "roots.pem")
    assert checked.returncode != 0
    assert "STOPPED" in checked.stderr


def test_another_sender_is_not_the_one(desk: Program) -> None:
    desk.here("package", "tools", "package.asice").ok()
    (desk.folder / "others.pem").write_text(write_pem(signer("Dr Paul Inconnu").roots), encoding="ascii")
    checked = run_alone(desk.folder, "sh", "tools/check.sh", "package.asice", "others.pem")
    assert checked.returncode != 0
    assert "STOPPED" in checked.stderr


def test_nothing_is_overwritten_and_nothing_left_behind(desk: Program) -> None:
    desk.here("package", "tools", "package.asice").ok()
    before = sorted(path.name for path in desk.folder.iterdir())
    desk.here("package", "tools", "package.asice").refused("already-exists", 42)
    assert "paquet" in Program(folder=desk.folder, language="fr")("package", "--help").ok().out
    (desk.folder / "letter.asice").write_bytes(b"Dear colleague")
    before = sorted(path.name for path in desk.folder.iterdir())
    for wrong in ("letter.asice", "missing.asice", "."):
        assert desk.here("package", "tools", wrong, "--to", "elsewhere").status != 0
    assert sorted(path.name for path in desk.folder.iterdir()) == before


def test_the_readme_gives_a_command_that_takes_any_name(desk: Program) -> None:
    name = "le paquet d'Anne $(touch acted).asice"
    (desk.folder / "package.asice").rename(desk.folder / name)
    desk.here("package", "tools", name).ok()
    tools = desk.folder / "tools"
    for readme in ("README.txt", "LISEZ-MOI.txt"):
        (line,) = re.findall(r"sh check\.sh (.+) \[tsa-roots\.pem\]", (tools / readme).read_text("utf-8"))
        checked = run_alone(tools, "sh", "-c", f"sh check.sh {line.replace('roots.pem', '../roots.pem')}")
        assert checked.returncode == 0, checked.stdout + checked.stderr
        shutil.rmtree(tools / "checked")
    assert not list(desk.folder.rglob("acted"))
