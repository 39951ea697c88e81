"""The pages in every package: the format, and how to open it by hand, as plain text in each language.

They lie beside this module in ``docs``, made from the pages of the format by ``.ci/package_pages.py``: what opens
a package in twenty years is inside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

PAGES = ("FORMAT-1.en.txt", "FORMAT-1.fr.txt", "OPEN-BY-HAND.en.txt", "OUVRIR-A-LA-MAIN.fr.txt")
"""Their names in a package, below ``docs``."""


def package_pages() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the text of each."""
    folder = files("archiver.instructions") / "docs"
    return ((name, folder.joinpath(name).read_bytes()) for name in PAGES)
