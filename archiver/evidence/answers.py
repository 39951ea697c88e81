"""What an evidence record answers: one answer for the whole, and one for every time-stamp in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from archiver.errors import EvidenceInvalid
from archiver.verdict import Answer


class Renewal(StrEnum):
    """What has to be done before a record stops proving anything."""

    TIME_STAMP = "time-stamp"
    HASH_TREE = "hash-tree"


@dataclass(frozen=True, kw_only=True, slots=True)
class StampVerdict:
    """One archive time-stamp: ``place`` is its chain and its place there, counted from 1 (``2.1``).

    ``time`` and ``authority`` are what its token says, true or not; ``until`` is
    when its certificate or an algorithm under it ends.
    """

    place: str
    hash_name: str
    time: datetime
    authority: str
    until: datetime
    answer: Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceVerdict:
    """What a record proves about the objects it was asked about.

    ``uncovered`` says which objects it does not speak of. ``others`` counts digests in the
    newest list that belong to none of them: destroyed or left out, or the way of a tree.
    ``renew_before`` and ``renewal`` say what comes next; nothing for a record that is refuted.
    """

    existed_at: Answer
    stamps: tuple[StampVerdict, ...] = ()
    uncovered: Mapping[str, EvidenceInvalid] = field(default_factory=dict)
    others: int = 0
    renew_before: datetime | None = None
    renewal: Renewal | None = None
