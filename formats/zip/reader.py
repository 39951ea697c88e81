"""The strict reader of ZIP archives that come from outside.

Readers of ZIP disagree; this one takes what the profile of its kind of archive says, and refuses every other
byte. Source: PKWARE APPNOTE 6.3.10. In order, numbered as in patient-archive.md §3:

1. one end record, at the very end, and ZIP64 records before it where a number needs them; the central
   directory lies right before them (``end_records``);
2. every entry of the directory has flags, a method, extra fields and sizes of the profile (``central_directory``);
3. names are judged by the caller, unique, and unique for disks that ignore case;
4. counts and sizes stay within the limits of the caller;
5. every local header and data descriptor agrees with the directory, and members follow each other from the
   first byte to the directory without a gap (``local_headers``);
6. a member unpacks to exactly its stated length and CRC-32 (``member``, where the caller unpacks).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from formats.errors import Failure
from formats.name_table import NameTable
from formats.zip.central_directory import (
    DecodeName,
    Entry,
    EntryNames,
    JudgeName,
    check_names,
    read_entries,
)
from formats.zip.end_records import Directory, find_directory
from formats.zip.local_headers import LocalHeaders, Member, lay_out
from formats.zip.source import ZipSource

CheckDirectory: TypeAlias = "Callable[[Directory], None]"
CheckEntries: TypeAlias = "Callable[[list[Entry]], None]"


def read_members(
    source: ZipSource,
    *,
    decode: DecodeName,
    judge: JudgeName,
    check_directory: CheckDirectory,
    check_entries: CheckEntries | None = None,
) -> Iterator[Member]:
    """Yield the members of ``source``, in the order in which they lie.

    ``check_directory`` refuses a directory beyond the limits before it is read, ``check_entries`` members
    beyond them before any is looked at.

    Raises:
        Failure: what the ``refusal`` of ``source`` returns, and what the callables raise.
    """
    directory = find_directory(source)
    check_directory(directory)
    entries = list(read_entries(source, directory, decode))
    check_names(source, entries, judge)
    if check_entries:
        check_entries(entries)
    yield from lay_out(source, entries, directory.start)


def stream_members(
    source: ZipSource,
    names: NameTable,
    *,
    decode: DecodeName,
    judge: JudgeName,
    check_directory: CheckDirectory,
) -> Iterator[Member]:
    """Yield what ``read_members`` does, and hold nothing but the names, which ``names`` has afterwards, and no other.

    Every step is taken for each entry as it passes; what is told first is what the earliest step refuses.
    The profile is one whose members lie in the order of the directory, without folders.

    Raises:
        Failure: as ``read_members``, at the end.
    """
    directory = find_directory(source)
    check_directory(directory)
    distinct, headers = EntryNames(source, judge, names), LocalHeaders(source, directory.start)
    irregular: Failure | None = None
    for entry in read_entries(source, directory, decode):  # 2.
        distinct.take(entry.name)  # 3.
        if irregular is None:
            try:
                yield headers.member(entry)  # 5.
            except Failure as failure:
                irregular = failure
    distinct.close()
    if irregular is not None:
        raise irregular
    headers.close()
