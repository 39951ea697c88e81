"""One flaw: the rule it breaks, its clause in the guide, what is wrong, and the plan that makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.vectors.generator.pdlgc.archive import SUBSET, Files, Plan, replaced

TEXT = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class ArchiveFlaw:
    """An archive with one flaw, which breaks ``rule`` and no other; ``clause`` is a section of PDLGC."""

    clause: str
    rule: str
    name: str
    plan: Plan

    @property
    def key(self) -> str:
        """The name of the case."""
        return f"{self.clause}-{self.rule}-{self.name}".replace(" ", "-").replace("§", "").replace("/", "-")


def flaw(clause: str, rule: str, title: str, /, **plan: Any) -> ArchiveFlaw:
    """Return a flaw."""
    return ArchiveFlaw(clause=clause, rule=rule, name=title, plan=Plan(**plan))


def manifest(rule: str, name: str, old: str, new: str, **more: Any) -> ArchiveFlaw:
    """Return a flaw of MANIFEST.XML: ``new`` stands where ``old`` should."""
    return flaw("§4", rule, name, manifest=replaced(old, new, 1), **more)


def metadata(rule: str, name: str, old: str, new: str, **more: Any) -> ArchiveFlaw:
    """Return a flaw of METADATA.XML."""
    return flaw("§6", rule, name, metadata=replaced(old, new, 1), **more)


def without(*names: str) -> Callable[[Files], None]:
    """Return what removes files."""

    def remove(files: Files) -> None:
        for name in names:
            del files[name]

    return remove


def renamed(old: str, new: str) -> Callable[[Files], None]:
    """Return what calls a file otherwise, in its place."""

    def rename(files: Files) -> None:
        every = list(files.items())
        files.clear()
        files.update((new if name == old else name, data) for name, data in every)

    return rename


def added(name: str, data: bytes = b"x\r\n") -> Callable[[Files], None]:
    """Return what lays one more file beside the others."""

    def add(files: Files) -> None:
        files[name] = data

    return add


def changed(name: str, data: bytes) -> Callable[[Files], None]:
    """Return what gives a file that is there other bytes."""

    def change(files: Files) -> None:
        assert name in files, f"{name} is not there"
        files[name] = data

    return change


def twin_of(files: Files, part: str) -> str:
    """Return the name of the PDF twin with ``part`` in its name."""
    return next(name for name in files if name.startswith("PDF/") and part in name)


def in_subset(name: str) -> str:
    """Return the name of a file of the SUBSET."""
    return f"{SUBSET}/{name}"
