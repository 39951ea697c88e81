"""When recovery cards were made and last tried, by key: a small file on the owner's machine.

It holds no secret: key ids, dates, the name of the package that was opened.
It lies with the program's own data and not beside the key, so that a drill
from cards alone, with no key file anywhere, is remembered too.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.errors import KeyUnreadable
from formats.regular_files import open_regular
from formats.words import mark

REGISTER = "recovery.json"
VERSION = 1
MONTHS = 12
"""Months after which cards are to be tried again."""
MAX_REGISTER = 1 << 20
"""Bytes of the register; one key takes about 150."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyRecord:
    """What is known about the cards of one key; nothing where it never happened here."""

    kit_made: datetime | None = None
    drilled: datetime | None = None
    package: str = ""

    @property
    def since(self) -> datetime | None:
        """The last moment at which the cards were known to be good."""
        moments = [moment for moment in (self.kit_made, self.drilled) if moment is not None]
        return max(moments, default=None)

    def due(self, at: datetime) -> bool:
        """Say whether the cards have not been tried for twelve months."""
        return self.since is not None and _months_later(self.since, MONTHS) <= at


def read_register(folder: Path) -> dict[str, KeyRecord]:
    """Return the records by key id; an absent register is an empty one.

    Raises:
        KeyUnreadable: the file there is not a register.
        DiskFault: when the disk refuses.
    """
    path = folder / REGISTER
    with disk.failures_about():
        if not path.is_file():
            return {}
        with open_regular(path) as stream:
            data = stream.read(MAX_REGISTER + 1)
    try:
        found = json.loads(data[: MAX_REGISTER + 1])
        if found["register"] != VERSION or len(data) > MAX_REGISTER:
            raise ValueError(found["register"])
        return {str(key): _record(value) for key, value in found["keys"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        reason = mark("it is no register of recovery cards")
        raise KeyUnreadable(where=str(path), reason=reason) from fault


def note_kit(folder: Path, key: str, at: datetime) -> None:
    """Write down that cards of ``key`` were made; raises as :func:`read_register`."""
    records = read_register(folder)
    _write(folder, {**records, key: replace(records.get(key, KeyRecord()), kit_made=at)})


def note_drill(folder: Path, key: str, at: datetime, package: str) -> None:
    """Write down that cards of ``key`` opened ``package``; raises as :func:`read_register`."""
    records = read_register(folder)
    _write(folder, {**records, key: replace(records.get(key, KeyRecord()), drilled=at, package=package)})


def _record(value: Mapping[str, Any]) -> KeyRecord:
    return KeyRecord(
        kit_made=_moment(value["kit_made"]), drilled=_moment(value["drilled"]), package=str(value["package"])
    )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _write(folder: Path, records: Mapping[str, KeyRecord]) -> None:
    keys = {
        key: {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(record).items()
        }
        for key, record in sorted(records.items())
    }
    text = json.dumps({"register": VERSION, "keys": keys}, ensure_ascii=False, indent=1) + "\n"
    disk.make_private_folder(folder)
    disk.write_text(folder / REGISTER, text, mode=disk.PRIVATE, replace=True)


def _months_later(moment: datetime, months: int) -> datetime:
    """Return the day of the month so many months later, or the last of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
