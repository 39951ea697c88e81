"""Version policy: which runs of a backup are preserved.

Counted in days, months and years in which there were runs, from the newest one back, and never from what the clock
says now: a clock that was moved ahead makes no run older.

1. Every run of the newest ``all_days`` days that have runs.
2. The last run of each of the newest ``daily`` days, of the newest ``monthly`` months, and of the newest ``yearly``
   years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionPolicy:
    """How many days, months and years of runs are preserved; the newest run always is."""

    all_days: int = 7
    daily: int = 30
    monthly: int = 12
    yearly: int = 100

    def document(self) -> dict[str, int]:
        """Return the policy as JSON documents have it."""
        return asdict(self)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> VersionPolicy:
        """Return the policy that ``document`` wrote.

        Raises:
            ValueError, KeyError: when it is none.
        """
        values = {name: int(document[name]) for name in ("all_days", "daily", "monthly", "yearly")}
        if min(values.values()) < 0:
            raise ValueError(values)
        return cls(**values)

    def preserved(self, runs: Iterable[tuple[int, datetime]]) -> set[int]:
        """Return the numbers of those of ``runs``, each a number and its moment, that are preserved."""
        newest_first = sorted(runs, reverse=True)
        chosen = {number for number, _ in newest_first[:1]}
        days = list(dict.fromkeys(f"{at:%Y-%m-%d}" for _, at in newest_first))[: self.all_days]
        chosen |= {number for number, at in newest_first if f"{at:%Y-%m-%d}" in days}
        for pattern, count in (("%Y-%m-%d", self.daily), ("%Y-%m", self.monthly), ("%Y", self.yearly)):
            last: dict[str, int] = {}
            for number, at in newest_first:
                last.setdefault(at.strftime(pattern), number)
            chosen |= set(list(last.values())[:count])
        return chosen


DEFAULT_POLICY = VersionPolicy()
