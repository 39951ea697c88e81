"""Signatures as they are made, beside those that pyHanko makes of the same key, data and time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.attributes import (
    CMSAttributeProvider,
    SignedAttributeProviderSpec,
    SigningCertificateV2Provider,
    SigningTimeProvider,
)
from pyhanko.sign.signers.pdf_cms import Signer as PyHankoSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from archiver.signing.keys.key_file import KeySigner
from archiver.signing.signatures.creation import cades_signature
from formats.digests import Digest
from tests.signing_keys import Holder, certified, der, inter, leaf, root

DATA = b"<the list/>"
SIGNED = datetime(2026, 11, 28, 21, 45, tzinfo=UTC)


class Attributes(SignedAttributeProviderSpec):
    """Those of EN 319 122-1, 6.3, beside the two of every CMS signature."""

    def __init__(self, certificate: Any, at: datetime) -> None:
        self.certificate, self.at = certificate, at

    def signed_attr_providers(self, *_: Any, **__: Any) -> Iterator[CMSAttributeProvider]:
        yield SigningCertificateV2Provider(signing_cert=self.certificate)
        yield SigningTimeProvider(self.at)


class Peer(PyHankoSigner):
    """pyHanko's signer, who asks ours for the signature value alone."""

    def __init__(self, signer: KeySigner, at: datetime) -> None:
        others = SimpleCertificateStore()
        others.register_multiple([asn1_x509.Certificate.load(one) for one in signer.chain])
        certificate = asn1_x509.Certificate.load(signer.certificate)
        super().__init__(signing_cert=certificate, cert_registry=others, embed_roots=False)
        self.signed_attr_prov_spec = Attributes(certificate, at)
        self.signer = signer

    async def async_sign_raw(self, data: bytes, *_: Any, **__: Any) -> bytes:
        return self.signer.sign(data)


def peers_signature(signer: KeySigner, at: datetime) -> bytes:
    making = Peer(signer, at).async_sign_general_data(DATA, "sha256", detached=True, use_cades=True)
    signature: bytes = asyncio.run(making).dump()
    return signature


def signer_of(who: Holder, *above: Holder) -> KeySigner:
    key = who.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return KeySigner(key=key, certificate=der(who), chain=tuple(map(der, above)))


def signer_below_a_renewed_root() -> KeySigner:
    """Return a signer whose authority names itself as its issuer, certified by the key that it had before."""
    renewed = certified("Racine des praticiens", root(), authority=True)
    return signer_of(certified("Dr Anne Exemple", renewed), renewed, root())


@pytest.mark.parametrize("at", [SIGNED, datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)])
@pytest.mark.parametrize(
    "signer",
    [
        pytest.param(lambda: signer_of(leaf(), inter(), root()), id="a path with its root"),
        pytest.param(lambda: signer_of(leaf(), inter()), id="a path without its root"),
        pytest.param(lambda: signer_of(certified("Dr Anne Exemple", root()), root()), id="below a root"),
        pytest.param(lambda: signer_of(certified("Dr Anne Exemple")), id="its own issuer"),
        pytest.param(signer_below_a_renewed_root, id="an authority with a new key"),
        pytest.param(
            lambda: signer_of(
                certified("Dr Rosa", root(), key=rsa.generate_private_key(65537, 2048)), root()
            ),
            id="RSA",
        ),
    ],
)
def test_a_signature_is_byte_for_byte_what_pyhanko_makes(signer: Any, at: datetime) -> None:
    made = signer()
    assert cades_signature(Digest.of(DATA), made, at=at) == peers_signature(made, at)
