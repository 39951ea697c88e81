"""ZIP files whose every field can lie (PKWARE APPNOTE.TXT 6.3.10)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

LOCAL = "<4s5H3L2H"
CENTRAL = "<4s6H3L5H2L"
END = "<4s4H2LH"
END64 = "<4sQ2H2L4Q"
LOCATOR64 = "<4sLQL"

LOCAL_FIELDS = (
    "magic",
    "version",
    "flags",
    "method",
    "time",
    "date",
    "crc",
    "packed",
    "size",
    "names",
    "extras",
)
CENTRAL_FIELDS = (
    "magic",
    "made_by",
    "version",
    "flags",
    "method",
    "time",
    "date",
    "crc",
    "packed",
    "size",
    "names",
    "extras",
    "comments",
    "disk",
    "internal",
    "attributes",
    "offset",
)
END_FIELDS = ("magic", "disk", "first_disk", "here", "total", "length", "start", "comments")


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member as it would honestly be; ``local`` and ``central`` are fields that say something else.

    ``central`` may name ``name`` and ``extra`` too, ``local`` the same; ``after``
    are bytes that follow the data, such as a descriptor.
    """

    name: bytes
    data: bytes = b""
    deflated: bool = False
    packed: bytes | None = None
    local: Mapping[str, Any] = field(default_factory=dict)
    central: Mapping[str, Any] = field(default_factory=dict)
    after: bytes = b""
    listed: bool = True
    written: bool = True

    def body(self) -> bytes:
        """Return what lies between the local header and the next one."""
        if self.packed is not None:
            return self.packed
        return deflate(self.data) if self.deflated else self.data


def deflate(data: bytes) -> bytes:
    """Return ``data`` deflated without a header."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return engine.compress(data) + engine.flush()


def plain(name: str | bytes, data: bytes = b"", **more: Any) -> Member:
    """Return an honest member; text names are flagged as UTF-8 where they are not ASCII."""
    raw = name.encode("utf-8", "surrogatepass") if isinstance(name, str) else name
    flags = {} if raw.isascii() else {"flags": 0x0800}
    member = Member(name=raw, data=data, **more)
    return replace(member, local={**flags, **member.local}, central={**flags, **member.central})


def built(
    members: Sequence[Member],
    *,
    end: Mapping[str, Any] | None = None,
    before: bytes = b"",
    between: bytes = b"",
    wide: Mapping[str, Any] | None = None,
    comment: bytes = b"",
    after: bytes = b"",
    order: Sequence[int] | None = None,
) -> bytes:
    """Return the archive of ``members``.

    ``before`` stands in front without being counted, ``between`` lies between
    the last member and the directory, ``wide`` adds ZIP64 end records with
    fields that lie, ``order`` is that of the directory.
    """
    data, entries = bytearray(), []
    for member in members:
        offset = len(data)
        body = member.body()
        if member.written:
            data += _local(member, body) + body + member.after
        entries.append(_central(member, body, offset) if member.listed else b"")
    data += between
    directory = b"".join(entries[place] for place in (order or range(len(entries))))
    count = sum(member.listed for member in members)
    fields = {
        "magic": b"PK\5\6",
        "disk": 0,
        "first_disk": 0,
        "here": count,
        "total": count,
        "length": len(directory),
        "start": len(data),
        "comments": len(comment),
        **(end or {}),
    }
    tail = _wide_end(wide, count, len(directory), len(data)) if wide is not None else b""
    tail += struct.pack(END, *(fields[name] for name in END_FIELDS)) + comment
    return before + bytes(data) + directory + tail + after


def _header_fields(member: Member, body: bytes) -> dict[str, Any]:
    return {
        "version": 20,
        "flags": 0,
        "method": 8 if member.deflated else 0,
        "time": 0,
        "date": 33,
        "crc": zlib.crc32(member.data),
        "packed": len(body),
        "size": len(member.data),
        "name": member.name,
        "extra": b"",
    }


def _local(member: Member, body: bytes) -> bytes:
    fields = {**_header_fields(member, body), "magic": b"PK\3\4", **member.local}
    fields = {"names": len(fields["name"]), "extras": len(fields["extra"]), **fields}
    return struct.pack(LOCAL, *(fields[name] for name in LOCAL_FIELDS)) + fields["name"] + fields["extra"]


def _central(member: Member, body: bytes, offset: int) -> bytes:
    fields = {
        **_header_fields(member, body),
        "magic": b"PK\1\2",
        "made_by": 0x032D,
        "disk": 0,
        "internal": 0,
        "attributes": 0o100644 << 16,
        "offset": offset,
        "comment": b"",
        **member.central,
    }
    fields = {
        "names": len(fields["name"]),
        "extras": len(fields["extra"]),
        "comments": len(fields["comment"]),
        **fields,
    }
    head = struct.pack(CENTRAL, *(fields[name] for name in CENTRAL_FIELDS))
    return head + fields["name"] + fields["extra"] + fields["comment"]


def _wide_end(wide: Mapping[str, Any], count: int, length: int, start: int) -> bytes:
    fields = {
        "size": 44,
        "made_by": 0x032D,
        "version": 45,
        "disk": 0,
        "first_disk": 0,
        "here": count,
        "total": count,
        "length": length,
        "start": start,
        "at": start + length,
        "disks": 1,
        **wide,
    }
    names = ("size", "made_by", "version", "disk", "first_disk", "here", "total", "length", "start")
    record = struct.pack(END64, b"PK\6\6", *(fields[name] for name in names))
    return record + struct.pack(LOCATOR64, b"PK\6\7", 0, fields["at"], fields["disks"])


def wide_field(*values: int) -> bytes:
    """Return a ZIP64 extra field with 64-bit ``values``."""
    return struct.pack(f"<HH{len(values)}Q", 1, 8 * len(values), *values)


def descriptor(crc: int, packed: int, size: int, *, magic: bool = True) -> bytes:
    """Return a data descriptor."""
    return b"PK\7\x08" * magic + struct.pack("<LLL", crc, packed, size)


def bounds(data: bytes) -> dict[str, tuple[int, int]]:
    """Return where each structure of an honest archive without ZIP64 begins and ends."""
    found: dict[str, tuple[int, int]] = {}
    at = number = 0
    while data[at : at + 4] == b"PK\3\4":
        fields = dict(zip(LOCAL_FIELDS, struct.unpack_from(LOCAL, data, at), strict=True))
        name_at = at + struct.calcsize(LOCAL)
        body_at = name_at + fields["names"] + fields["extras"]
        found[f"header of member {number}"] = at, name_at
        found[f"name of member {number}"] = name_at, body_at
        found[f"data of member {number}"] = body_at, body_at + fields["packed"]
        at, number = body_at + fields["packed"], number + 1
    number = 0
    while data[at : at + 4] == b"PK\1\2":
        fields = dict(zip(CENTRAL_FIELDS, struct.unpack_from(CENTRAL, data, at), strict=True))
        length = struct.calcsize(CENTRAL) + fields["names"] + fields["extras"] + fields["comments"]
        found[f"directory entry {number}"] = at, at + length
        at, number = at + length, number + 1
    found["end record"] = at, len(data)
    return found


def ends(places: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Return the structures of the first and the last member among ``places``, and the end record."""
    last = max(int(name.rpartition(" ")[2]) for name in places if name.startswith("header"))
    wanted = (" 0", f" {last}", "end record")
    return {name: place for name, place in places.items() if name.endswith(wanted)}
