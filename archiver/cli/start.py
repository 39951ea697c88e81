"""The first thing that runs: whoever stops the program while it still loads gets no trace of its inside."""

from __future__ import annotations

import gc
import signal
import sys

LOADING, WORKING = 50_000, 5_000
"""Objects made before Python looks for cycles among them, while the program loads and while it works. All that loading
makes stays, and looking through it every 700 objects, Python's default, takes a sixth of the start; a command loads
some more. What the work makes goes: looked through as seldom as loading, an import kept the cycles of many dossiers."""


def run() -> None:
    """Load the program and run it; stopped before it could say so itself, it leaves as one that was stopped."""
    gc.set_threshold(LOADING)
    try:
        from archiver.cli import main

        gc.freeze()
        gc.set_threshold(WORKING)
        main.run()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
