"""A real PostgreSQL for tests: a private cluster in a temporary folder, on a socket, sorting as the French do."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.tools import need

FOLDERS = "/usr/lib/postgresql/*/bin"
STOP_SECONDS = 30
HBA = "local all postgres trust\nlocal all all scram-sha-256\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class PostgresqlServer:
    """A running server; ``folder`` holds its socket, ``control`` runs ``pg_ctl`` with arguments."""

    folder: Path
    program: str

    def connect(self, database: str = "postgres", **options: Any) -> Any:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=database, **options)

    def run(self, *statements: str, database: str = "postgres") -> None:
        with closing(self.connect(database, autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement)

    def database(self, name: str, *statements: str, options: str = "") -> None:
        """Make the database ``name``, anew if there is one, and run ``statements`` in it.

        Where workers take over each other's tests, one of them prepares a module a second time.
        """
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} {options}")
        self.run(*statements, database=name)

    def account(self, name: str, password: str) -> None:
        """Make the account ``name``, anew if there is one; what it may read is made anew before."""
        self.run(f"DROP ROLE IF EXISTS {name}", f"CREATE USER {name} PASSWORD '{password}'")

    def url(self, database: str, user: str = "postgres", password: str = "") -> str:
        who = f"{user}:{password}" if password else user
        return f"postgresql://{who}@/{database}?host={self.folder}"


def _owner() -> str | None:
    """Return the account that runs it: PostgreSQL refuses to be root."""
    return "postgres" if os.geteuid() == 0 else None


def _program(name: str) -> str:
    found = sorted(Path("/").glob(f"{FOLDERS[1:]}/{name}"))
    return str(found[-1]) if found else need(name)


@dataclass(frozen=True, kw_only=True, slots=True)
class KillableServer:
    """A cluster of its own, which can be killed and started again."""

    server: PostgresqlServer

    def start(self) -> None:
        """Start it on what it has, and wait for it."""
        settings = f"-k {self.server.folder} -c listen_addresses='' -c fsync=off -c timezone=UTC"
        self._control("-l", str(self.server.folder / "log"), "-o", settings, "start")

    def kill(self) -> None:
        """End all its processes at once, as a power cut does; PostgreSQL lets each be the leader of a group."""
        first = int((self.server.folder / "d" / "postmaster.pid").read_text().split()[0])
        for process in (first, *_children(first)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        end = time.monotonic() + STOP_SECONDS
        while Path(f"/proc/{first}").exists() and time.monotonic() < end:
            time.sleep(0.05)

    def stop(self) -> None:
        """End it, if it runs."""
        self._control("-m", "immediate", "stop", check=False)

    def _control(self, *arguments: str, check: bool = True) -> None:
        command = [self.server.program, "-D", str(self.server.folder / "d"), "-w", *arguments]
        _run(command, _owner(), check=check)


@contextmanager
def running() -> Iterator[PostgresqlServer]:
    """Start a server, and stop it at the end."""
    with killable() as made:
        yield made.server


@contextmanager
def killable() -> Iterator[KillableServer]:
    """Start a server that nobody else uses, and end it."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path holds 107 bytes
    owner = _owner()
    if owner:
        shutil.chown(folder, owner)
    data = folder / "d"
    try:
        _run(
            [initdb, "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8",
             "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=fr-FR"], owner,
        )  # fmt: skip
        (data / "pg_hba.conf").write_text(HBA)
        made = KillableServer(server=PostgresqlServer(folder=folder, program=control))
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _children(parent: int) -> list[int]:
    """Return the processes that ``parent`` started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _run(command: list[str], owner: str | None, *, check: bool = True) -> None:
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, user=owner, cwd="/", check=False,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0 or not check, done.stderr.decode("utf-8", "replace")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A running PostgreSQL, one for the whole session."""
    with running() as server:
        yield server
