"""``SHA256SUMS``: the list of digests for people with nothing but coreutils.

One line per member: 64 lower-case hexadecimal digits, two spaces, the name,
a line feed. ``sha256sum -c SHA256SUMS`` checks it in the unpacked package.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archiver.package import layout
from archiver.package.errors import ListInvalid
from formats.errors import UnsafeName
from formats.words import mark

MAX_SUMS_BYTES = 64 << 20
"""500,000 lines of 105 bytes are 53 MB."""

_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


def write_sums(digests: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield one line for every name with its SHA-256 (32 bytes)."""
    for name, digest in digests:
        yield f"{digest.hex()}  {name}\n".encode("ascii")


def read_sums(data: bytes) -> dict[str, bytes]:
    """Return the SHA-256 (32 bytes) of every name in ``data``.

    Raises:
        ListInvalid: when a line is not of the one form there is, or a name stands twice.
    """
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as fault:
        raise ListInvalid(where=layout.SUMS, reason=mark("it is not plain text")) from fault
    if not text.endswith("\n"):
        raise ListInvalid(where=layout.SUMS, reason=mark("its last line has no end"))
    digests: dict[str, bytes] = {}
    for number, line in enumerate(text[:-1].split("\n"), start=1):
        name, digest = _line(line, f"{layout.SUMS}:{number}")
        if name in digests:
            raise ListInvalid(where=f"{layout.SUMS}:{number}", reason=mark("a name stands twice"))
        digests[name] = digest
    return digests


def _line(line: str, where: str) -> tuple[str, bytes]:
    found = _LINE.fullmatch(line)
    if not found:
        raise ListInvalid(where=where, reason=mark("a line is not a digest, two spaces and a name"))
    try:
        return layout.judge(found[2]), bytes.fromhex(found[1])
    except UnsafeName as fault:
        raise ListInvalid(where=where, reason=mark("a line names what no package holds")) from fault
