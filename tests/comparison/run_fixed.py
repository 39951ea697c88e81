"""Run the program of the tree in ``sys.argv[1]`` with the arguments after it, at one clock and with known randomness.

Knows of the program its entry point and where it asks for time; started by ``tests.comparison``.
"""

from __future__ import annotations

import hashlib
import itertools
import multiprocessing
import os
import secrets
import sys
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""The first moment that the program is told; each question is a second later."""


def _randomness(seed: bytes) -> None:
    """Make what the program takes at random a stream that ``seed`` begins."""
    numbers = itertools.count()

    def token_bytes(size: int | None = None) -> bytes:
        return hashlib.shake_256(seed + next(numbers).to_bytes(8, "big")).digest(size or 32)

    secrets.token_bytes = token_bytes
    secrets.token_hex = lambda size=None: token_bytes(size).hex()
    os.urandom = token_bytes


def main(tree: str, arguments: list[str]) -> None:
    """Run the program and end as it ends."""
    sys.path.insert(0, tree)
    # one process works: the order of what is drawn is that of the dossiers
    os.sched_getaffinity = lambda _process: {0}
    os.cpu_count = multiprocessing.cpu_count = lambda: 1
    _randomness("\0".join(arguments).encode())
    moments = itertools.count()
    from archiver.cli import clock

    clock.now = lambda: START + timedelta(seconds=next(moments))
    from archiver.cli.start import run

    sys.argv = ["archiver", *arguments]
    run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
