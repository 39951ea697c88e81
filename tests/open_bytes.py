"""What everybody can read of a package who has no key: every byte of it that is not ciphertext.

Nothing here is imported from the program: the places are found with the standard library.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from asn1crypto import parser

STRINGS = frozenset({12, 18, 19, 20, 22, 25, 26, 27, 28, 30})
"""Tags of the string types of ASN.1 (X.680, table 1)."""
WIDE, WRAPPING = 30, 4
"""The string type of two bytes a character, and the octets that often hold further values."""


@dataclass(frozen=True, kw_only=True)
class Open:
    """Bytes that lie open: where, all of them, and the texts in them that are not random by their nature.

    ``texts`` leaves out keys, salts and signatures: any short word stands somewhere in those.
    """

    where: str
    raw: bytes
    texts: tuple[str, ...]


def open_bytes(package: Path) -> Iterator[Open]:
    """Yield everything that is open in the ZIP file ``package``.

    The container's own headers and directory come as one; a sealed unit gives everything but its
    ciphertext, an age file everything before its payload; every other member is open as a whole.
    """
    whole = package.read_bytes()
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        infos, comment = archive.infolist(), archive.comment
    skeleton, position = b"", 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        assert info.compress_type == zipfile.ZIP_STORED, info.filename
        start = _data(whole, info.header_offset)
        skeleton += whole[position:start]
        position = start + info.file_size
        yield _member(info.filename, whole[start:position])
    texts = [
        comment,
        *(part for info in infos for part in (info.filename.encode(), info.comment, info.extra)),
    ]
    yield Open(where="container", raw=skeleton + whole[position:], texts=tuple(map(_decoded, texts)))


def _data(whole: bytes, header: int) -> int:
    """Return where the data of the member begins whose local header lies at ``header``."""
    name, extra = struct.unpack_from("<2H", whole, header + 26)
    return header + 30 + name + extra


def _member(name: str, data: bytes) -> Open:
    if name.startswith("units/"):
        return _around_ciphertext(name, data)
    if name.endswith(".age"):
        return _stanzas(name, data)
    if data[:1] == b"\x30":
        with suppress(ValueError):
            parser.parse(data, strict=True)
            return Open(where=name, raw=data, texts=tuple(_strings(data)))
    return Open(where=name, raw=data, texts=(_decoded(data),))


def _decoded(data: bytes) -> str:
    """Read ``data`` line by line as UTF-8, or as Latin-1 where a line is not; UTF-16 loses its zeros."""
    return "\n".join(map(_line, data.replace(b"\0", b"").split(b"\n")))


def _line(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _around_ciphertext(name: str, unit: bytes) -> Open:
    with zipfile.ZipFile(BytesIO(unit)) as archive:
        (info,) = archive.infolist()
        texts = (info.filename, _decoded(archive.comment), _decoded(info.comment))
    assert info.flag_bits & 1, "the member of a unit is encrypted"
    start = _data(unit, info.header_offset)
    # salt, verifier and MAC are told as well: they might be made from a trait
    around = unit[: start + 18] + unit[start + info.compress_size - 10 :]
    return Open(where=name, raw=around, texts=texts)


def _stanzas(name: str, file: bytes) -> Open:
    """Give the recipient stanzas of an age file, to the end of the line with the MAC."""
    assert file.startswith(b"age-encryption.org/v1\n")
    header = file[: file.index(b"\n", file.index(b"\n--- ") + 1) + 1]
    kinds = [line.split()[1] for line in header.splitlines() if line.startswith(b"-> ")]
    return Open(where=name, raw=header, texts=tuple(map(_decoded, kinds)))


def _strings(der: bytes) -> Iterator[str]:
    """Yield every string inside ``der``, which is a series of values, or inside what they wrap."""
    position = 0
    while position < len(der):
        try:
            kind, method, tag, header, contents, trailer = parser.parse(der[position:])
        except ValueError:
            return
        position += len(header) + len(contents) + len(trailer)
        if kind == 0 and tag in STRINGS:
            yield contents.decode("utf-16-be") if tag == WIDE else _decoded(contents)
        elif method == 1 or (tag == WRAPPING and _is_value(contents)):
            yield from _strings(contents)


def _is_value(octets: bytes) -> bool:
    """Say whether ``octets`` are one DER value: a digest that begins like a string is not."""
    try:
        parser.parse(octets, strict=True)
    except ValueError:
        return False
    return True


def shape_of_unit(unit: bytes) -> tuple[str, tuple[int, ...], int]:
    """Return the visible name and date of the one member of a sealed unit, and how many bytes surround it."""
    with zipfile.ZipFile(BytesIO(unit)) as archive:
        (info,) = archive.infolist()
        return info.filename, info.date_time, len(unit) - info.compress_size
