"""Files of tables that lie, are cut, or ask for more than they are: JSON, XML, dBase, calendars, workbooks."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from tests.vectors.generator.case import CALENDAR, DBASE, FIXED, JSON, TABLE_XML, WORKBOOK, Case, Flaws

UNREADABLE, UNCLEAR, LIMIT = "table-unreadable", "table-rows-unclear", "limit-exceeded"


def cases() -> Flaws:
    """Yield every case of this family."""
    for what, (code, data) in _json().items():
        yield _case("json table", what, f"a JSON file: {what}", code, data, JSON)
    for what, (code, data) in _xml().items():
        yield _case("XML table", what, f"an XML file: {what}", code, data, TABLE_XML)
    for what, data in _dbase().items():
        yield _case("dBase table", what, f"a dBase table: {what}", UNREADABLE, data, DBASE)
    for what, (code, data) in _calendars().items():
        yield _case("calendar", what, f"a calendar: {what}", code, data, CALENDAR)
    for what, (code, data) in _fixed().items():
        yield _case("fixed width", what, f"records of fixed width: {what}", code, data, FIXED)
    for what, data in _workbooks().items():
        yield _case("workbook", what, f"a workbook: {what}", UNREADABLE, data, WORKBOOK)


def honest() -> dict[str, bytes]:
    """Return a file of each kind that lies about nothing."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packaged = "http://schemas.openxmlformats.org/package/2006/relationships"
    return {
        JSON: b'[{"NUM": 1, "NOM": {"a": ["A", "B"]}}]',
        TABLE_XML: b"<?xml version='1.0' encoding='ISO-8859-1'?><r><p n='1'><A>\xe9</A></p></r>",
        DBASE: _table(),
        CALENDAR: _event(b"DTSTART:20250612T120000Z"),
        FIXED: b"0001A   0002B   ",
        WORKBOOK: _packed(
            {
                "_rels/.rels": f'<Relationships xmlns="{packaged}"><Relationship Id="w" Type="{office}/officeDocument" '
                'Target="xl/workbook.xml"/></Relationships>'.encode(),
                "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packaged}"><Relationship Id="r" '
                f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
                "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
                '<sheet name="A" sheetId="1" r:id="r"/></sheets></workbook>'.encode(),
                "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1"><v>1</v></c>'
                "</row></sheetData></worksheet>".encode(),
            }
        ),
    }


def _case(family: str, name: str, wrong: str, code: str, data: bytes, reader: str) -> Case:
    return Case(family=family, name=name, wrong=wrong, reader=reader, code=code, data=data)


def _json() -> dict[str, tuple[str, bytes]]:
    good = b'[{"NUM": 1, "NOM": "A"}]'
    return {
        "empty": (UNREADABLE, b""),
        "cut": (UNREADABLE, good[:-5]),
        "cut in a text": (UNREADABLE, good[:-4]),
        "Latin-1": (UNREADABLE, b'[{"NOM": "No\xebl"}]'),
        "not a number": (UNREADABLE, b'[{"NUM": NaN}]'),
        "5,000 digits": (LIMIT, b'[{"NUM": ' + b"9" * 5000 + b"}]"),
        "something behind": (UNREADABLE, good + b"evil"),
        "comma": (UNREADABLE, b'[{"NUM": 1},]'),
        "key twice without a value": (UNREADABLE, b'[{"NUM": 1, "NUM"}]'),
        "UTF-16 cut": (UNREADABLE, b"\xff\xfe[\0{"),
        "one object": (UNCLEAR, b'{"NUM": 1}'),
        "numbers": (UNCLEAR, b"[1, 2, 3]"),
        "lists": (UNCLEAR, b"[" * 4000),
        "objects in objects": (LIMIT, b'[{"a":' * 4000),
        "lists in a row": (LIMIT, b'[{"a": ' + b"[" * 4000),
        "many columns": (LIMIT, b"[{" + b",".join(b'"%d":1' % n for n in range(2100)) + b"}]"),
        "rows elsewhere": ("table-rows-elsewhere", b'{"a": {"b": [{"NUM": 1}]}}'),
    }


def _xml() -> dict[str, tuple[str, bytes]]:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    rows = b"<r><p><A>&l9;</A></p></r>"
    return {
        "empty": (UNREADABLE, b""),
        "no XML": (UNREADABLE, b"NUM;NOM\r\n1;A\r\n"),
        "cut": (UNREADABLE, b"<r><p><A>1</A></p>"),
        "entities of entities": (UNREADABLE, b'<!DOCTYPE r [<!ENTITY l0 "ha">' + laughs + b"]>" + rows),
        "entities in an attribute": (
            UNREADABLE,
            b'<!DOCTYPE r [<!ENTITY l0 "ha">' + laughs + b']><r a="&l9;"/>',
        ),
        "a file": (UNREADABLE, b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r><p>&f;</p></r>'),
        "an address": (UNREADABLE, b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/evil.dtd"><r><p/></r>'),
        "a parameter entity": (UNREADABLE, b'<!DOCTYPE r [<!ENTITY % e SYSTEM "http://127.0.0.1:9/"> %e;]><r/>'),
        "an entity nobody declared": (UNREADABLE, b"<r><p>&evil;</p></r>"),
        "UTF-7": (UNREADABLE, b'<?xml version="1.0" encoding="UTF-7"?><r><p/></r>'),
        "an encoding that nobody knows": (UNREADABLE, b'<?xml version="1.0" encoding="evil"?><r><p/></r>'),
        "Latin-1 called UTF-8": (UNREADABLE, b"<r><p>\xe9</p></r>"),
        "elements in elements": (LIMIT, b"<r>" * 4000),
        "a long tag": (LIMIT, b"<r a='" + b"x" * 300_000 + b"'/>"),
        "a long comment": (LIMIT, b"<r><!--" + b"x" * 300_000 + b"--></r>"),
        "prefixes": (LIMIT, b"".join(b"<r xmlns:p%d='urn:p'>" % n for n in range(20)) + b"<a " + b" ".join(
            b"xmlns:q%d='urn:q'" % n for n in range(40)) + b"/>"),
        "many columns": (LIMIT, b"<r><p>" + b"".join(b"<a%d>1</a%d>" % (n, n) for n in range(2100)) + b"</p></r>"),
        "two names": ("table-elements-mixed", b"<r><p/><q/></r>"),
    }  # fmt: skip


def _dbase() -> dict[str, bytes]:
    good = _table()
    return {
        "empty": b"",
        "text": b"NUM;NOM\r\n1;A\r\n",
        "head alone": good[:32],
        "cut": good[:-4],
        "four thousand million rows": _table(records=0xFFFF_FFFF),
        "records of no bytes": _table(record=0),
        "records of other bytes": _table(record=400),
        "fields behind the records": _table(start=33),
        "header beyond the file": _table(start=60_000),
        "dBase 7": _table(version=4),
        "a version that nobody knows": _table(version=0x77),
        "encrypted": good[:15] + b"\1" + good[16:],
        "a memo without its file": _table(field=b"TEXTE", kind=b"M", length=10, version=0x83),
        "no field": good[:32] + b"\r" + good[33:],
        "letters of another code page": good[:29]
        + b"\x03"
        + good[30:43]
        + b"C"
        + good[44:-5]
        + b"\x81\x8d  \x1a",
    }


def _calendars() -> dict[str, tuple[str, bytes]]:
    unread, start = "calendar-property-unread", b"DTSTART:20250612T120000Z"
    cut, refused = "calendar-series-cut", "calendar-event-repeats"
    return {
        "empty": (UNREADABLE, b""),
        "text": (UNREADABLE, b"NUM;NOM\r\n1;A\r\n"),
        "cut": (UNREADABLE, _event(start)[:-20]),
        "end alone": (UNREADABLE, b"END:VCALENDAR\r\n"),
        "another end": (UNREADABLE, _calendar(b"BEGIN:VEVENT", b"END:VTODO")),
        "events in events": (UNREADABLE, _calendar(*[b"BEGIN:VEVENT"] * 3000)),
        "something behind": (UNREADABLE, _event() + b"evil\r\n"),
        "no property": (unread, _event(b"evil")),
        "a day that is none": (unread, _event(b"DTSTART:20250631T120000Z")),
        "a time that is none": (unread, _event(b"DTSTART:evil")),
        "a zone without a rule": (
            "calendar-zone-unread",
            _calendar(b"BEGIN:VTIMEZONE", b"TZID:evil", b"END:VTIMEZONE"),
        ),
        "a zone of every second": ("calendar-zone-unread", _zone(b"FREQ=SECONDLY")),
        "a zone of a day that never comes": (
            "calendar-zone-unread",
            _zone(b"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        ),
        "a zone with a rule in two lines": ("calendar-zone-unread", _zone(b"FREQ=SEC\r\n ONDLY")),
        "a zone that nobody knows": ("calendar-zone-unknown", _event(b"DTSTART;TZID=evil:20250612T120000")),
        "an event that never comes": (cut, _event(start, b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")),
        "an event of every second": (refused, _event(start, b"RRULE:FREQ=SECONDLY")),
        "an event of every second of a year": (
            refused,
            _event(start, b"RRULE:FREQ=YEARLY;BYSECOND=" + b",".join(b"%d" % n for n in range(60))),
        ),
        "an event on no day": (refused, _event(start, b"RRULE:FREQ=DAILY;INTERVAL=0")),
        "rules that are none": (unread, _event(start, b"RRULE:FREQ=EVIL;COUNT=-1")),
    }


def _zone(rule: bytes) -> bytes:
    """Return a calendar with an event in a time zone of its own, whose clocks change by ``rule``."""
    changes = (b"DTSTART:20000101T000000", b"RRULE:" + rule, b"TZOFFSETFROM:+0300", b"TZOFFSETTO:+0200")
    zone = (b"BEGIN:VTIMEZONE", b"TZID:evil", b"BEGIN:STANDARD", *changes, b"END:STANDARD", b"END:VTIMEZONE")
    event = (b"BEGIN:VEVENT", b"UID:1", b"DTSTART;TZID=evil:20250612T120000", b"END:VEVENT")
    return _calendar(*zone, *event)


def _fixed() -> dict[str, tuple[str, bytes]]:
    return {
        "a record too short": (UNREADABLE, b"0001A   " * 3 + b"0004"),
        "letters of another encoding": (UNREADABLE, b"0001\xe9\xe9  "),
    }


def _workbooks() -> dict[str, bytes]:
    sheet = b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    good = _packed({"xl/worksheets/sheet1.xml": sheet})
    size = len(sheet).to_bytes(4, "little")
    return {
        "empty": b"",
        "text": b"NUM;NOM\r\n1;A\r\n",
        "cut": good[:-30],
        "no member of one": _packed({"evil.txt": b"evil"}),
        "smaller than it says": good.replace(size, (len(sheet) + 9).to_bytes(4, "little")),
        "larger than it says": good.replace(size, (len(sheet) - 9).to_bytes(4, "little")),
        "a formula without its result": _packed(
            {"xl/worksheets/sheet1.xml": sheet.replace(b"<v>1</v>", b"<f>SUM([1]evil.xlsx!A1)</f><v/>")}
        ),
        "an error": _packed({"xl/worksheets/sheet1.xml": sheet.replace(b'r="A1">', b'r="A1" t="e">')}),
        "a compound file cut": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    }


def _table(field: bytes = b"NUM", kind: bytes = b"N", length: int = 4, version: int = 3, **lie: int) -> bytes:
    head = struct.pack(
        "<B3xIHH20x", version, lie.get("records", 1), lie.get("start", 65), lie.get("record", length + 1)
    )
    described = field.ljust(11, b"\0") + kind + bytes(4) + bytes((length, 0)).ljust(16, b"\0")
    return head + described + b"\r" + b" " + b"1".rjust(length) + b"\x1a"


def _calendar(*lines: bytes) -> bytes:
    return b"\r\n".join((b"BEGIN:VCALENDAR", b"VERSION:2.0", *lines, b"END:VCALENDAR", b""))


def _event(*lines: bytes) -> bytes:
    return _calendar(b"BEGIN:VEVENT", b"UID:1", *lines, b"END:VEVENT")


def _packed(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, body)
    return made.getvalue()
