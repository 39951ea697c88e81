"""A key that never leaves its device: a card such as the CPS, or a hardware security module (PKCS#11).

The only module that knows ``python-pkcs11``, an optional extra. The device only
computes the bare signature, which every card can do; the hash is made here. A
session is opened for each signature and closed at once, so that a card may be
taken out while a long export runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from archiver.disk import failures_about
from archiver.signing.certificates.chain import path_above
from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.signing.certificates.loading import load_certificate
from archiver.signing.certificates.reading import fingerprint, roots_of
from archiver.signing.errors import DeviceMissing, DevicePinWrong, DeviceRefused, ExtraMissing
from archiver.signing.keys.device_address import DeviceAddress
from formats.regular_files import open_regular
from formats.words import mark

if TYPE_CHECKING:
    from types import ModuleType

EXTRA = "pkcs11"
MAX_OBJECTS = 256
"""Keys or certificates of one token; a card holds three or four."""

_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""What stands before a SHA-256 in PKCS#1 v1.5 (RFC 8017, 9.2, note 1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceSigner:
    """A key on a device with its certificate and the chain found beside it (X.509 DER, root last).

    ``left_out`` are certificates that were given for it and are not above its own; those of the device's other
    keys are not among them.
    """

    address: DeviceAddress
    module: Path
    pin: str = field(repr=False)
    key_id: bytes
    certificate: bytes
    chain: tuple[bytes, ...]
    left_out: tuple[bytes, ...] = ()

    @property
    def fingerprint(self) -> Fingerprint:
        """The SHA-256 of the certificate, which people compare."""
        return fingerprint(self.certificate)

    @property
    def roots(self) -> tuple[bytes, ...]:
        """The self-signed certificates found on the device."""
        return roots_of(self.chain)

    def sign(self, data: bytes) -> bytes:
        """Return the signature over the SHA-256 of ``data``, having checked it against the certificate.

        Raises:
            DeviceMissing, DevicePinWrong, DeviceRefused: what the device answered.
        """
        with _session(self.address, self.module, self.pin) as (library, session):
            key = _key(library, session, self.address, self.key_id)
            signature = _signed(library, key, data, self.pin)
        _check(self.certificate, signature, data, self.address)
        return signature


def open_device(address: DeviceAddress, module: Path, pin: str) -> DeviceSigner:
    """Find the key and its certificate on the device, and try the PIN once.

    A wrong PIN is never tried again: cards lock after three.

    Raises:
        ExtraMissing: when the library for devices is not installed.
        DeviceMissing: when the module, the token, the key or its certificate is not there.
        DevicePinWrong: when the device refuses the PIN, or is locked.
        DeviceRefused: for anything else the device answers.
    """
    if module.exists():  # a name alone is looked up by the system's loader
        with failures_about(module), open_regular(module):
            pass
    with _session(address, module, pin) as (library, session):
        wanted: dict[Any, object] = {library.Attribute.CLASS: library.ObjectClass.CERTIFICATE}
        certificates = [
            (bytes(one[library.Attribute.ID] or b""), bytes(one[library.Attribute.VALUE]))
            for one in _objects(session, address, wanted)
        ]
        key = _key(library, session, address, b"")
        key_id = bytes(key[library.Attribute.ID])
    own = [value for one, value in certificates if one == key_id and not _is_authority(value)]
    if len(own) != 1:
        raise DeviceMissing(where=address.text, reason=mark("the key has no certificate of its own there"))
    leaf = load_certificate(own[0])
    if not isinstance(leaf.public_key(), rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise DeviceMissing(where=address.text, reason=mark("the key is neither RSA nor EC"))
    chain = path_above(own[0], [value for _, value in certificates])
    return DeviceSigner(
        address=address, module=module, pin=pin, key_id=key_id, certificate=own[0], chain=chain
    )


@contextmanager
def _session(address: DeviceAddress, module: Path, pin: str) -> Iterator[tuple[ModuleType, Any]]:
    try:
        import pkcs11  # noqa: PLC0415 - an optional extra
    except ImportError as fault:
        raise ExtraMissing(extra=EXTRA) from fault
    try:
        token = _token(pkcs11, address, module)
        with token.open(user_pin=pin) as session:
            yield pkcs11, session
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as fault:
        raise DevicePinWrong(where=address.text) from fault
    except pkcs11.PinLocked as fault:
        raise DeviceRefused(where=address.text, reason=mark("its PIN is locked")) from fault
    except (pkcs11.TokenNotPresent, pkcs11.DeviceRemoved) as fault:
        raise DeviceMissing(where=address.text, reason=mark("it was taken out")) from fault
    except pkcs11.PKCS11Error as fault:
        raise DeviceRefused(where=address.text, reason=str(fault) or type(fault).__name__) from fault


def _token(library: ModuleType, address: DeviceAddress, module: Path) -> Any:
    try:
        slots = library.lib(str(module)).get_slots(token_present=True)
    except (library.PKCS11Error, RuntimeError, OSError) as fault:
        reason = mark("the module that speaks with it cannot be loaded")
        raise DeviceMissing(where=str(module), reason=reason) from fault
    tokens = [token for token in _tokens(library, slots) if _is_meant(token, address)]
    if not tokens:
        raise DeviceMissing(where=address.text, reason=mark("no such token is plugged in"))
    if len(tokens) > 1:
        raise DeviceMissing(where=address.text, reason=mark("several tokens fit; say which"))
    return tokens[0]


def _tokens(library: ModuleType, slots: Any) -> Iterator[Any]:
    for slot in slots:
        try:
            yield slot.get_token()
        except (library.TokenNotPresent, library.TokenNotRecognised):
            continue  # an empty reader, or a card of somebody else, beside the one that is meant


def _is_meant(token: Any, address: DeviceAddress) -> bool:
    serial = token.serial.decode("ascii", "replace") if isinstance(token.serial, bytes) else token.serial
    pairs = (
        (address.token, token.label),
        (address.serial, serial),
        (address.manufacturer, token.manufacturer_id),
        (address.model, token.model),
    )
    return all(not wanted or wanted == str(found).strip() for wanted, found in pairs)


def _key(library: ModuleType, session: Any, address: DeviceAddress, key_id: bytes) -> Any:
    wanted: dict[Any, object] = {library.Attribute.CLASS: library.ObjectClass.PRIVATE_KEY}
    if address.label:
        wanted[library.Attribute.LABEL] = address.label
    if key_id or address.id:
        wanted[library.Attribute.ID] = key_id or address.id
    keys = _objects(session, address, wanted)
    if not keys:
        raise DeviceMissing(where=address.text, reason=mark("it holds no such key"))
    if len(keys) > 1:
        raise DeviceMissing(where=address.text, reason=mark("several keys fit; say which by object or id"))
    return keys[0]


def _objects(session: Any, address: DeviceAddress, wanted: dict[Any, object]) -> list[Any]:
    # read to the end: a search that is left open outlives its session
    found = list(session.get_objects(wanted))
    if len(found) > MAX_OBJECTS:
        raise DeviceRefused(where=address.text, reason=mark("it holds more than any card"))
    return found


def _signed(library: ModuleType, key: Any, data: bytes, pin: str) -> bytes:
    digest = hashlib.sha256(data).digest()
    # some cards ask for the PIN again at every signature (CKA_ALWAYS_AUTHENTICATE): the CPS is one
    again = {"pin": pin} if _always_asks(library, key) else {}
    if key.key_type is library.KeyType.EC:
        raw = bytes(key.sign(digest, mechanism=library.Mechanism.ECDSA, **again))
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))
    return bytes(key.sign(_DIGEST_INFO + digest, mechanism=library.Mechanism.RSA_PKCS, **again))


def _always_asks(library: ModuleType, key: Any) -> bool:
    try:
        return bool(key[library.Attribute.ALWAYS_AUTHENTICATE])
    except library.PKCS11Error:
        return False  # older modules do not know the attribute


def _check(certificate: bytes, signature: bytes, data: bytes, address: DeviceAddress) -> None:
    """Refuse a signature the certificate does not fit: the device paired the wrong two."""
    key = load_certificate(certificate).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as fault:
        reason = mark("its key and its certificate do not belong together")
        raise DeviceRefused(where=address.text, reason=reason) from fault


def _is_authority(certificate: bytes) -> bool:
    loaded = load_certificate(certificate)
    try:
        return loaded.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
