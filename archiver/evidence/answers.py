"""What an evidence record answers about the objects it was asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archiver.evidence.errors import EvidenceInvalid
from archiver.verdict import Answer, Renewal, StampVerdict


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
