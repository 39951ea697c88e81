"""The list of SHA-256 sums, as ``sha256sum`` writes and checks it: hex, two spaces, name, line feed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from formats.errors import LimitExceeded, TableUnreadable
from formats.pdlgc import layout
from formats.pdlgc.profile import TWINS
from formats.words import mark

MAX_SUMS_BYTES = 32 << 20
"""About 80 bytes a file; room for 400,000 files of one patient."""

_LINE = re.compile(rf"([0-9a-f]{{64}})  ([!-~]+|{TWINS}/[^\x00-\x1f\x7f/]+)")
_OWN_LINE = re.compile(r"([0-9a-f]{64})  ([^\x00-\x1f\x7f]+)")


def write_sums(files: Iterable[tuple[str, str]]) -> bytes:
    """Return the list for ``files``: pairs of name and lower-case hex SHA-256.

    Raises:
        LimitExceeded: when it is longer than a reader takes.
    """
    data = "".join(f"{sha256}  {name}\n" for name, sha256 in files).encode("utf-8")
    if len(data) > MAX_SUMS_BYTES:
        name = mark("the size of a part in bytes")
        raise LimitExceeded(where=layout.SUMS, name=name, found=len(data), limit=MAX_SUMS_BYTES)
    return data


def read_sums(data: bytes, *, own_names: bool = False) -> Mapping[str, str]:
    """Return name → SHA-256; with ``own_names`` names may have any letters and spaces.

    Raises:
        TableUnreadable: for a line of another shape, or a name listed twice.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").removesuffix("\n").split("\n"), 1):
        match = (_OWN_LINE if own_names else _LINE).fullmatch(line)
        sha256, name = match.groups() if match else ("", "")
        if not match or name in found:
            reason = mark("it is not a sum and a new name")
            raise TableUnreadable(name=layout.SUMS, line=number, reason=reason)
        found[name] = sha256
    return found
