"""Write the columns of the lists in format/patient-archive.md of each language from the code; ``--check`` compares."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from formats.pdlgc.columns import LISTS
from formats.words import translate

ROOT = Path(__file__).resolve().parents[1]
HEADS = {"fr": "| liste | colonne | sens |", "en": "| list | column | meaning |"}
BEGIN, END = "<!-- Columns written by .ci/lists_page.py; do not edit. -->\n", "<!-- End of the columns. -->\n"


def table(language: str) -> Iterator[str]:
    """Yield the lines of the table in ``language``."""
    yield HEADS[language]
    yield "|---|---|---|"
    for place, columns in LISTS.items():
        for column, meaning in columns.items():
            yield f"| `{Path(place).name}` | `{column}` | {translate(meaning, language)} |"


def main(check: bool) -> int:
    """Write both pages, or complain about each that differs."""
    faults = 0
    for language in HEADS:
        page = ROOT / "docs" / language / "format" / "patient-archive.md"
        text = page.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        _, _, after = rest.partition(END)
        made = f"{before}{BEGIN}\n" + "".join(f"{line}\n" for line in table(language)) + f"\n{END}{after}"
        if made != text and check:
            print(f"{page.relative_to(ROOT)} is out of date: python .ci/lists_page.py")
            faults += 1
        elif made != text:
            page.write_text(made, encoding="utf-8")
    return faults


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
