"""Open the keyring of a package, whichever of its keyrings the keys fit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from archiver.errors import WrongPassphrase
from archiver.handover.keyring_comparison import compare_keyring
from archiver.package.checks.open import OpenPackage
from archiver.sealing.age import Identity
from archiver.sealing.errors import WrongKey
from archiver.sealing.keyring import Keyring, open_keyring


def unlock(package: OpenPackage, identities: Sequence[Identity]) -> Keyring:
    """Return the keyring; it is the one that was signed, and says what the signed manifest says.

    Raises:
        WrongKey, WrongPassphrase: when no key fits any keyring.
        PackageFailure: as ``compare_keyring``, when keyring and package do not belong together.
        SealBroken, KeyUnreadable, LimitExceeded: as ``open_keyring``.
    """
    keyring = _opened(package, identities)
    compare_keyring(package, keyring)
    return keyring


def _opened(package: OpenPackage, identities: Sequence[Identity]) -> Keyring:
    refusal: WrongKey | WrongPassphrase = WrongKey()
    for name in package.manifest.keyrings:
        with package.keyring(name) as stream:
            try:
                commitment = package.manifest.handover.keyring_commitment
                again = partial(package.keyring, name)
                return open_keyring(stream, identities, commitment=commitment, again=again)
            except WrongKey:
                continue
            except WrongPassphrase as wrong:  # somebody typed it, so this says more than "no key fits"
                refusal = wrong
    raise refusal
