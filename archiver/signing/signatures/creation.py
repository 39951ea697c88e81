"""Making the CMS SignedData of a CAdES signature (ETSI EN 319 122-1, 5 and 6.3) with pyHanko.

The only module that knows pyHanko, whose entry points are asynchronous and move between
minor versions; nothing here may run inside an event loop. It takes a second to load (``pyhanko.sign``
imports an HTTP client), so it is imported where a signature is made and nowhere else:
reading rests on ``asn1crypto``, ``cryptography`` and ``pyhanko_certvalidator``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, tsp  # noqa: F401 - tsp registers attributes before cms is used
from pyhanko.sign.attributes import (
    CMSAttributeProvider,
    SignedAttributeProviderSpec,
    SigningCertificateV2Provider,
    SigningTimeProvider,
)
from pyhanko.sign.signers.pdf_cms import Signer as CmsSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from archiver.signing.certificates.chain import parse_certificate
from archiver.signing.certificates.reading import roots_of
from archiver.signing.keys.key_file import Signer
from archiver.signing.signatures.signed_data import DIGEST

CENTURY_END = 2050
"""First year that a time of two digits cannot say (RFC 5652, 11.3)."""

# it writes to the log; here the answer carries everything, and nothing may be printed
logging.getLogger("pyhanko").addHandler(logging.NullHandler())


def detached_signature(data: bytes, signer: Signer, at: datetime) -> bytes:
    """Return the CAdES B-B signature of ``signer`` over ``data`` (DER), stating ``at`` as its time."""
    signing = _CmsSigner(signer, at).async_sign_general_data(data, DIGEST, detached=True, use_cades=True)
    signature: bytes = asyncio.run(signing).dump()
    return signature


class _SignedAttributes(SignedAttributeProviderSpec):
    """Signed attributes (EN 319 122-1, 6.3): whose certificate made it, and when, byte for byte as pyHanko does."""

    def __init__(self, certificate: Any, at: datetime) -> None:
        self._certificate = certificate
        self._at = at

    def signed_attr_providers(
        self,
        data_digest: bytes,  # noqa: ARG002 - pyHanko asks so
        digest_algorithm: str,  # noqa: ARG002
    ) -> Iterator[CMSAttributeProvider]:
        yield SigningCertificateV2Provider(signing_cert=self._certificate)
        yield _SigningTime(self._at)


class _SigningTime(SigningTimeProvider):
    """Signing time (RFC 5652, 11.3): a GeneralizedTime, with its century, from 2050 on."""

    async def build_attr_value(self, dry_run: bool = False) -> Any:
        if self.timestamp.astimezone(UTC).year < CENTURY_END:
            return await super().build_attr_value(dry_run)
        return cms.Time({"generalized_time": self.timestamp})


class _CmsSigner(CmsSigner):
    """A signer as pyHanko wants it, who signs ``at`` a moment."""

    def __init__(self, signer: Signer, at: datetime) -> None:
        roots = roots_of(signer.chain)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([parse_certificate(one) for one in signer.chain if one not in roots])
        super().__init__(
            signing_cert=parse_certificate(signer.certificate), cert_registry=store, embed_roots=False
        )
        self.signed_attr_prov_spec = _SignedAttributes(self.signing_cert, at)
        self._signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002 - pyHanko asks so
        if digest_algorithm != DIGEST:
            raise NotImplementedError(digest_algorithm)
        return self._signer.sign(data)
