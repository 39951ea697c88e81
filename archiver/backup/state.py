"""What a machine remembers of its backup (``state.json``, ``list.json``): all of it is made again from the vault.

Without it, or where it does not fit the vault, the next run reads the lists of the vault.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.backup.errors import BackupListInvalid
from archiver.backup.run_list import MAX_LIST_BYTES, RunList, read_run_list, run_list_bytes
from formats.errors import Failure
from formats.regular_files import read_regular
from formats.words import mark

NAME = "state.json"
LIST = "list.json"
VERSION = 1
MAX_STATE_BYTES = 4 << 20
"""Bytes of the state; a thousand packages take 100,000."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupState:
    """What was found out last: moments are ISO 8601 in UTC, or empty where it never happened.

    ``number`` is the newest run that is in the vault; ``seen`` the latest moment that any command of this backup saw,
    ``covered`` the latest at which the vault had everything that the store had, ``verified`` the latest at which every
    package of that was read and found whole. ``store`` is the fingerprint of the store then. ``locked`` says by package
    until when its files are locked, ``failure`` is the code of what ended the last run, ``failed`` when that was.
    ``lost`` has by patient, called by number, the SHA-256 of the files that the store has lost.
    ``pending`` is the number of a run that is being written: where it stands, that run was ended, and only the vault
    knows how far it came.
    """

    number: int = 0
    seen: str = ""
    covered: str = ""
    verified: str = ""
    drilled: str = ""
    store: str = ""
    failure: str = ""
    failed: str = ""
    pending: int = 0
    locked: Mapping[str, str] = field(default_factory=dict)
    lost: Mapping[str, list[str]] = field(default_factory=dict)


def state_moment(at: datetime) -> str:
    """Return ``at`` as a state has it: comparable as text."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def read_state(folder: Path) -> tuple[BackupState, RunList | None]:
    """Return the state of the backup in ``folder`` with the list of its newest run; an empty one where it is lost."""
    try:
        data = read_regular(folder / NAME, MAX_STATE_BYTES, mark("the state of the backup in bytes"))
        state = _state(json.loads(data))
        if not state.number:
            return state, None
        name = mark("the list of a run in bytes")
        return state, read_run_list(read_regular(folder / LIST, MAX_LIST_BYTES, name), state.number)
    except (Failure, OSError, ValueError, TypeError, KeyError, AttributeError):
        return BackupState(), None


def write_state(folder: Path, state: BackupState, run: RunList | None = None) -> None:
    """Write the state, and before it the list of its newest run where that is new.

    Raises:
        DiskFull, DiskFault: what the disk answered.
    """
    if run is not None:
        disk.write_text(folder / LIST, run_list_bytes(run).decode(), mode=disk.PRIVATE, replace=True)
    text = json.dumps({"state": VERSION, **asdict(state)}, indent=1) + "\n"
    disk.write_text(folder / NAME, text, mode=disk.PRIVATE, replace=True)


def _state(document: Mapping[str, Any]) -> BackupState:
    values = {name: value for name, value in document.items() if name != "state"}
    state = BackupState(**values)
    if (
        document["state"] != VERSION
        or not isinstance(state.number, int)
        or not isinstance(state.locked, dict)
        or not isinstance(state.lost, dict)
    ):
        raise BackupListInvalid(number=0, reason=mark("it is damaged"))
    for one in (state.seen, state.covered, state.verified, state.drilled, state.failed):
        if one:
            datetime.fromisoformat(one)
    return state
