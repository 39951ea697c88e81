"""Files that lie beside the resources of an export, under the address by which a resource names them.

An address is followed where it is relative, leads to a regular file, and stays inside the export. Whoever names one
file has not said that its folder is of the export, and a stranger may have guessed what lies there: then a file is
taken only where its digest is stated, which nobody knows who has not the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from formats.findings import Finding, Severity
from formats.folders import relative_text
from formats.words import mark

_OTHER = mark("This file holds no FHIR resources: it is not taken.")


@dataclass(slots=True)
class FilesBeside:
    """The files below ``root`` that hold no resources; ``taken`` are those that some resource names.

    ``named`` tells whether a person named ``root`` itself as the export, not one file in it.
    """

    root: Path
    named: bool = True
    others: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def find(self, place: str, address: str) -> Path | None:
        """Return the file that a resource in the file ``place`` names ``address``; nothing where there is none."""
        names = _relative_names(address)
        if not names:
            return None
        path = self.root.joinpath(*PurePosixPath(place).parent.parts, *names)
        try:
            inside = path.resolve().is_relative_to(self.root.resolve()) and path.is_file()
        except (OSError, ValueError):  # a name that no system has
            return None
        if not inside:
            return None
        self.taken.add(relative_text(path, self.root))
        return path

    def findings(self) -> Iterator[Finding]:
        """Yield a finding for each file that no resource names."""
        for place in self.others:
            if place not in self.taken:
                yield Finding(severity=Severity.WARNING, code="fhir-file-other", where=place, sentence=_OTHER)


def _relative_names(address: str) -> tuple[str, ...]:
    """Return the names on the way that a relative address says; none of any other address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ()
    if parts.scheme or parts.netloc or parts.query or parts.fragment or parts.path.startswith("/"):
        return ()
    names = tuple(unquote(one) for one in parts.path.split("/"))
    return () if any(one in {"", ".", ".."} or set(one) & set("/\\:\0") for one in names) else names
