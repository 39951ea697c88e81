"""What an examination finds wrong with a package, each thing once, and no more of it than anybody reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
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
    stated: frozenset[str] = frozenset()
    """Members that a statement says were destroyed: that they are missing is settled at the end."""
    absent: dict[str, Failure] = field(default_factory=dict)

    def file(self, failure: Failure) -> None:
        """Put ``failure`` where it belongs; three lists may find the same part missing."""
        if isinstance(failure, ListAlgorithmUnknown):
            self.unknown = failure
            return
        if type(failure) is MemberMissing and failure.facts["member"] in self.stated:
            self.absent.setdefault(str(failure.facts["member"]), failure)
            return
        self._put(failure)

    def file_all(self, failures: Iterable[Failure]) -> None:
        """Put each of ``failures`` where it belongs."""
        for one in failures:
            self.file(one)

    def settle(self, destroyed: Container[str], false: Iterable[Failure]) -> None:
        """File what is missing of what was ``stated``, and was not lawfully ``destroyed``; and what is ``false``."""
        self.file_all(false)
        for member, failure in self.absent.items():
            if member not in destroyed:
                self._put(failure)

    def _put(self, failure: Failure) -> None:
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
