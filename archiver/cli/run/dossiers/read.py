"""What ``read`` does."""

from __future__ import annotations

import os
import secrets
import sys
import webbrowser
from contextlib import suppress
from threading import Thread

from archiver.cli.clock import now
from archiver.cli.run.dossiers.source import SourceOptions, open_source
from archiver.cli.terminal.console import complain, note, say
from archiver.cli.terminal.language import localize_failure
from archiver.loopback.access import SessionAccess
from archiver.loopback.served_page import served_page
from archiver.loopback.server import LoopbackTerms, answer_until_idle, serving
from archiver.operations.dossiers.read import DossierRoutes
from formats.words import mark

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
"""Without one of these, a browser of such a system would run in the terminal, where no script does."""


def read(source: SourceOptions, *, browser: bool, idle_seconds: float) -> None:
    """Serve the dossiers to one browser on this machine, until Ctrl-C or until nobody reads any more."""
    with open_source(source) as opened:
        routes = DossierRoutes(opened.content, now())
        terms = LoopbackTerms(
            page=served_page(), routes=routes.routes(), spoken=localize_failure, alarm=complain
        )
        with serving(terms, SessionAccess(secrets.token_bytes)) as server, suppress(KeyboardInterrupt):
            say(mark("For one browser on this computer: {address}"), address=server.link)
            note(mark("Ctrl-C ends it. The first browser that opens the address is let in, and no other."))
            if browser and _has_display():
                Thread(target=webbrowser.open, args=(server.link,), daemon=True).start()
            answer_until_idle(server, idle_seconds=idle_seconds)
    note(mark("Nothing is served any more."))


def _has_display() -> bool:
    return sys.platform in {"win32", "darwin"} or any(map(os.environ.get, DISPLAYS))
