"""The first thing that runs: whoever stops the program while it still loads gets no trace of its inside."""

from __future__ import annotations

import gc
import signal
import sys

LOADING, WORKING = 100_000, 5_000
"""Objects that loading a command makes, about, and those made from then on before Python looks for cycles among them.
What loading makes stays: looking through it every 700 objects, Python's default, takes a sixth of the start. What the
work makes goes: looked through as seldom, an import kept the cycles of many dossiers."""


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
    """Never look through what there is by now, the first time that Python would, and look through the rest often."""
    if phase == "start":
        gc.callbacks.remove(_pass_over_what_is_loaded)
        gc.freeze()
        gc.set_threshold(WORKING)
