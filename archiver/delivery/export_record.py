"""An export that is not finished, and the record of what of it is whole, by which it goes on.

The first line says which export it is, each other line which member is whole and of what. Nothing of it is forced to
the disk: when an export goes on, every archive that the record calls whole is read, and counts as far as its digest
is the stated one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from archiver import disk
from archiver.delivery.unfinished import MAX_LINE, UNFINISHED, is_unfinished, withdraw
from archiver.errors import AlreadyExists
from archiver.spooled_list import SpooledList
from formats.digests import BUFFER, SHA256, Digest
from formats.portability.writer.manifest import ArchiveLine
from formats.zip.headers import ZIP64_VERSION, StatedSizes, local_header_length
from formats.zip.writer import MemberSpan

PART = "PART{number:03}.TMP"
"""The name of an archive until it is whole."""
PARTS = "PART*.TMP"


@dataclass(frozen=True, kw_only=True, slots=True)
class WholeMember:
    """A member of archive ``part`` that is whole: a patient's ``line``, and a key of the ``content`` it was made of.

    Of a member that is no patient's ``content`` is the digest of its bytes in the archive. ``findings`` are what was
    noticed when it was written, as ``findings_text`` writes them.
    """

    part: int
    member: MemberSpan
    line: ArchiveLine | None = None
    content: str = ""
    findings: str = ""


@dataclass(slots=True)
class UnfinishedExport:
    """The unfinished export in ``folder``, and what of it is whole; ``facts`` are those it began with."""

    folder: Path
    facts: Mapping[str, Any]
    stream: BinaryIO
    whole: dict[int, SpooledList[WholeMember]] = field(default_factory=dict)

    def add(self, one: WholeMember) -> None:
        """Write down that a member is whole."""
        member = {"stated": [_text(value) for value in one.member.stated], "at": one.member.offset}
        line = {**asdict(one.line), "digest": one.line.digest.hex} if one.line else None
        rest = {"content": one.content, "findings": one.findings}
        self._write({"part": one.part, **member, "end": one.member.end, "line": line, **rest})

    def _write(self, document: Mapping[str, Any]) -> None:
        with disk.failures_about():
            self.stream.write(_line(document))
            self.stream.flush()

    @contextmanager
    def open_part(self, number: int) -> Iterator[tuple[BinaryIO, Collection[WholeMember]]]:
        """Open the archive ``number``, cut off behind the members that are whole, which are given as well."""
        path = self.folder / PART.format(number=number)
        if not path.exists():
            disk.open_new(path).close()
        with disk.failures_about(), path.open("r+b") as stream:
            whole = SpooledList(_verified(stream, self.whole.get(number, ())))
            cut_off(stream, whole)
            yield stream, whole
            disk.make_durable(stream)


def cut_off(stream: BinaryIO, whole: Iterable[WholeMember]) -> None:
    """Cut the archive off behind its ``whole`` members, where the next one is written."""
    end = 0
    for one in whole:
        end = one.member.end
    with disk.failures_about():
        stream.seek(end)
        stream.truncate()


@contextmanager
def open_unfinished_export(folder: Path, which: str, begun: Mapping[str, Any]) -> Iterator[UnfinishedExport]:
    """Begin the export of which ``which`` tells all that must be the same, or go on with it in ``folder``.

    ``begun`` are the facts of one that begins. Where no patient's archive became whole nothing is left behind.

    Raises:
        AlreadyExists: when something lies at ``folder`` that is not this export.
        DiskFull, DiskFault: what the disk answered.
    """
    path = folder / UNFINISHED
    if folder.exists() and not is_unfinished(folder):
        raise AlreadyExists(path=str(folder))
    with disk.failures_about(folder):
        if not folder.exists():
            disk.make_private_folder(folder)
        if not path.exists() or not path.stat().st_size:
            disk.remove(path)
            with disk.open_new(path) as stream:
                stream.write(_line({"export": which, **begun}))
        with path.open("r+b") as stream:
            record = _read(stream, folder, which)
            try:
                yield record
            except BaseException:
                stream.seek(0)
                if not any(one.line for one in _lines(stream)):
                    stream.close()
                    withdraw(folder, PARTS)
                raise


def name_archives(record: UnfinishedExport, names: Sequence[str]) -> None:
    """Give the finished archives their names, and remove the record.

    Raises:
        DiskFault: what the disk answered.
    """
    for number, name in enumerate(names, 1):
        aside = record.folder / PART.format(number=number)
        if aside.exists():
            disk.name_if_free(aside, record.folder / name)
    disk.sync_folder(record.folder)
    record.stream.close()
    disk.remove(record.folder / UNFINISHED)
    disk.sync_folder(record.folder)


def _read(stream: BinaryIO, folder: Path, which: str) -> UnfinishedExport:
    """Return the record, and leave the stream behind its last whole line."""
    try:
        facts = json.loads(stream.readline(MAX_LINE))
        if facts.pop("export") != which:
            raise AlreadyExists(path=str(folder))
        record = UnfinishedExport(folder=folder, facts=facts, stream=stream)
        for one in _lines(stream):
            record.whole.setdefault(one.part, SpooledList()).append(one)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise AlreadyExists(path=str(folder)) from fault
    return record


def _lines(stream: BinaryIO) -> Iterator[WholeMember]:
    """Yield the whole members that are written down, from where the stream is or from its beginning."""
    if stream.tell() == 0:
        stream.readline(MAX_LINE)
    end = stream.tell()
    for line in iter(lambda: stream.readline(MAX_LINE), b""):
        if not line.endswith(b"\n"):
            break  # cut off when the program was ended
        one = json.loads(line)
        name, *numbers = one["stated"]
        stated = StatedSizes(name.encode(), *numbers)
        archive = _archive(one["line"]) if one["line"] else None
        member = MemberSpan(stated, one["at"], one["end"])
        yield WholeMember(
            part=one["part"],
            member=member,
            line=archive,
            content=one["content"],
            findings=one.get("findings", ""),
        )
        end = stream.tell()
    stream.seek(end)
    stream.truncate()


def _archive(line: dict[str, Any]) -> ArchiveLine:
    return ArchiveLine(**{**line, "digest": Digest.from_hex(line["digest"])})


def _verified(stream: BinaryIO, whole: Iterable[WholeMember]) -> Iterator[WholeMember]:
    """Yield the members from the first that lie in the archive as they were written down."""
    length = stream.seek(0, 2)
    at = 0
    for one in whole:
        if one.member.offset != at or one.member.end > length or not _is_as_stated(stream, one):
            break
        yield one
        at = one.member.end


def _is_as_stated(stream: BinaryIO, one: WholeMember) -> bool:
    """Tell whether a member has its digest; the archive of a patient is stored, so that its bytes lie there."""
    if one.line is None:
        return span_digest(stream, one.member.offset, one.member.end).hex == one.content
    stated = one.member.stated
    wide = stated.version == ZIP64_VERSION
    start = one.member.offset + local_header_length(len(stated.name), zip64=wide)
    return span_digest(stream, start, start + stated.size) == one.line.digest


def span_digest(stream: BinaryIO, start: int, end: int) -> Digest:
    """Return the SHA-256 of the bytes from ``start`` to ``end``, as far as there are any; the stream is moved."""
    stream.seek(start)
    state, left = SHA256.new(), end - start
    while piece := stream.read(min(left, BUFFER)):
        state.update(piece)
        left -= len(piece)
    return Digest(SHA256, state.digest())


def _text(value: bytes | int) -> str | int:
    return value.decode("ascii") if isinstance(value, bytes) else value


def _line(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
