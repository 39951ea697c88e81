"""Send dossiers to a target on the network (DICOM node, DICOMweb or FHIR server), and list what it took and refused.

What the target took in an earlier run is not sent again. What left a store, also what the target refused, is written
into its journal: by whom, for whom, when, of which patients, however the run ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from archiver.delivery.errors import SendingInterrupted
from archiver.delivery.sent_list import SentItem, SentList, SentState, open_sent_list
from archiver.delivery.write import DossierSource
from archiver.operations.deliveries.deliver import DossierReader
from archiver.practice.store import PracticeStore
from archiver.search.records import SearchRecord
from archiver.spooled_list import SpooledList
from formats.findings import Finding

if TYPE_CHECKING:  # whoever sends out of a store opens no package
    from archiver.handover.opening import OpenedHandover


class DeliveryTarget(Protocol):
    """Where dossiers are sent: ``name`` in the list, and what sends one and says what became of each part.

    ``instances`` tells whether it keeps DICOM files by their instance UIDs.
    """

    @property
    def name(self) -> str: ...

    @property
    def instances(self) -> bool: ...

    def send(
        self, source: DossierSource, is_taken: Callable[[SentItem], bool], /
    ) -> Iterator[SentItem | Finding]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class SendRequest:
    """Which persons, each by all records of the person, and the list of what was sent, for whom."""

    persons: Collection[Sequence[SearchRecord]]
    listed: Path
    by: str = ""
    receiver: str = ""


@dataclass(kw_only=True, slots=True)
class SendOutcome:
    """How many dossiers were read and what was noticed, what became of their parts, why some were refused.

    ``patients`` are those of whom something was sent in this run, taken or refused.
    """

    target: str
    dossiers: int = 0
    patients: list[str] = field(default_factory=list)
    states: Counter[SentState] = field(default_factory=Counter)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: SpooledList[Finding] = field(default_factory=SpooledList)

    def add(self, patient: str, item: SentItem) -> None:
        """Count what became of a part of the dossier of ``patient``."""
        self.states[item.state] += 1
        if item.left and patient not in self.patients[-1:]:
            self.patients.append(patient)
        if item.state is SentState.REFUSED:
            self.answers[item.kind, item.answer] += 1


def send(
    content: PracticeStore | OpenedHandover,
    target: DeliveryTarget,
    request: SendRequest,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> SendOutcome:
    """Send the dossiers; ``progress`` is told the persons done.

    Raises:
        TargetUnreachable: when the target is not there; what it took before is in the list.
        SendingInterrupted: after Ctrl-C; likewise.
        AttachmentMissing, AttachmentChanged: when a file is not what the dossier says.
        TableUnreadable, DiskFull, DiskFault: as ``open_sent_list``.
        Failure: as ``open_dossier``, of a package.
    """
    outcome = SendOutcome(target=target.name)
    reader = DossierReader(content, clock().replace(microsecond=0), instances=target.instances)
    with open_sent_list(request.listed, target.name) as listed:
        try:
            for records in request.persons:
                for record in records:
                    with reader.open(record.id) as source:
                        _send_dossier(source, target, listed, outcome, number=record.number, clock=clock)
                listed.settle()
                progress(1)
        except KeyboardInterrupt:
            raise SendingInterrupted from None
        finally:
            if isinstance(content, PracticeStore) and outcome.patients:
                with content.changing():
                    content.note(clock().isoformat(), "delivery", _journal(request, outcome))
    return outcome


def _send_dossier(
    source: DossierSource,
    target: DeliveryTarget,
    listed: SentList,
    outcome: SendOutcome,
    *,
    number: str,
    clock: Callable[[], datetime],
) -> None:
    outcome.dossiers += 1
    for one in source.findings:
        outcome.findings.append(one)
    for item in target.send(source, listed.has):
        if isinstance(item, Finding):
            outcome.findings.append(item)
            continue
        outcome.add(source.dossier.patient.id, item)
        if item.state is not SentState.EARLIER:
            listed.add(number, item, clock())


def _journal(request: SendRequest, outcome: SendOutcome) -> dict[str, Any]:
    return {
        "by": request.by,
        "receiver": request.receiver,
        "target": outcome.target,
        "patients": outcome.patients,
        "sent": outcome.states[SentState.SENT],
        "refused": outcome.states[SentState.REFUSED],
    }
