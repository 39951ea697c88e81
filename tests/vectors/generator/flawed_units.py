"""Sealed units whose frame lies about what is sealed."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any

from tests.vectors.generator.case import UNIT, Case, Flaws
from tests.vectors.generator.unit import AES_FIELD, MEMBER, lying, member, sealed
from tests.vectors.generator.zips import Member, bounds, built, descriptor, plain, wide_field

DATA = b"Bonjour" * 30
BROKEN = "seal-broken"


def cases() -> Flaws:
    """Yield every case of this family; the reader holds the right passphrase."""
    yield from _headers()
    yield from _frames()
    yield from _sealed_bytes()


def _case(
    name: str, wrong: str, data: bytes, *, code: str = BROKEN, family: str = "unit", opened: bool = False
) -> Case:
    return Case(
        family=family,
        name=name,
        wrong=f"a sealed unit: {wrong}",
        reader=UNIT,
        code=code,
        data=data,
        opened=opened,
    )


def _aes(version: int = 2, vendor: bytes = b"AE", strength: int = 3, method: int = 0) -> bytes:
    return struct.pack("<HHH2sBH", 0x9901, 7, version, vendor, strength, method)


def _headers() -> Flaws:
    both: dict[str, dict[str, Any]] = {
        "not encrypted": {"flags": 0},
        "other flag": {"flags": 0x0801},
        "strong encryption": {"flags": 0x0041},
        "method stored": {"method": 0},
        "method deflated": {"method": 8},
        "AE-1": {"extra": _aes(version=1)},
        "128 bits": {"extra": _aes(strength=1)},
        "strength nine": {"extra": _aes(strength=9)},
        "deflated inside": {"extra": _aes(method=8)},
        "other vendor": {"extra": _aes(vendor=b"XX")},
        "no AES field": {"extra": b""},
        "AES field twice": {"extra": AES_FIELD * 2},
        "foreign field": {"extra": AES_FIELD + struct.pack("<HH", 0x1234, 0)},
        "field cut short": {"extra": AES_FIELD + b"\1"},
        "field length lies": {"extra": AES_FIELD + struct.pack("<HH", 0x5455, 900)},
        "checksum told": {"crc": 1},
        "other name": {"name": b"EVIL.ZIP"},
        "name walks": {"name": b"../PAT1.ZIP"},
        "name with zero": {"name": b"PAT00001.ZIP\0"},
        "name not ASCII": {"name": "PAT٠٠٠٠١.ZIP".encode()},
        "name empty": {"name": b""},
    }
    for what, fields in both.items():
        family = "encrypted-flag" if "encrypt" in what else "unit"
        yield _case(
            f"both {what}",
            f"both headers say: {what}",
            lying(DATA, "a", local=fields, central=fields),
            family=family,
        )
    central: dict[str, dict[str, Any]] = {
        "not encrypted": {"flags": 0},
        "method": {"method": 0},
        "name": {"name": b"PAT00002.ZIP"},
        "size": {"size": 7},
        "packed size": {"packed": 7},
        "sizes": {"size": 7, "packed": 35},
        "sizes larger": {"size": 1 << 30, "packed": (1 << 30) + 28},
        "offset": {"offset": 5},
        "disk": {"disk": 1},
        "comment": {"comment": b"hello"},
        "date": {"date": 99},
        "ZIP64 missing": {"size": 0xFFFFFFFF},
        "ZIP64 without need": {"extra": AES_FIELD + wide_field(1)},
        "ZIP64 vast": {
            "size": 0xFFFFFFFF,
            "packed": 0xFFFFFFFF,
            "extra": AES_FIELD + wide_field(1 << 63, (1 << 63) + 28),
        },
        "checksum": {"crc": 9},
        "signature": {"magic": b"PK\1\3"},
        "name length": {"names": 60_000},
        "long name": {"name": b"PAT" + b"0" * 600 + b".ZIP"},
    }
    for what, fields in central.items():
        family = "encrypted-flag" if "encrypt" in what else "unit"
        yield _case(
            f"directory {what}",
            f"the directory lies: {what}",
            lying(DATA, "a", central=fields),
            family=family,
        )
    local: dict[str, dict[str, Any]] = {
        "not encrypted": {"flags": 0},
        "method": {"method": 0},
        "name": {"name": b"PAT00002.ZIP"},
        "size": {"size": 7},
        "packed size": {"packed": 7},
        "date": {"date": 99},
        "checksum": {"crc": 9},
        "descriptor": {"flags": 9},
        "AE-1": {"extra": _aes(version=1)},
        "ZIP64 lies": {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF, "extra": AES_FIELD + wide_field(1, 29)},
        "signature": {"magic": b"PK\3\5"},
        "extra length": {"extras": 60_000},
    }
    for what, fields in local.items():
        family = "encrypted-flag" if "encrypt" in what else "unit"
        yield _case(
            f"local {what}", f"the local header lies: {what}", lying(DATA, "a", local=fields), family=family
        )


def _frames() -> Flaws:
    one = member(DATA, "a")
    other = member(DATA, "b", name=b"PAT00002.ZIP")
    frames: dict[str, tuple[str, str, bytes]] = {
        "two members": ("unit", "it holds two members", built([one, other])),
        "plain member beside": ("unit", "a plain member lies beside", built([one, plain("evil.txt", b"x")])),
        "hidden member": (
            "overlap",
            "a member lies there unlisted",
            built([one, plain("PAT00009.ZIP", b"x", listed=False)]),
        ),
        "hidden member in front": (
            "overlap",
            "a member lies in front unlisted",
            built([plain("PAT00009.ZIP", b"x", listed=False), one]),
        ),
        "no member": ("unit", "it holds nothing", built([])),
        "plain archive": ("unit", "its member is not encrypted", built([plain(MEMBER, DATA)])),
        "bytes before": ("prepended", "bytes stand before it", b"evil" + sealed(DATA, "a")),
        "bytes behind": ("trailing", "bytes follow it", sealed(DATA, "a") + b"evil"),
        "comment": ("trailing", "it has a comment", built([one], comment=b"hello")),
        "gap": ("overlap", "bytes lie before its directory", built([one], between=b"hidden")),
        "count two": ("end-record", "it counts two members", built([one], end={"here": 2, "total": 2})),
        "count none": ("end-record", "it counts no member", built([one], end={"here": 0, "total": 0})),
        "two disks": ("end-record", "it spans two disks", built([one], end={"disk": 1})),
        "directory moved": ("end-record", "its directory is elsewhere", built([one], end={"start": 1})),
        "directory vast": (
            "end-record",
            "its directory claims a gigabyte",
            built([one], end={"length": 1 << 30}),
        ),
        "ZIP64 lies": (
            "end-record",
            "its long end record points elsewhere",
            built([one], wide={"at": 1}, end={"start": 0xFFFFFFFF}),
        ),
        "ZIP64 counts two": (
            "end-record",
            "its long end record counts two",
            built([one], wide={"here": 2, "total": 2}, end={"start": 0xFFFFFFFF}),
        ),
        "descriptor lies": ("descriptor", "its descriptor lies", built([_described(descriptor(0, 1, 1))])),
        "descriptor missing": ("descriptor", "its descriptor is missing", built([_described(b"")])),
        "descriptor with checksum": (
            "descriptor",
            "its descriptor tells a checksum",
            built([_described(descriptor(7, len(one.body()), len(DATA)))]),
        ),
        "descriptor too long": (
            "descriptor",
            "bytes follow its descriptor",
            built([_described(descriptor(0, len(one.body()), len(DATA)) + b"x")]),
        ),
        "empty file": ("truncated", "it is empty", b""),
        "text": ("unit", "it is a text", b"Bonjour\n" * 20),
    }
    for what, (family, wrong, data) in frames.items():
        yield _case(f"unit {what}" if family != "unit" else what, wrong, data, family=family)
    whole = sealed(DATA, "a")
    for name, (start, stop) in bounds(whole).items():
        for how, at in {"before": start, "within": (start + stop) // 2}.items():
            yield _case(
                f"unit {how} {name}", f"it is cut short {how} the {name}", whole[:at], family="truncated"
            )
    yield _case("unit last byte", "its last byte is missing", whole[:-1], family="truncated")


def _described(after: bytes) -> Member:
    one = member(DATA, "a")
    return replace(
        one,
        after=after,
        local={**one.local, "flags": 9, "packed": 0, "size": 0},
        central={**one.central, "flags": 9},
    )


def _sealed_bytes() -> Flaws:
    whole = sealed(DATA, "a")
    start, stop = bounds(whole)["data of member 0"]

    def flipped(at: int) -> bytes:
        return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]

    yield _case(
        "verifier", "its verifier is wrong", flipped(start + 16), code="wrong-passphrase", opened=True
    )
    yield _case("ciphertext", "a bit of its ciphertext is wrong", flipped(start + 40), opened=True)
    yield _case("MAC", "a bit of its MAC is wrong", flipped(stop - 1), opened=True)
    other = sealed(DATA, "a", secret="another passphrase of the same length, 43 ch")
    yield _case(
        "other passphrase",
        "it is sealed with another passphrase",
        other,
        code="wrong-passphrase",
        opened=True,
    )
