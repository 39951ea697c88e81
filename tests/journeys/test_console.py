"""The rules of speech: results, remarks and progress each have their place, for every command there is."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from archiver.cli.exits import INCOMPLETE
from archiver.cli.main import app
from tests.journeys.line import EXPORT, IMPORT, ROOT, SAMPLES, Line, contents
from tests.journeys.program import PATIENCE, Program

READING = ("--identity", "receiver.identity", "--roots", "roots.pem")
COMMANDS: dict[str, tuple[str | Path, ...]] = {
    "collect opendental": ("pressoir.sqlite", "--into", "fresh.db"),
    "collect dicom": (SAMPLES / "practice" / "imaging", "--into", "practice.db"),
    "collect documents": (SAMPLES / "practice" / "papers", "--into", "practice.db"),
    "patients": ("practice.db",),
    "export": (*EXPORT[1:2], "new.asice", *EXPORT[3:]),
    "verify": ("package.asice", "--roots", "roots.pem"),
    "inspect": ("package.asice", *READING),
    "import": IMPORT[1:],
    "keys new": ("made", "--name", "Dr Exemple", "--no-passphrase"),
    "keys recovery": ("receiver.identity", "--out", "kit.pdf"),
    "keys share": (
        *("package.asice", "shared.asice", *READING, "--to", "pressoir/receiver.recipient"),
        *("--signer", "kerbrat/signer.p12"),
    ),
    "keys show-unit": ("package.asice", *READING, "--patient", "45"),
    "package tools": ("package.asice", "--to", "tools"),
    "people list": ("successor.db",),
}
"""A good run of every command that prints JSON."""
ENDED = {"collect dicom": INCOMPLETE, "collect documents": INCOMPLETE}
"""How those end of which something stayed behind, as it does of the sample practice."""
ELSEWHERE = {
    "evidence build": "journeys/test_evidence.py",
    "evidence renew": "journeys/test_evidence.py",
    "evidence show": "journeys/test_evidence.py",
    "keys drill": "journeys/test_recovery.py",
    "keys restore": "docs/test_output.py",
    "people same": "docs/test_output.py",
    "people different": "journeys/test_successor.py",
    "people separate": "journeys/test_successor.py",
}
"""Commands that print JSON and are run elsewhere."""


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return the program with everything both sides have."""
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db", "kerbrat", "pressoir")
    folder = tmp_path_factory.mktemp("console")
    return Program(folder=small_line.copy(folder, *names, "practice.db", "roster.csv", "pressoir.sqlite"))


def commands(command: Any, *names: str) -> Iterator[tuple[str, set[str]]]:
    """Yield every command of the program with its options."""
    if hasattr(command, "commands"):
        for name, one in command.commands.items():
            yield from commands(one, *names, name)
    else:
        yield " ".join(names), {option for parameter in command.params for option in parameter.opts}


def test_every_command_that_prints_json_is_run() -> None:
    printing = {name for name, options in commands(get_command(app)) if "--json" in options}
    assert printing == COMMANDS.keys() | ELSEWHERE.keys()
    for name, journey in ELSEWHERE.items():
        text = (ROOT / "tests" / journey).read_text(encoding="utf-8")
        assert f'"{name.split()[-1]}"' in text and '"--json"' in text


@pytest.mark.parametrize("name", COMMANDS)
def test_json_is_one_document_and_nothing_else(desk: Program, name: str) -> None:
    done = desk(*name.split(), *COMMANDS[name], "--json")
    assert done.status == ENDED.get(name, 0), done.err
    document, end = json.JSONDecoder().raw_decode(done.out)
    assert isinstance(document, dict) and done.out[end:] == "\n"
    assert "\r" not in done.err and "%" not in done.err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_refusal_prints_no_document(desk: Program, name: str) -> None:
    wrong = {
        "collect opendental": "nowhere.sqlite",
        "collect dicom": "nowhere",
        "collect documents": "nowhere",
        "keys new": "kerbrat",
    }
    first = wrong.get(name, "nowhere.db")
    if name in ELSEWHERE:
        return
    before = contents(desk.folder)
    done = desk.here(*name.split(), first, *COMMANDS[name][1:], "--json")
    assert done.status not in {0, 1, 2}
    assert done.out == "" and done.err.count("\n") == 1 and done.err.startswith("error: ")
    assert contents(desk.folder) == before


@pytest.mark.parametrize("name", [name for name, _ in commands(get_command(app))])
def test_every_command_explains_itself(desk: Program, name: str) -> None:
    done = desk.here(*name.split(), "--help").ok()
    assert done.err == "" and name.rsplit(maxsplit=1)[-1] in done.out
    misused = desk.here(*name.split(), "--nonsense")
    assert misused.status == 2 and "[usage]" in misused.err and misused.out == ""


@pytest.mark.parametrize("name", [name for name, _ in commands(get_command(app))])
def test_no_value_is_dropped_for_another_given_after_it(desk: Program, name: str) -> None:
    command: Any = get_command(app)
    for part in name.split():
        command = command.commands[part]
    single = [one for one in command.params if one.param_type_name == "option" and not one.multiple]
    assert single
    for option in single:
        arguments = [option.opts[-1]] if option.is_flag else [option.opts[-1], "any"]
        done = desk.here(*name.split(), *arguments, *arguments)
        assert done.status == 2 and done.out == "", arguments
        assert f"{max(option.opts, key=len)} is not usable: it is given more than once." in done.err


WINDOW = (24, 100)
"""Rows and columns of the terminal; one without any shows nothing."""


def on_a_terminal(program: Program, *arguments: str | Path) -> tuple[str, str]:
    """Run a command whose standard error is a terminal; return standard output and what the terminal saw."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", *WINDOW, 0, 0))
    try:
        process = subprocess.Popen(
            program.command(*arguments),
            cwd=program.folder,
            env=program.environment(TERM="xterm"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=follower,
        )
        os.close(follower)
        seen = b"".join(_read(leader))
        out, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, seen.decode("utf-8", "replace")
    finally:
        os.close(leader)
    return out.decode("utf-8"), seen.decode("utf-8")


def _read(leader: int) -> Iterator[bytes]:
    """Yield what comes until nobody writes any more, which Linux reports as a fault."""
    while True:
        try:
            piece = os.read(leader, 1 << 16)
        except OSError:
            return
        if not piece:
            return
        yield piece


PROGRESS = {
    "collect opendental": ("Collecting",),
    "export": ("Sealing",),
    "verify": ("Verifying",),
    "inspect": ("Verifying",),
    "import": ("Verifying", "Importing"),
}


@pytest.mark.parametrize("name", PROGRESS)
def test_progress_is_drawn_on_a_terminal_and_never_in_a_pipe(
    desk: Program, name: str, tmp_path: Path, small_line: Line
) -> None:
    program = Program(folder=tmp_path)
    small_line.copy(tmp_path, *(path.name for path in small_line.folder.iterdir() if path.suffix != ".files"))
    (tmp_path / "new.asice").unlink(missing_ok=True)
    out, seen = on_a_terminal(program, *name.split(), *COMMANDS[name])
    for word in PROGRESS[name]:
        assert f"{word}: " in seen
        assert f"{word}: " not in out
    assert "\r" in seen and "\r" not in out
    for path in ("fresh.db", "new.asice"):
        (tmp_path / path).unlink(missing_ok=True)
    piped = program(*name.split(), *COMMANDS[name])
    assert piped.status == ENDED.get(name, 0), piped.err
    for word in PROGRESS[name]:
        assert f"{word}: " not in piped.err + piped.out
    assert "\r" not in piped.err + piped.out
