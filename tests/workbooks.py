"""Workbooks written by hand, member by member and record by record: nothing here knows what reads them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float | date
Sheets = Mapping[str, Sequence[Sequence[Cell]]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>'
    '<cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    "</styleSheet>"
)
EPOCH = date(1899, 12, 30).toordinal()
"""Day 0 of spreadsheets."""


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive of ``members``."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return made.getvalue()


# -- Office Open XML (ECMA-376) ------------------------------------------------------------


def xlsx(sheets: Sheets, **bodies: str) -> bytes:
    """Return a workbook; ``bodies`` are rows of XML in place of those of a sheet."""
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    styles = f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1)
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="w" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}{styles}'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/styles.xml": _STYLES,
    }
    for n, (name, rows) in enumerate(sheets.items(), 1):
        body = bodies.get(name) or "".join(f"<row>{''.join(map(_xlsx_cell, row))}</row>" for row in rows)
        members[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'
        )
    return packed(members)


def _xlsx_cell(cell: Cell) -> str:
    if isinstance(cell, date):
        return f'<c s="1"><v>{cell.toordinal() - EPOCH}</v></c>'
    if isinstance(cell, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>' if cell else "<c/>"
    return f"<c><v>{cell!r}</v></c>"


# -- OpenDocument (ISO/IEC 26300) ------------------------------------------------------------


def ods(sheets: Sheets) -> bytes:
    """Return a workbook."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    media_type = "application/vnd.oasis.opendocument.spreadsheet"
    return packed(
        {
            "mimetype": media_type,
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0"/>',
            "content.xml": f'<office:document-content xmlns:office="{space}:office:1.0" '
            f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet>'
            f"{tables}</office:spreadsheet></office:body></office:document-content>",
        }
    )


def _ods_cell(cell: Cell) -> str:
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, str):
        return (
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
        )
    return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'


# -- BIFF8 in a compound file ([MS-XLS], [MS-CFB]) --------------------------------------------


def xls(name: str, rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a workbook with one sheet."""
    beginning = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6)
    formats = b"".join(_record(0xE0, struct.pack("<HH16x", 0, number)) for number in (0, 14))
    title = struct.pack("<BB", len(name), 0) + name.encode("latin-1")
    before = _record(0x809, beginning) + formats
    place = len(before) + 4 + 6 + len(title) + 4
    book = before + _record(0x85, struct.pack("<IH", place, 0) + title) + _record(0x0A)
    cells = b"".join(
        _xls_cell(row, column, cell) for row, line in enumerate(rows) for column, cell in enumerate(line)
    )
    sheet = struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 6)
    return _compound_file(book + _record(0x809, sheet) + cells + _record(0x0A))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _xls_cell(row: int, column: int, cell: Cell) -> bytes:
    if isinstance(cell, str):
        text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
        return _record(0x204, struct.pack("<HHH", row, column, 0) + text)
    style, value = (1, cell.toordinal() - EPOCH) if isinstance(cell, date) else (0, cell)
    return _record(0x203, struct.pack("<HHHd", row, column, style, value))


def _compound_file(stream: bytes) -> bytes:
    """Return a compound file whose one stream is ``Workbook``: sector 0 the table, 1 the directory, then the stream."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    end, free, table_sector = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chain = [table_sector, end, *range(3, sectors + 2), end]
    table = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<6xIIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<I", free) * 108
    root = _entry("Root Entry", 5, 1, end, 0)
    return (
        head
        + table
        + (root + _entry("Workbook", 2, free, 2, len(stream))).ljust(512, b"\0")
        + (stream.ljust(sectors * 512, b"\0"))
    )


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    none = 0xFFFFFFFF
    text = (name + "\0").encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, none, none, child)
        + struct.pack("<16xI8x8xIQ", 0, start, size)
    )
