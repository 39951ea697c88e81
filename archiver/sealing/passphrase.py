"""The bytes of a passphrase, the same for every seal."""

from __future__ import annotations

import unicodedata

from archiver.errors import KeyUnreadable
from formats.words import mark


def passphrase_bytes(passphrase: str) -> bytes:
    """Return ``passphrase`` in UTF-8, exactly as typed: no normal form, as the stock tools do.

    Raises:
        KeyUnreadable: it is empty, or a terminal delivered bytes that are no characters.
    """
    if not passphrase:
        raise KeyUnreadable(reason=mark("the passphrase is empty"))
    try:
        return passphrase.encode("utf-8")
    except UnicodeEncodeError as fault:
        raise KeyUnreadable(reason=mark("the passphrase holds something that is no character")) from fault


def spellings(passphrase: str) -> tuple[str, ...]:
    """Return ``passphrase`` as it was typed, then in the other ways in which systems write its accents.

    A passphrase written on one system with composed letters (NFC) may reach another decomposed (NFD).
    """
    forms = (passphrase, unicodedata.normalize("NFC", passphrase), unicodedata.normalize("NFD", passphrase))
    return tuple(dict.fromkeys(forms))
