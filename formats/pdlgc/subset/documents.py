"""A document of the submission, as it is known before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from formats.cda.writer.values import CdaCode
from formats.model.documents import Attachment, Document
from formats.model.imaging import ImageFile

MADE = ("VSM", "SCH", "BIL", "PLA", "IMP", "CON")
"""What the files of documents begin with that are made of the dossier: summary, chart, assessment, plan, implant
card, consents. The others are original files (``DOC``)."""
MADE_NAME = re.compile(rf"({'|'.join(MADE)})[0-9]{{5}}\.XML")


@dataclass(frozen=True, kw_only=True, slots=True)
class SubsetDocument:
    """A document of the submission: its ``place`` in the archive, its ``number`` among all of them from 1, its type.

    ``service_start`` is a time stamp (TS) as the metadata have it; empty: the moment of writing. ``record`` is whose
    original file ``attachment`` it is; a document that is made of the dossier has neither, and ``structured`` is the
    code of its type. ``key`` is the identity of the record that it is about, where it is about one (a consent).
    """

    place: str
    number: int
    type: CdaCode
    service_start: str
    title: str
    media_type: str
    record: Document | ImageFile | None = None
    attachment: Attachment | None = None
    structured: str = ""
    key: str = ""

    @property
    def stem(self) -> str:
        """Its name in the folder without the ending, which no other document has."""
        return PurePosixPath(self.place).stem


TwinOpener = Callable[[SubsetDocument], BinaryIO]
"""Open the readable copy (PDF/A-1) of a document; the caller closes it."""
