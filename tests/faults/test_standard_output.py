"""Standard output that takes nothing: what was done stays done, and the command says what it could not print."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.journeys.line import IMPORT, Line
from tests.journeys.program import PROGRAM

FULL = Path("/dev/full")
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
ROOTS = ("--roots", "kerbrat/roots.pem")
NEEDED = (
    "practice.db",
    "package.asice",
    "kerbrat",
    "pressoir",
    "roots.pem",
    "receiver.identity",
    "successor.db",
)
COMMANDS = {
    "export": ("export", "practice.db", "new.asice", "--all", "--to", "pressoir/receiver.recipient",
               "--signer", "kerbrat/signer.p12"),
    "verify": ("verify", "package.asice", *ROOTS),
    "import": (*IMPORT, "--receipt", "receipt.json"),
    "patients": ("patients", "practice.db"),
}  # fmt: skip


@pytest.mark.parametrize("more", [(), ("--json",)])
@pytest.mark.parametrize("command", COMMANDS)
def test_what_cannot_be_printed(
    command: str, more: tuple[str, ...], small_line: Line, tmp_path: Path
) -> None:
    small_line.copy(
        tmp_path,
        "practice.db",
        "package.asice",
        "kerbrat",
        "pressoir",
        "roots.pem",
        "receiver.identity",
        "successor.db",
    )
    with FULL.open("wb") as full:
        done = subprocess.run(
            [PROGRAM, *COMMANDS[command], *more],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False, encoding="utf-8",
        )  # fmt: skip
    assert done.returncode == 55, done.stderr
    assert "[output-unwritten]" in done.stderr and "Exception ignored" not in done.stderr
    made = {"export": "new.asice", "import": "receipt.json"}.get(command)
    assert made is None or (tmp_path / made).stat().st_size > 0
