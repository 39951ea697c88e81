"""Plain ZIP archives whose structures lie about each other, and those that unpack without end."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any

from tests.vectors.generator import dossier
from tests.vectors.generator.case import ARCHIVE, PACKAGE, Case, Flaws
from tests.vectors.generator.zips import Member, bounds, built, deflate, descriptor, ends, plain, wide_field


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _archive_headers()
    yield from _archive_frames()
    yield from _bombs()
    yield from _truncated()


def _case(family: str, what: str, wrong: str, code: str, data: bytes, reader: str = PACKAGE) -> Case:
    where = "package" if reader == PACKAGE else "archive"
    return Case(family=family, name=f"{where} {what}", wrong=wrong, reader=reader, code=code, data=data)


def _archive_headers() -> Flaws:
    evil = {
        "directory name": {"central": {"name": b"DATA/OTHER"}},
        "directory size": {"central": {"size": 5}},
        "directory packed size": {"central": {"packed": 5}},
        "local size": {"local": {"size": 5}},
        "local packed size": {"local": {"packed": 5}},
        "local name": {"local": {"name": b"../../evil"}},
        "local checksum": {"local": {"crc": 1}},
        "local method": {"local": {"method": 8}},
        "local flags": {"local": {"flags": 2}},
        "local signature": {"local": {"magic": b"XXXX"}},
        "local encrypted": {"local": {"flags": 1}},
        "directory encrypted": {"central": {"flags": 1}},
        "directory strong encryption": {"central": {"flags": 0x41}},
        "directory descriptor": {"central": {"flags": 8}},
        "directory method": {"central": {"method": 8}},
        "directory unknown method": {"central": {"method": 12}},
        "both encrypted": {"local": {"flags": 1}, "central": {"flags": 1}},
        "both patched": {"local": {"flags": 0x20}, "central": {"flags": 0x20}},
        "both unknown method": {"local": {"method": 93}, "central": {"method": 93}},
        "ZIP64 sizes missing": {"central": {"size": 0xFFFFFFFF}},
        "local ZIP64 sizes missing": {"local": {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF}},
        "local ZIP64 sizes lie": {
            "local": {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF, "extra": wide_field(1, 1)}
        },
        "offset lies": {"central": {"offset": 3}},
        "name not UTF-8": {"name": b"\xff\xfe", "local": {"flags": 0x800}, "central": {"flags": 0x800}},
    }
    for what, fields in evil.items():
        family = "encrypted-flag" if "encrypt" in what else "header"
        honest = {"name": b"IHE_XDM/SUBSET01/EXTRA.TXT", "data": b"some bytes"}
        member = Member(**{**honest, **fields})
        data = dossier.archive(extra=[member])
        yield _case(family, what, f"a header of a member lies: {what}", "zip-refused", data, ARCHIVE)
    checksum = _letter(local={"crc": 7}, central={"crc": 7})
    yield _case("size", "checksum", "a member has another checksum", "zip-damaged", checksum, ARCHIVE)
    lies = {
        "CRC": descriptor(1, 9, 9),
        "sizes": descriptor(0, 1, 1),
        "too long": descriptor(0, 9, 9) + bytes(4),
        "too short": b"PK\7\x08\0",
        "missing": b"",
    }
    for what, after in lies.items():
        flags = {"flags": 8}
        member = Member(
            name=b"IHE_XDM/SUBSET01/EXTRA.TXT",
            data=b"some byte",
            after=after,
            local={**flags, "crc": 0, "packed": 0, "size": 0},
            central=flags,
        )
        wrong = f"a data descriptor lies: {what}"
        yield _case("descriptor", what, wrong, "zip-refused", dossier.archive(extra=[member]), ARCHIVE)
    stored = Member(
        name=b"IHE_XDM/SUBSET01/EXTRA.TXT",
        data=b"some byte",
        after=descriptor(0, 9, 9),
        local={"flags": 8, "crc": 5, "packed": 7, "size": 7},
        central={"flags": 8},
    )
    yield _case(
        "descriptor",
        "header with other sizes",
        "the header before a descriptor states other sizes",
        "zip-refused",
        dossier.archive(extra=[stored]),
        ARCHIVE,
    )


def _letter(**options: Any) -> bytes:
    """Return the archive whose letter, which a reader of the dossier must read, is packed as ``options``."""
    parts = dossier.parts("a")
    parts[dossier.SUMS] = dossier.sums(parts)
    letter = dossier.LETTER_PLACE.encode()
    return built([replace(one, **options) if one.name == letter else one for one in dossier.members(parts)])


def _archive_frames() -> Flaws:
    refused: dict[str, tuple[str, str, dict[str, Any]]] = {
        "bytes behind": ("trailing", "bytes follow the end record", {"after": b"evil"}),
        "ZIP behind": ("trailing", "a second archive follows", {"after": dossier.archive("b")}),
        "end record in comment": (
            "trailing",
            "the comment holds another end record",
            {"comment": struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0, 0, 0, 0, 0)},
        ),
        "program before": (
            "prepended",
            "a program stands before the first member",
            {"before": b"MZ" + bytes(62)},
        ),
        "ZIP before": ("prepended", "another archive stands before", {"before": dossier.archive("b")}),
        "gap before directory": ("overlap", "bytes lie before the directory", {"between": b"hidden"}),
        "two disks": ("end-record", "it spans two disks", {"end": {"disk": 1}}),
        "counts differ": ("end-record", "its two counts differ", {"end": {"here": 1}}),
        "count too small": ("end-record", "it counts too few entries", {"end": {"here": 2, "total": 2}}),
        "count too large": ("end-record", "it counts too many entries", {"end": {"here": 99, "total": 99}}),
        "directory moved": ("end-record", "the directory is elsewhere", {"end": {"start": 7}}),
        "directory longer": ("end-record", "the directory is longer", {"end": {"length": 1 << 20}}),
        "ZIP64 asked for": (
            "end-record",
            "ZIP64 records are promised and missing",
            {"end": {"start": 0xFFFFFFFF}},
        ),
        "ZIP64 far away": (
            "end-record",
            "the ZIP64 locator points elsewhere",
            {"wide": {"at": 3}, "end": {"start": 0xFFFFFFFF}},
        ),
    }
    for what, (family, wrong, options) in refused.items():
        yield _case(family, what, wrong, "zip-refused", dossier.archive(**options), ARCHIVE)
    yield _case(
        "end-record",
        "million members",
        "it counts a million members",
        "limit-exceeded",
        dossier.archive(wide={"here": 1_000_000, "total": 1_000_000}, end={"here": 0xFFFF, "total": 0xFFFF}),
        ARCHIVE,
    )
    hidden = plain("DATA/HIDDEN", b"x", listed=False)
    yield _case(
        "overlap",
        "member not listed",
        "a member lies there that the directory does not list",
        "zip-refused",
        dossier.archive(extra=[hidden]),
        ARCHIVE,
    )
    shared = plain("DATA/SHARED", dossier.README, written=False, central={"offset": 0})
    yield _case(
        "overlap",
        "members share data",
        "two entries share one local header",
        "zip-refused",
        dossier.archive(extra=[shared]),
        ARCHIVE,
    )
    for what, data in {"empty file": b"", "text": b"Bonjour\n" * 100}.items():
        yield _case("not-an-archive", what, f"it is: {what}", "zip-refused", data, ARCHIVE)


def _bombs() -> Flaws:
    mega = 1 << 20
    zeros = deflate(bytes(100 * mega))
    huge = Member(
        name=b"IHE_XDM/SUBSET01/BOMB.TXT",
        packed=zeros,
        local={"method": 8, "size": 100 * mega, "crc": 1},
        central={"method": 8, "size": 100 * mega, "crc": 1},
    )
    yield _case(
        "bomb", "ratio", "100 MB of zeros in 100 kB", "limit-exceeded", dossier.archive(extra=[huge]), ARCHIVE
    )
    claim = {"size": 0xFFFFFFFF, "packed": 10, "extra": wide_field(1 << 40)}
    vast = Member(name=b"IHE_XDM/SUBSET01/BOMB.TXT", packed=bytes(10), local=claim, central=claim)
    yield _case(
        "bomb",
        "claims a terabyte",
        "a stored member of ten bytes claims a terabyte",
        "zip-refused",
        dossier.archive(extra=[vast]),
        ARCHIVE,
    )
    claim8 = {**claim, "method": 8}
    vast8 = Member(name=b"IHE_XDM/SUBSET01/BOMB.TXT", packed=bytes(10), local=claim8, central=claim8)
    yield _case(
        "bomb",
        "claims a packed terabyte",
        "ten packed bytes claim a terabyte",
        "limit-exceeded",
        dossier.archive(extra=[vast8]),
        ARCHIVE,
    )
    small = [
        Member(
            name=b"IHE_XDM/SUBSET01/%d" % number,
            packed=deflate(bytes(mega)),
            local={"method": 8, "size": 60 * mega},
            central={"method": 8, "size": 60 * mega},
        )
        for number in range(20)
    ]
    yield _case(
        "bomb",
        "in pieces",
        "twenty members of 60 MB each are only large together",
        "limit-exceeded",
        dossier.archive(extra=small),
        ARCHIVE,
    )
    kernel = deflate(bytes(mega))
    first = Member(
        name=b"IHE_XDM/SUBSET01/K0",
        packed=kernel,
        data=bytes(mega),
        local={"method": 8},
        central={"method": 8},
    )
    more = [
        replace(
            first, name=b"IHE_XDM/SUBSET01/K%d" % number, written=False, central={"method": 8, "offset": 0}
        )
        for number in range(1, 200)
    ]
    yield _case(
        "bomb",
        "overlapping kernel",
        "200 members unpack the same bytes",
        "limit-exceeded",
        dossier.archive(extra=[first, *more]),
        ARCHIVE,
    )
    honest = dossier.letter("a")
    lies = {
        "unpacks to more": (deflate(honest + bytes(4 * mega)), len(honest)),
        "unpacks to less": (deflate(honest[:5]), len(honest)),
        "bytes behind the stream": (deflate(honest) + b"evil", len(honest)),
        "stream cut short": (deflate(honest)[:-2], len(honest)),
        "no deflate stream": (b"\xff" * 40, len(honest)),
    }
    for what, (packed, size) in lies.items():
        fields = {"method": 8, "size": size}
        data = _letter(packed=packed, local=fields, central=fields)
        yield _case("size", what, f"a member {what}", "zip-damaged", data, ARCHIVE)


def _truncated() -> Flaws:
    whole = dossier.archive()
    for name, (start, stop) in ends(bounds(whole)).items():
        for how, at in {"before": start, "within": (start + stop) // 2}.items():
            code = "zip-refused"
            yield _case(
                "truncated", f"{how} {name}", f"it is cut short {how} the {name}", code, whole[:at], ARCHIVE
            )
    yield _case("truncated", "last byte", "its last byte is missing", "zip-refused", whole[:-1], ARCHIVE)
