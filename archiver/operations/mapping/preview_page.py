"""A preview as one page: what comes of a source, what no rule asks for, and ten dossiers as they would come out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from archiver import __version__, disk
from archiver.compliance.report_page import ReportTable, table_page
from archiver.handover.kinds import kind_words
from archiver.operations.mapping.preview_mapping import MappingPreview
from formats.findings import worst_first
from formats.model.dossier import Dossier
from formats.pdlgc.page.generator import HEAD_BYTES
from formats.pdlgc.page.page import index_page
from formats.pdlgc.sender import Sender
from formats.regular_files import open_regular
from formats.words import mark

Localize = Callable[..., str]
_ANCHOR = re.compile(r' (?P<name>id|href)="(?P<hash>#?)(?P<anchor>[A-Za-z][\w-]*)"')
_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)
GENERATOR = "archiver mapping preview"
"""What the head of the page says made it, by which an earlier one is known."""
ROWS_HEADING = (mark("table"), mark("rows"), mark("records"), mark("no “when”"), mark("word for word"))
"""What the counts of a table are called."""
MAX_SHOWN = 500
"""Lines of a table of the page."""


def preview_page(
    preview: MappingPreview, localize: Localize, language: str, *, written_at: datetime
) -> Iterator[bytes]:
    """Yield the page in UTF-8; files of documents are named in it, not shown."""
    mapping = preview.mapping
    title = localize(mark("What comes of {software} by the mapping {name} {version}"), **_names(preview))
    about = [
        localize(mark("Nothing was stored. Files of documents are named here, not shown.")),
        localize(mark("Author of the mapping: {author}."), author=mapping.author),
    ]
    pages = [_dossier_page(one, number, written_at) for number, one in enumerate(preview.dossiers, 1)]
    styles = dict.fromkeys(style for _, style in pages)
    yield from table_page(
        title,
        about,
        _tables(preview, localize),
        language,
        after=(body for body, _ in pages),
        style="".join(styles),
        generator=GENERATOR,
    )


def is_preview_page(path: Path) -> bool:
    """Tell whether the file at ``path`` is the page of an earlier preview.

    Raises:
        DiskFault: what the disk answered; NotRegular and others: when it is no regular file.
    """
    with disk.failures_about(path), open_regular(path) as stream:
        return GENERATOR.encode() in stream.read(HEAD_BYTES)


def table_rows(preview: MappingPreview) -> list[tuple[str, int, int, int, int]]:
    """Return the counts of each table: read, made into records, set aside by a condition, and the others."""
    return [(name, one.rows, one.read, one.unselected, one.verbatim) for name, one in preview.tables.items()]


def _names(preview: MappingPreview) -> dict[str, str]:
    mapping = preview.mapping
    return {"software": mapping.software, "name": mapping.name, "version": mapping.version}


def _tables(preview: MappingPreview, localize: Localize) -> list[ReportTable]:
    def heading(*words: str) -> list[str]:
        return [localize(word) for word in words]

    return [
        ReportTable(
            title=localize(mark("Records")),
            heading=heading(mark("kind"), mark("read")),
            rows=[(localize(kind_words(kind)), count) for kind, count in preview.kinds.items()],
        ),
        ReportTable(
            title=localize(mark("Rows")),
            before=localize(mark("Rows that become no record travel word for word all the same.")),
            heading=heading(*ROWS_HEADING),
            rows=table_rows(preview),
        ),
        ReportTable(
            title=localize(mark("Columns that no rule asks for")),
            before=localize(
                mark("They travel word for word; look whether one of them should become a field.")
            ),
            heading=heading(mark("table"), mark("column"), mark("filled in"), mark("values")),
            rows=[
                (one.table, one.column, one.filled, " · ".join(one.samples))
                for one in preview.columns[:MAX_SHOWN]
            ],
        ),
        ReportTable(
            title=localize(mark("What was noticed")),
            heading=heading(mark("where"), mark("what"), mark("code")),
            rows=[
                (one.where, localize(one.sentence, **one.facts), one.code)
                for one in worst_first(preview.findings)[:MAX_SHOWN]
            ],
        ),
    ]


def _dossier_page(dossier: Dossier, number: int, written_at: datetime) -> tuple[str, str]:
    """Return the inside of the page of a dossier, its anchors made its own, and the style that it needs."""
    links = {one.sha256: f"{one.sha256[:12]}" for one in dossier.attachments()}
    sender = Sender(name=dossier.practice.name, software="archiver", software_version=__version__)
    page = b"".join(index_page(dossier, links=links, sender=sender, written_at=written_at)).decode()
    style = _STYLE.search(page)
    body = page[page.index(">", page.index("<body")) + 1 : page.rindex("</body>")]
    inside = _ANCHOR.sub(
        lambda found: (
            f' {found["name"]}="{found["hash"]}d{number}-{found["anchor"]}"'
            if found["hash"] or found["name"] == "id"
            else found[0]
        ),
        body,
    )
    return f"<hr/>\n<div>{inside}</div>\n", style[1] if style else ""
