"""The page that opens a package in a browser, as it is shipped: ``make page`` builds it from the sources beside it."""

from __future__ import annotations

from importlib.resources import files

PAGE = "OUVRIR.HTM"


def opener_page() -> bytes:
    """Return the page (HTML, UTF-8)."""
    return files("archiver.opener").joinpath(PAGE).read_bytes()
