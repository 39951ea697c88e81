"""OUVRIR.HTM in headless Chromium, driven as a person does (``drive.mjs``)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.node import node_folder
from tests.tools import need

ROOT = Path(__file__).resolve().parents[2]
OPENER = ROOT / "archiver" / "opener"
PAGE = OPENER / "OUVRIR.HTM"
DRIVER = Path(__file__).with_name("drive.mjs")
PLAYWRIGHT_TRIES_THE_FRAME = "Blocked script execution in 'about:srcdoc'"
"""What Chromium says when the driver puts its own script into every frame; the page itself has no part in it."""


class Browser:
    """A page that is open in a browser; each call is one errand of ``drive.mjs``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, errand: str, **facts: Any) -> Any:
        """Run one errand and return its answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"errand": errand, **facts}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the browser ended"
        answer = json.loads(line)
        assert "fault" not in answer, answer["fault"]
        return answer["answer"]

    def give(self, *files: Path) -> None:
        """Choose files anew, as if the page had just been opened."""
        self("again")
        self("give", files=[str(file) for file in files])

    def text(self, selector: str) -> str:
        """Return the texts of all elements that ``selector`` finds, one a line."""
        return "\n".join(self("text", selector=selector))

    def names(self) -> list[str]:
        """Return the names in the list of dossiers."""
        found: list[str] = self("text", selector="#patients button.link")
        return found

    def show(self, name: str) -> None:
        """Open the dossier of ``name`` and wait for its page."""
        self("fill", selector="#search", value=name)
        self("click", selector="#patients button.link")
        self("wait", selector="#dossier iframe")

    def faults(self) -> list[str]:
        """Return what went wrong in the page itself."""
        return [one for one in self("told")["errors"] if PLAYWRIGHT_TRIES_THE_FRAME not in one]


@contextmanager
def browsing(
    profile: Path, *, width: int = 1100, height: int = 900, locale: str = "en-GB", page: Path | str = PAGE
) -> Iterator[Browser]:
    """Open the page from its file, or at its address, in a browser of its own."""
    need("chromium")
    modules = node_folder(OPENER) / "node_modules"
    command = [need("node"), DRIVER, modules, page, profile, str(width), str(height), locale]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            yield Browser(process)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(timeout=60)
