"""Give every page in French the spaces of French typography; with ``--check`` name those without."""

from __future__ import annotations

import sys

from generated_files import ROOT, is_french, write_or_check


def main() -> int:
    """Write the pages, or compare them, and return the exit status."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return write_or_check({page: page.read_text("utf-8") for page in sorted(pages) if is_french(page)})


if __name__ == "__main__":
    sys.exit(main())
