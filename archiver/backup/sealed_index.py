"""Sealed index of a run: who its dossiers are of, and the registers of the store; age, for whoever can open the backup.

It is JSON, one value a line, deflated (zlib, RFC 1950) before it is sealed: a heading, a line for each patient record,
a line for each file that is in no dossier, a line for each row of a register.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from archiver.backup.errors import BackupListInvalid
from archiver.backup.registers import RegisterRow
from archiver.sealing.age import Identity, Randomness, Recipient
from archiver.sealing.age.file import decrypting, encrypting
from archiver.search.records import SearchNames, SearchRecord
from formats.errors import LimitExceeded
from formats.model.documents import Attachment
from formats.words import mark

INDEX_VERSION = 1
MAX_INDEX_BYTES = 1 << 30
"""Bytes of an index when it is open; 27,000 patients take 10,000,000."""
MAX_LINE_BYTES = 64 << 20
"""Bytes of a line: the undo of a large import is a long row."""
PIECE = 64 << 10


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexedDossier:
    """A patient record of the store, and the token by which the list of the run has its dossier."""

    token: str
    record: SearchRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexedFile:
    """A file of the store that is in no dossier, and the token by which the list of the run has it."""

    token: str
    attachment: Attachment


def write_index(
    target: BinaryIO,
    heading: Mapping[str, Any],
    dossiers: Iterable[IndexedDossier],
    files: Iterable[IndexedFile],
    rows: Iterable[RegisterRow],
    recipients: Sequence[Recipient],
    *,
    randomness: Randomness,
) -> None:
    """Write the sealed index of the run that ``heading`` names into ``target``.

    Raises:
        RecipientsRefused: as age's ``encrypting``.
    """
    packing = zlib.compressobj()
    with encrypting(target, recipients, randomness=randomness) as sealing:
        for line in _lines(heading, dossiers, files, rows):
            sealing.write(packing.compress(json.dumps(line, ensure_ascii=False).encode() + b"\n"))
        sealing.write(packing.flush())


def _lines(
    heading: Mapping[str, Any],
    dossiers: Iterable[IndexedDossier],
    files: Iterable[IndexedFile],
    rows: Iterable[RegisterRow],
) -> Iterator[Mapping[str, Any]]:
    yield {"backup_index": INDEX_VERSION, **heading}
    yield from ({"dossier": one.token, "record": one.record._asdict()} for one in dossiers)
    yield from ({"file": one.token, **asdict(one.attachment)} for one in files)
    yield from ({"register": table, "row": row} for table, row in rows)


def read_index(
    source: BinaryIO, identities: Sequence[Identity], heading: Mapping[str, Any]
) -> Iterator[IndexedDossier | IndexedFile | RegisterRow]:
    """Yield the dossiers of a sealed index, files, then rows of registers; it has to be that of ``heading``.

    Raises:
        WrongKey, SealBroken: when it does not open; LimitExceeded; BackupListInvalid: when it is another, or none.
    """
    lines = _read_lines(decrypting(source, identities))
    try:
        if next(lines, None) != {"backup_index": INDEX_VERSION, **heading}:
            raise ValueError(heading)
        for line in lines:
            if "dossier" in line:
                yield IndexedDossier(token=str(line["dossier"]), record=_record(line["record"]))
            elif "file" in line:
                name, size, media_type = str(line["sha256"]), int(line["size"]), str(line["media_type"])
                attachment = Attachment(sha256=name, size=size, media_type=media_type)
                yield IndexedFile(token=str(line["file"]), attachment=attachment)
            else:
                yield str(line["register"]), list(line["row"])
    except (ValueError, TypeError, KeyError, RecursionError, zlib.error) as fault:
        reason = mark("its sealed index is damaged")
        raise BackupListInvalid(number=int(heading["number"]), reason=reason) from fault


def _read_lines(stream: BinaryIO) -> Iterator[Any]:
    unpacking, waiting, count = zlib.decompressobj(), b"", 0
    while piece := stream.read(PIECE):
        while piece:
            waiting += unpacking.decompress(piece, PIECE)
            piece = unpacking.unconsumed_tail
            *lines, waiting = waiting.split(b"\n")
            count += sum(map(len, lines))
            if max(count, len(waiting)) > MAX_INDEX_BYTES or len(waiting) > MAX_LINE_BYTES:
                raise LimitExceeded(
                    name=mark("the index of a backup in bytes"), found=count, limit=MAX_INDEX_BYTES
                )
            yield from map(json.loads, lines)
    if waiting or not unpacking.eof:
        raise ValueError("cut off")


def _record(line: Mapping[str, Any]) -> SearchRecord:
    """Return the record that a line has: JSON makes lists of tuples, and of tuples with names as well."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in line.items()
    }
    values["names"] = _names(line["names"])
    values["earlier"] = tuple(map(_names, line["earlier"]))
    return SearchRecord(**values)


def _names(cells: Sequence[Any]) -> SearchNames:
    birth_family, givens, *rest = cells
    return SearchNames(birth_family, tuple(givens), *rest)
