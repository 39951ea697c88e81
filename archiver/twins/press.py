"""Readable copies of the documents of one archive after the other, made ahead of whoever writes the archive."""

from __future__ import annotations

import hashlib
import io
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, Self

import archiver
from archiver import disk, temporary_files
from archiver.twins.cache import CopyCache
from archiver.twins.description import content_facts, file_facts
from archiver.twins.findings import copy_findings
from archiver.twins.heading import copy_moment, heading_data
from archiver.twins.nodes import fact_nodes
from archiver.twins.originals import shows
from archiver.twins.pool import SECONDS, CopyPool
from archiver.twins.request import MAX_FILE_BYTES, CopyRequest, MadeCopy, StandIn
from archiver.twins.structured import places_of, structured_nodes
from archiver.twins.worker import template_files
from formats.contents.view import PictureView
from formats.digests import chunks
from formats.errors import AttachmentChanged, LimitExceeded
from formats.findings import Finding
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile
from formats.pdlgc.subset.documents import SubsetDocument
from formats.words import mark

OpenFile = Callable[[str], BinaryIO]
"""Open the bytes behind an attachment by its SHA-256; the caller closes them."""
AHEAD = 2
"""Copies for each process that are made, or wait, before they are asked for."""


@cache
def template_version() -> str:
    """Return what copies depend on besides their documents: the program's version and its templates."""
    state = hashlib.sha256(archiver.__version__.encode())
    for name, content in sorted(template_files().items()):
        state.update(name.encode() + content)
    return state.hexdigest()


@dataclass(slots=True)
class CopyCounts:
    """Readable copies so far: all of them, those of the cache, and pages that stand in for a file."""

    copies: int = 0
    from_cache: int = 0
    stand_ins: int = 0


@dataclass(slots=True)
class PendingCopy:
    """A copy that is being made at ``target``, or that came from the cache; ``file`` is the original that it needs."""

    key: str
    target: Path
    file: Path | None = None
    future: Future[MadeCopy] | None = None
    made: MadeCopy | None = None


class TwinPress:
    """Makes readable copies with ``processes`` processes of its own, those in ``cache`` excepted.

    Without ``cache`` nothing of a patient stays. ``findings`` and ``counts`` are of the copies opened so far.

    Raises:
        DiskFull, DiskFault: what the disk answered.
    """

    def __init__(self, *, processes: int = 1, cache: Path | None = None, seconds: float = SECONDS) -> None:
        self.findings: list[Finding] = []
        self.counts = CopyCounts()
        self.ahead = AHEAD * max(1, processes)
        self._number = 0
        with ExitStack() as stack:
            self._folder = stack.enter_context(temporary_files.scratch())
            self._cache = CopyCache(cache) if cache else None
            self._pool = stack.enter_context(CopyPool(processes, self._folder, seconds=seconds))
            self._resources = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the processes, and remove what they made and nobody opened."""
        self._resources.close()

    def prepare(
        self, dossier: Dossier, documents: Sequence[SubsetDocument], open_attachment: OpenFile
    ) -> TwinBatch:
        """Return what opens the copies of ``documents``, in their order; the first are being made from now on."""
        return TwinBatch(self, dossier, documents, open_attachment)

    def new_path(self, ending: str) -> Path:
        """Return the path of a new file of this press."""
        self._number += 1
        return self._folder / f"{self._number}.{ending}"

    def submit(self, request: CopyRequest) -> PendingCopy:
        """Have a copy made, unless the cache has it."""
        key = request.key(template_version())
        pending = PendingCopy(key=key, target=self.new_path("pdf"), file=request.file)
        found = self._cache.get(key, pending.target) if self._cache else None
        if found:
            pending.made = found
        else:
            pending.future = self._pool.submit(request, pending.target)
        return pending

    def open(self, pending: PendingCopy, place: str) -> BinaryIO:
        """Open a copy when it is made; its file is gone when it is closed.

        Raises:
            WorkerLost: when not even a page that stands in for a file could be made.
            DiskFull, DiskFault: what the disk answered to the process.
        """
        self.counts.copies += 1
        if pending.made is not None:
            self.counts.from_cache += 1
            made = pending.made
        elif pending.future is not None:
            made = pending.future.result()
            if self._cache and made.stand_in is None and not made.letters:
                self._cache.put(pending.key, made, pending.target)
            self.counts.stand_ins += made.stand_in is not None
            self.findings += copy_findings(place, made)
        if pending.file is not None:
            disk.remove(pending.file)
        with disk.failures_about(pending.target):
            return io.BufferedReader(_TemporaryCopy(pending.target))


class TwinBatch:
    """Opens the copies of the documents of one archive; a few are made ahead, in their order."""

    def __init__(
        self,
        press: TwinPress,
        dossier: Dossier,
        documents: Sequence[SubsetDocument],
        open_attachment: OpenFile,
    ) -> None:
        self._press = press
        self._dossier = dossier
        self._open_attachment = open_attachment
        self._places = places_of(documents, dossier)
        self._next = deque(documents)
        self._pending: dict[str, PendingCopy] = {}
        self._submit_ahead()

    def __call__(self, document: SubsetDocument) -> BinaryIO:
        """Open the copy of ``document``; each is opened once.

        Raises:
            WorkerLost, AttachmentChanged, DiskFull, DiskFault: when it cannot be made.
        """
        while document.place not in self._pending:
            self._submit(self._next.popleft())
        stream = self._press.open(self._pending.pop(document.place), document.place)
        self._submit_ahead()
        return stream

    def _submit_ahead(self) -> None:
        while self._next and len(self._pending) < self._press.ahead:
            self._submit(self._next.popleft())

    def _submit(self, document: SubsetDocument) -> None:
        self._pending[document.place] = self._press.submit(self._request(document))

    def _request(self, document: SubsetDocument) -> CopyRequest:
        data = heading_data(self._dossier, document)
        made = copy_moment(document)
        facts = file_facts(document)
        if document.structured:
            data["body"] = structured_nodes(self._dossier, document.structured, document.key, self._places)
            return CopyRequest(data=data, made=made, facts=facts)
        data["body"] = [fact_nodes(content_facts(self._dossier, document))]
        record = document.record
        file = record.attachment if record else None
        why = None if file and shows(file.media_type) else StandIn.FORMAT
        fault = None
        if file and not file.size:
            why = StandIn.EMPTY
        elif file and why is None and file.size > MAX_FILE_BYTES:
            name = mark("the size of the file in bytes")
            why, fault = StandIn.LIMIT, LimitExceeded(name=name, found=file.size, limit=MAX_FILE_BYTES)
        return CopyRequest(
            data=data,
            made=made,
            facts=facts,
            original=file,
            file=self._copied(file) if file and why is None else None,
            view=_view(record) if isinstance(record, ImageFile) else None,
            stand_in=why,
            fault=fault,
        )

    def _copied(self, file: Attachment) -> Path:
        """Return a file that a process can open, with the bytes of an attachment and no more than it states."""
        path = self._press.new_path("original")
        left = file.size
        with self._open_attachment(file.sha256) as source, disk.open_new(path) as target:
            for piece in chunks(source):
                left -= len(piece)
                if left < 0:
                    break
                target.write(piece)
        if left:
            raise AttachmentChanged(digest=file.sha256, reason=mark("its length is another"))
        return path


def _view(image: ImageFile) -> PictureView:
    """Return how a viewer showed ``image``, but all of it: what was cut off may be what somebody looks for."""
    return PictureView(rotation=image.rotation, flipped=image.flipped, window=image.window)


class _TemporaryCopy(io.FileIO):
    """A file that is gone when it is closed."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._path = path

    def close(self) -> None:
        if not self.closed:
            super().close()
            disk.remove(self._path)
