"""A practice store or a package as the source of dossiers: whichever lies at a path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.cli.options.keys import PackageKeys
from archiver.cli.options.trust import OpeningOptions
from archiver.cli.terminal.console import progress
from archiver.practice.connection import is_database
from archiver.practice.store import PracticeStore, open_store
from formats.findings import Finding
from formats.words import mark

if TYPE_CHECKING:  # whoever looks into a store opens no package
    from archiver.handover.opening import OpenedHandover


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceOptions:
    """What the command line says of a source; keys and trust count for a package alone."""

    path: Path
    keys: PackageKeys
    trust: OpeningOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedSource:
    """A store or a package, open for reading; ``findings`` are what was noticed while it was opened."""

    content: PracticeStore | OpenedHandover
    findings: tuple[Finding, ...] = ()


@contextmanager
def open_source(options: SourceOptions, *, reading: bool = True) -> Iterator[OpenedSource]:
    """Open what lies at the path: a store as one that is only read unless ``reading`` is false, else a package.

    Raises:
        SayHow: when it is a package, and no key is named.
        Failure: as ``open_store`` or ``open_handover``.
    """
    if is_database(options.path):
        with open_store(options.path, reading=reading) as store:
            yield OpenedSource(content=store)
        return
    options.keys.require()
    yield _opened_package(options)


def _opened_package(options: SourceOptions) -> OpenedSource:
    from archiver.cli.options.accepted_signers import note_doubt
    from archiver.cli.run.inspect import opening_of
    from archiver.examination.examine import length_of
    from archiver.handover.opening import open_handover

    opening = opening_of(options.path, options.keys, options.trust)
    with progress(mark("Verifying"), total=length_of(opening.package, opening.trust), unit="B") as step:
        received = open_handover(opening, progress=step)
    findings = note_doubt(received.doubt, opening.trust, received.verdict.trusted)
    return OpenedSource(content=received, findings=tuple(findings))
