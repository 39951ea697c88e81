"""Public manifests that are no plain JSON, or say what no manifest says; each truly signed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.vectors.generator.case import PACKAGE, Case, Flaws
from tests.vectors.generator.chance import unit_id
from tests.vectors.generator.package import Row, package

A, B = unit_id("a"), unit_id("b")


UNIT_B = f"units/{B}.zip"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _manifest()


def _case(family: str, name: str, wrong: str, code: str, data: bytes, reader: str = PACKAGE) -> Case:
    return Case(family=family, name=name, wrong=wrong, reader=reader, code=code, data=data)


def _unit(**lie: Any) -> Callable[[Row], Row]:
    def change(row: Row) -> Row:
        first, *others = row["units"]
        return {**row, "units": [{**first, **lie}, *others]}

    return change


def _set(**lie: Any) -> Callable[[Row], Row]:
    true = {"id": "urn:test:set", "volume": 2, "of": 3, "retention_year": 2046}
    return lambda row: {**row, "set": {**true, **lie}}


def _without(row: Row, name: str) -> Row:
    return {key: row[key] for key in row if key != name}


def _manifest() -> Flaws:
    invalid: dict[str, Callable[[Row], Any]] = {
        "list": lambda row: [row],
        "version": lambda row: {**row, "format": "2"},
        "version as number": lambda row: {**row, "format": 1},
        "no package": lambda row: {key: row[key] for key in row if key != "package"},
        "package walks": lambda row: {**row, "package": "../../evil"},
        "time without zone": lambda row: {**row, "created": "2026-03-01T09:30:00"},
        "no time": lambda row: {**row, "created": "yesterday"},
        "counts below zero": lambda row: {**row, "counts": {"patients": -1}},
        "counts too large": lambda row: {**row, "counts": {"patients": 1 << 60}},
        "counts as truth": lambda row: {**row, "counts": {"patients": True}},
        "counts as fraction": lambda row: {**row, "counts": {"patients": 1.5}},
        "keyring walks": lambda row: {**row, "keyrings": ["keyring.age", "../keyring.age"]},
        "keyring elsewhere": lambda row: {**row, "keyrings": ["docs/keyring.age"]},
        "keyring twice": lambda row: {**row, "keyrings": ["keyring.age", "keyring.age"]},
        "no keyring": lambda row: {**row, "keyrings": []},
        "commitment short": lambda row: {**row, "keyring_commitment": "00"},
        "commitment in capitals": lambda row: {
            **row,
            "keyring_commitment": row["keyring_commitment"].upper(),
        },
        "unit identifier": _unit(id="../../evil"),
        "unit identifier in capitals": _unit(id=A.upper()),
        "unit elsewhere": _unit(member=UNIT_B),
        "unit walks": _unit(member=f"units/../units/{A}.zip"),
        "unit size as text": _unit(size="1"),
        "unit size below zero": _unit(size=-1),
        "unit digest": _unit(sha256="0"),
        "unit twice": lambda row: {**row, "units": [*row["units"], row["units"][0]]},
        "no term": lambda row: {**row, "units": [_without(one, "destroy_from") for one in row["units"]]},
        "term on another day": _unit(destroy_from="2047-03-01"),
        "term that is no date": _unit(destroy_from="0000-01-01"),
        "no hold": lambda row: {**row, "units": [_without(one, "hold") for one in row["units"]]},
        "hold as number": _unit(hold=0),
        "no set": lambda row: _without(row, "set"),
        "set without identifier": _set(id="../../evil"),
        "set of one volume": _set(of=1),
        "volume beyond its set": _set(volume=4),
        "volume zero": _set(volume=0),
        "set of more volumes than there can be": _set(of=501),
        "volume of another year": _set(retention_year=2045),
        "text too long": lambda row: {**row, "legal_ground": "a" * 70},
        "name too long": lambda row: {**row, "sender": {**row["sender"], "name": "a" * 2000}},
        "sender missing": lambda row: {**row, "sender": None},
    }
    for what, change in invalid.items():
        yield _case(
            "manifest", what, f"the manifest is wrong: {what}", "manifest-invalid", package(manifest=change)
        )
    raw: dict[str, Callable[[bytes], bytes]] = {
        "empty": lambda _: b"",
        "cut short": lambda data: data[:-20],
        "trailing": lambda data: data + b"{}",
        "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
        "UTF-16": lambda data: data.decode().encode("utf-16"),
        "not UTF-8": lambda data: data.replace(b"Exemple", b"Ex\xe8mple", 1),
        "key twice": lambda data: data.replace(b"{", b'{"package": "evil", ', 1),
        "not a number": lambda data: data.replace(b'"patients": 2', b'"patients": NaN', 1),
        "infinity": lambda data: data.replace(b'"patients": 2', b'"patients": Infinity', 1),
        "half a character": lambda data: data.replace(b"Exemple", b"\\ud800", 1),
        "depth": lambda data: data.replace(b"{", b'{"evil": ' + b"[" * 100_000 + b"]" * 100_000 + b", ", 1),
        "depth unclosed": lambda _: b"[" * 200_000,
        "number of digits": lambda data: data.replace(b'"patients": 2', b'"patients": ' + b"9" * 100_000, 1),
        "long part": lambda data: data.replace(b"{", b'{"evil": "' + b"a" * (1 << 20) + b'", ', 1),
        "long unit": lambda data: data.replace(b'"hold"', b'"evil": "' + b"a" * 20_000 + b'", "hold"', 1),
        "comment": lambda data: data.replace(b"{", b"{/* hello */", 1),
    }
    for what, change_bytes in raw.items():
        yield _case(
            "json",
            f"manifest {what}",
            f"the manifest is no plain JSON: {what}",
            "manifest-invalid",
            package(manifest_bytes=change_bytes),
        )
    disagree = {"digest": {"sha256": "0" * 64}, "size": {"size": 1}}
    for what, lie in disagree.items():
        yield _case(
            "size" if what == "size" else "swapped",
            f"manifest {what} of unit",
            f"the manifest gives a unit another {what}",
            "lists-disagree",
            package(manifest=_unit(**lie)),
        )

    def swapped(row: Row) -> Row:
        first, second, *rest = row["units"]
        exchanged = [
            {**first, "sha256": second["sha256"], "size": second["size"]},
            {**second, "sha256": first["sha256"], "size": first["size"]},
            *rest,
        ]
        return {**row, "units": exchanged}

    yield _case(
        "swapped",
        "manifest digests of two units",
        "the manifest exchanges two units",
        "lists-disagree",
        package(manifest=swapped),
    )
