"""Containers whose structures lie about each other."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.vectors.generator import dossier
from tests.vectors.generator.case import PACKAGE, Case, Flaws
from tests.vectors.generator.package import package
from tests.vectors.generator.zips import Member, bounds, descriptor, ends, plain, wide_field

Change = Callable[[list[Member]], list[Member]]


def last(**options: Any) -> Change:
    """Return a change of the last member's headers: ``local`` and ``central`` fields, or other parts."""

    def change(members: list[Member]) -> list[Member]:
        one = members[-1]
        merged = {
            name: {**getattr(one, name), **value} if isinstance(value, Mapping) else value
            for name, value in options.items()
        }
        return [*members[:-1], replace(one, **merged)]

    return change


def both(**fields: Any) -> Change:
    return last(local=fields, central=fields)


IN_DIRECTORY: dict[str, dict[str, Any]] = {
    "name": {"name": b"META-INF/signature002.p7s"},
    "checksum": {"crc": 1},
    "packed size": {"packed": 5},
    "size": {"size": 5},
    "flags": {"flags": 0x0002},
    "encrypted": {"flags": 0x0001},
    "strong encryption": {"flags": 0x0041},
    "masked header": {"flags": 0x2001},
    "descriptor": {"flags": 0x0008},
    "UTF-8 flag": {"flags": 0x0800},
    "method deflate": {"method": 8},
    "method unknown": {"method": 14},
    "method AES": {"method": 99},
    "date": {"date": 0x5A21},
    "time": {"time": 1},
    "version": {"version": 63},
    "made by": {"made_by": 0x0014},
    "disk": {"disk": 1},
    "internal": {"internal": 1},
    "comment": {"comment": b"hello"},
    "extra": {"extra": struct.pack("<HH4s", 0x5455, 4, b"evil")},
    "needless ZIP64": {"extra": wide_field(1, 1)},
    "offset one more": {"offset": 1},
    "offset of first": {"offset": 0},
    "offset past end": {"offset": 0x7FFFFFFF},
    "ZIP64 offset missing": {"offset": 0xFFFFFFFF},
    "ZIP64 sizes missing": {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF},
    "name longer": {"names": 40_000},
    "extra longer": {"extras": 40_000},
    "signature": {"magic": b"PK\1\3"},
}
"""Lies of a directory entry."""


IN_HEADER: dict[str, dict[str, Any]] = {
    "name": {"name": b"META-INF/signature002.p7s"},
    "name walks": {"name": b"../../../evil/passwd.p7s."},
    "checksum": {"crc": 1},
    "packed size": {"packed": 5},
    "size": {"size": 5},
    "flags": {"flags": 0x0002},
    "encrypted": {"flags": 0x0001},
    "descriptor": {"flags": 0x0008},
    "method": {"method": 8},
    "date": {"date": 0x5A21},
    "version": {"version": 63},
    "extra": {"extra": struct.pack("<HH4s", 0x5455, 4, b"evil")},
    "needless ZIP64": {"extra": wide_field(1, 1)},
    "signature": {"magic": b"PK\3\5"},
}
"""Lies of a local header."""


OF_BOTH: dict[str, dict[str, Any]] = {
    "encrypted": {"flags": 0x0001},
    "dated": {"date": 0x5A21},
    "extra": {"extra": struct.pack("<HH4s", 0x5455, 4, b"evil")},
    "method unknown": {"method": 14},
}
"""What both headers agree on and no package has."""


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _package_headers()
    yield from _package_frames()
    yield from _truncated()


def _case(family: str, what: str, wrong: str, code: str, data: bytes, reader: str = PACKAGE) -> Case:
    where = "package" if reader == PACKAGE else "archive"
    return Case(family=family, name=f"{where} {what}", wrong=wrong, reader=reader, code=code, data=data)


def _package_headers() -> Flaws:
    for what, fields in IN_DIRECTORY.items():
        family = "encrypted-flag" if "encrypt" in what or "masked" in what else "header"
        wrong = f"the directory lies about a member's {what}"
        data = package(members=last(central=fields))
        yield _case(family, f"directory {what}", wrong, "container-irregular", data)
    for what, fields in IN_HEADER.items():
        family = "encrypted-flag" if what == "encrypted" else "header"
        wrong = f"a local header lies about its {what}"
        yield _case(
            family, f"local {what}", wrong, "container-irregular", package(members=last(local=fields))
        )
    for what, fields in OF_BOTH.items():
        family = "encrypted-flag" if what == "encrypted" else "header"
        wrong = f"both headers say something no package says: {what}"
        yield _case(family, f"both {what}", wrong, "container-irregular", package(members=both(**fields)))
    compressed = last(deflated=True)
    yield _case(
        "header",
        "compressed member",
        "a member is really compressed",
        "container-irregular",
        package(members=compressed),
    )
    yield _case(
        "descriptor",
        "behind data",
        "a member has a data descriptor",
        "container-irregular",
        package(
            members=last(
                local={"flags": 8, "crc": 0, "packed": 0, "size": 0},
                central={"flags": 8},
                after=descriptor(1, 2, 3),
            )
        ),
    )


def _package_frames() -> Flaws:
    irregular: dict[str, tuple[str, str, dict[str, Any]]] = {
        "zeros behind": ("trailing", "zeros follow the end record", {"after": bytes(4)}),
        "ZIP behind": ("trailing", "a second ZIP follows", {"after": dossier.archive()}),
        "comment": ("trailing", "the archive has a comment", {"comment": b"hello"}),
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
        "script before": ("prepended", "a script stands before the first member", {"before": b"#!/bin/sh\n"}),
        "ZIP before": (
            "prepended",
            "another ZIP stands before the first member",
            {"before": dossier.archive()},
        ),
        "gap before directory": ("overlap", "bytes lie before the directory", {"between": b"hidden"}),
        "two disks": ("end-record", "it spans two disks", {"end": {"disk": 1}}),
        "first disk": ("end-record", "its directory begins on another disk", {"end": {"first_disk": 1}}),
        "counts differ": ("end-record", "its two counts differ", {"end": {"here": 1}}),
        "count too small": ("end-record", "it counts too few entries", {"end": {"here": 2, "total": 2}}),
        "count too large": ("end-record", "it counts too many entries", {"end": {"here": 99, "total": 99}}),
        "no entries": ("end-record", "it counts no entry", {"end": {"here": 0, "total": 0}}),
        "directory moved": ("end-record", "the directory is elsewhere", {"end": {"start": 7}}),
        "directory longer": ("end-record", "the directory is longer", {"end": {"length": 1 << 20}}),
        "directory shorter": ("end-record", "the directory is shorter", {"end": {"length": 46}}),
        "comment length lies": ("end-record", "the comment is not there", {"end": {"comments": 9}}),
        "ZIP64 asked for": (
            "end-record",
            "ZIP64 records are promised and missing",
            {"end": {"start": 0xFFFFFFFF}},
        ),
        "ZIP64 without need": ("end-record", "ZIP64 records stand there without need", {"wide": {}}),
        "ZIP64 contradicts": (
            "end-record",
            "the two end records contradict each other",
            {"wide": {"total": 70_000, "here": 70_000}, "end": {"here": 0xFFFF, "total": 0xFFFF}},
        ),
        "ZIP64 far away": (
            "end-record",
            "the ZIP64 locator points elsewhere",
            {"wide": {"at": 3}, "end": {"start": 0xFFFFFFFF}},
        ),
        "directory in other order": (
            "overlap",
            "the directory lists members in another order",
            {"order": [0, 2, 1, 3, 4, 5, 6, 7, 8]},
        ),
    }
    for what, (family, wrong, options) in irregular.items():
        yield _case(family, what, wrong, "container-irregular", package(**options))
    many = {"here": 0xFFFF, "total": 0xFFFF}
    yield _case(
        "end-record",
        "half a million members",
        "it counts more members than any practice",
        "limit-exceeded",
        package(wide={"here": 600_000, "total": 600_000}, end=many),
    )
    yield _case(
        "overlap",
        "members share data",
        "two entries share one local header",
        "container-irregular",
        package(
            members=lambda members: [
                *members,
                replace(members[-1], name=b"docs/x", written=False, central={"offset": 0}),
            ]
        ),
    )
    yield _case(
        "overlap",
        "member in member",
        "a member lies inside the data of another",
        "container-irregular",
        package(members=last(central={"packed": 9, "size": 9}, local={"packed": 9, "size": 9})),
    )
    yield _case(
        "overlap",
        "member not listed",
        "a member lies there that the directory does not list",
        "container-irregular",
        package(
            members=lambda members: [*members[:-1], plain("docs/hidden.txt", b"x", listed=False), members[-1]]
        ),
    )
    yield _case(
        "not-a-package", "archive", "it is a ZIP of another kind", "container-irregular", dossier.archive()
    )
    yield _case("not-a-package", "empty file", "the file is empty", "not-a-package", b"")
    yield _case(
        "not-a-package",
        "empty ZIP",
        "the ZIP holds nothing",
        "container-irregular",
        struct.pack("<4s4H2LH", b"PK\5\6", *[0] * 7),
    )
    yield _case("not-a-package", "text", "it is a text", "not-a-package", b"Bonjour\n" * 100)
    yield _case(
        "not-a-package",
        "other media type",
        "it says that it is an EPUB",
        "not-a-package",
        package(parts=lambda parts: {**parts, "mimetype": b"application/epub+zip"}),
    )
    yield _case(
        "not-a-package",
        "media type with line end",
        "a line end follows the media type",
        "not-a-package",
        package(parts=lambda parts: {**parts, "mimetype": parts["mimetype"] + b"\n"}),
    )
    yield _case(
        "not-a-package",
        "media type later",
        "the media type is not its first member",
        "not-a-package",
        package(members=lambda members: [members[1], members[0], *members[2:]]),
    )
    yield _case(
        "not-a-package",
        "media type with extra field",
        "the first member has an extra field",
        "container-irregular",
        package(
            members=lambda members: [
                replace(
                    members[0],
                    local={
                        "extra": wide_field(31, 31),
                        "size": 0xFFFFFFFF,
                        "packed": 0xFFFFFFFF,
                        "version": 45,
                    },
                    central={"version": 45},
                ),
                *members[1:],
            ]
        ),
    )


def _truncated() -> Flaws:
    whole = package()
    for name, (start, stop) in ends(bounds(whole)).items():
        for how, at in {"before": start, "within": (start + stop) // 2}.items():
            code = "package-truncated" if at >= 4 else "not-a-package"
            yield _case("truncated", f"{how} {name}", f"it is cut short {how} the {name}", code, whole[:at])
    yield _case("truncated", "last byte", "its last byte is missing", "package-truncated", whole[:-1])
