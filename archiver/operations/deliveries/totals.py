"""What a delivery of many dossiers comes to: counts as the dossiers have them, findings, the line of the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from archiver.delivery.write import DossierSource
from archiver.handover.kinds import require_counts
from archiver.operations.deliveries.deliver import DossierReader
from archiver.practice.store import PracticeStore
from archiver.search.records import SearchRecord
from archiver.spooled_list import SpooledList
from formats.findings import Finding
from formats.model.missing import missing_content, missing_counts

if TYPE_CHECKING:  # whoever delivers out of a store opens no package
    from archiver.handover.opening import OpenedHandover

T = TypeVar("T")


class DeliveryRequest(Protocol):
    """Which persons, each by all records of the person, who hands over, and to whom."""

    @property
    def persons(self) -> Collection[Sequence[SearchRecord]]: ...

    @property
    def by(self) -> str: ...

    @property
    def receiver(self) -> str: ...


@dataclass(kw_only=True, slots=True)
class DeliveryTotals:
    """How many dossiers were written, what they hold and lack, and what was noticed, which is spooled."""

    dossiers: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    findings: SpooledList[Finding] = field(default_factory=SpooledList)

    def add(self, source: DossierSource, written: Counter[str], *, left_out: Sequence[str] = ()) -> None:
        """Count a dossier of which so much was ``written``; kinds that are ``left_out`` are not expected.

        Raises:
            CountsDiffer: when that is not all of it.
        """
        expected = {kind: count for kind, count in source.dossier.counts().items() if kind not in left_out}
        require_counts(expected, written)
        self.counts.update(written)
        self.counts.update(missing_counts(missing_content(source.dossier)))
        self.notice(source)

    def notice(self, source: DossierSource) -> None:
        """Count a dossier, and take what was noticed when it was opened."""
        self.dossiers += 1
        for one in source.findings:
            self.findings.append(one)


def deliver_whole(
    content: PracticeStore | OpenedHandover,
    request: DeliveryRequest,
    at: datetime,
    write: Callable[[DossierReader], T],
    detail: Callable[[T], Mapping[str, Any]],
) -> T:
    """Have ``write`` write all dossiers; the journal of a store says so, with ``detail``, once they are written."""
    if not isinstance(content, PracticeStore):
        return write(DossierReader(content, at))
    with content.changing():
        outcome = write(DossierReader(content, at))
        who: dict[str, Any] = {
            "by": request.by,
            "receiver": request.receiver,
            "patients": [record.id for records in request.persons for record in records],
        }
        content.note(at.isoformat(), "delivery", who | dict(detail(outcome)))
    return outcome
