"""OUVRIR.HTM in a browser, whichever: what a test does in Chromium and in Firefox alike."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.firefox import firefox
from tests.browser.opener import PAGE, browsing

BROWSERS = ("chromium", "firefox")
PATIENCE = 120.0
"""Seconds that a test waits for what is to happen."""
IDLE = "document.querySelector('#app').getAttribute('aria-busy') !== 'true'"


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """The page in a window; everything but choosing files is done by scripts."""

    run: Callable[[str], Any]
    """Evaluates an expression."""
    choose: Callable[[list[Path]], Any]

    def wait(self, condition: str) -> None:
        """Wait until the expression ``condition`` is true."""
        end = time.monotonic() + PATIENCE
        while not self.run(f"Boolean({condition})"):
            assert time.monotonic() < end, (condition, self.run("document.body.innerText"))
            time.sleep(0.1)

    def text(self, selector: str) -> str:
        """Return the texts of all elements that ``selector`` finds, one a line."""
        found: str = self.run(
            f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.innerText).join('\\n')"
        )
        return found

    def give(self, *files: Path) -> None:
        """Choose ``files``, and wait until they are judged."""
        self.choose(list(files))
        self.wait(f"document.querySelector('#given li') && {IDLE}")

    def press(self, selector: str) -> None:
        """Press the first element that ``selector`` finds, and wait until the page is idle."""
        self.run(f"document.querySelector({json.dumps(selector)}).click()")
        self.wait(IDLE)

    def open(self) -> None:
        """Open what was given with the key that was given, and wait for the list."""
        self.press("#key button[type=submit]")
        self.wait("document.querySelector('#patients button.link')")

    def show(self, name: str) -> None:
        """Open the dossier of ``name`` in the list, and wait for its page."""
        rows = "[...document.querySelectorAll('#patients button.link')]"
        row = f"{rows}.find((one) => one.innerText.includes({json.dumps(name)}))"
        self.wait(row)
        self.run(f"{row}.click()")
        self.wait(f"{IDLE} && document.querySelector('#dossier iframe, #patients .refused')")

    def back(self) -> None:
        """Close the dossier."""
        self.press("#dossier .actions button")
        self.wait("document.querySelector('#patients button.link')")


@contextmanager
def opened_in(browser: str, profile: Path) -> Iterator[Page]:
    """Open the page from its file in ``browser``."""
    if browser == "firefox":
        with firefox(profile, PAGE) as window:
            yield Page(
                run=lambda script: window.run(f"return {script}"),
                choose=lambda files: window.give("#files-input", files),
            )
    else:
        with browsing(profile) as driver:
            yield Page(
                run=lambda script: driver("evaluate", script=script),
                choose=lambda files: driver("begin", files=[str(one) for one in files]),
            )
