"""The real program in a process of its own, as a person starts it; or here, in the process of the test."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from archiver.cli import main
from archiver.cli.exits import INCOMPLETE
from archiver.cli.terminal import language
from tests.journeys.fork_server import ForkServer, fork_server
from tests.tools import need

PROGRAM = Path(sys.executable).with_name("archiver.exe" if os.name == "nt" else "archiver")
PASSED_ON = ("PATH", "SYSTEMROOT", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
"""All that a started program learns of our own environment."""
OURS = "ARCHIVER_"
"""How the variables begin that only the program itself reads."""
LANGUAGE = "ARCHIVER_LANGUAGE"
PATIENCE = 300
"""Seconds after which a program that has not ended never will."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How the program ended, and what it printed where."""

    status: int
    out: str
    err: str

    def ok(self) -> Ended:
        """Return this, having made sure that the program succeeded."""
        assert self.status == 0, f"status {self.status}\n{self.out}\n{self.err}"
        return self

    def incomplete(self) -> Ended:
        """Return this, having made sure that it did what it should but for something that it named."""
        assert self.status == INCOMPLETE, f"status {self.status}\n{self.out}\n{self.err}"
        return self

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    def refused(self, code: str, status: int) -> str:
        """Return the one sentence of a refusal, having made sure that it is one and that nothing else was said."""
        lines = [line for line in self.err.splitlines() if line]
        assert len(lines) == 1, self.err
        found = re.fullmatch(r"(?:error|erreur\xa0): (.+) \[([a-z0-9-]+)\]", lines[0])
        assert found, self.err
        assert (found[2], self.status) == (code, status), self.err
        assert self.out == ""
        return found[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """The program in ``folder``, for somebody who reads ``language``; nobody sits at the terminal."""

    folder: Path
    language: str = "en"
    before: tuple[str, ...] = ()
    """A command that starts it in our place."""

    def __call__(self, *arguments: str | Path, **variables: str) -> Ended:
        """Run it to its end, in a process that a server forks where only the program itself sees what is asked for."""
        command, environment = self.command(*arguments), self.environment(**variables)
        if self.before or not hasattr(os, "fork") or not all(name.startswith(OURS) for name in variables):
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=PATIENCE,
            )
            status, out, err = done.returncode, done.stdout, done.stderr
        else:
            status, out, err = self.server().run(command, self.folder, environment, PATIENCE)
        return Ended(status=status, out=out.decode("utf-8"), err=err.decode("utf-8"))

    def server(self) -> ForkServer:
        """Return the server that forks it; one for each language, which modules read while they load."""
        passed_on = tuple((name, os.environ[name]) for name in PASSED_ON if name in os.environ)
        return fork_server((*passed_on, (LANGUAGE, self.language)))

    def here(self, *arguments: str | Path) -> Ended:
        """Run it in this process: the same code, but neither its start nor its signals."""
        out, err = io.StringIO(), io.StringIO()
        language.language.cache_clear()
        try:
            with (
                chdir(self.folder),
                patch.dict(os.environ, self.environment(), clear=True),
                redirect_stdout(out),
                redirect_stderr(err),
            ):
                status = main.status([str(argument) for argument in arguments])
        finally:
            language.language.cache_clear()
        return Ended(status=status, out=out.getvalue(), err=err.getvalue())

    def start(self, *arguments: str | Path, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        """Start it and let it run; ``before`` is a command that starts it in our place."""
        return subprocess.Popen(
            [*before, *self.command(*arguments)],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def bound(self) -> Program:
        """Return the program for somebody to whom permissions apply, as they do not to root."""
        if not hasattr(os, "geteuid"):
            pytest.skip("this system has no permissions of this kind")
        if os.geteuid() != 0:
            return self
        powers = "-dac_override,-dac_read_search"
        return replace(self, before=(need("setpriv"), f"--bounding-set={powers}", "--"))

    def command(self, *arguments: str | Path) -> list[str]:
        """Return the command line."""
        return [*self.before, str(PROGRAM), *map(str, arguments)]

    def environment(self, **variables: str) -> dict[str, str]:
        """Return an environment in which nothing of this machine's owner is known."""
        own = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return {**own, "HOME": str(self.folder), LANGUAGE: self.language, **variables}


def ended(process: subprocess.Popen[bytes]) -> Ended:
    """Wait for a started program."""
    out, err = process.communicate(timeout=PATIENCE)
    return Ended(status=process.returncode, out=out.decode("utf-8"), err=err.decode("utf-8"))
