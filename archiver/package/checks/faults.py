"""What an examination finds wrong with a package, each thing once, and no more of it than anybody reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from archiver.package.errors import ListAlgorithmUnknown, MemberMissing, MemberUnlisted
from formats.errors import Failure, LimitExceeded
from formats.words import mark

MAX_FAILURES = 1000
"""Failures of one code that are told one by one; a list may name 500,000 parts that are not there."""


@dataclass(kw_only=True, slots=True)
class Faults:
    """Everything found wrong so far: what was changed, and what is missing or too much.

    ``unknown`` is why nobody can tell whether anything was changed.
    """

    changed: dict[object, Failure] = field(default_factory=dict)
    incomplete: dict[object, Failure] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    unknown: Failure | None = None

    def file(self, failure: Failure) -> None:
        """Put ``failure`` where it belongs; three lists may find the same part missing."""
        if isinstance(failure, ListAlgorithmUnknown):
            self.unknown = failure
            return
        kind = self.incomplete if isinstance(failure, MemberMissing | MemberUnlisted) else self.changed
        known = (failure.code, *failure.facts.values())
        if known not in kind:
            self.counts[failure.code] += 1
            if self.counts[failure.code] <= MAX_FAILURES:
                kind[known] = failure

    def limits_exceeded(self) -> Iterator[Failure]:
        """Yield how many were found of every code of which not all are told."""
        for code, found in self.counts.items():
            if found > MAX_FAILURES:
                name = mark("the number of findings of one kind")
                yield LimitExceeded(where=code, name=name, found=found, limit=MAX_FAILURES)
