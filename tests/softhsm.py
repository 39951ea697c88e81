"""A signing device in software: a SoftHSM2 token with one practitioner's key on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key

from archiver.signing.keys.key_file import KeySigner
from tests.tools import need, run

PIN = "493028"
PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/libsofthsm2.so",
)


def module() -> Path:
    """Return SoftHSM's PKCS#11 module; else skip, and in CI fail."""
    found = next((Path(one) for one in PLACES if Path(one).exists()), None)
    if found is None:
        sentence = "this machine has no libsofthsm2.so"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


@contextmanager
def device(folder: Path, label: str, *signers: tuple[KeySigner, str, str]) -> Iterator[Path]:
    """Make a token ``label`` that holds ``signers`` (with the label and the hexadecimal id of each key).

    The module reads its configuration once per process, so every test shares one folder.
    """
    pytest.importorskip("pkcs11") if not os.environ.get("CI") else None
    path = module()
    folder.joinpath("tokens").mkdir(exist_ok=True)
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    util = need("softhsm2-util")
    run(util, "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "12345678")
    for signer, name, number in signers:
        load(path, label, signer, name, bytes.fromhex(number))
    yield path


def load(path: Path, token: str, signer: KeySigner, label: str, key_id: bytes) -> None:
    """Put a key and its chain on the token."""
    import pkcs11
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pkcs11.util.ec import decode_ec_private_key
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    library = pkcs11.lib(str(path))
    library.reinitialize()
    with library.get_token(token_label=token).open(rw=True, user_pin=PIN) as session:
        key = load_der_private_key(signer.key, None)
        plain = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        decode = (
            decode_ec_private_key if isinstance(key, ec.EllipticCurvePrivateKey) else decode_rsa_private_key
        )
        fields = decode(plain)
        fields.update(
            {pkcs11.Attribute.LABEL: label, pkcs11.Attribute.ID: key_id, pkcs11.Attribute.TOKEN: True}
        )
        fields[pkcs11.Attribute.SIGN] = True
        session.create_object(fields)
        for one in (signer.certificate, *signer.chain):
            fields = decode_x509_certificate(one)
            own = one == signer.certificate
            fields[pkcs11.Attribute.TOKEN] = True
            fields[pkcs11.Attribute.LABEL] = (
                label if own else x509.load_der_x509_certificate(one).subject.rfc4514_string()
            )
            fields[pkcs11.Attribute.ID] = key_id if own else b""
            session.create_object(fields)
