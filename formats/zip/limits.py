"""Limits of a plain archive, shared by the reader, which refuses more, and the writer, which never writes more."""

from __future__ import annotations

from dataclasses import dataclass

from formats.errors import LimitExceeded
from formats.words import mark

PART_SIZE = mark("the size of a part in bytes")
TOTAL_SIZE = mark("the size of all ZIP parts in bytes")
MEMBER_COUNT = mark("the number of ZIP members")


def within(name: str, found: int, limit: int, where: str = "") -> None:
    """Refuse ``found`` past ``limit``.

    Raises:
        LimitExceeded: naming what was counted.
    """
    if found > limit:
        raise LimitExceeded(where=where, name=name, found=found, limit=limit)


@dataclass(frozen=True, kw_only=True, slots=True)
class ZipLimits:
    """What is let in: member count, plain bytes of one member and of all, plain bytes per packed byte.

    No ratio is suspicious of up to ``ratio_from`` plain bytes: an empty image compresses a thousandfold.
    """

    members: int = 200_000
    member_bytes: int = 64 << 30
    total_bytes: int = 512 << 30
    ratio: int = 200
    ratio_from: int = 64 << 20


class ZipAllowance:
    """What an archive that is being written may still hold."""

    def __init__(self, limits: ZipLimits) -> None:
        self._limits = limits
        self._ratio = max(limits.ratio * 3 // 4, 1)
        self._dense_from = limits.ratio_from // 2  # so that it is within the ratio when that counts
        self._members = self._plain = self._packed = 0

    def begin(self, name: str) -> None:
        """Count one more member.

        Raises:
            LimitExceeded: when it is one too many.
        """
        self._members += 1
        within(MEMBER_COUNT, self._members, self._limits.members, where=name)

    def require(self, name: str, size: int) -> None:
        """Refuse ``size`` plain bytes of the member that is being written, when they are too many.

        Raises:
            LimitExceeded: for the member, or for all members together.
        """
        within(PART_SIZE, size, self._limits.member_bytes, where=name)
        within(TOTAL_SIZE, self._plain + size, self._limits.total_bytes, where=name)

    def end(self, size: int, packed: int) -> None:
        """Count a member that is written."""
        self._plain += size
        self._packed += packed

    def too_dense(self, size: int, packed: int) -> bool:
        """Say whether ``size`` plain bytes in ``packed`` of one member come near the ratio a reader refuses."""
        together = (size, packed), (self._plain + size, self._packed + packed)
        return any(plain > self._dense_from and plain > stored * self._ratio for plain, stored in together)
