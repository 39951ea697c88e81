"""Making the parity of one file: an index and one file of recovery blocks, both beside it."""

from __future__ import annotations

from pathlib import Path

from archiver.parity.errors import ParityFailed
from archiver.parity.program import REPAIRED, run_program
from formats.words import mark

REDUNDANCY_PERCENT = 10
"""Recovery blocks for each hundred data blocks."""
SMALLEST_BLOCK = 4096
"""Bytes of a block: an erasure on a disk is at least a sector of that size."""
BLOCKS = 1000
"""Data blocks of a large file, within the 500 to 2,000 at which writing and repairing are quick."""
MAX_BLOCKS = 32_768
"""Data blocks of a set (PAR2 2.0: exponents of 16 bits)."""


def block_size(size: int) -> int:
    """Return the bytes of a block for a file of ``size`` bytes: a multiple of four, as PAR2 asks."""
    return max(SMALLEST_BLOCK, 4 * -(-size // (4 * BLOCKS)))


def recovery_blocks(size: int, percent: int = REDUNDANCY_PERCENT) -> int:
    """Return how many recovery blocks a file of ``size`` bytes gets: at least two."""
    blocks = -(-size // block_size(size))
    return max(2, -(-blocks * percent // 100))


def redundancy_of(size: int, recovery: int) -> int:
    """Return how many ``recovery`` blocks there are for each hundred of a file of ``size`` bytes, from 1 to 100."""
    return max(1, min(100, recovery * 100 // max(1, -(-size // block_size(size)))))


def create_parity(path: Path, *, percent: int = REDUNDANCY_PERCENT) -> tuple[Path, ...]:
    """Make the parity of the file at ``path`` in its folder, which nobody else uses; return the files that came.

    Raises:
        ParityFailed: when the file is empty, or the program fails.
        ExtraMissing: when there is no program.
    """
    size = path.stat().st_size
    if size == 0:
        raise ParityFailed(where=path.name, reason=mark("an empty file has no parity"))
    before = set(path.parent.iterdir())
    options = (f"-s{block_size(size)}", f"-c{recovery_blocks(size, percent)}", "-n1")
    done = run_program(path.parent, "create", options, (f"{path.name}.par2", path.name))
    made = tuple(sorted(set(path.parent.iterdir()) - before))
    if done.status != REPAIRED or not made:
        raise ParityFailed(where=path.name, reason=mark("it made no parity"))
    return made
