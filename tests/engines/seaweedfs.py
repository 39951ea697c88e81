"""A real object storage with Object Lock for tests: SeaweedFS in a temporary folder, on ports of loopback."""

from __future__ import annotations

import json
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from archiver.storage.address import ObjectStoreAddress
from archiver.storage.credentials import StorageCredentials
from archiver.storage.object_clients import open_clients
from archiver.storage.object_store import ObjectStore
from tests.tools import need

START_SECONDS = 90
"""Longest wait for the first bucket: four seconds on a free machine."""
STOP_SECONDS = 30
GRPC = 10_000
"""How far above each port SeaweedFS takes another one."""
ADMIN = StorageCredentials(key_id="admin", secret="admin-secret-of-tests")
VAULT = StorageCredentials(key_id="vault", secret="vault-secret-of-tests")
USER_ACTIONS = [
    *("Read", "Write", "List", "Tagging", "PutObjectRetention", "GetObjectRetention"),
    *("PutObjectLegalHold", "GetObjectLegalHold", "GetBucketObjectLockConfiguration"),
]
"""What a vault's own account may do."""


@dataclass(kw_only=True, slots=True)
class SeaweedServer:
    """A server whose data lie in ``folder``; it can be killed and started again."""

    folder: Path
    port: int
    ports: tuple[int, ...]
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def address(self, bucket: str, prefix: str = "") -> ObjectStoreAddress:
        return ObjectStoreAddress(endpoint=self.endpoint, bucket=bucket, prefix=prefix)

    def client(self, credentials: StorageCredentials = ADMIN) -> Any:
        """Return a client of boto3."""
        return open_clients(self.address("any"), credentials).s3

    def bucket(self, *, locking: bool = True) -> str:
        """Make a bucket, and return its name."""
        name = f"test-{uuid4().hex[:16]}"
        self.client().create_bucket(Bucket=name, ObjectLockEnabledForBucket=locking)
        return name

    def store(self, bucket: str, prefix: str = "", **options: Any) -> ObjectStore:
        return ObjectStore(self.address(bucket, prefix), VAULT, **options)

    def start(self) -> None:
        """Start it on what it has, and wait until a bucket can be made: it says earlier that it is ready."""
        s3, master, volume, filer = self.ports
        command = [
            *(_program(), f"-logdir={self.folder / 'log'}", "server", f"-dir={self.folder / 'data'}"),
            *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={master}", f"-volume.port={volume}"),
            # a bucket takes seven volumes, and the default is eight in all
            *("-volume.max=1000", "-master.volumeSizeLimitMB=64", "-master.telemetry=false", "-filer"),
            *(f"-filer.port={filer}", "-s3", f"-s3.port={s3}", f"-s3.config={self.folder / 's3.json'}"),
            # what two servers on one machine would both want
            *("-s3.port.iceberg=0", "-s3.port.lance=0"),
        ]
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, cwd=self.folder)
        end = time.monotonic() + START_SECONDS
        while True:
            assert self.process.poll() is None, (self.folder / "output").read_text()[-2000:]
            with suppress(OSError), socket.create_connection(("127.0.0.1", s3), timeout=1):
                break
            assert time.monotonic() < end, "SeaweedFS does not answer"
            time.sleep(0.05)
        self._wait(end)

    def _wait(self, end: float) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        while True:
            with suppress(BotoCoreError, ClientError):
                name = self.bucket()
                self.client().put_object(Bucket=name, Key="one", Body=b"1")
                return
            assert self.process is not None and self.process.poll() is None, (
                self.folder / "output"
            ).read_text()[-2000:]
            assert time.monotonic() < end, "SeaweedFS makes no bucket"
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(STOP_SECONDS)


def _program() -> str:
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.exists() else need("weed")


def _free_ports() -> tuple[int, ...]:
    """Return ports that nobody uses, of which the ones of GRPC above them are free as well."""
    found: list[int] = []
    while len(found) < 4:
        port = random.randint(20_000, 45_000)
        if port in found:
            continue
        with suppress(OSError), socket.socket() as one, socket.socket() as above:
            one.bind(("127.0.0.1", port))
            above.bind(("127.0.0.1", port + GRPC))
            found.append(port)
    return tuple(found)


@contextmanager
def running() -> Iterator[SeaweedServer]:
    """Start a server with data of its own, and kill it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="weed"))
    for name in ("data", "log"):
        (folder / name).mkdir()
    (folder / "s3.json").write_text(
        json.dumps({"identities": [_identity(ADMIN, ["Admin"]), _identity(VAULT, USER_ACTIONS)]})
    )
    ports = _free_ports()
    server = SeaweedServer(folder=folder, port=ports[0], ports=ports)
    try:
        server.start()
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _identity(credentials: StorageCredentials, actions: list[str]) -> dict[str, Any]:
    key = {"accessKey": credentials.key_id, "secretKey": credentials.secret}
    return {"name": credentials.key_id, "credentials": [key], "actions": actions}


@pytest.fixture(scope="session")
def seaweed() -> Iterator[SeaweedServer]:
    """A server for the whole session; every test takes a bucket or a prefix of its own."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def locking_bucket(seaweed: SeaweedServer) -> str:
    """A bucket with Object Lock, for every test that takes a prefix of its own."""
    return seaweed.bucket()


@pytest.fixture
def object_store(seaweed: SeaweedServer, locking_bucket: str) -> ObjectStore:
    """An empty storage in the object storage."""
    return seaweed.store(locking_bucket, prefix=uuid4().hex)
