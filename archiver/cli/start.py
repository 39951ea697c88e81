"""The first thing that runs: whoever stops the program while it still loads gets no trace of its inside."""

from __future__ import annotations

import signal
import sys


def run() -> None:
    """Load the program and run it; stopped before it could say so itself, it leaves as one that was stopped."""
    try:
        from archiver.cli import main

        main.run()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
