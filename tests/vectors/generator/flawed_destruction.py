"""Statements that units were destroyed which are false, not whole, or signed by nobody whom a reader accepts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.vectors.generator import people
from tests.vectors.generator.case import PACKAGE, Case, Flaws
from tests.vectors.generator.chance import unit_id
from tests.vectors.generator.cms import signature as signed
from tests.vectors.generator.later import evidenced, packed
from tests.vectors.generator.package import (
    PACKAGE as IDENTIFIER,
    Parts,
    Row,
    base_entries,
    reference,
    same,
    sums_of,
    whole_parts,
)

TERM = "2025-01-01"
"""From when the units of these packages may be destroyed."""
INVALID, MISSING, FALSE = "destruction-statement-invalid", "member-missing", "signature-invalid"
UNIT, OTHER = f"units/{unit_id('a')}.zip", f"units/{unit_id('b')}.zip"


def members(number: int = 1) -> tuple[str, str]:
    """Return where a statement and its signature lie."""
    return f"META-INF/destruction{number:03}.json", f"META-INF/destruction{number:03}.p7s"


def ended(*, term: str | None = TERM, **options: Any) -> Parts:
    """Return a package whose units have a ``term``."""

    def change(row: Row) -> Row:
        return {**row, "units": [{**one, "destroy_from": term} for one in row["units"]]}

    entries = [{**one, "destroy_from": term} for one in base_entries()]
    return whole_parts(entries=entries, manifest=change, **options)


def statement(parts: Parts, *units: str, **lie: Any) -> Row:
    """Return an honest statement about ``units`` of ``parts``, but for the ``lie``."""
    rows = [
        {
            "member": one,
            "size": len(parts[one]),
            "sha256": hashlib.sha256(parts[one]).hexdigest(),
            "destroy_from": TERM,
        }
        for one in units or (UNIT,)
    ]
    return {
        "destruction": 1,
        "package": IDENTIFIER,
        "ground": "term-ended",
        "keeper": "Archives Exemple",
        "record": "urn:exemple:destruction:1",
        "requested_by": "Anne Martin",
        "requested_at": "2026-02-01T09:00:00+00:00",
        "approved_by": "Paul Durand",
        "approved_at": "2026-02-02T09:00:00+00:00",
        "destroyed_at": "2026-02-03T09:00:00+00:00",
        "units": rows,
        **lie,
    }


def destroyed(
    parts: Parts | None = None,
    *,
    text_of: Callable[[Row], Any] = same,
    data: Callable[[bytes], bytes] = same,
    over: Callable[[bytes], bytes] = same,
    gone: tuple[str, ...] = (UNIT,),
    number: int = 1,
    by: people.Person | None = None,
    signing: Mapping[str, Any] | None = None,
) -> Parts:
    """Return a package without the members ``gone``, with a statement; every argument makes one step of it lie."""
    whole = ended() if parts is None else parts
    left = {name: one for name, one in whole.items() if name not in gone}
    named = [one for one in gone if one in whole] or [UNIT]
    text = data(json.dumps(text_of(statement(whole, *named)), indent=1).encode())
    name, signature = members(number)
    options = {"by": by or people.signer(), "stamp": False, **(signing or {})}
    return {**left, name: text, signature: signed(over(text), **options)}


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _nobody()
    yield from _statements()
    yield from _missing()
    yield from _bytes()
    yield from _elsewhere()


def _case(name: str, wrong: str, code: str, parts: Parts) -> Case:
    wrong = f"a unit that is said to be destroyed: {wrong}"
    return Case(family="destruction", name=name, wrong=wrong, reader=PACKAGE, code=code, data=packed(parts))


def _nobody() -> Flaws:
    """Nobody whom the reader accepts says so."""
    parts = ended()
    without = {name: one for name, one in parts.items() if name != UNIT}
    yield _case("no statement", "nothing says so", MISSING, without)
    for name, by in {
        "by an impostor": people.impostor(),
        "by somebody unexpected": people.person("Archives Exemple", issuer=people.root()),
        "by a time-stamping authority": people.stamper(),
        "by an expired certificate": people.expired(),
    }.items():
        yield _case(name, f"signed {name}", MISSING, destroyed(by=by))


def _statements() -> Flaws:
    """The statement says what is not so, or says it in another way."""

    def of_unit(**lie: Any) -> Callable[[Row], Row]:
        return lambda row: {**row, "units": [{**row["units"][0], **lie}]}

    def of(**lie: Any) -> Callable[[Row], Row]:
        return lambda row: {**row, **lie}

    def without(key: str) -> Callable[[Row], Row]:
        return lambda row: {name: value for name, value in row.items() if name != key}

    flaws: dict[str, tuple[str, Callable[[Row], Any]]] = {
        "another package": ("it is about another package", of(package="urn:exemple:hostile:2")),
        "another version": ("it is of another version", of(destruction=2)),
        "version as text": ("its version is a text", of(destruction="1")),
        "another ground": ("its ground is no ended term", of(ground="nobody-asks")),
        "one person": ("one person decided twice", of(approved_by="Anne Martin")),
        "one person in capitals": (
            "one person decided twice, written otherwise",
            of(approved_by="ANNE  martin"),
        ),
        "approved later": ("it was approved afterwards", of(approved_at="2026-02-04T09:00:00+00:00")),
        "approved first": (
            "it was approved before it was asked for",
            of(approved_at="2026-01-04T09:00:00+00:00"),
        ),
        "carried out early": ("it was carried out before the term ended", of_unit(destroy_from="2027-01-01")),
        "carried out in the future": ("it is yet to come", of(destroyed_at="2026-04-03T09:00:00+00:00")),
        "no zone": ("a time has no zone", of(destroyed_at="2026-02-03T09:00:00")),
        "no units": ("it names no unit", of(units=[])),
        "units as an object": ("its units are no list", of(units={})),
        "unit twice": ("it names a unit twice", lambda row: {**row, "units": row["units"] * 2}),
        "shorter term": ("it states a shorter term than the manifest", of_unit(destroy_from="2024-01-01")),
        "term in spring": ("its term is no 1 January", of_unit(destroy_from="2025-03-01")),
        "no term": ("it states no term", of_unit(destroy_from=None)),
        "other digest": ("it states another digest", of_unit(sha256="0" * 64)),
        "other size": ("it states another size", of_unit(size=1)),
        "ghost": ("it names a unit that was never there", of_unit(member=f"units/{unit_id('ghost')}.zip")),
        "keyring": ("it names the keyring", of_unit(member="keyring.age")),
        "manifest": ("it names the manifest", of_unit(member="manifest.json")),
        "walks": ("it names ../evil", of_unit(member="../evil")),
        "no object": ("it is a list", lambda row: [row]),
        **{f"without {key}": (f"it lacks {key}", without(key)) for key in statement(ended())},
    }
    for name, (wrong, text_of) in flaws.items():
        # what it says of others leaves this unit unnamed, and missing: whichever is told first refuses
        yield _case(name, wrong, INVALID, destroyed(text_of=text_of))
    untimed = ended(term=None)
    yield _case("unit without a term", "nobody can tell when its term ends", INVALID, destroyed(untimed))


def _missing() -> Flaws:
    """More is missing than the statement names, or less."""
    yield _case("unit is there", "it is there", INVALID, destroyed(gone=()))
    more = {name: one for name, one in destroyed().items() if name != OTHER}
    yield _case("another one too", "another one is missing as well", MISSING, more)
    whole = destroyed()
    for name in members():
        half = {one: data for one, data in whole.items() if one != name}
        yield _case(f"without {name[-4:]}", f"{name} is missing", MISSING, half)
    yield _case("number two alone", "the second is the first", MISSING, destroyed(number=2))
    yield _case("number 999 alone", "the last is the first", MISSING, destroyed(number=999))
    zero = {name.replace("destruction001", "destruction000"): data for name, data in whole.items()}
    yield _case("number zero", "its number is zero", "member-unlisted", zero)
    first, second = destroyed(), destroyed(number=2)
    twice = {**first, **{name: second[name] for name in members(2)}}
    yield _case("stated twice", "two statements name it", INVALID, twice)


def _bytes() -> Flaws:
    """The statement is none, or not the one that was signed."""
    text = b'"Paul Durand"'
    flaws: dict[str, tuple[str, str, Callable[[bytes], bytes]]] = {
        "unreadable": ("its statement is none", INVALID, lambda _: b"Bonjour"),
        "empty": ("its statement is empty", INVALID, lambda _: b""),
        "cut short": ("its statement is cut short", INVALID, lambda data: data[:-9]),
        "key twice": (
            "a key is there twice",
            INVALID,
            lambda data: data.replace(b"{", b'{"package": "x",', 1),
        ),
        "surrogate": ("it has half a pair", INVALID, lambda data: data.replace(text, b'"\\ud800"')),
        "UTF-16": ("it is in UTF-16", INVALID, lambda data: data.decode().encode("utf-16")),
        "byte order mark": ("it begins with a byte order mark", INVALID, lambda data: b"\xef\xbb\xbf" + data),
    }
    for name, (wrong, code, lie) in flaws.items():
        yield _case(name, wrong, code, destroyed(data=lie))
    changed = destroyed(over=lambda data: data.replace(text, b'"Paul Durant"'))
    yield _case("changed", "it was changed after it was signed", FALSE, changed)
    for name, value in {"none": b"Bonjour", "empty": b""}.items():
        spoiled = {**destroyed(), members()[1]: value}
        yield _case(f"signature {name}", "its signature is none", FALSE, spoiled)
    parts = ended()
    borrowed = {**destroyed(parts), members()[1]: parts["META-INF/signature001.p7s"]}
    yield _case("signature of the package", "its signature is the package's", FALSE, borrowed)


def _elsewhere() -> Flaws:
    """The statement is named where it must not be, or where something else belongs."""
    whole = destroyed()
    extra = {name: whole[name] for name in members()}
    listed = ended(references=lambda lines: [*lines, *(reference(name, one) for name, one in extra.items())])
    yield _case(
        "in the signed list",
        "the signed list names its statement",
        "lists-disagree",
        {**destroyed(listed), **extra},
    )
    summed = ended(sums=lambda data: data + sums_of(extra))
    yield _case("in the sums", "SHA256SUMS names its statement", MISSING, {**destroyed(summed), **extra})
    older = evidenced(ended())
    other = {**destroyed(older), OTHER: b"other"}
    yield _case(
        "beside evidence", "evidence is there, and another unit was changed", "digest-mismatch", other
    )
