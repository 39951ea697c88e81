"""The two pictures of the README: ``python -m samples.pictures build/demo`` after ``make demo``.

A patient's page as Chromium shows it, opened with 7-Zip as a patient would; the verification report
as Poppler draws it. Both in few colours, so that they weigh little.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from samples.demo import PROGRAM

TARGET = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PATIENT = "45"
"""The fictive Gérard Perrichon, whose dossier has most kinds of records."""
WIDTH, HEIGHT = 1000, 880
COLOURS = 32
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def main(demo: Path) -> None:
    """Draw both from the results of the demonstration in ``demo``."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="archiver-pictures-") as name:
        folder = Path(name)
        _page(demo, folder)
        _report(demo, folder)


def _page(demo: Path, folder: Path) -> None:
    shown = _run(PROGRAM, "keys", "show-unit", "package.asice", "--identity", "receiver.identity",
                 "--roots", "roots.pem", "--patient", PATIENT, "--json", cwd=demo)  # fmt: skip
    unit = json.loads(shown)
    _run("unzip", "-q", "-j", demo / "package.asice", unit["path"], "-d", folder)
    _run("7z", "x", f"-p{unit['passphrase']}", f"-o{folder}", folder / Path(unit["path"]).name)
    _run("7z", "x", f"-o{folder / 'dossier'}", folder / unit["member"])
    page = folder / "dossier" / "INDEX.HTM"
    _run("chromium", *QUIET, f"--user-data-dir={folder / 'chromium'}", f"--window-size={WIDTH},{HEIGHT}",
         f"--screenshot={folder / 'page.png'}", page.as_uri())  # fmt: skip
    _keep(folder / "page.png", "dossier.png")


def _report(demo: Path, folder: Path) -> None:
    _run(PROGRAM, "verify", "package.asice", "--roots", "roots.pem", "--report", folder / "report.pdf",
         "--report-signer", "kerbrat/signer.p12", cwd=demo)  # fmt: skip
    _run("pdftoppm", "-r", "80", "-png", "-singlefile", folder / "report.pdf", folder / "report")
    _keep(folder / "report.png", "verdict.png")


def _keep(source: Path, name: str) -> None:
    with Image.open(source) as picture:
        picture.convert("RGB").quantize(COLOURS).save(TARGET / name, optimize=True)


def _run(*command: str | Path, cwd: Path | None = None) -> str:
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=cwd, check=False, capture_output=True, encoding="utf-8")
    if done.returncode not in (0, 3):  # 3: no time-stamp, so not everything is proven
        raise SystemExit(f"{words[0]} ended with {done.returncode}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo").resolve())
