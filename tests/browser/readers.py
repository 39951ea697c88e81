"""The readers of pictures and scans of OUVRIR.HTM, run by node (``decode.mjs``): its sources without a browser."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.opener import OPENER
from tests.node import node_folder
from tests.tools import need

READER = Path(__file__).with_name("decode.mjs")


class Readers:
    """A process that reads one file after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, reader: str, file: Path, kind: str = "") -> dict[str, Any]:
        """Read ``file``; what was decoded lies beside it, in ``.raw``."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"reader": reader, "file": str(file), "kind": kind}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the readers ended"
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def reading(folder: Path) -> Iterator[Readers]:
    """Start the readers; ``folder`` holds them while they run."""
    modules = node_folder(OPENER) / "node_modules"
    with subprocess.Popen(
        [need("node"), READER, modules, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield Readers(process)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(timeout=60)
