"""Revocation lists and OCSP responses that a reader gives, besides those that came with a signature.

What came with a signature was put there to be heeded, so one that is stale or of strangers leaves a
question open. A reader gives what they have of today, and much of it speaks of somebody else:
one that is stale for the moment that counts, or that nobody in a chain vouches for, leaves every
answer as it was, and is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from archiver.signing.revocation.sources import Sources
from formats.findings import Finding, Severity
from formats.words import mark


class SourceUse(IntEnum):
    """What became of a source; the greatest counts where several chains were asked about."""

    FOREIGN = 0
    UNVOUCHED = 1
    LATE = 2
    STALE = 3
    HEEDED = 4


REASONS = {
    SourceUse.FOREIGN: mark("it speaks of none of the certificates here"),
    SourceUse.UNVOUCHED: mark("no authority of these certificates signed it"),
    SourceUse.LATE: mark(
        "it was issued after the certificate had ended, and does not say that it keeps such ones"
    ),
    SourceUse.STALE: mark("it ends before the moment that counts"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SuppliedSources:
    """The ``sources``, the ``files`` they were read from, and what became of each so far."""

    sources: Sources = field(default_factory=Sources)
    files: Mapping[bytes, str] = field(default_factory=dict)
    heard: dict[bytes, SourceUse] = field(default_factory=dict)

    def note(self, source: bytes, heed: SourceUse) -> None:
        """Write down what became of ``source`` for one more chain."""
        self.heard[source] = max(heed, self.heard.get(source, heed))

    def ignored(self) -> Iterator[Finding]:
        """Yield every source that told nothing about anybody."""
        for source in (*self.sources.lists, *self.sources.responses):
            heed = self.heard.get(source, SourceUse.FOREIGN)
            if heed is not SourceUse.HEEDED:
                yield Finding(
                    severity=Severity.WARNING,
                    code="revocation-ignored",
                    where=self.files.get(source, ""),
                    sentence=mark("This revocation list or OCSP response was left aside: {reason}."),
                    facts={"reason": REASONS[heed]},
                )
