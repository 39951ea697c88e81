"""What openssl publishes in the name of an authority: revocation lists and OCSP responses, dated at will."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.authorities import Practitioners
from tests.tools import need
from tests.tsa import LocalAuthority

CONFIG = """
[ca]
default_ca = here
[here]
database = index.txt
default_md = sha256
"""


class Publisher:
    """openssl with the key of ``authority``; it knows one ``certificate`` (DER), good or ``revoked`` at a moment."""

    def __init__(
        self,
        folder: Path,
        authority: Practitioners | LocalAuthority,
        certificate: bytes,
        revoked: datetime | None = None,
        *,
        reason: str = "",
    ) -> None:
        self.folder = folder
        folder.mkdir()
        leaf = x509.load_der_x509_certificate(certificate)
        above, own = authority.issuing
        key = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        written = {
            "ca.pem": above.public_bytes(Encoding.PEM),
            "ca.key": key,
            "leaf.pem": leaf.public_bytes(Encoding.PEM),
            "ca.cnf": CONFIG.encode(),
            "index.txt": _line(leaf, revoked, reason).encode(),
        }
        for name, data in written.items():
            folder.joinpath(name).write_bytes(data)

    def revocations(self, published: datetime, until: datetime) -> Path:
        """Return the list published at one moment, the next one announced for another."""
        times = ("-crl_lastupdate", _time(published, 4), "-crl_nextupdate", _time(until, 4))
        self._run("ca", "-config", "ca.cnf", "-gencrl", "-keyfile", "ca.key", "-cert", "ca.pem", *times,
                  "-out", "list.pem")  # fmt: skip
        return self.folder / "list.pem"

    def response(self, produced: datetime, days: int) -> Path:
        """Return the response produced at a moment, the next one announced for so many days later."""
        asked = ("-issuer", "ca.pem", "-cert", "leaf.pem", "-no_nonce", "-ndays", str(days))
        signed = ("-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey", "ca.key", "-resp_no_certs")
        self._run("ocsp", "-index", "index.txt", *asked, *signed, "-respout", "response.der", "-noverify",
                  at=produced)  # fmt: skip
        return self.folder / "response.der"

    def _run(self, *arguments: str, at: datetime | None = None) -> None:
        clock = (need("faketime"), "-f", f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}") if at else ()
        subprocess.run(
            [*clock, need("openssl"), *arguments],
            cwd=self.folder,
            env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
            check=True,
            capture_output=True,
        )


def _line(leaf: x509.Certificate, revoked: datetime | None, reason: str) -> str:
    why = f",{reason}" if reason else ""
    state = ("R", _time(revoked, 2) + why) if revoked else ("V", "")
    number = f"{leaf.serial_number:X}"
    digits = number.zfill(len(number) + len(number) % 2)
    subject = leaf.subject.rfc4514_string()
    return "\t".join(
        (state[0], _time(leaf.not_valid_after_utc, 2), state[1], digits, "unknown", f"/{subject}\n")
    )


def _time(moment: datetime, digits: int) -> str:
    text = f"{moment.astimezone(UTC):%Y%m%d%H%M%SZ}"
    return text[4 - digits :]
