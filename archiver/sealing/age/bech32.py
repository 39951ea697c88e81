"""Bech32 texts of keys (BIP 173, without its limit of 90 characters, as age uses it)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archiver.errors import KeyUnreadable
from formats.words import mark

MAX_TEXT = 4096
"""Characters of one key; the longest native one, a hybrid recipient, has under 2,000."""
CHECKSUM = 6
"""Characters of the checksum at the end."""

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode_bech32(prefix: str, data: bytes) -> str:
    """Return ``data`` under the human-readable ``prefix``, in lower case."""
    prefix = prefix.lower()
    values = list(_regroup(data, 8, 5, fill=True))
    rest = _polymod([*_expanded(prefix), *values, *[0] * CHECKSUM]) ^ 1
    values += [(rest >> 5 * (CHECKSUM - 1 - place)) & 31 for place in range(CHECKSUM)]
    return prefix + "1" + "".join(_ALPHABET[value] for value in values)


def decode_bech32(text: str) -> tuple[str, bytes]:
    """Return the prefix, in lower case, and the bytes of ``text``.

    Raises:
        KeyUnreadable: mixed case, foreign characters, a wrong checksum, stray bits, too long.
    """
    if len(text) > MAX_TEXT:
        raise KeyUnreadable(reason=mark("it is too long for a key"))
    if not text.isascii():  # some foreign letters have an ASCII small letter, such as the Kelvin sign
        raise KeyUnreadable(reason=mark("it holds a character that no key holds"))
    if text not in (text.lower(), text.upper()):
        raise KeyUnreadable(reason=mark("it mixes capital and small letters"))
    prefix, mark_found, letters = text.lower().rpartition("1")
    if not mark_found or not prefix or len(letters) < CHECKSUM:
        raise KeyUnreadable(reason=mark("it is not a key in Bech32"))
    if not all(33 <= ord(letter) <= 126 for letter in prefix) or not all(c in _VALUES for c in letters):
        raise KeyUnreadable(reason=mark("it holds a character that no key holds"))
    values = [_VALUES[letter] for letter in letters]
    if _polymod([*_expanded(prefix), *values]) != 1:
        raise KeyUnreadable(reason=mark("its checksum is wrong: a character was mistyped"))
    return prefix, bytes(_regroup(values[:-CHECKSUM], 5, 8, fill=False))


def _expanded(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _polymod(values: Iterable[int]) -> int:
    rest = 1
    for value in values:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            if top >> place & 1:
                rest ^= generator
    return rest


def _regroup(values: Iterable[int], width: int, wanted: int, *, fill: bool) -> Iterator[int]:
    """Yield the bits of ``values`` in groups of ``wanted``; left-over bits must be few and zero."""
    pending = bits = 0
    for value in values:
        pending = pending << width | value
        bits += width
        while bits >= wanted:
            bits -= wanted
            yield pending >> bits & ((1 << wanted) - 1)
        pending &= (1 << bits) - 1
    if fill and bits:
        yield pending << (wanted - bits) & ((1 << wanted) - 1)
    elif not fill and (bits >= width or pending):
        raise KeyUnreadable(reason=mark("it ends in stray bits"))
