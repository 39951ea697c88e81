"""Preview of an import: what would come in, in which state, of whom, and what a person would be asked; nothing is kept.

The import is rehearsed as it would happen (``archiver.operations.receive``), in a copy of the store's records: every
dossier is read and compared with them. What is found can be looked at while the rehearsal lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archiver.handover.arrivals import Arrival, UnitOutcome
from archiver.handover.missing_lines import count_records
from archiver.handover.opening import OpenedHandover, OpenRequest
from archiver.handover.receipt import Receipt
from archiver.identity.known_people import PatientIdentity
from archiver.identity.questions_page import ComparedQuestion
from archiver.operations.documents.receipt_document import arrival_json, receipt_json
from archiver.operations.people.compare_questions import compare_questions, compared_json
from archiver.operations.receive import receive
from archiver.practice.imports.dossier_part import ImportChoice
from archiver.practice.imports.rehearsal import rehearsing
from archiver.practice.questions import questions_of
from archiver.practice.store import PracticeStore
from archiver.worker_pool import WorkerPool
from formats.model.identity import names_and_birth
from formats.model.people import Patient
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewedDossier:
    """What would become of one dossier: ``same`` is whom it would be given to, ``questions`` what would be asked."""

    arrival: Arrival
    same: str = ""
    questions: tuple[ComparedQuestion, ...] = ()

    @property
    def records(self) -> int:
        """How many records and files would come in."""
        return count_records(self.arrival.counts)

    @property
    def left_aside(self) -> int:
        """How many would be left aside."""
        return count_records(self.arrival.left_aside)

    @property
    def change(self) -> str:
        """What would happen, in words; nothing where the state says so."""
        return _CHANGES.get(self.arrival.outcome, "")


_CHANGES = {UnitOutcome.CAME_IN: mark("would come in"), UnitOutcome.ALREADY_THERE: mark("is here already")}


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """The receipt that an import would have, beside the store as it would be."""

    receipt: Receipt
    _store: PracticeStore

    def dossiers(self) -> Iterator[PreviewedDossier]:
        """Yield what would become of each dossier, in the order in which people read."""
        for arrival in self.receipt.arrivals:
            if arrival.who:
                yield self._previewed(arrival)

    def _previewed(self, arrival: Arrival) -> PreviewedDossier:
        same = ""
        asked: tuple[ComparedQuestion, ...] = ()
        if arrival.identity is PatientIdentity.SAME:
            known = self._store.get(Patient, arrival.candidates[0])
            same = names_and_birth(known.traits) if known else ""
        elif arrival.identity is PatientIdentity.QUESTION:
            asked = tuple(compare_questions(self._store, questions_of(self._store, arrival.who["id"])))
        return PreviewedDossier(arrival=arrival, same=same, questions=asked)


@contextmanager
def preview_import(
    store: PracticeStore,
    request: OpenRequest,
    *,
    clock: Callable[[], datetime],
    choose: Callable[[OpenedHandover], ImportChoice],
    own: str,
    pool: WorkerPool,
    checking: Callable[[int], None],
    progress: Callable[[int], None],
) -> Iterator[ImportPreview]:
    """Rehearse an import into ``store``; what it would be can be looked at while the block lasts.

    Raises:
        Failure: as ``receive``.
    """
    if request.first_use:
        request = replace(request, first_use=replace(request.first_use, remembers=False))
    with rehearsing(store) as copy:
        receipt = receive(
            copy,
            request,
            clock=clock,
            choose=choose,
            own=own,
            pool=pool,
            checking=checking,
            progress=progress,
        )
        yield ImportPreview(receipt, copy)


def import_preview_json(preview: ImportPreview) -> dict[str, Any]:
    """Return the preview as JSON (``formats.json_text``), the dossiers of which can be read once.

    ``docs/en/reference/output.md`` describes it.
    """
    document = receipt_json(preview.receipt)
    del document["receipt"]
    return {"import_previewed": 1, **document, "dossiers": map(_dossier_json, preview.dossiers())}


def _dossier_json(one: PreviewedDossier) -> dict[str, Any]:
    questions = [compared_json(question) for question in one.questions]
    return {**arrival_json(one.arrival), "same": one.same, "questions": questions}
