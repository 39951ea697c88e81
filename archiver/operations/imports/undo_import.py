"""Take back one import whole: the practice is again as it was before it.

1. What came later and builds on it is looked for. With ``later``, imports among it are taken back first, the latest
   first, and answers, holds and other entries about what goes are deleted; what a collection brought still refuses.
2. Every row the import changed gets its former content; one that was new is deleted.
3. No reference may lead nowhere; then the journal says what was done, and files that nobody lists any more are removed.

All of it happens, or nothing. A rehearsal does the same to a copy of the records, and leaves the store as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from archiver.operations.imports.errors import ImportUnknown, NothingToUndo, UndoneBefore, UndoRefused
from archiver.practice.imports.import_runs import ImportRun, import_run, import_runs, note_undone
from archiver.practice.imports.later_changes import LaterChange, changes_left, changes_since
from archiver.practice.imports.rehearsal import rehearsing
from archiver.practice.imports.reversal import Reversal, references_unenforced
from archiver.practice.questions import pair_identifier
from archiver.practice.store import PracticeStore
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.model.identity import names_and_birth
from formats.model.people import Patient
from formats.words import mark, plural

_DAY = len("2026-11-29")
_LATER_IMPORT = plural(
    "Import {run} of {day} came later and has the dossier of {count} patient of this one.",
    "Import {run} of {day} came later and has the dossiers of {count} patients of this one.",
)
_LATER_IMPORT_OF_PRACTICE = mark(
    "Import {run} of {day} came later and changed what this one wrote about the practice as a whole."
)
_LATER_RECORDS = plural(
    "{count} record of {patient} was changed or added since, not by an import.",
    "{count} records of {patient} were changed or added since, not by an import.",
)
_OTHER_RECORDS = plural(
    "{count} record of the practice as a whole was changed or added since, not by an import.",
    "{count} records of the practice as a whole were changed or added since, not by an import.",
)
_ENTRIES: Mapping[str, str] = {
    "identity_questions": mark("Question {entry} about {patient} was asked, answered or opened again since."),
    "identity_merges": mark("A merge of {patient} was made or taken back since (question {entry})."),
    "degraded_entries": mark(
        "Somebody has looked since at what could not be read of {patient} (entry {entry})."
    ),
    "holds": mark("Hold {entry} on the dossier of {patient} was set or lifted since."),
    "retention_decisions": mark(
        "Decision {entry} about the term of {patient} was recorded or withdrawn since."
    ),
    "access_requests": mark("Request {entry} for the dossier of {patient} was written down since."),
    "request_deliveries": mark("Something was written since for a request about a patient who would go."),
}
_OTHER_ENTRY = mark("Something about {patient} was written down since (table {table}).")


@dataclass(frozen=True, kw_only=True, slots=True)
class UndoneImport:
    """What went with ``run``: ``patients`` (names and birth) who were new, rows by table that went or are as before.

    ``files_left`` is how many files that came with it stay, since something else names them.
    """

    run: ImportRun
    patients: tuple[str, ...]
    removed: Mapping[str, int]
    restored: Mapping[str, int]
    files: int
    file_bytes: int
    files_left: int


class _Refusal(Exception):
    """What came later, said when the store is again as it was."""

    def __init__(self, changes: list[LaterChange]) -> None:
        super().__init__()
        self.changes = changes


def undo_import(
    store: PracticeStore,
    number: int | None,
    *,
    by: str,
    at: datetime,
    later: bool = False,
    rehearsal: bool = False,
) -> tuple[UndoneImport, ...]:
    """Take back the import ``number``, or the latest; return what went, of each import, in that order.

    Raises:
        ImportUnknown, NothingToUndo, UndoneBefore: when there is none to take back.
        UndoRefused: when something that came later builds on it; the store stays as it was.
    """
    run = _named(store, number)
    undone: list[UndoneImport] = []
    files: list[str] = []
    with rehearsing(store) if rehearsal else nullcontext(store) as concerned:
        try:
            with references_unenforced(concerned), concerned.changing():
                _undo(concerned, run, by=by, at=at, later=later, undone=undone, files=files)
        except _Refusal as refusal:
            findings = [_finding(concerned, one) for one in refusal.changes]
            failure = UndoRefused(number=run.id, count=len(findings))
            failure.findings = findings
            raise failure from None
        with concerned.changing():
            # nobody else adds a file meanwhile; were we killed before, the next sweep removes them
            concerned.remove_unlisted(files)
    return tuple(undone)


def _named(store: PracticeStore, number: int | None) -> ImportRun:
    if number is None:
        latest = max(
            (one for one in import_runs(store) if not one.undone_at), key=lambda one: one.id, default=None
        )
        if latest is None:
            raise NothingToUndo
        return latest
    run = import_run(store, number)
    if run is None:
        raise ImportUnknown(number=number)
    if run.undone_at:
        raise UndoneBefore(number=number, by=run.undone_by, day=run.undone_at[:_DAY])
    return run


def _undo(
    store: PracticeStore,
    run: ImportRun,
    *,
    by: str,
    at: datetime,
    later: bool,
    undone: list[UndoneImport],
    files: list[str],
) -> None:
    """Follow steps 1 to 3 for ``run``.

    Raises:
        _Refusal: with everything that came later.
    """
    reversal = Reversal(store, run)
    with reversal.listed():
        changes = list(changes_since(reversal))
        imports = sorted((one.run for one in changes if one.run), reverse=True)
        if not (later and imports):
            undone.append(_reverse(reversal, changes, later=later))
            files += reversal.files
            note_undone(store, run, by=by, at=at)
            _note(store, undone[-1], by=by, at=at)
            return
    for number in imports:
        following = import_run(store, number)
        if following is not None and not following.undone_at:  # one before may have taken it back
            _undo(store, following, by=by, at=at, later=later, undone=undone, files=files)
    _undo(store, run, by=by, at=at, later=later, undone=undone, files=files)


def _reverse(reversal: Reversal, changes: list[LaterChange], *, later: bool) -> UndoneImport:
    store = reversal.store
    patients = tuple(_name(store, one) for one in reversal.new_patients())
    reversal.put_back()
    left = list(changes_left(reversal))
    while later and left and all(one.table for one in left):
        for one in left:
            reversal.delete_entry(one.table, one.place)
        left = list(changes_left(reversal))
    changes = [one for one in (*changes, *left) if not (later and one.table)]
    if changes:
        raise _Refusal(_distinct(changes))
    reversal.finish()
    return UndoneImport(
        run=reversal.run,
        patients=patients,
        removed=dict(+reversal.gone),
        restored=dict(+reversal.restored),
        files=len(reversal.files),
        file_bytes=reversal.file_bytes,
        files_left=reversal.files_left,
    )


def _distinct(changes: Iterable[LaterChange]) -> list[LaterChange]:
    """Return ``changes``, each entry once: one that was changed may also refer to what is gone."""
    found: dict[tuple[int, str, int, str], LaterChange] = {}
    for one in changes:
        found.setdefault((one.run, one.table, one.place, one.patient), one)
    return list(found.values())


def _note(store: PracticeStore, undone: UndoneImport, *, by: str, at: datetime) -> None:
    detail = {
        "import": undone.run.id,
        "package": undone.run.package,
        "by": by,
        "patients": len(undone.patients),
    }
    store.note(
        at.isoformat(), "import-undone", {**detail, "removed": undone.removed, "restored": undone.restored}
    )


def _finding(store: PracticeStore, change: LaterChange) -> Finding:
    """Return what a person should know of ``change``; the store is again as it was."""
    name, entry = _name(store, change.patient), _entry_name(change)
    facts: dict[str, Fact] = {"patient": name, "entry": entry, "table": change.table, "count": change.count}
    sentence: str
    if change.run:
        run = import_run(store, change.run)
        facts |= {"run": change.run, "day": run.imported_at[:_DAY] if run else ""}
        sentence = _LATER_IMPORT if change.count else _LATER_IMPORT_OF_PRACTICE
        code, where = "later-import", f"imports/{change.run}"
    elif change.table:
        sentence = _ENTRIES.get(change.table, _OTHER_ENTRY)
        code, where = "later-entry", f"{change.table}/{entry}"
    elif change.patient:
        code, where, sentence = "later-records", f"patients/{change.patient}", _LATER_RECORDS
    else:
        code, where, sentence = "later-records", "", _OTHER_RECORDS
    used = {fact: value for fact, value in facts.items() if f"{{{fact}}}" in sentence}
    return Finding(severity=Severity.ERROR, code=code, where=where, sentence=sentence, facts=used)


def _entry_name(change: LaterChange) -> str:
    """Return what people call an entry: the identifier of a question, or a number."""
    other = change.cells.get("candidate") or change.cells.get("other")
    if other:
        return pair_identifier(change.patient, other)
    return str(change.cells.get("id", ""))


def _name(store: PracticeStore, patient: str) -> str:
    found = store.get(Patient, patient) if patient else None
    return names_and_birth(found.traits) if found else patient
