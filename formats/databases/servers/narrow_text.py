"""Text of drivers that say nothing of its encoding: UTF-8 (RFC 3629) where it is that, else the one that is named."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_PREFIX = "archiver-utf-8-or-"


def encoding_named(other: str) -> str:
    """Return the name of an encoding of Python's that reads UTF-8, and ``other`` where a text is not UTF-8.

    Text of another encoding with a letter that is not ASCII is hardly ever valid UTF-8.

    Raises:
        LookupError: when there is no encoding ``other``.
    """
    codecs.lookup(other)
    return _PREFIX + codecs.lookup(other).name


def _search(name: str) -> codecs.CodecInfo | None:
    # Python hands over names in small letters, with underscores in place of everything else
    found = name.replace("_", "-")
    if not found.startswith(_PREFIX):
        return None
    other = codecs.lookup(found.removeprefix(_PREFIX))

    def decode(data: Buffer, errors: str = "strict", /) -> tuple[str, int]:
        try:
            return codecs.utf_8_decode(data, "strict", True)
        except UnicodeDecodeError:
            return other.decode(data, errors)

    return codecs.CodecInfo(other.encode, decode, name=name)


codecs.register(_search)
