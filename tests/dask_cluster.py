"""A real Dask cluster on this machine: a scheduler and workers, each a process of its own, by mutual TLS."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LONGEST = 60
"""Seconds in which a process of the cluster has to be there."""


def make_keys(folder: Path, name: str = "cluster") -> tuple[str, ...]:
    """Write an authority, and one certificate with its key, into ``folder``; return the options of the program."""
    start = datetime.now(UTC) - timedelta(days=1)
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} authority")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

    def certificate(who: x509.Name, public: ec.EllipticCurvePublicKey, *, ca: bool) -> bytes:
        return (
            x509.CertificateBuilder()
            .subject_name(who)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
            )
            .sign(authority, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
        )

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ca.pem").write_bytes(certificate(issuer, authority.public_key(), ca=True))
    (folder / "cert.pem").write_bytes(certificate(subject, key.public_key(), ca=False))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return (
        *("--cluster-ca", str(folder / "ca.pem"), "--cluster-certificate", str(folder / "cert.pem")),
        *("--cluster-key", str(folder / "key.pem")),
    )


@dataclass(kw_only=True)
class Cluster:
    """The running cluster: ``port`` of its scheduler, and its processes."""

    folder: Path
    port: int
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def engine(self) -> str:
        return f"dask://127.0.0.1:{self.port}"

    def add_worker(self, *, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        """Start one worker of one thread and without a nanny, which would start it again."""
        options = (
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--memory-limit",
            "0",
            "--death-timeout",
            "60",
        )
        worker = _start(self.folder, "dask_worker", f"tls://127.0.0.1:{self.port}", *options, before=before)
        self.workers.append(worker)
        return worker

    def stop(self) -> None:
        for one in (*self.workers, self.scheduler):
            with suppress(ProcessLookupError):
                one.send_signal(signal.SIGKILL)
            one.wait()


def _start(folder: Path, name: str, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    keys = folder / "keys"
    tls = (
        *("--protocol", "tls", "--tls-ca-file", str(keys / "ca.pem")),
        *("--tls-cert", str(keys / "cert.pem"), "--tls-key", str(keys / "key.pem")),
    )
    inherited = {one: os.environ[one] for one in ("PATH", "TMPDIR") if one in os.environ}
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [*before, sys.executable, "-m", f"distributed.cli.{name}", *arguments, *tls],
            cwd=folder,
            env={
                **inherited,
                **{one: value for one, value in os.environ.items() if one.startswith("DASK")},
                "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True",
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


@contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Run a cluster of so many workers below ``folder``, in which ``keys`` are."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show")
    cluster = Cluster(folder=folder, port=port, scheduler=_start(folder, "dask_scheduler", *options))
    try:
        _wait(folder, "dask_scheduler", "Scheduler at", 1)
        for _ in range(workers):
            cluster.add_worker()
        _wait(folder, "dask_scheduler", "Register worker", workers)
        yield cluster
    finally:
        cluster.stop()


def _wait(folder: Path, name: str, words: str, count: int) -> None:
    path, end = folder / f"{name}.log", time.monotonic() + LONGEST
    while path.read_text(encoding="utf-8", errors="replace").count(words) < count:
        assert time.monotonic() < end, path.read_text(encoding="utf-8", errors="replace")
        time.sleep(0.05)
