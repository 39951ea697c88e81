"""The tag files of a bag, version 1.0: its declaration, its metadata and its manifests (RFC 8493, 2)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from formats.digests import SHA256, SHA512, Digest

PAYLOAD = "data"
"""Folder of what the bag carries (RFC 8493, 2.1.2)."""
DECLARATION = "bagit.txt"
INFO = "bag-info.txt"
MANIFEST = "manifest-{algorithm}.txt"
TAG_MANIFEST = "tagmanifest-{algorithm}.txt"
ALGORITHMS = (SHA512, SHA256)
"""Hash functions of the manifests: SHA-512 every reader must know, SHA-256 is what a package's own lists have."""

_BREAKS = re.compile(r"\s+")
_ENCODED = {"%": "%25", "\r": "%0D", "\n": "%0A"}


def declaration() -> bytes:
    """Return ``bagit.txt`` (RFC 8493, 2.1.1)."""
    return b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def info_lines(labels: Iterable[tuple[str, str]]) -> bytes:
    """Return ``bag-info.txt``: a line for each label with a value, line breaks in it as spaces (RFC 8493, 2.2.2)."""
    lines = (f"{label}: {_BREAKS.sub(' ', value).strip()}\n" for label, value in labels if value.strip())
    return "".join(lines).encode("utf-8", "replace")


def payload_oxum(size: int, files: int) -> str:
    """Return bytes and number of the payload's files, as ``Payload-Oxum`` has them."""
    return f"{size}.{files}"


def manifest_line(digest: Digest, path: str) -> bytes:
    """Return a line of a manifest; ``path`` is from the bag on (RFC 8493, 2.1.3)."""
    encoded = "".join(_ENCODED.get(one, one) for one in path)
    return f"{digest.hex}  {encoded}\n".encode()
