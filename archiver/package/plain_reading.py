"""Reading a package's own bytes: exactly so many, or it was cut short; exactly these, or it is irregular."""

from __future__ import annotations

from typing import BinaryIO, NoReturn

from archiver.package.errors import ContainerIrregular, PackageTruncated


def irregular(reason: str, where: str = "") -> NoReturn:
    """Refuse the package for ``reason``; ``where`` is the member."""
    raise ContainerIrregular(where=where, reason=reason)


def read_at(stream: BinaryIO, offset: int, length: int) -> bytes:
    """Return ``length`` bytes from ``offset`` on.

    Raises:
        PackageTruncated: when there are fewer.
    """
    stream.seek(offset)
    return exactly(stream, length)


def exactly(stream: BinaryIO, length: int) -> bytes:
    """Return the next ``length`` bytes.

    Raises:
        PackageTruncated: when there are fewer.
    """
    data = stream.read(length)
    if len(data) != length:
        raise PackageTruncated
    return data
