"""What a person should know of imports that were taken back, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archiver.handover.kinds import kind_words
from archiver.operations.imports.undo_import import UndoneImport
from formats.errors import Fact
from formats.words import mark, plural

_DAY = len("2026-11-29")


def undone_sentences(
    undone: Iterable[UndoneImport], *, rehearsal: bool
) -> Iterator[tuple[str, Mapping[str, Fact]]]:
    """Yield what went with each import, each sentence with its facts; of a ``rehearsal``, what would go."""
    for one in undone:
        yield from _sentences(one, rehearsal=rehearsal)
    if rehearsal:
        yield mark("Nothing was changed: this says what would go."), {}


def _sentences(undone: UndoneImport, *, rehearsal: bool) -> Iterator[tuple[str, Mapping[str, Fact]]]:
    run = undone.run
    title = mark("Import {number} of {day} is taken back.")
    if rehearsal:
        title = mark("Import {number} of {day} would be taken back.")
    yield title, {"number": run.id, "day": run.imported_at[:_DAY]}
    yield mark("Package {package}, from {sender}"), {"package": run.package, "sender": run.sender}
    if undone.patients:
        sentence = plural("{count} patient who came with it goes:", "{count} patients who came with it go:")
        yield sentence, {"count": len(undone.patients)}
    for name in undone.patients:
        yield "  - {name}", {"name": name}
    for words, counts in (
        (mark("Removed, {what}: {count}"), undone.removed),
        (mark("As before the import, {what}: {count}"), undone.restored),
    ):
        for table, count in counts.items():
            yield words, {"what": kind_words(table), "count": count}
    yield (
        mark("Files removed: {count}; their bytes: {size}"),
        {"count": undone.files, "size": undone.file_bytes},
    )
    if undone.files_left:
        yield mark("Files that stay, as something else names them: {count}"), {"count": undone.files_left}
