"""A delivery of many persons that is not finished: the record of the folders that are whole, by which it goes on.

The first line says which delivery it is, each other line which folder is whole and of what. The record is gone once
every folder is there: a folder that has it is not to be handed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO

from archiver import disk
from archiver.delivery.write import DeliveredDossier, DeliveredPerson
from archiver.errors import AlreadyExists
from archiver.temporary_files import SCRATCH, remove_folder
from formats.regular_files import open_regular

UNFINISHED = "UNFINISHED.JSONL"
"""The record; PATIENTS.CSV takes its place."""
MAX_LINE = 1 << 20
"""Bytes of a line; that of a person of several records has some thousand."""


class UnfinishedDelivery:
    """The folders in ``folder`` that are whole, and those that become so."""

    def __init__(self, folder: Path, stream: BinaryIO, whole: Mapping[str, Mapping[str, Any]]) -> None:
        self._folder = folder
        self._stream = stream
        self._whole = dict(whole)

    def find(self, name: str, content: str) -> DeliveredPerson | None:
        """Return what lies in the folder ``name`` where it is whole and of this ``content``.

        What is of another content is removed.

        Raises:
            AlreadyExists: when somebody has changed it since, or something else lies there.
        """
        path, known = self._folder / name, self._whole.get(name)
        if not path.exists():
            return None
        if known is None or _length(path) != known["size"]:
            raise AlreadyExists(path=str(path))
        if known["content"] != content:
            remove_folder(path)
            return None
        dossiers = tuple(DeliveredDossier(**one) for one in known["dossiers"])
        return DeliveredPerson(path=path, dossiers=dossiers, size=known["size"])

    def add(self, name: str, content: str, person: DeliveredPerson) -> None:
        """Write down that the folder ``name`` is whole, and about to have this name."""
        dossiers = [asdict(replace(one, findings=())) for one in person.dossiers]
        for one in dossiers:
            del one["findings"]
        line = {"name": name, "content": content, "size": person.size, "dossiers": dossiers}
        with disk.failures_about():
            self._stream.write(_line(line))
        disk.make_durable(self._stream)


def is_unfinished(folder: Path) -> bool:
    """Tell whether ``folder`` holds a delivery that can go on, or nothing yet."""
    return (folder / UNFINISHED).is_file() or _is_bare(folder)


def _is_bare(folder: Path) -> bool:
    """Tell whether nothing lies in ``folder`` but a record that was cut off before its first line was whole."""
    record = folder / UNFINISHED
    with disk.failures_about(folder):
        if not folder.is_dir() or any(one != record for one in folder.iterdir()):
            return False
        if not record.exists():
            return True
        with open_regular(record) as stream:
            return not stream.readline(MAX_LINE).endswith(b"\n")


def withdraw(folder: Path, parts: str = f"{SCRATCH}*") -> None:
    """Remove the record in ``folder`` and what was begun beside it, then the folder, unless somebody put more there.

    Raises:
        DiskFault: when the disk refuses.
    """
    for left in folder.glob(parts):
        if left.is_dir():
            remove_folder(left)
        else:
            disk.remove(left)
    disk.remove(folder / UNFINISHED)
    disk.remove_empty_folder(folder)


@contextmanager
def open_unfinished(folder: Path, which: Mapping[str, str]) -> Iterator[UnfinishedDelivery]:
    """Begin the delivery of which ``which`` tells all that must be the same, or go on with it in ``folder``.

    Where not a single folder became whole nothing is left behind. When the block ends well the record is removed.

    Raises:
        AlreadyExists: when something lies at ``folder`` that is not this delivery.
        DiskFull, DiskFault: what the disk answered.
    """
    record = folder / UNFINISHED
    with disk.failures_about(folder):
        if not folder.exists():
            disk.make_private_folder(folder)
        if _is_bare(folder):
            disk.remove(record)
            with disk.open_new(record) as stream:
                stream.write(_line(dict(which)))
        with record.open("r+b") as stream:
            whole = _read(stream, which, folder)
            for left in folder.glob(f"{SCRATCH}*"):  # of a run that was killed
                remove_folder(left)
            try:
                yield UnfinishedDelivery(folder, stream, whole)
            except BaseException:
                stream.flush()
                begun = stream.tell()
                stream.seek(0)
                stream.readline(MAX_LINE)
                if stream.tell() == begun:
                    stream.close()
                    withdraw(folder)
                raise
        disk.remove(record)
        disk.sync_folder(folder)


def _read(stream: BinaryIO, which: Mapping[str, str], folder: Path) -> dict[str, Mapping[str, Any]]:
    """Return the folders that are whole, and leave the stream behind the last whole line."""
    try:
        lines = iter(lambda: stream.readline(MAX_LINE), b"")
        if json.loads(next(lines, b"")) != dict(which):
            raise AlreadyExists(path=str(folder))
        whole: dict[str, Mapping[str, Any]] = {}
        end = stream.tell()
        for line in lines:
            if not line.endswith(b"\n"):
                break  # cut off when the program was ended
            one = json.loads(line)
            whole[one["name"]] = {name: one[name] for name in ("content", "size", "dossiers")}
            end = stream.tell()
    except (ValueError, KeyError, TypeError) as fault:
        raise AlreadyExists(path=str(folder)) from fault
    stream.seek(end)
    stream.truncate()
    return whole


def _line(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _length(folder: Path) -> int:
    with disk.failures_about(folder):
        return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
