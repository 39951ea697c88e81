"""How a delivery ends whose dossiers lack what the store lists."""

from __future__ import annotations

from collections.abc import Iterable

from archiver.cli.exits import INCOMPLETE, SUCCESS
from formats.findings import Finding
from formats.model.missing import LOST


def delivery_status(findings: Iterable[Finding]) -> int:
    """Return the exit status: incomplete where a file was lost or damaged, and a dossier goes without it."""
    return INCOMPLETE if any(one.code in LOST for one in findings) else SUCCESS
