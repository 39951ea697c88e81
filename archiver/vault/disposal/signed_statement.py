"""Statements that people sign in a vault: JSON with a detached CAdES signature beside it, in an object."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from archiver.signing.certificates.reading import fingerprint
from archiver.signing.keys.key_file import Signer
from archiver.signing.signatures.cades import examine_signature, sign_manifest
from archiver.signing.signatures.detached_files import SHORT_FINGERPRINT, SIGNATURE
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import Stamping
from formats.errors import Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementSigner:
    """Who signs a statement, and the authority that stamps the signature, where one is asked."""

    signer: Signer
    stamp: Stamping | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signer's certificate."""
        return fingerprint(self.signer.certificate)


def signed_statement(path: str, data: bytes, by: StatementSigner, *, at: datetime) -> Mapping[str, bytes]:
    """Return the statement and its signature by their logical paths.

    Raises:
        Failure: what the signer's device or the time-stamping authorities answered.
    """
    signature = sign_manifest(data, by.signer, at=at, stamp=by.stamp)
    return {path: data, f"{path}.{by.fingerprint[:SHORT_FINGERPRINT]}{SIGNATURE}": signature}


def statement_signers(path: str, files: Mapping[str, bytes], *, at: datetime) -> list[str]:
    """Return whose signatures of the statement at ``path`` lie beside it: SHA-256 of their certificates.

    Whether a certificate is accepted, the list of approvers says; no root is asked. A signature that does not belong to
    the statement counts as none.
    """
    found = []
    for name, data in sorted(files.items()):
        if name.startswith(f"{path}.") and name.endswith(SIGNATURE):
            with suppress(Failure):
                found.append(str(examine_signature(data, files[path], Trust(at=at)).signer.fingerprint))
    return found
