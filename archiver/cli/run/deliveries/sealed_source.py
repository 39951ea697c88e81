"""The sealed package that an archive gets as a whole: it is examined without any key."""

from __future__ import annotations

from archiver.cli.options.accepted_signers import AcceptedSigners, note_doubt, read_accepted
from archiver.cli.run.dossiers.source import SourceOptions
from archiver.cli.terminal.usage_errors import SayHow
from archiver.examination.examine import packed_sizes
from archiver.package.checks.open import doubt_of
from archiver.practice.connection import is_database
from archiver.verdict import Verdict
from formats.errors import not_found
from formats.findings import Finding
from formats.words import mark


def sealed_source(source: SourceOptions) -> AcceptedSigners:
    """Return whom the person accepts as signers of the package.

    Raises:
        FileNotFound: when nothing lies at the path; SayHow: when it is a practice store.
        Failure: as ``read_accepted``.
    """
    if not source.path.exists():
        raise not_found(source.path)
    if is_database(source.path):
        raise SayHow(mark("This form is of a sealed package: make one with archiver export"))
    return read_accepted(source.trust)


def bytes_of(source: SourceOptions) -> int:
    """Return how many bytes go by: each is examined, then copied."""
    return 2 * sum(packed_sizes(source.path))


def findings_of(verdict: Verdict, whom: AcceptedSigners) -> tuple[Finding, ...]:
    """Say what could not be proven of the signature, and return what was noticed."""
    note_doubt(doubt_of(verdict), whom.trust, verdict.trusted)
    return verdict.findings
