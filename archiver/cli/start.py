"""The first thing that runs: whoever stops the program while it still loads gets no trace of its inside."""

from __future__ import annotations

import gc
import signal
import sys

LOADING, WORKING = 100_000, 5_000
"""Objects made before Python looks for cycles among them: the first time, and from then on. Looking through all that
loading makes every 700 objects, Python's default, takes a sixth of the start, and it all stays. What the work makes
goes: looked through as seldom, an import kept the cycles of many dossiers."""


def run() -> None:
    """Load the program and run it; stopped before it could say so itself, it leaves as one that was stopped."""
    gc.set_threshold(LOADING)
    gc.callbacks.append(_pass_over_what_is_loaded)
    try:
        from archiver.cli import main

        main.run()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def _pass_over_what_is_loaded(phase: str, _: dict[str, int]) -> None:
    """Once what is loaded was looked through, do so never again, and look through the rest often."""
    if phase == "stop":
        gc.callbacks.remove(_pass_over_what_is_loaded)
        gc.freeze()
        gc.set_threshold(WORKING)
