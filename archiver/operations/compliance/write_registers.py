"""Write the documents of registers: the register of processing, the notice, the sheet of a breach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver.paperwork.documents import FILE_NAMES, RegisterDocument
from archiver.paperwork.registers.breach import breach_data
from archiver.paperwork.registers.processing_facts import notice_data, processing_data
from archiver.paperwork.registers.processing_sheet import processing_sheets
from archiver.paperwork.write import PaperworkRequest, WrittenPaperwork, write_paperwork
from archiver.practice.practitioners import practice_of_store
from archiver.practice.registers.breaches import breach_entry
from archiver.practice.store import open_store
from archiver.scope.practice_days import practice_day, practice_moment, practice_zone


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterPlace:
    """The store a document is of, and where it goes; ``templates`` and ``with_data`` as in ``PaperworkRequest``."""

    store: Path
    folder: Path
    templates: Path | None = None
    with_data: bool = False


def write_processing(place: RegisterPlace, at: datetime) -> WrittenPaperwork:
    """Write the register of processing, as PDF and as a workbook.

    Raises:
        Failure: as ``open_store`` and ``write_paperwork``.
    """
    with open_store(place.store, reading=True) as store:
        data = processing_data(store, place.store, practice_moment(store, at), practice_day(store, at))
    names = FILE_NAMES[RegisterDocument.PROCESSING]
    sheets = processing_sheets(data).items()
    beside = {f"{getattr(names, language)}.xlsx": content for language, content in sheets}
    return _write(place, RegisterDocument.PROCESSING, data, beside)


def write_notice(place: RegisterPlace, at: datetime) -> WrittenPaperwork:
    """Write the notice for the waiting room.

    Raises:
        Failure: as ``open_store`` and ``write_paperwork``.
    """
    with open_store(place.store, reading=True) as store:
        data = notice_data(store, practice_moment(store, at), practice_day(store, at))
    return _write(place, RegisterDocument.NOTICE, data, {})


def write_breach_sheet(place: RegisterPlace, number: int, at: datetime) -> WrittenPaperwork:
    """Write the sheet of a breach.

    Raises:
        BreachUnknown: when there is none of this number.
        Failure: as ``open_store`` and ``write_paperwork``.
    """
    with open_store(place.store, reading=True) as store:
        breach, made = breach_entry(store, number), practice_moment(store, at)
        data = breach_data(breach, practice_of_store(store), made, practice_zone(store))
    return _write(place, RegisterDocument.BREACH, data, {})


def _write(
    place: RegisterPlace, document: RegisterDocument, data: Any, beside: Mapping[str, bytes]
) -> WrittenPaperwork:
    return write_paperwork(
        PaperworkRequest(
            documents={document: data},
            folder=place.folder,
            made=data.made,
            templates=place.templates,
            with_data=place.with_data,
            beside=beside,
        )
    )
