"""Practice-level archives that lie once everything around them was genuine."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.vectors.generator import dossier
from tests.vectors.generator.case import PRACTICE, Case, Flaws
from tests.vectors.generator.dossier import SUMS
from tests.vectors.generator.flawed_dossiers import nested
from tests.vectors.generator.flawed_names import RESERVED, WALKING
from tests.vectors.generator.package import Row
from tests.vectors.generator.practice import (
    LEFT_OUT,
    MISSING,
    PRACTICE as BUNDLE,
    RETENTION,
    ROSTER,
    ROSTER_HEADING,
    SIGNATURES,
    SOURCE,
    TERMS,
    archive,
    bundle,
    left_out,
    lines,
    missing,
    parts,
    practitioner,
    retention,
    role,
    roster,
    signatures,
    source_row,
    table,
    terms,
    with_part,
)
from tests.vectors.generator.zips import bounds, built, ends, plain

FORMAT, TABLE, SHARED = "format", "table-unreadable", "dossier-inconsistent"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _members()
    yield from _lists()
    yield from _bundles()
    yield from _json()
    yield from _rosters()
    yield from _left_out()
    yield from _terms()
    yield from _signatures()
    yield from _retention()
    yield from _missing()
    yield from _rows()


def _case(family: str, name: str, wrong: str, code: str, data: bytes) -> Case:
    return Case(
        family=family,
        name=f"practice {name}",
        wrong=f"a practice archive: {wrong}",
        reader=PRACTICE,
        code=code,
        data=data,
    )


# -- the archive --------------------------------------------------------------------------


def _members() -> Flaws:
    for kind, names in (("traversal", WALKING), ("reserved", RESERVED)):
        for what, name in names.items():
            code = "zip-refused" if "\x00" in name else "unsafe-name"
            data = archive(extra=[plain(name, b"evil")])
            yield _case(kind, what, f"a member is called {name[:60]!r}", code, data)
    twice = {"twice": ROSTER, "in small letters": ROSTER.lower(), "as a folder": f"{ROSTER}/evil"}
    for what, name in twice.items():
        data = archive(extra=[plain(name, b"evil")])
        yield _case("clash", f"roster {what}", f"its roster is there {what}", "zip-refused", data)
    link = archive(extra=[plain("DATA/EVIL", b"/etc/passwd", central={"attributes": 0o120777 << 16})])
    yield _case("symlink", "link", "a member is a link", "zip-refused", link)
    frames: dict[str, tuple[str, dict[str, Any]]] = {
        "bytes behind": ("trailing", {"after": b"evil"}),
        "program before": ("prepended", {"before": b"MZ" + bytes(62)}),
        "two disks": ("end-record", {"end": {"disk": 1}}),
        "too many entries": ("end-record", {"end": {"here": 99, "total": 99}}),
    }
    for what, (family, options) in frames.items():
        yield _case(family, what, what, "zip-refused", archive(**options))
    honest = archive()
    for name, (start, stop) in ends(bounds(honest)).items():
        at = (start + stop) // 2
        yield _case(
            "truncated", f"within {name}", f"it is cut short within the {name}", "zip-refused", honest[:at]
        )
    for name in (BUNDLE, ROSTER, LEFT_OUT, RETENTION, MISSING, SOURCE, SUMS):
        contents = parts()
        contents[SUMS] = dossier.sums(
            contents if name == SUMS else {one: contents[one] for one in contents if one != name}
        )
        rest = {one: data for one, data in contents.items() if one != name}
        data = built(dossier.members(rest))
        yield _case("practice", f"without {name}", f"{name} is missing", "archive-incomplete", data)
    yield _case("practice", "dossier", "it is a patient's", "archive-incomplete", dossier.archive())
    bomb = [replace(one, deflated=True) for one in dossier.members({"DATA/ZEROS": bytes(65 << 20)})]
    yield _case("bomb", "zeros", "a member unpacks without end", "limit-exceeded", archive(extra=bomb))


def _lists() -> Flaws:
    sums: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
        "empty": (TABLE, lambda _: b""),
        "twice": (TABLE, lambda data: data + data),
        "capitals": (TABLE, lambda data: data[:64].upper() + data[64:]),
        "walks": ("archive-incomplete", lambda data: data + b"0" * 64 + b"  ../../evil\n"),
    }
    for what, (code, change) in sums.items():
        yield _case("sums", f"sums {what}", f"the list of sums: {what}", code, archive(change_sums=change))
    for name in (BUNDLE, ROSTER, LEFT_OUT, TERMS, SIGNATURES, RETENTION, MISSING, SOURCE):

        def other(data: bytes, name: str = name) -> bytes:
            rows = data.splitlines(keepends=True)
            return b"".join(b"0" * 64 + row[64:] if name.encode() in row else row for row in rows)

        wrong = f"the sum of {name} is another"
        yield _case("changed", f"sum of {name}", wrong, "archive-changed", archive(change_sums=other))
    ghost = archive(listed={"DATA/GHOST.TXT": b"ghost"})
    yield _case("too-much", "sums", "the sums name a file that is not there", "archive-incomplete", ghost)


# -- the practice -------------------------------------------------------------------------


def _bundles() -> Flaws:
    def put(place: int, **fields: Any) -> Callable[[dict[str, Any]], None]:
        return lambda whole: whole["entry"][place]["resource"].update(fields)

    def gone(place: int, key: str) -> Callable[[dict[str, Any]], None]:
        return lambda whole: whole["entry"][place]["resource"].pop(key) and None

    def added(*entries: Any) -> Callable[[dict[str, Any]], None]:
        return lambda whole: whole["entry"].extend(entries)

    one = "fhir-not-one-practice"
    changes: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
        "list": (FORMAT, lambda whole: [whole]),
        "other resource": (FORMAT, lambda whole: {**whole, "resourceType": "Organization"}),
        "entries are text": (FORMAT, lambda whole: {**whole, "entry": "evil"}),
        "entry is text": (FORMAT, added("evil")),
        "entry without resource": (FORMAT, added({})),
        "resource without type": (FORMAT, gone(1, "resourceType")),
        "type is a list": (FORMAT, put(1, resourceType=[])),
        "no practice": (one, lambda whole: whole["entry"].pop(0) and None),
        "nothing": (one, lambda whole: {**whole, "entry": []}),
        "two practices": (
            one,
            lambda whole: added({"resource": {**whole["entry"][0]["resource"], "id": "x"}})(whole),
        ),
        "practice twice": (one, lambda whole: added(whole["entry"][0])(whole)),
        "practitioner twice": (SHARED, added(practitioner())),
        "practitioner as another": (SHARED, added(practitioner(active=False))),
        "practice without identifier": ("fhir-element", gone(0, "id")),
        "practitioner without identifier": ("fhir-element", gone(1, "id")),
        "name is a number": ("fhir-element", put(1, name=7)),
        "name is a text": ("fhir-element", put(1, name="EXEMPLE")),
        "active is a text": ("fhir-element", put(1, active="true")),
        "engagement of nobody": ("fhir-element", gone(2, "practitioner")),
        "engagement of an organisation": (
            "fhir-element",
            put(2, practitioner={"reference": "Organization/cabinet"}),
        ),
        "engagement that begins never": ("fhir-element", put(2, period={"start": "2026-99-99"})),
        "engagement at a number": ("fhir-element", put(2, period={"start": 20200101})),
        "time zone is a number": ("fhir-element", lambda whole: _extension(whole, 0).update(valueString=7)),
        "depth": ("limit-exceeded", put(1, evil=nested(100))),
    }
    for what, (code, change) in changes.items():
        whole = bundle()
        changed = change(whole)
        data = json.dumps(whole if changed is None else changed).encode()
        yield _case("practice", f"bundle {what}", f"the practice: {what}", code, with_part(BUNDLE, data))
    entries = bundle()["entry"]
    spoiled: dict[str, tuple[str, bytes]] = {
        "cut short": (FORMAT, lines()[:-4]),
        "bytes behind": (FORMAT, lines() + b"{}"),
        "line that is none": (FORMAT, lines().replace(b",\n", b",\nevil\n", 1)),
        "two on a line": (FORMAT, lines().replace(b",\n", b",", 1)),
        "patient twice": (one, lines([*entries, entries[0]])),
        "practitioner twice": (SHARED, lines([*entries, practitioner()])),
        "role twice and nobody": (one, lines([role(), role()])),
    }
    for what, (code, data) in spoiled.items():
        yield _case(
            "practice", f"lines {what}", f"the practice, line by line: {what}", code, with_part(BUNDLE, data)
        )


def _extension(whole: dict[str, Any], place: int) -> dict[str, Any]:
    found: dict[str, Any] = whole["entry"][0]["resource"]["extension"][place]
    return found


def _json() -> Flaws:
    good = json.dumps(bundle()).encode()
    raw: dict[str, tuple[str, bytes]] = {
        "empty": (FORMAT, b""),
        "cut short": (FORMAT, good[:-9]),
        "trailing": (FORMAT, good + b"{}"),
        "not UTF-8": (FORMAT, good.replace(b"EXEMPLE", b"\xff")),
        "member twice": (FORMAT, good.replace(b"{", b'{"resourceType": "Patient", ', 1)),
        "not a number": (FORMAT, good.replace(b"true", b"NaN", 1)),
        "depth": ("limit-exceeded", b"[" * 100_000),
        "digits": (FORMAT, good.replace(b"true", b"9" * 100_000, 1)),
    }
    for what, (code, data) in raw.items():
        # stored, so that the limit on what unpacks without end is not met first
        yield _case(
            "json", f"bundle {what}", f"the practice is no plain JSON: {what}", code, _stored(BUNDLE, data)
        )


def _stored(name: str, data: bytes) -> bytes:
    contents = {**parts(), name: data}
    contents[SUMS] = dossier.sums(contents)
    return built([plain(one, body) for one, body in contents.items()])


# -- its tables ---------------------------------------------------------------------------


def _rosters() -> Flaws:
    honest = roster()
    tables: dict[str, tuple[str, bytes]] = {
        "empty": (TABLE, b""),
        "other columns": (TABLE, table(("patient", "name"))),
        "columns in another order": (
            TABLE,
            table(ROSTER_HEADING[::-1]),
        ),
        "cell too few": (TABLE, roster(("1", "EXEMPLE", "Anne"))),
        "cell too many": (TABLE, roster(("1", "EXEMPLE", "Anne", "10000000001", "evil"))),
        "empty line": (TABLE, honest + b"\r\n"),
        "not UTF-8": (TABLE, honest.replace(b"Anne", b"Ann\xe9")),
        "UTF-16": (TABLE, honest.decode().encode("utf-16")),
        "quotation open": (TABLE, honest + b'"3;EXEMPLE'),
        "quotation inside": (TABLE, honest.replace(b'"Anne"', b'"An"ne"')),
    }
    for what, (code, data) in tables.items():
        yield _case("practice", f"roster {what}", f"the roster: {what}", code, _stored(ROSTER, data))


def _left_out() -> Flaws:
    counts = {
        "below zero": "-1",
        "fraction": "1.5",
        "word": "seven",
        "empty": "",
        "superscript": "\u00b2",
        "Arabic digits": "\u0667",
        "exponent": "1e9",
        "hexadecimal": "0x7",
        "space": " 7",
        "formula": "'=7",
        "30 digits": "9" * 30,
        "100,000 digits": "9" * 100_000,
    }
    for what, count in counts.items():
        data = left_out(("patients", count, "", ""))
        yield _case(
            "practice", f"left out {what}", f"what is left out counts {what}", TABLE, _stored(LEFT_OUT, data)
        )
    row = ("patients", "7", "", "")
    tables: dict[str, tuple[str, bytes]] = {
        "twice": (TABLE, left_out(row, row)),
        "columns missing": (TABLE, table(("what", "count"), row[:2])),
        "1,001 kinds": ("limit-exceeded", left_out(*((f"k{n}", "1", "", "") for n in range(1_001)))),
    }
    for what, (code, data) in tables.items():
        yield _case(
            "practice", f"left out {what}", f"what is left out: {what}", code, _stored(LEFT_OUT, data)
        )


def _terms() -> Flaws:
    asked = ("signatures-asked", "2", "", "")
    tables: dict[str, tuple[str, bytes]] = {
        "empty": (TABLE, b""),
        "other columns": (TABLE, table(("term", "value"))),
        "cell too few": (TABLE, terms(asked[:3])),
        "term twice": (TABLE, terms(asked, asked)),
        "1,001 lines": ("limit-exceeded", terms(*((f"t{n}", "1", "", "") for n in range(1_001)))),
    }
    for what, (code, data) in tables.items():
        yield _case(
            "practice", f"terms {what}", f"the terms of the handover: {what}", code, _stored(TERMS, data)
        )


def _signatures() -> Flaws:
    tables: dict[str, tuple[str, bytes]] = {
        "empty": (TABLE, b""),
        "other columns": (TABLE, table(("party", "signer"))),
        "cell too few": (TABLE, signatures(("x", "x"))),
        "65 lines": (
            "limit-exceeded",
            signatures(*[(*("x",) * 4, "2026-03-01T09:30:00+00:00", "b" * 64)] * 65),
        ),
    }
    for what, (code, data) in tables.items():
        yield _case(
            "practice",
            f"signatures {what}",
            f"the signatures of the roster: {what}",
            code,
            _stored(SIGNATURES, data),
        )


def _retention() -> Flaws:
    tables: dict[str, tuple[str, bytes]] = {
        "empty": (TABLE, b""),
        "other columns": (TABLE, table(("unit", "rule"))),
        "cell too few": (TABLE, retention(("a" * 26, "p-a"))),
        "200,001 lines": ("limit-exceeded", retention() + (b";" * 11 + b"\r\n") * 200_000),
    }
    for what, (code, data) in tables.items():
        yield _case(
            "practice", f"retention {what}", f"the retention periods: {what}", code, _stored(RETENTION, data)
        )


def _missing() -> Flaws:
    tables: dict[str, tuple[str, bytes]] = {
        "empty": (TABLE, b""),
        "other columns": (TABLE, table(("unit", "reason"))),
        "cell too few": (TABLE, missing(("a" * 26, "p-a"))),
        "1,000,001 lines": ("limit-exceeded", missing() + (b";" * 8 + b"\r\n") * 1_000_000),
    }
    for what, (code, data) in tables.items():
        yield _case(
            "practice", f"missing {what}", f"the missing content: {what}", code, _stored(MISSING, data)
        )


def _rows() -> Flaws:
    good = source_row()
    rows: dict[str, bytes] = {
        "of a patient": json.dumps(source_row(patient="p-a")).encode(),
        "of nobody in words": json.dumps(source_row(patient="")).encode(),
        "of a patient after another": b"\n".join(
            json.dumps(one).encode() for one in (good, source_row(id="r2", patient="p-a"))
        ),
        "not JSON": b"evil\n",
        "empty line": b"\n",
        "list": b"[]\n",
        "foreign member": json.dumps(source_row(evil=1)).encode(),
        "member twice": b'{"id":"a","id":"b"}\n',
        "columns are text": json.dumps(source_row(columns="evil")).encode(),
        "cell is a list": json.dumps(source_row(columns={"a": [1]})).encode(),
        "depth": b"[" * 100_000 + b"\n",
        "digits": b'{"id":' + b"9" * 100_000 + b"}\n",
        "in other bytes twice": b'{"wtf-8":"e30=","wtf-8":"e30="}\n',
        "in other bytes of a patient": b'{"wtf-8":"' + _base64(source_row(patient="p-a")) + b'"}\n',
        "in other bytes that are none": b'{"wtf-8":"*"}\n',
    }
    for what, data in rows.items():
        yield _case(
            "practice", f"rows {what}", f"a source row of the practice: {what}", TABLE, _stored(SOURCE, data)
        )


def _base64(row: Row) -> bytes:
    return base64.b64encode(json.dumps(row).encode())
