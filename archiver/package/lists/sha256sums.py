"""``SHA256SUMS``: the list of digests for people with nothing but coreutils.

One line per member: 64 lower-case hexadecimal digits, two spaces, the name,
a line feed. ``sha256sum -c SHA256SUMS`` checks it in the unpacked package.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import BinaryIO

from archiver.package import layout
from archiver.package.errors import ListInvalid
from formats.digests import SHA256, Digest
from formats.errors import LimitExceeded, UnsafeName
from formats.name_table import NameSet, NameTable
from formats.paths import MAX_NAME_BYTES
from formats.words import mark

MAX_SUMS_BYTES = 64 << 20
"""500,000 lines of 105 bytes are 53 MB."""

_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)\n")
_LINE_BYTES = 64 + 2 + MAX_NAME_BYTES + 1


def write_sha256sums(digests: Iterable[tuple[str, Digest]]) -> Iterator[bytes]:
    """Yield one line for every name with its SHA-256."""
    for name, digest in digests:
        yield f"{digest.hex}  {name}\n".encode("ascii")


def read_sha256sums(source: bytes | BinaryIO, names: NameTable | None = None) -> Iterator[tuple[str, Digest]]:
    """Yield every name in ``source`` with its SHA-256; ``names`` are those of the members.

    Raises:
        ListInvalid: when a line is not of the one form there is, or a name stands twice.
        LimitExceeded: when it lists more than any package holds.
    """
    stream = BytesIO(source) if isinstance(source, bytes) else source
    listed = NameSet(NameTable() if names is None else names)
    number = 0
    while line := stream.readline(_LINE_BYTES + 1):
        number += 1
        where = f"{layout.SUMS}:{number}"
        name, digest = _line(line, where)
        if not listed.add(name):
            raise ListInvalid(where=where, reason=mark("a name stands twice"))
        if number > layout.MAX_MEMBERS:
            what = mark("the number of members")
            raise LimitExceeded(where=where, name=what, found=number, limit=layout.MAX_MEMBERS)
        yield name, digest
    if not number:
        raise ListInvalid(where=layout.SUMS, reason=mark("its last line has no end"))


def _line(raw: bytes, where: str) -> tuple[str, Digest]:
    if not raw.isascii():
        raise ListInvalid(where=where, reason=mark("it is not plain text"))
    if not raw.endswith(b"\n") and len(raw) <= _LINE_BYTES:
        raise ListInvalid(where=where, reason=mark("its last line has no end"))
    found = _LINE.fullmatch(raw.decode("ascii"))
    if not found:
        raise ListInvalid(where=where, reason=mark("a line is not a digest, two spaces and a name"))
    try:
        return layout.member_name(found[2]), Digest(SHA256, bytes.fromhex(found[1]))
    except UnsafeName as fault:
        raise ListInvalid(where=where, reason=mark("a line names what no package holds")) from fault
