"""The bytes of a passphrase, the same for every seal."""

from __future__ import annotations

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
