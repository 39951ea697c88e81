"""Somebody at a terminal, who answers what a program asks."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.journeys.program import PATIENCE, Program

INTERRUPT = "\x03"


def talk(program: Program, arguments: Sequence[str], answers: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Run our program at a terminal, as :func:`converse` does."""
    environment = program.environment(TERM="xterm")
    return converse(program.command(*arguments), program.folder, environment, answers)


def converse(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], answers: Sequence[tuple[str, str]]
) -> tuple[int, str]:
    """Run a command at a terminal, answer each question once it is there; return its status and what was seen."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        command, cwd=folder, env=environment,
        stdin=follower, stdout=follower, stderr=follower, start_new_session=True,
        preexec_fn=_own_terminal,  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    os.close(follower)
    seen = ""
    try:
        for question, answer in answers:
            before = len(seen)
            seen += _until(leader, question, seen[before:])
            time.sleep(0.1)  # the terminal stops showing what is typed only after the question
            os.write(leader, answer.encode() + (b"" if answer == INTERRUPT else b"\n"))
        seen += _until(leader, None, "")
        return process.wait(PATIENCE), seen
    finally:
        os.close(leader)
        if process.poll() is None:
            process.kill()
            process.wait()


def _own_terminal() -> None:
    """Make the terminal that of the new session, so that Ctrl-C reaches the program, and let it hear what one sends.

    What ``nohup`` or ``&`` made this process ignore, a child would ignore too.
    """
    import fcntl
    import termios

    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _until(leader: int, wanted: str | None, seen: str) -> str:
    """Return what comes until ``wanted`` was seen, or until nobody writes any more."""
    data = b""
    end = time.monotonic() + PATIENCE
    while wanted is None or wanted not in seen + data.decode("utf-8", "ignore"):
        assert time.monotonic() < end, data.decode("utf-8", "replace")
        if not select.select([leader], [], [], 1)[0]:
            continue
        try:
            piece = os.read(leader, 1 << 16)
        except OSError:
            piece = b""
        if not piece:
            assert wanted is None, data.decode("utf-8", "replace")
            break
        data += piece
    return data.decode("utf-8", "replace")
