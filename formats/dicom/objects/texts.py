"""Texts and moments of a dossier as values of DICOM (PS3.5, 6.2)."""

from __future__ import annotations

import re
from datetime import date, datetime

from pydicom.dataset import Dataset

from formats.model.dates import AnyDate, PartialDate

MAX_LO, MAX_SH, MAX_ST, MAX_LT, MAX_PN = 64, 16, 1024, 10240, 64
"""Characters of a long string, a short string, a short text, a long text, and of one group of a name."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LINE_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]+")


def short_text(text: str, most: int = MAX_LO) -> str:
    """Return ``text`` in one line for a value that may have several, hence without a back-slash."""
    return _CONTROL.sub(" ", text).replace("\\", "/").strip()[:most].strip()


def long_text(text: str, most: int = MAX_LT) -> str:
    """Return ``text`` with its lines, for LT and ST."""
    return _LINE_CONTROL.sub(" ", text).strip()[:most].strip()


def name_value(family: str, given: str) -> str:
    """Return a name as PN has it: family name, given names."""
    parts = [re.sub(r"[\^=\\]", " ", _CONTROL.sub(" ", part)).strip() for part in (family, given)]
    return "^".join(filter(None, ("^".join(parts)[:MAX_PN].strip("^ "),))) if any(parts) else ""


def date_value(moment: AnyDate | datetime | None) -> str:
    """Return the day as DA; empty where none is known."""
    if moment is None or isinstance(moment, PartialDate):
        return ""
    return f"{moment.year:04}{moment.month:02}{moment.day:02}"


def add_moment(dataset: Dataset, moment: date | PartialDate | None, *stems: str) -> None:
    """Write ``moment`` as date and time of each of ``stems``, such as ``Content``, as far as it is known."""
    clock = moment if isinstance(moment, datetime) else None
    for stem in stems:
        if day := date_value(moment):
            setattr(dataset, f"{stem}Date", day)
        if clock:
            setattr(dataset, f"{stem}Time", clock.strftime("%H%M%S"))
    offset = clock.strftime("%z") if clock else ""
    if offset:
        dataset.TimezoneOffsetFromUTC = offset[:5]
