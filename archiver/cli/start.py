"""The first thing that runs: whoever stops the program while it still loads gets no trace of its inside."""

from __future__ import annotations

import gc
import signal
import sys

BETWEEN_COLLECTIONS = 50_000
"""Objects made before Python looks for cycles among them, while the program loads. All that loading makes stays, and
looking through it every 700 objects, Python's default, takes a sixth of the start."""


def run() -> None:
    """Load the program and run it; stopped before it could say so itself, it leaves as one that was stopped."""
    usual = gc.get_threshold()
    gc.set_threshold(BETWEEN_COLLECTIONS)
    try:
        from archiver.cli import main

        gc.freeze()
        gc.set_threshold(
            *usual
        )  # the work makes objects that go: left too long, they take the memory of many dossiers
        main.run()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
