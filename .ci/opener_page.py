"""Build ``archiver/opener/OUVRIR.HTM`` from the sources beside it; ``--check`` compares: ``make page``.

Types are checked first. The npm packages are those that ``archiver/opener/package-lock.json`` pins.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from generated_files import ROOT, write_or_check

sys.path.insert(0, str(ROOT))

from tests.node import node_folder

OPENER = ROOT / "archiver" / "opener"


def build_page(modules: Path) -> bytes:
    """Return the page that the sources make with the npm packages in ``modules``."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "OUVRIR.HTM"
        subprocess.run(
            ["node", OPENER / "build.mjs", target],
            check=True,
            env={**os.environ, "OPENER_MODULES": str(modules)},
            stdout=subprocess.DEVNULL,
        )
        return target.read_bytes()


def main() -> int:
    """Check the types, build, and write or compare."""
    modules = node_folder(OPENER) / "node_modules"
    checker = modules / "typescript" / "bin" / "tsc"
    typed = subprocess.run(
        ["node", checker, "--project", OPENER, "--baseUrl", modules],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    complaints = typed.stdout.splitlines() if typed.returncode else []
    return write_or_check(
        {OPENER / "OUVRIR.HTM": build_page(modules)}, complaints=complaints, command="make page"
    )


if __name__ == "__main__":
    sys.exit(main())
