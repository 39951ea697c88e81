"""A real PostgreSQL for tests: a private cluster in a temporary folder, on a socket, sorting as the French do."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
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

    def url(self, database: str, user: str = "postgres", password: str = "") -> str:
        who = f"{user}:{password}" if password else user
        return f"postgresql://{who}@/{database}?host={self.folder}"


def _owner() -> str | None:
    """Return the account that runs it: PostgreSQL refuses to be root."""
    return "postgres" if os.geteuid() == 0 else None


def _program(name: str) -> str:
    found = sorted(Path("/").glob(f"{FOLDERS[1:]}/{name}"))
    return str(found[-1]) if found else need(name)


@contextmanager
def running() -> Iterator[PostgresqlServer]:
    """Start a server, and stop it at the end."""
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
        settings = f"-k {folder} -c listen_addresses='' -c fsync=off -c timezone=UTC"
        _run([control, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", settings, "start"], owner)
        try:
            yield PostgresqlServer(folder=folder, program=control)
        finally:
            _run([control, "-D", str(data), "-m", "immediate", "-w", "stop"], owner, check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
