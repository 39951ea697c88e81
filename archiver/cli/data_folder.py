"""Where the program keeps what it remembers between two commands, and the reminder it gives from there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from platformdirs import user_data_path

from archiver.cli.clock import now
from archiver.cli.terminal.console import note
from archiver.cli.terminal.language import localize_failure
from archiver.errors import DiskFault, KeyUnreadable
from archiver.sealing.age import HybridIdentity, Identity
from archiver.sealing.recovery.drill_register import KeyRecord, read_register
from formats.errors import FileNotFound
from formats.words import mark

VARIABLE = "ARCHIVER_DATA"
"""Names another folder than the one the system keeps for programs' data."""


def data_folder() -> Path:
    """Return the folder of the drill register; it need not be there."""
    chosen = os.environ.get(VARIABLE)
    return Path(chosen) if chosen else user_data_path("archiver", appauthor=False)


def remind_of_drill(keys: Iterable[Identity]) -> None:
    """Say which keys' recovery cards have not been tried for twelve months."""
    try:
        records = read_register(data_folder())
    except (
        KeyUnreadable,
        DiskFault,
        FileNotFound,
    ) as failure:  # a reminder must not stand in the way of the work
        note("{failure}", failure=localize_failure(failure))
        return
    if not records:
        return
    from archiver.sealing.recovery.recovery_set import key_id

    for name in (key_id(key.to_recipient()) for key in keys if isinstance(key, HybridIdentity)):
        record = records.get(name)
        if record is not None and record.due(now()):
            _remind(name, record)


def _remind(key: str, record: KeyRecord) -> None:
    if record.drilled is not None:
        note(
            mark("The recovery cards of key {key} were last tried on {date}: archiver keys drill."),
            key=key,
            date=_day(record.drilled),
        )
    elif record.kit_made is not None:
        note(
            mark("The recovery cards of key {key}, made on {date}, were never tried: archiver keys drill."),
            key=key,
            date=_day(record.kit_made),
        )


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
