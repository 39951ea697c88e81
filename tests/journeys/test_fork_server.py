"""What the fork server runs is what a shell starts."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.journeys.line import Line
from tests.journeys.program import PATIENCE, Program

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def started(program: Program, *arguments: str, **variables: str) -> tuple[int, str, str]:
    """Run the program as a shell does."""
    done = subprocess.run(
        program.command(*arguments),
        cwd=program.folder,
        env=program.environment(**variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "command",
    [
        ("--version",),
        ("--help",),
        ("keys", "new", "--help"),
        ("nonsense",),
        ("verify", "nothing.asice"),
        ("import",),
    ],
    ids=" ".join,
)
def test_it_prints_and_ends_as_one_that_is_started(
    tmp_path: Path, command: tuple[str, ...], language: str
) -> None:
    program = Program(folder=tmp_path, language=language)
    done = program(*command)
    assert (done.status, done.out, done.err) == started(program, *command)
    assert done.out + done.err


def test_folder_and_variables_are_those_of_the_caller(tmp_path: Path) -> None:
    making = ("keys", "new", "made", "--name", "Dr Exemple")
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        Program(folder=tmp_path / name)(*making, ARCHIVER_NEW_PASSPHRASE="quatre molaires").ok()
        assert (tmp_path / name / "made" / "signer.p12").is_file()
    assert Program(folder=tmp_path / "here")("keys", "new", "other", "--name", "Dr Exemple").status != 0


@pytest.mark.parametrize("mask", [0o022, 0o027])
def test_the_umask_is_that_of_the_caller(mask: int, small_line: Line, tmp_path: Path) -> None:
    program = Program(folder=small_line.copy(tmp_path, "package.asice"))
    before = os.umask(mask)
    try:
        program("package", "tools", "package.asice", "--to", "tools").ok()
    finally:
        os.umask(before)
    assert (tmp_path / "tools").stat().st_mode & 0o777 == 0o777 & ~mask


def test_whoever_does_not_end_is_killed(tmp_path: Path) -> None:
    program = Program(folder=tmp_path)
    program("--version").ok()
    server = program.server()
    with pytest.raises(subprocess.TimeoutExpired):
        server.run(program.command("--help"), tmp_path, program.environment(), 0)
    status, out, _ = server.run(program.command("--version"), tmp_path, program.environment(), PATIENCE)
    assert status == 0 and out.startswith(b"archiver")


def test_what_the_interpreter_reads_at_its_start_is_there(tmp_path: Path) -> None:
    """A variable of Python is no variable of the program; whoever sets one gets a start."""
    done = Program(folder=tmp_path)("--version", PYTHONVERBOSE="1")
    assert done.status == 0 and "import 'encodings'" in done.err
