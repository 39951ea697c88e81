"""Keyrings that are replayed, foreign or exchanged, and whose lines are not what they must be."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.vectors.generator import age, unit as units
from tests.vectors.generator.case import AGE, IMPORT, KEYRING, Case, Flaws
from tests.vectors.generator.chance import passphrase, unit_id
from tests.vectors.generator.package import (
    Row,
    base_entries,
    base_units,
    commitment,
    entry,
    first_line,
    index,
    line,
    package,
    sealed_unit,
)


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _lines()
    yield from _replayed()
    yield from _exchanged()


def _case(
    family: str, name: str, wrong: str, code: str, data: bytes, reader: str = AGE, **options: bool
) -> Case:
    return Case(family=family, name=name, wrong=wrong, reader=reader, code=code, data=data, **options)


def _changed(change: Callable[[Row], Row]) -> bytes:
    first, *others = base_entries()
    return index([change(first), *others])


def _lines() -> Flaws:
    """The reader is told the commitment of whatever is inside, so that only the lines are wrong."""
    good = index(base_entries())
    rows = base_entries()
    spaced = json.dumps(rows[0], sort_keys=True).encode() + b"\n"
    unreadable: dict[str, bytes] = {
        "unit twice": good + line(rows[0]),
        "re-used unit identifier": index([rows[0], {**rows[1], "unit": rows[0]["unit"]}, rows[2]]),
        "unit walks": _changed(lambda row: {**row, "unit": "../../evil"}),
        "unit is a number": _changed(lambda row: {**row, "unit": 7}),
        "member walks": _changed(lambda row: {**row, "member": "../../PAT00001.ZIP"}),
        "member has another name": _changed(lambda row: {**row, "member": "EVIL.ZIP"}),
        "passphrase short": _changed(lambda row: {**row, "passphrase": "a"}),
        "passphrase with escape": _changed(lambda row: {**row, "passphrase": "\u001b" * 43}),
        "digest in capitals": _changed(lambda row: {**row, "plain_sha256": row["plain_sha256"].upper()}),
        "size below zero": _changed(lambda row: {**row, "plain_size": -1}),
        "size as truth": _changed(lambda row: {**row, "plain_size": True}),
        "size as fraction": _changed(lambda row: {**row, "plain_size": 1.0}),
        "size beyond any disk": _changed(lambda row: {**row, "plain_size": 1 << 70}),
        "patient is a text": _changed(lambda row: {**row, "patient": "evil"}),
        "patient holds numbers": _changed(lambda row: {**row, "patient": {"id": 1}}),
        "salt short": _changed(lambda row: {**row, "salt": "a"}),
        "salt missing": _changed(lambda row: {**row, "salt": None}),
        "salt of the practice": index([*rows[:2], {**rows[2], "salt": "A" * 43}]),
        "practice called like a patient": index([*rows[:2], {**rows[2], "member": "PAT00003.ZIP"}]),
        "patient called like the practice": _changed(lambda row: {**row, "member": "TRANSV.ZIP"}),
        "term in the year": _changed(lambda row: {**row, "destroy_from": "2047-06-01"}),
        "term is a year": _changed(lambda row: {**row, "destroy_from": 2047}),
        "hold is nothing": _changed(lambda row: {**row, "hold": None}),
        "hold as number": _changed(lambda row: {**row, "hold": 0}),
        "counts below zero": _changed(lambda row: {**row, "counts": {"acts": -1}}),
        "foreign field": _changed(lambda row: {**row, "evil": 1}),
        "missing field": _changed(lambda row: {key: row[key] for key in row if key != "counts"}),
        "not canonical": spaced + index(rows[1:]),
        "escaped": good.replace(b"EXEMPLE", b"\\u0045XEMPLE", 1),
        "key twice": good.replace(b'{"counts"', b'{"counts":{},"counts"', 1),
        "not JSON": b"evil\n" + good,
        "list": b"[]\n" + good,
        "empty line": b"\n" + good,
        "no last line end": good[:-1],
        "not UTF-8": good.replace(b"EXEMPLE", b"EX\xffMPLE", 1),
        "half a character": good.replace(b"EXEMPLE", b"\\ud800", 1),
        "depth": b"[" * 60_000 + b"\n",
    }
    for what, inside in unreadable.items():
        yield _keyring(what, f"a line of the keyring: {what}", "key-unreadable", first_line() + inside)
    yield _keyring(
        "line too long",
        "a line has 100 kB",
        "limit-exceeded",
        first_line() + _changed(lambda row: {**row, "patient": {"id": "x" * 100_000}}),
    )
    firsts: dict[str, Any] = {
        "empty": b"",
        "old": line({"keyring": 1, "package": "x", "nonce": "A" * 43}),
        "version 2": first_line(keyring=2),
        "nonce short": first_line(nonce="AAAA"),
        "nonce not canonical": first_line(nonce="A" * 42 + "B"),
        "no package": _without("package"),
        "package is a number": first_line(7),
        "package empty": first_line(""),
        "foreign field": first_line(evil=1),
        "no signers": _without("signers"),
        "nobody signs": first_line(signers=[]),
        "signer in capitals": first_line(signers=["A" * 64]),
        "signer twice": first_line(signers=["0" * 64] * 2),
        "three signers": first_line(signers=["0" * 64, "1" * 64, "2" * 64]),
        "signer as text": first_line(signers="0" * 64),
        "revision zero": first_line(revision=0),
        "revision as truth": first_line(revision=True),
        "no revision": _without("revision"),
        "no ground": _without("legal_ground"),
        "ground is nothing": first_line(legal_ground=None),
        "no sender": first_line(sender=None),
        "sender without identifiers": first_line(sender={"name": "SELARL Exemple"}),
        "sender with more": first_line(sender={"name": "a", "identifiers": [], "evil": 1}),
        "receiver as text": first_line(receiver="Cabinet"),
        "identifier without value": first_line(receiver={"name": "a", "identifiers": [{"system": "b"}]}),
        "not JSON": b"evil\n",
    }
    for what, first in firsts.items():
        yield _keyring(
            f"first line {what}", f"the first line of a keyring: {what}", "key-unreadable", first + good
        )


def _without(key: str) -> bytes:
    """Return a first line that lacks ``key``."""
    document = json.loads(first_line())
    return line({name: document[name] for name in document if name != key})


def _keyring(name: str, wrong: str, code: str, inside: bytes) -> Case:
    family = "re-used-unit" if name in {"unit twice", "re-used unit identifier"} else "keyring"
    return _case(family, name, wrong, code, age.file(inside), KEYRING, opened=True)


def _replayed() -> Flaws:
    good = base_entries()
    older = index([{**good[0], "counts": {"documents": 0}}, *good[1:]])
    now = commitment(index(good))
    replays: dict[str, tuple[str, dict[str, Any]]] = {
        "older keyring": (
            "the keyring is an older revision, of the same package",
            {"index_bytes": older, "committed": now},
        ),
        "fewer units": ("the keyring lacks a unit", {"index_bytes": index(good[:1]), "committed": now}),
        "other order": (
            "the keyring's lines are in another order",
            {"index_bytes": index(good[::-1]), "committed": now},
        ),
        "other package": (
            "the keyring is that of another package",
            {"first": first_line("urn:exemple:other")},
        ),
        "zero commitment": ("the manifest commits to nothing", {"committed": "0" * 128}),
    }
    for what, (wrong, options) in replays.items():
        yield _case("replayed", what, wrong, "commitment-mismatch", package(**options), IMPORT, opened=True)
    yield _case(
        "replayed",
        "older keyring afterwards",
        "the keyring was replaced by an older revision after signing",
        "digest-mismatch",
        package(parts=lambda parts: {**parts, "keyring.age": age.file(first_line() + older)}),
        IMPORT,
    )
    ghost = {**good[0], "unit": unit_id("ghost")}
    yield _case(
        "too-much",
        "keyring with ghost unit",
        "the keyring opens a unit that is not there",
        "unit-mismatch",
        package(entries=[*good, ghost]),
        IMPORT,
        opened=True,
    )
    yield _case(
        "too-little",
        "keyring without unit",
        "the keyring does not open a unit that is there",
        "unit-mismatch",
        package(entries=good[1:]),
        IMPORT,
        opened=True,
    )


def _exchanged() -> Flaws:
    """The signer himself mixes units up: nothing of them may reach the practice."""
    a, b, *rest = base_entries()
    honest = base_units()
    first, second, _ = honest
    swapped = {**honest, first: honest[second], second: honest[first]}
    yield _case(
        "swapped",
        "units and signed",
        "two units were exchanged before signing",
        "unit-mismatch",
        package(units=swapped),
        IMPORT,
        opened=True,
        unsealed=True,
    )
    one_key = {**honest, second: sealed_unit("a")}
    yield _case(
        "swapped",
        "one dossier twice",
        "one dossier stands under two identifiers",
        "unit-mismatch",
        package(units=one_key, entries=[a, {**b, "passphrase": passphrase("a")}, *rest]),
        IMPORT,
        opened=True,
        unsealed=True,
    )
    exchanged = [{**a, "unit": b["unit"]}, {**b, "unit": a["unit"]}, *rest]
    yield _case(
        "swapped",
        "keyring lines",
        "the keyring exchanges two units",
        "unit-mismatch",
        package(entries=exchanged),
        IMPORT,
        opened=True,
        unsealed=True,
    )
    lying = [{**a, "plain_sha256": "0" * 64}, b, *rest]
    yield _case(
        "swapped",
        "other plain digest",
        "the keyring promises another archive",
        "unit-mismatch",
        package(entries=lying),
        IMPORT,
        opened=True,
        unsealed=True,
    )
    sized = [{**a, "plain_size": 1}, b, *rest]
    yield _case(
        "size",
        "keyring plain size",
        "the keyring promises another size",
        "unit-mismatch",
        package(entries=sized),
        IMPORT,
        opened=True,
        unsealed=True,
    )
    broken = {**honest, first: honest[first][:200] + b"\0" + honest[first][201:]}
    yield _case(
        "changed",
        "unit before signing",
        "a unit was damaged before it was signed",
        "unit-mismatch",
        package(units=broken),
        IMPORT,
        opened=True,
        unsealed=True,
    )
    longer = units.sealed(b"other" * 50, "a")
    yield _case(
        "swapped",
        "other content",
        "a unit holds something else under the right passphrase",
        "unit-mismatch",
        package(units={**honest, first: longer}),
        IMPORT,
        opened=True,
        unsealed=True,
    )
    assert entry("a") == a
