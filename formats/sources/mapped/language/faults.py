"""MappingFaults of a mapping: each with its line and key, what was expected, and the nearest right word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from formats.errors import Fact, FormatFailure
from formats.findings import Finding, Severity, as_fact
from formats.sources.mapped.language.toml_lines import Path
from formats.words import mark, plural

MAX_FAULTS = 200
"""MappingFaults that are named; who mends these finds the others."""
NEAR = 0.6
"""How alike two words are, of 1, for one to be taken as the other mistyped."""


class MappingInvalid(FormatFailure):
    """A mapping that cannot be used; ``archiver mapping check`` names all faults."""

    code = "mapping-invalid"
    sentence = plural(
        "{first} The mapping {name} has {count} fault; archiver mapping check names it.",
        "{first} The mapping {name} has {count} faults; archiver mapping check names all.",
    )

    def __init__(self, *, where: str = "", faults: tuple[Finding, ...] = (), **facts: Fact) -> None:
        super().__init__(where=where, **facts)
        self.faults = faults


@dataclass(slots=True)
class MappingFaults:
    """MappingFaults of the mapping ``name``, gathered while it is looked through."""

    name: str
    lines: Mapping[Path, int]
    found: list[Finding] = field(default_factory=list)

    def add(self, code: str, path: Path, sentence: str, **facts: Fact) -> None:
        """Note a fault of what stands at ``path``."""
        if len(self.found) < MAX_FAULTS:
            place = f"{self.name}:{self.line(path)}"
            where = f"{place} {shown_path(path)}" if path else place
            self.found.append(
                Finding(
                    severity=Severity.ERROR,
                    code=code,
                    where=where,
                    sentence=sentence,
                    facts=facts,
                )
            )

    def unknown(
        self,
        code: str,
        path: Path,
        word: str,
        known: Iterable[str],
        *,
        called: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Note a ``word`` that is none of ``known``, with the one meant; ``called`` has them as people call them."""
        words = list(known)
        meant = near(word, {**called, **dict.fromkeys(words)})
        nearest = called.get(meant, meant)
        if nearest:
            self.add(
                code,
                path,
                mark("“{word}” is not known here; did you mean “{nearest}”?"),
                word=word,
                nearest=nearest,
            )
        else:
            listed = ", ".join(words[:40])
            self.add(
                code, path, mark("“{word}” is not known here; known are: {known}."), word=word, known=listed
            )

    def line(self, path: Path) -> int:
        """Return the line of ``path``, or of what it stands in."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def refuse(self) -> None:
        """Raise what was found.

        Raises:
            MappingInvalid: when there is a fault.
        """
        if self.found:
            raise invalid(self.name, self.found)


def invalid(name: str, found: Iterable[Finding]) -> MappingInvalid:
    """Return the refusal of a mapping with the faults ``found``, of which there is one at least."""
    faults = tuple(found)
    return MappingInvalid(name=name, count=len(faults), first=as_fact(faults[0]), faults=faults)


def near(word: str, known: Iterable[str]) -> str:
    """Return the one of ``known`` that ``word`` is most like, or an empty text."""
    folded = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=NEAR)
    return folded[found[0]] if found else ""


def shown_path(path: Path) -> str:
    """Return ``path`` as TOML writes it, places in lists from 1 in brackets."""
    shown = ""
    for part in path:
        shown += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return shown.removeprefix(".")
