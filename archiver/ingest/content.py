"""Count, while data is collected, the records that come without the content they speak of."""

from __future__ import annotations

from collections import Counter

from formats.model.documents import Document
from formats.model.imaging import ImageFile, ImageStudy
from formats.model.missing import EMPTY_FILES, UNREAD_AMOUNTS, WITHOUT_FILE, MissingReason
from formats.model.provenance import SourceRow
from formats.model.record import Record


class CollectedContent:
    """Counts of what was read: documents and pictures, and what of them and of the amounts is missing."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def note(self, record: Record) -> None:
        """Look at one record that was read, with the file it is stored with."""
        if isinstance(record, SourceRow):
            if record.unread:
                reasons = record.unread.values()
                self.counts[UNREAD_AMOUNTS] += sum(one == MissingReason.AMOUNT_UNREAD for one in reasons)
        elif isinstance(record, (Document, ImageFile)):
            self.counts[record.kind] += 1
            self.counts[WITHOUT_FILE] += record.attachment is None
            self.counts[EMPTY_FILES] += record.attachment is not None and not record.attachment.size
        elif isinstance(record, ImageStudy):
            files = (one.attachment for series in record.series for one in series.instances)
            self.counts[EMPTY_FILES] += sum(not file.size for file in files)
