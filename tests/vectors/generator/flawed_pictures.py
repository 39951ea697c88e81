"""Pictures, their directories and lists of other people, as hostile hands would make them."""

from __future__ import annotations

import struct
import zlib

from tests.vectors.generator import dossier
from tests.vectors.generator.case import (
    DICOM,
    DICOMDIR,
    NAMES,
    TABLE,
    Case,
    Flaws,
)


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _tables()
    yield from _dicom()
    yield from _dicomdir()


def _case(family: str, name: str, wrong: str, code: str, data: bytes, reader: str) -> Case:
    return Case(family=family, name=name, wrong=wrong, reader=reader, code=code, data=data)


def _tables() -> Flaws:
    heading = b"patient;name\r\n"
    tables: dict[str, tuple[str, bytes]] = {
        "empty": ("table-unreadable", b""),
        "column missing": ("table-unreadable", b"name;evil\r\n1;2\r\n"),
        "quote open": ("table-unreadable", heading + b'1;"evil\r\n'),
        "quote inside": ("table-unreadable", heading + b'1;"e"vil"\r\n'),
        "endless line": ("limit-exceeded", heading + b"1;" + b"x" * 200_000),
        "endless heading": ("limit-exceeded", b"patient;" + b"x" * 200_000),
        "endless cell": ("limit-exceeded", heading + b'1;"' + b"x\n" * 200_000 + b'"'),
        "thousand columns": ("limit-exceeded", b"patient;" + b"x;" * 1000 + b"\r\n"),
        "UTF-16 cut": ("table-unreadable", b"\xff\xfep\0a"),
        "UTF-16 odd": (
            "table-unreadable",
            b"\xff\xfe" + "patient;name\r\n".encode("utf-16-le") + b"\x00\xd8",
        ),
    }
    for what, (code, data) in tables.items():
        yield _case("table", what, f"a list: {what}", code, data, TABLE)
    good = dossier.names_table("a")
    lists = {
        "no columns": good.splitlines(keepends=True)[1],
        "cell missing": good + b'"a"\r\n',
        "cell too many": good + b'"a";' * 9 + b"\r\n",
        "quote open": good + b'"evil',
        "not UTF-8": good + b'"\xff"\r\n',
        "second byte order mark": b"\xef\xbb\xbf" + good,
    }
    for what, data in lists.items():
        yield _case("table", f"names {what}", f"the list of names: {what}", "table-unreadable", data, NAMES)


def element(tag: int, vr: bytes, value: bytes) -> bytes:
    """Return one data element, explicit and little-endian."""
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr)
    value += (b"\0" if vr in {b"UI", b"OB"} else b" ") * (len(value) % 2)
    if vr in {b"OB", b"OW", b"SQ", b"UN", b"UT"}:
        return head + struct.pack("<HL", 0, len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def picture(
    body: bytes, *, syntax: bytes = b"1.2.840.10008.1.2.1", media: bytes = b"1.2.840.10008.5.1.4.1.1.1.3"
) -> bytes:
    """Return a DICOM file with ``body`` behind its meta information."""
    meta = element(0x00020001, b"OB", b"\0\1") + element(0x00020002, b"UI", media)
    meta += element(0x00020003, b"UI", b"2.25.1") + element(0x00020010, b"UI", syntax)
    return bytes(128) + b"DICM" + element(0x00020000, b"UL", struct.pack("<L", len(meta))) + meta + body


def image() -> bytes:
    """Return the elements of a small picture."""
    elements = {
        0x00080016: (b"UI", b"1.2.840.10008.5.1.4.1.1.1.3"),
        0x00080018: (b"UI", b"2.25.1"),
        0x00100010: (b"PN", b"EXEMPLE^Anne"),
        0x00100020: (b"LO", b"1"),
        0x0020000D: (b"UI", b"2.25.2"),
        0x0020000E: (b"UI", b"2.25.3"),
    }
    return b"".join(element(tag, vr, value) for tag, (vr, value) in elements.items())


def _dicom() -> Flaws:
    deflated = b"1.2.840.10008.1.2.1.99"
    item = struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF)
    sequence = struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    zeros = zlib.compressobj(9, zlib.DEFLATED, -15)
    vast = struct.pack("<HH2sHL", 0x0008, 0x103E, b"UT", 0, 40 << 20) + bytes(64 << 20)
    bomb = zeros.compress(vast) + zeros.flush()
    files: dict[str, tuple[str, bytes]] = {
        "empty": ("not-dicom", b""),
        "text": ("not-dicom", b"Bonjour\n" * 50),
        "prefix missing": ("not-dicom", bytes(132) + image()),
        "value of a gigabyte": (
            "limit-exceeded",
            picture(struct.pack("<HH2sHL", 0x0008, 0x103E, b"UT", 0, 1 << 30)),
        ),
        "value of 20 megabytes": (
            "limit-exceeded",
            picture(struct.pack("<HH2sHL", 0x0008, 0x103E, b"UT", 0, 20 << 20) + bytes(20 << 20)),
        ),
        "depth": ("dicom-unreadable", picture((sequence + item) * 3000)),
        "deflated bomb": ("limit-exceeded", picture(bomb, syntax=deflated)),
        "deflated nonsense": ("dicom-unreadable", picture(b"\xff" * 400, syntax=deflated)),
    }
    for what, (code, data) in files.items():
        yield _case("dicom", what, f"a DICOM file: {what}", code, data, DICOM)


DIRECTORY = b"1.2.840.10008.1.3.10"


def records(*names: bytes, flag: tuple[bytes, bytes] = (b"US", b"\xff\xff")) -> bytes:
    """Return a DICOMDIR whose records name ``names``; ``flag`` says whether they are in use."""
    body = b""
    for name in names:
        inside = element(0x00041400, b"UL", bytes(4)) + element(0x00041410, *flag)
        inside += element(0x00041430, b"CS", b"IMAGE") + element(0x00041500, b"CS", name)
        body += struct.pack("<HHL", 0xFFFE, 0xE000, len(inside)) + inside
    return picture(struct.pack("<HH2sHL", 0x0004, 0x1220, b"SQ", 0, len(body)) + body, media=DIRECTORY)


def _dicomdir() -> Flaws:
    walks = {
        "parent": b"..\\..\\EVIL",
        "absolute": b"\\ETC\\PASSWD",
        "drive": b"C:\\EVIL",
        "reserved": b"IMAGES\\CON",
        "slashes": b"../../EVIL",
        "stream": b"A:B",
    }
    for what, name in walks.items():
        yield _case(
            "traversal",
            f"DICOMDIR {what}",
            f"a DICOMDIR names {name!r}",
            "unsafe-name",
            records(name),
            DICOMDIR,
        )
    yield _case(
        "dicom",
        "DICOMDIR without file",
        "a DICOMDIR names a file that is not there",
        "dicomdir-missing-file",
        records(b"IMAGES\\IM000001"),
        DICOMDIR,
    )
    yield _case(
        "dicom",
        "DICOMDIR without records",
        "a DICOMDIR has no records",
        "dicom-unreadable",
        picture(image(), media=DIRECTORY),
        DICOMDIR,
    )
    yield _case(
        "dicom",
        "DICOMDIR flag of no known kind",
        "a DICOMDIR says with an unknown value representation whether a record is in use",
        "dicomdir-missing-file",
        records(b"IMAGES\\IM000001", flag=(b"QS", b"\xff\xff")),
        DICOMDIR,
    )
