"""A real MariaDB server for tests: in a temporary folder, on a socket, without network."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pymysql
import pytest

from samples.story.columns import tables
from tests.material import material
from tests.tools import need

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
START_SECONDS = 60
"""Longest wait for the server; a cold start takes two seconds, a busy machine more."""

STOP_SECONDS = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A running server; ``user`` is the database account without password."""

    socket: Path
    user: str = "root"

    def connect(self, database: str | None = None, **options: Any) -> Any:
        """Return a PyMySQL connection over the socket."""
        return pymysql.connect(
            unix_socket=str(self.socket), user=self.user, database=database, charset="utf8mb4", **options
        )

    def run(self, statement: str, database: str | None = None) -> None:
        """Run one statement."""
        with closing(self.connect(database)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            connection.commit()

    def database(self, name: str, options: str = "") -> None:
        """Make the database ``name``, anew if there is one: a module may be prepared a second time."""
        self.run(f"CREATE OR REPLACE DATABASE `{name}` {options}")

    def load(self, database: str, script: Path) -> None:
        """Load an SQL file with the stock client, byte for byte."""
        client = need("mariadb", "mysql")
        command = [
            client,
            "--no-defaults",
            "--binary-mode",
            "--default-character-set=utf8mb4",
            "-S",
            str(self.socket),
            "-u",
            self.user,
            database,
        ]
        with script.open("rb") as stream:
            done = subprocess.run(command, stdin=stream, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")

    def opendental(self, database: str, script: Path) -> str:
        """Make ``database`` from the official empty tables and the rows of ``script``; return its name.

        The official file carries example rows of its own; the tables that the sample fills are emptied first.
        """
        self.database(database)
        self.load(database, material("opendental", "empty-practice-21.1.sql"))
        for name in tables():
            self.run(f"TRUNCATE TABLE `{name}`", database)
        self.load(database, script)
        return database


@dataclass(frozen=True, kw_only=True, slots=True)
class MariaDbSource:
    """One database of Open Dental on a running server."""

    server: Server
    database: str

    @property
    def address(self) -> str:
        """The address that ``archiver collect opendental`` reads."""
        return (
            f"mysql://{self.server.user}@localhost/{self.database}"
            f"?unix_socket={quote(str(self.server.socket))}"
        )

    def run(self, *statements: str) -> None:
        """Run statements one after the other, in one session."""
        with closing(self.server.connect(self.database)) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()

    def tables_with(self, column: str) -> list[str]:
        """Return the tables that have a column of this name."""
        query = (
            "SELECT TABLE_NAME FROM information_schema.COLUMNS"
            " WHERE TABLE_SCHEMA = %s AND COLUMN_NAME = %s ORDER BY 1"
        )
        with closing(self.server.connect(self.database)) as connection, connection.cursor() as cursor:
            cursor.execute(query, (self.database, column))
            return [name for (name,) in cursor.fetchall()]


@contextmanager
def running() -> Iterator[Server]:
    """Start a server on a socket in a temporary folder, as root or as any user, and stop it at the end."""
    install, daemon = need("mariadb-install-db", "mysql_install_db"), need("mariadbd", "mysqld")
    need("mariadb", "mysql")
    # A socket's path holds 107 bytes at most, so not below pytest's long folders.
    folder = Path(tempfile.mkdtemp(prefix="odb"))
    as_user = _hand_over(folder)
    try:
        _install(install, folder, as_user)
        process = _start(daemon, folder, as_user)
        try:
            server = Server(socket=folder / "s")
            _wait(server, process, folder)
            yield server
        finally:
            process.terminate()
            _end(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class KillableServer:
    """A server of its own in ``folder``, which can be killed and started again."""

    folder: Path
    daemon: str
    as_user: list[str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def server(self) -> Server:
        return Server(socket=self.folder / "s")

    def start(self) -> None:
        """Start it on what it has, and wait for it."""
        self.process = _start(self.daemon, self.folder, self.as_user)
        _wait(self.server, self.process, self.folder)

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        if self.process:
            self.process.kill()
            self.process.wait()


@contextmanager
def killable() -> Iterator[KillableServer]:
    """Start a server that nobody else uses, and end it."""
    install, daemon = need("mariadb-install-db", "mysql_install_db"), need("mariadbd", "mysqld")
    folder = Path(tempfile.mkdtemp(prefix="odb"))
    as_user = _hand_over(folder)
    try:
        _install(install, folder, as_user)
        made = KillableServer(folder=folder, daemon=daemon, as_user=as_user)
        made.start()
        try:
            yield made
        finally:
            made.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hand_over(folder: Path) -> list[str]:
    """Give the folder to the account ``mysql`` when running as root, which the server refuses to be."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "mysql")
    return ["--user=mysql"]


def _install(install: str, folder: Path, as_user: list[str]) -> None:
    command = [
        install,
        "--no-defaults",
        *as_user,
        f"--datadir={folder / 'd'}",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode("utf-8", "replace")


def _start(daemon: str, folder: Path, as_user: list[str]) -> subprocess.Popen[bytes]:
    command = [
        daemon,
        "--no-defaults",
        *as_user,
        f"--datadir={folder / 'd'}",
        f"--socket={folder / 's'}",
        f"--pid-file={folder / 'p'}",
        "--skip-networking",
        "--sql-mode=",
        "--lower-case-table-names=1",
        "--innodb-strict-mode=0",
        "--innodb-buffer-pool-size=16M",
        "--default-time-zone=+00:00",
    ]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)


def _wait(server: Server, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with closing(socket.socket(socket.AF_UNIX)) as knock:
            if knock.connect_ex(str(server.socket)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"MariaDB did not start:\n{(folder / 'log').read_text(encoding='utf-8', errors='replace')}")


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    """A running MariaDB, one for the whole session."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def opendental_practice(mariadb_server: Server) -> str:
    """The database of the sample practice in the official tables; its name on ``mariadb_server``."""
    return mariadb_server.opendental("tilleuls", SAMPLES / "practice" / "opendental.sql")


@pytest.fixture(scope="session")
def opendental_successor(mariadb_server: Server) -> str:
    """The database of the successor's practice; its name on ``mariadb_server``."""
    return mariadb_server.opendental("pressoir", SAMPLES / "successor" / "opendental.sql")
