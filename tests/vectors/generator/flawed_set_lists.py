"""Lists of volumes that are no plain JSON, or say what no set says; each truly signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.vectors.generator.case import Flaws
from tests.vectors.generator.flawed_names import RESERVED, WALKING
from tests.vectors.generator.package import PACKAGE, Row
from tests.vectors.generator.volumes import FILES, both_called, set_case, volume_list

INVALID = "manifest-invalid"
Change = Callable[[Row], Any]


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _names()
    yield from _volumes()
    yield from _set()
    yield from _json()


def _second(**lie: Any) -> Change:
    """Return a change of what the set says about its second volume; an ellipsis takes a key away."""

    def change(row: Row) -> Row:
        first, last = row["volumes"]
        second = {key: value for key, value in {**last, **lie}.items() if value is not ...}
        return {**row, "volumes": [first, second]}

    return change


def _whole(**lie: Any) -> Change:
    return lambda row: {key: value for key, value in {**row, **lie}.items() if value is not ...}


# -- the names of files -------------------------------------------------------------------

BESIDE = {
    "folder": f"docs/{FILES[1]}",
    "folder of its own": f"{FILES[1]}/",
    "URL": "http://127.0.0.1/p-002.asice",
    "decomposed": "e\u0301te\u0301.asice",
    "half a character": "\udcff.asice",
}
"""Names that lie somewhere else, or are none."""

CLASHES = {
    "same": FILES[0],
    "case": FILES[0].upper(),
    "case of one letter": "P-001.asice",
}


def _names() -> Flaws:
    for kind, spellings in (("traversal", {**WALKING, **BESIDE}), ("reserved", RESERVED)):
        for what, name in spellings.items():
            data = volume_list(manifest=_second(file=name))
            yield set_case(kind, what, f"a volume is called {name[:60]!r}", INVALID, data=data)
    for what, name in CLASHES.items():
        data = volume_list(manifest=_second(file=name))
        yield set_case("clash", what, f"two volumes are called {FILES[0]} and {name}", INVALID, data=data)
    sharp = both_called("stra\u00dfe.asice", "STRASSE.asice")
    same = "two volumes have one name where case does not count"
    yield set_case("clash", "sharp s", same, INVALID, data=volume_list(manifest=sharp))


# -- what is said of volumes --------------------------------------------------------------


def _volumes() -> Flaws:
    lists: dict[str, Change] = {
        "no volumes": _whole(volumes=[]),
        "volumes missing": _whole(volumes=...),
        "one volume": lambda row: {**row, "volumes": row["volumes"][:1]},
        "volumes as object": lambda row: {**row, "volumes": {one["file"]: one for one in row["volumes"]}},
        "volumes as text": _whole(volumes="p-001.asice p-002.asice"),
        "volume as text": _whole(volumes=list(FILES)),
        "volume as nothing": lambda row: {**row, "volumes": [*row["volumes"], None]},
        "volume twice": lambda row: {**row, "volumes": [*row["volumes"], row["volumes"][0]]},
        "more volumes than there can be": lambda row: {**row, "volumes": _many(row["volumes"][0], 501)},
        "twenty thousand volumes": lambda row: {**row, "volumes": _many(row["volumes"][0], 20_000)},
        "package twice": _second(package=f"{PACKAGE}:1"),
    }
    keys: dict[str, dict[str, Any]] = {
        "file missing": {"file": ...},
        "file as number": {"file": 2},
        "file as list": {"file": [FILES[1]]},
        "file as nothing": {"file": None},
        "package missing": {"package": ...},
        "package walks": {"package": "../../evil"},
        "package too long": {"package": "a" * 65},
        "package empty": {"package": ""},
        "size missing": {"size": ...},
        "size as text": {"size": "9000"},
        "size below zero": {"size": -1},
        "size too large": {"size": 1 << 60},
        "size as fraction": {"size": 9000.5},
        "size as truth": {"size": True},
        "digest missing": {"manifest_sha256": ...},
        "digest short": {"manifest_sha256": "0" * 40},
        "digest in capitals": {"manifest_sha256": "A" * 64},
        "digest with a line end": {"manifest_sha256": "a" * 64 + "\n"},
        "units missing": {"units": ...},
        "units as list": {"units": []},
        "units below zero": {"units": -1},
        "year missing": {"retention_year": ...},
        "year as text": {"retention_year": "2046"},
        "year zero": {"retention_year": 0},
        "year that nothing follows": {"retention_year": 9999},
        "term missing": {"destroy_from": ...},
        "term on another day": {"destroy_from": "2047-03-01"},
        "term that is no date": {"destroy_from": "0000-01-01"},
        "term as number": {"destroy_from": 2047},
    }
    changes = lists | {what: _second(**lie) for what, lie in keys.items()}
    for what, change in changes.items():
        yield set_case(
            "manifest",
            what,
            f"its list of volumes is wrong: {what}",
            INVALID,
            data=volume_list(manifest=change),
        )


def _many(row: Row, count: int) -> list[Row]:
    """Return ``count`` volumes, each of them another one."""
    return [
        {**row, "file": f"p-{number:05}.asice", "package": f"{PACKAGE}:{number}"} for number in range(count)
    ]


# -- what is said of the set --------------------------------------------------------------


def _set() -> Flaws:
    changes: dict[str, Change] = {
        "list": lambda row: [row],
        "text": lambda _: "evil",
        "nothing": lambda _: None,
        "version": _whole(format="2"),
        "version as number": _whole(format=1),
        "version missing": _whole(format=...),
        "no identifier": _whole(set=...),
        "identifier walks": _whole(set="../../evil"),
        "identifier as object": lambda row: {**row, "set": {"id": row["set"]}},
        "identifier too long": _whole(set="a" * 65),
        "time without zone": _whole(created="2026-03-01T09:30:00"),
        "no time": _whole(created="yesterday"),
        "time as number": _whole(created=1772357400),
        "ground with a space": _whole(legal_ground="asset sale"),
        "ground missing": _whole(legal_ground=...),
        "no sender": _whole(sender=None),
        "sender as text": _whole(sender="SELARL Exemple"),
        "sender without identifiers": _whole(sender={"name": "SELARL Exemple"}),
        "sender too long": lambda row: {**row, "sender": {**row["sender"], "name": "a" * 2000}},
        "receiver missing": _whole(receiver=...),
        "receiver as truth": _whole(receiver=True),
        "identifiers as object": lambda row: {**row, "sender": {**row["sender"], "identifiers": {}}},
        "counts missing": _whole(counts=...),
        "counts as list": _whole(counts=[2]),
        "counts below zero": _whole(counts={"patients": -1}),
        "counts too large": _whole(counts={"patients": 1 << 60}),
        "counts as truth": _whole(counts={"patients": True}),
        "counts of no kind": _whole(counts={"../evil": 1}),
        "signatures missing": _whole(signatures=...),
        "no signatures": _whole(signatures=[]),
        "signatures as nothing": _whole(signatures=None),
        "three signatures": _whole(signatures=[_stated(f"{number}") for number in range(3)]),
        "one signer as both": _whole(signatures=[_stated("0")] * 2),
        "signer in capitals": _whole(signatures=[_stated("A")]),
        "signature as a text": _whole(signatures=["0" * 64]),
        "time-stamp not told": _whole(signatures=[{"certificate": "0" * 64, "revocation": False}]),
        "revocation not told": _whole(signatures=[{"certificate": "0" * 64, "timestamp": False}]),
        "time-stamp as number": _whole(signatures=[{**_stated("0"), "timestamp": 1}]),
    }
    for what, change in changes.items():
        yield set_case(
            "manifest", what, f"its manifest is wrong: {what}", INVALID, data=volume_list(manifest=change)
        )


# -- no plain JSON ------------------------------------------------------------------------


def _stated(digit: str) -> Row:
    return {"certificate": digit * 64, "timestamp": False, "revocation": False}


def _json() -> Flaws:
    raw: dict[str, Callable[[bytes], bytes]] = {
        "empty": lambda _: b"",
        "cut short": lambda data: data[:-20],
        "trailing": lambda data: data + b"{}",
        "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
        "UTF-16": lambda data: data.decode().encode("utf-16"),
        "not UTF-8": lambda data: data.replace(b"Exemple", b"Ex\xe8mple", 1),
        "key twice": lambda data: data.replace(b"{", b'{"set": "evil", ', 1),
        "volumes twice": lambda data: data.replace(b"{", b'{"volumes": [], ', 1),
        "key of a volume twice": lambda data: data.replace(b'"units":', b'"units": 7, "units":', 1),
        "unknown key twice": lambda data: data.replace(b"{", b'{"evil": 1, "evil": 2, ', 1),
        "not a number": lambda data: data.replace(b'"units": 2', b'"units": NaN', 1),
        "infinity": lambda data: data.replace(b'"units": 2', b'"units": -Infinity', 1),
        "half a character": lambda data: data.replace(b"Exemple", b"\\ud800", 1),
        "half a character in a name": lambda data: data.replace(b"p-002", b"p-\\udcff", 1),
        "depth": lambda data: data.replace(b"{", b'{"evil": ' + b"[" * 100_000 + b"]" * 100_000 + b", ", 1),
        "depth of objects": lambda data: data.replace(
            b"{", b'{"evil": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b", ", 1
        ),
        "depth unclosed": lambda _: b"[" * 200_000,
        "number of digits": lambda data: data.replace(b'"units": 2', b'"units": ' + b"9" * 100_000, 1),
        "exponent": lambda data: data.replace(b'"units": 2', b'"units": 1e999999999', 1),
        "comment": lambda data: data.replace(b"{", b"{/* hello */", 1),
        "quotation marks": lambda data: data.replace(b'"', b"'"),
        "package manifest": lambda data: data.replace(b'"set": "', b'"package": "', 1),
        "one volume after the other": lambda data: b"\n".join(
            json.dumps(one).encode() for one in json.loads(data)["volumes"]
        ),
    }
    for what, change in raw.items():
        wrong = f"its manifest is no plain JSON: {what}"
        yield set_case("json", what, wrong, INVALID, data=volume_list(manifest_bytes=change))
    long = volume_list(manifest_bytes=lambda data: data + b" " * (8 << 20))
    yield set_case("json", "eight megabytes", "its manifest is padded", "limit-exceeded", data=long)
