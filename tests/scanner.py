"""Recovery cards as somebody holds them: printed by the program, read from paper."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.program import Program
from tests.tools import need, run


def kit_of(folder: Path) -> tuple[str, ...]:
    """Make a kit of ``receiver.identity`` in ``folder``; return the words on its cards."""
    program = Program(folder=folder)
    program("keys", "recovery", "receiver.identity", "--out", "kit.pdf", ARCHIVER_DATA="data").ok()
    return scanned(folder)


def scanned(folder: Path) -> tuple[str, ...]:
    """Print the kit ``kit.pdf`` and hold every sheet under a scanner."""
    import zxingcpp
    from PIL import Image

    run(need("pdftoppm"), "-r", "100", "-gray", "-png", "kit.pdf", "sheet", cwd=folder)
    sheets = sorted(folder.glob("sheet-*.png"))
    return tuple(zxingcpp.read_barcodes(Image.open(sheet))[0].text for sheet in sheets)
