"""Catalogue of the faults that are injected: each row is means, commands and where, and stands for several points.

A point among the system calls of a command is the ``number``-th of ``of`` places spread over all calls of that kind
that the command makes, however many: the first, the last, and evenly between. So the catalogue stays right when a
command makes one call more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Means(StrEnum):
    """How a fault is injected."""

    KILLED = "killed"
    EIO = "eio"
    ENOSPC = "enospc"
    FULL_DISK = "full-disk"
    POWER_CUT = "power-cut"
    READ_ONLY = "read-only"
    CLOCK = "clock"
    ROT = "rot"
    OBJECT_ROT = "object-rot"
    NETWORK = "network"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A point: ``detail`` is a system call, a file system, a kind of damage, or how far a clock jumps."""

    means: Means
    command: str
    detail: str
    number: int
    of: int

    @property
    def name(self) -> str:
        """The name of the point, unique and without spaces."""
        return f"{self.means}/{self.command}/{self.detail}/{self.number}-of-{self.of}".replace(" ", "-")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """Points of one means: for each command, how many of each detail."""

    means: Means
    commands: Sequence[str]
    details: dict[str, int]

    def points(self) -> Iterator[Fault]:
        """Yield them."""
        for command in self.commands:
            for detail, of in self.details.items():
                for number in range(1, of + 1):
                    yield Fault(means=self.means, command=command, detail=detail, number=number, of=of)


FILES = ("vault init", "vault deposit", "vault journal seal", "vault renew", "vault repair")
"""Commands that write many files, each under its name by a link or a renaming."""
SLOW = ("vault destroy carry-out", "backup run")
"""Commands that write many files as well, whose aftermath takes long to judge."""
GIVEN = ("vault fetch", "vault export", "vault restitute")
STORES = ("collect", "import", "import undo", "backup restore")
"""Commands that write one database."""
GROWING = (
    *FILES,
    *GIVEN,
    "vault rebuild",
    "collect",
    "import",
    "backup restore",
    "vault audit",
    "export",
    "split",
)
"""Commands after which there is more on the disk."""

ROWS = (
    Row(means=Means.KILLED, commands=FILES, details={"fsync": 8, "linkat": 4, "rename": 2, "write": 3}),
    Row(means=Means.KILLED, commands=SLOW, details={"fsync": 8, "linkat": 4}),
    Row(means=Means.KILLED, commands=GIVEN, details={"fsync": 4, "linkat": 3, "write": 2}),
    Row(means=Means.KILLED, commands=STORES, details={"pwrite64": 4, "fdatasync": 3, "unlink": 2}),
    Row(
        means=Means.KILLED, commands=("vault rebuild",), details={"pwrite64": 4, "fdatasync": 3, "rename": 1}
    ),
    Row(means=Means.KILLED, commands=("vault audit",), details={"write": 3, "fsync": 3}),
    Row(means=Means.KILLED, commands=("export", "split"), details={"fsync": 2, "linkat": 1, "write": 4}),
    Row(means=Means.EIO, commands=FILES, details={"fsync": 3, "write": 2, "linkat": 2}),
    Row(means=Means.EIO, commands=("backup run",), details={"fsync": 2}),
    Row(means=Means.EIO, commands=GIVEN, details={"fsync": 2, "openat": 3}),
    Row(
        means=Means.EIO,
        commands=STORES,
        details={"pwrite64": 3, "fdatasync": 2},
    ),
    Row(means=Means.EIO, commands=("vault audit",), details={"openat": 3, "write": 2}),
    Row(means=Means.EIO, commands=("vault rebuild",), details={"write": 2}),
    Row(means=Means.EIO, commands=("export", "split"), details={"openat": 3}),
    Row(means=Means.ENOSPC, commands=FILES, details={"write": 3, "linkat": 3, "mkdir": 2}),
    Row(means=Means.ENOSPC, commands=GIVEN, details={"write": 2, "linkat": 2}),
    Row(means=Means.ENOSPC, commands=STORES, details={"pwrite64": 4}),
    Row(means=Means.ENOSPC, commands=SLOW, details={"write": 2, "linkat": 2}),
    Row(means=Means.FULL_DISK, commands=GROWING, details={"tmpfs": 3}),
    Row(means=Means.POWER_CUT, commands=FILES, details={"ext4": 3, "xfs": 2, "btrfs": 3}),
    Row(
        means=Means.POWER_CUT,
        commands=(*GIVEN, *SLOW, "vault rebuild", "export", "import"),
        details={"ext4": 2, "btrfs": 2},
    ),
    Row(
        means=Means.READ_ONLY,
        commands=(*FILES, "vault fetch"),
        details={"fsync": 2, "write": 1},
    ),
    Row(
        means=Means.CLOCK,
        commands=("vault deposit", "vault renew", "vault journal seal"),
        details={"-7200": 1, "-34560000": 2, "+34560000": 2},
    ),
    Row(means=Means.ROT, commands=("vault repair",), details={"bit": 18, "cut": 9, "lost": 9, "zeros": 4}),
    Row(
        means=Means.OBJECT_ROT,
        commands=("vault repair",),
        details={"first-byte": 3, "middle": 4, "last-byte": 3},
    ),
    Row(means=Means.NETWORK, commands=("vault deposit",), details={"cut": 10}),
)
EVERY = "ARCHIVER_EVERY_POINT"
"""Set to anything, all points are tried."""
POINTS = tuple(point for row in ROWS for point in row.points())
SAMPLED_COMMANDS = frozenset({"vault deposit", "vault repair", "import"})
"""Commands of which every run of the tests tries points."""
FOUND = (
    "killed/vault-init/fsync/7-of-8",
    "killed/vault-renew/linkat/3-of-4",
    "killed/vault-export/fsync/3-of-4",
    "killed/collect/pwrite64/1-of-4",
)
"""Points at which the program failed once, and which every run of the tests tries."""


SAMPLED_MEANS = frozenset(Means) - {Means.OBJECT_ROT}
"""Means of which every run of the tests tries points; rot in an object storage waits minutes, and is in test_repair."""


def sampled() -> tuple[Fault, ...]:
    """Return the points that every run tries: of each of these means, one in the middle for each of a few commands."""
    found: dict[tuple[str, str], list[Fault]] = {}
    for point in POINTS:
        if point.command in SAMPLED_COMMANDS and point.means in SAMPLED_MEANS:
            found.setdefault((point.means, point.command), []).append(point)
    middle = {points[len(points) // 2].name for points in found.values()}
    return tuple(point for point in POINTS if point.name in middle or point.name in FOUND)
