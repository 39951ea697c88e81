"""A time-stamping authority on this machine: openssl's own, its clock set at will, behind real HTTP."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import mkdtemp

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archiver.evidence.query import Query, read_answer, write_query
from archiver.signing.validity import Stamping
from formats.digests import Digest
from tests.tools import need, run

POLICY = "1.2.3.4.1"
OTHER_POLICY = "1.2.3.4.2"
CONFIG = f"""
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = {POLICY}
other_policies = {OTHER_POLICY}
digests = sha224, sha256, sha384, sha512
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class LocalAuthority:
    """An authority with a root of its own; its certificate is valid from ``start`` to ``end``."""

    def __init__(self, name: str, start: datetime, end: datetime, *, key: Key | None = None) -> None:
        self.folder = Path(mkdtemp(prefix="tsa-"))
        root_key = self.root_key = ec.generate_private_key(ec.SECP256R1())
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.root = _certificate(f"{name} root", f"{name} root", root_key, root_key, start, end)
        self.leaf = _certificate(f"{name} root", name, root_key, self.key, start, end)
        self._write("root.pem", self.root.public_bytes(serialization.Encoding.PEM))
        self._write("leaf.pem", self.leaf.public_bytes(serialization.Encoding.PEM))
        form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self._write("key.pem", self.key.private_bytes(serialization.Encoding.PEM, *form))
        self._write("tsa.cnf", CONFIG.encode())
        self._write("serial", b"01\n")

    def _write(self, name: str, data: bytes) -> None:
        self.folder.joinpath(name).write_bytes(data)

    @property
    def roots(self) -> tuple[bytes, ...]:
        """What a reader has to accept."""
        return (self.root.public_bytes(serialization.Encoding.DER),)

    @property
    def issuing(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        """The root and its key: what speaks of revocations."""
        return self.root, self.root_key

    def reply(self, query: bytes, moment: datetime) -> bytes:
        """Answer ``query`` as if it were ``moment``."""
        self._write("query", query)
        clock = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        command = ["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"]
        files = ["-signer", "leaf.pem", "-inkey", "key.pem", "-chain", "root.pem"]
        subprocess.run(
            [need("faketime"), "-f", clock, need("openssl"), *command, *files],
            cwd=self.folder,
            env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
            check=True,
            capture_output=True,
        )
        return self.folder.joinpath("reply").read_bytes()

    def query(self, data: bytes) -> bytes:
        """Return a question for a time-stamp over ``data``."""
        return write_query(Query(digest=Digest.of(data), nonce=1))

    def revocations(self, moment: datetime, reason: x509.ReasonFlags | None = None) -> bytes:
        """Return the root's list that revokes the authority as of ``moment``."""
        entry = x509.RevokedCertificateBuilder().serial_number(2).revocation_date(moment)
        revoked = (entry.add_extension(x509.CRLReason(reason), critical=False) if reason else entry).build()
        built = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(moment)
            .next_update(moment + timedelta(days=365))
            .add_revoked_certificate(revoked)
        )
        return built.sign(self.root_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def at(self, moment: datetime) -> Stamping:
        """Return what stamps a digest at ``moment``."""

        def stamp(digest: Digest) -> bytes:
            query = Query(digest=digest, nonce=int.from_bytes(digest.value[:8], "big"))
            return read_answer(self.reply(write_query(query), moment), query, self.roots)

        return stamp


@cache
def authority(name: str = "Horodatage Exemple", start: int = 2026, end: int = 2100) -> LocalAuthority:
    """Return an authority that is made once per run, valid from one New Year to another."""
    return LocalAuthority(name, datetime(start, 1, 1, tzinfo=UTC), datetime(end, 1, 1, tzinfo=UTC))


def _certificate(
    issuer: str, subject: str, signer: ec.EllipticCurvePrivateKey, key: Key, start: datetime, end: datetime
) -> x509.Certificate:
    root = issuer == subject

    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    built = (
        x509.CertificateBuilder()
        .issuer_name(named(issuer))
        .subject_name(named(subject))
        .public_key(key.public_key())
        .serial_number(1 if root else 2)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
        .add_extension(
            x509.KeyUsage(not root, not root, False, False, False, root, root, False, False), critical=True
        )
    )
    if not root:
        built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return built.sign(signer, hashes.SHA256())


# -- HTTP ---------------------------------------------------------------------------------

Answering = Callable[[bytes], tuple[int, bytes]]
"""Turns the body of a request into a status and a body."""


@contextmanager
def listening(answer: Answering) -> Iterator[str]:
    """Serve ``answer`` on the loopback interface; yield its address."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            status, body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has heard enough
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def changed(query: bytes, **fields: object) -> bytes:
    """Return ``query`` with other ``fields``: what a confused or lying authority answers to."""
    request = tsp.TimeStampReq.load(query).copy()
    for name, value in fields.items():
        request[name] = value
    done: bytes = request.dump()
    return done


def openssl_verify(token: bytes, digest: Digest, stamped_by: LocalAuthority, moment: datetime) -> str:
    """Let openssl judge ``token`` over ``digest`` as of ``moment``; fail when it refuses."""
    folder = Path(mkdtemp(prefix="tsa-verify-"))
    folder.joinpath("token").write_bytes(token)
    command = ("ts", "-verify", "-in", "token", "-token_in", "-digest", digest.hex)
    trusted = ("-CAfile", stamped_by.folder / "root.pem", "-attime", str(int(moment.timestamp())))
    return run(need("openssl"), *command, *trusted, cwd=folder)
