"""Plain archives, bundles, tables and pictures that lie once everything around them was genuine."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from tests.vectors.generator import dossier
from tests.vectors.generator.case import (
    ARCHIVE,
    BUNDLE,
    ROWS,
    Case,
    Flaws,
)
from tests.vectors.generator.dossier import DOSSIER, LETTER_PLACE, Parts, archive, bundle, parts, source_row
from tests.vectors.generator.exports import METADATA, clinical_document, entry


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _archives()
    yield from _bundles()
    yield from _json()
    yield from _rows()


def _case(family: str, name: str, wrong: str, code: str, data: bytes, reader: str) -> Case:
    return Case(family=family, name=name, wrong=wrong, reader=reader, code=code, data=data)


def _without(name: str) -> Callable[[Parts], None]:
    return lambda parts: parts.pop(name) and None


def _submissions() -> Flaws:
    """Yield archives whose documents are not the ones that their metadata describe."""
    summary, right = clinical_document(), parts("a")[METADATA]
    described = entry(summary, "VSM00001.XML").encode()
    lies = {
        "hash": ("archive-changed", _slot_of("hash", "0" * 40), described),
        "no hash": ("archive-changed", _slot_of("hash", ""), described),
        "size": ("archive-changed", _slot_of("size", "7"), described),
        "twice": ("archive-changed", described * 2, described),
        "missing": ("archive-incomplete", b">VSM00009.XML<", b">VSM00001.XML<"),
        "outside": ("archive-incomplete", b">../../DATA/NAMES.CSV<", b">VSM00001.XML<"),
        "not XML": ("format", b"<Slot", b"</Slot>"),
    }
    for what, (code, new, old) in lies.items():
        lie = right.replace(old, new(described) if callable(new) else new, 1)
        data = archive(change=_with_metadata(lie))
        family = "changed" if code == "archive-changed" else "archive"
        yield _case(
            family, f"metadata {what}", f"the metadata lie about a document: {what}", code, data, ARCHIVE
        )
    entities = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + right.replace(
        b">1.2", b">&a;1.2", 1
    )
    data = archive(change=_with_metadata(entities))
    yield _case("xxe", "metadata of an archive", "the metadata have a document type", "format", data, ARCHIVE)


def _with_metadata(data: bytes) -> Callable[[Parts], None]:
    return lambda members: members.update({METADATA: data})


def _slot_of(name: str, value: str) -> Callable[[bytes], bytes]:
    """Return what gives a slot of an entry another value."""
    return lambda text: re.sub(
        rf'(name="{name}"><ValueList><Value>)[^<]*'.encode(), rb"\g<1>" + value.encode(), text
    )


def _archives() -> Flaws:
    yield from _submissions()
    for name in (DOSSIER, dossier.SOURCE, dossier.NAMES, LETTER_PLACE, METADATA):
        yield _case(
            "archive",
            f"without {name}",
            f"{name} is missing",
            "archive-incomplete",
            archive(change=_without(name)),
            ARCHIVE,
        )
    ghost = {"IHE_XDM/SUBSET01/GHOST.TXT": b"ghost"}
    yield _case(
        "too-much",
        "archive sums",
        "the sums name a file that is not there",
        "archive-incomplete",
        archive(listed=ghost),
        ARCHIVE,
    )

    def letter_sum(data: bytes) -> bytes:
        digest = hashlib.sha256(dossier.letter("a")).hexdigest().encode()
        return data.replace(digest, b"0" * 64)

    def dossier_sum(data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        return b"".join(b"0" * 64 + one[64:] if DOSSIER.encode() in one else one for one in lines)

    yield _case(
        "changed",
        "archive letter sum",
        "the sum of the letter is another",
        "archive-changed",
        archive(change_sums=letter_sum),
        ARCHIVE,
    )
    yield _case(
        "changed",
        "archive dossier sum",
        "the sum of the dossier is another",
        "archive-changed",
        archive(change_sums=dossier_sum),
        ARCHIVE,
    )
    sums: dict[str, Callable[[bytes], bytes]] = {
        "empty": lambda _: b"",
        "twice": lambda data: data + data,
        "capitals": lambda data: data[:64].upper() + data[64:],
        "not text": lambda data: b"\xff" + data[1:],
        "no name": lambda data: data + b"0" * 64 + b"  \n",
        "zero byte": lambda data: data + b"0" * 64 + b"  a\0b\n",
    }
    for what, change in sums.items():
        yield _case(
            "sums",
            f"archive {what}",
            f"the list of sums: {what}",
            "table-unreadable",
            archive(change_sums=change),
            ARCHIVE,
        )
    yield _case(
        "sums",
        "archive walks",
        "the list of sums names a way out",
        "archive-incomplete",
        archive(change_sums=lambda data: data + b"0" * 64 + b"  ../../evil\n"),
        ARCHIVE,
    )
    names: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
        "place walks": (
            "archive-incomplete",
            lambda data: data.replace(LETTER_PLACE.encode(), b"../../../evil"),
        ),
        "place absolute": (
            "archive-incomplete",
            lambda data: data.replace(LETTER_PLACE.encode(), b"/etc/passwd"),
        ),
        "place of another file": (
            "archive-changed",
            lambda data: data.replace(LETTER_PLACE.encode(), b"README.TXT"),
        ),
        "one file in two places": (
            "table-unreadable",
            lambda data: (
                data + data.splitlines(keepends=True)[1].replace(LETTER_PLACE.encode(), b"README.TXT")
            ),
        ),
        "no file": ("archive-incomplete", lambda data: data.splitlines(keepends=True)[0]),
        "other columns": ("table-unreadable", lambda data: data.replace(b'"title"', b'"evil"')),
        "empty": ("table-unreadable", lambda _: b""),
    }
    for what, (code, change) in names.items():

        def changed(parts: Parts, change: Callable[[bytes], bytes] = change) -> None:
            parts[dossier.NAMES] = change(parts[dossier.NAMES])

        yield _case(
            "archive", f"names {what}", f"the list of names: {what}", code, archive(change=changed), ARCHIVE
        )


def _bundle(change: Callable[[dict[str, Any]], Any]) -> bytes:
    whole = bundle("a")
    changed = change(whole)
    return json.dumps(whole if changed is None else changed).encode()


def _bundles() -> Flaws:
    def attachment(whole: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = whole["entry"][2]["resource"]["content"][0]["attachment"]
        return found

    def put(place: int, **fields: Any) -> Callable[[dict[str, Any]], None]:
        return lambda whole: whole["entry"][place]["resource"].update(fields)

    changes: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
        "list": ("format", lambda whole: [whole]),
        "other resource": ("format", lambda whole: {**whole, "resourceType": "Patient"}),
        "entries are text": ("format", lambda whole: {**whole, "entry": "evil"}),
        "entry is text": ("format", lambda whole: {**whole, "entry": ["evil"]}),
        "entry without resource": ("format", lambda whole: {**whole, "entry": [{}]}),
        "resource without type": (
            "format",
            lambda whole: whole["entry"][1]["resource"].pop("resourceType") and None,
        ),
        "type is a list": ("format", put(1, resourceType=[])),
        "no patient": ("fhir-not-one-dossier", lambda whole: whole["entry"].pop(1) and None),
        "two patients": (
            "fhir-not-one-dossier",
            lambda whole: whole["entry"].append({"resource": {**whole["entry"][1]["resource"], "id": "p-x"}}),
        ),
        "no practice": ("fhir-not-one-dossier", lambda whole: whole["entry"].pop(0) and None),
        "practice of another": (
            "fhir-not-one-dossier",
            put(1, managingOrganization={"reference": "Organization/x"}),
        ),
        "document of another": ("dossier-inconsistent", put(2, subject={"reference": "Patient/p-x"})),
        "document twice": ("dossier-inconsistent", lambda whole: whole["entry"].append(whole["entry"][2])),
        "name is a number": ("fhir-element", put(1, name=7)),
        "birth date is no day": ("fhir-element", put(1, birthDate="2026-99-99")),
        "birth date is a number": ("fhir-element", put(1, birthDate=19800102)),
        "identifier missing": (
            "fhir-element",
            lambda whole: whole["entry"][2]["resource"].pop("id") and None,
        ),
        "size is a text": ("fhir-element", lambda whole: attachment(whole).update(size="7")),
        "size is a truth": ("fhir-element", lambda whole: attachment(whole).update(size=True)),
        "size below zero": ("archive-changed", lambda whole: attachment(whole).update(size=-1)),
        "size of another": ("archive-changed", lambda whole: attachment(whole).update(size=7)),
        "patient without practice": (
            "fhir-missing",
            lambda whole: whole["entry"][1]["resource"].pop("managingOrganization") and None,
        ),
        "digest walks": (
            "archive-incomplete",
            lambda whole: attachment(whole)["extension"][0].update(valueString="../../../evil"),
        ),
        "digest of nothing": (
            "archive-incomplete",
            lambda whole: attachment(whole)["extension"][0].update(valueString="0" * 64),
        ),
        "depth": ("limit-exceeded", put(1, evil=nested(100))),
    }
    for what, (code, change) in changes.items():
        reader = ARCHIVE if code.startswith("archive") else BUNDLE
        data = _bundle(change)
        if reader == ARCHIVE:
            data = archive(change=lambda parts, data=data: parts.update({DOSSIER: data}))
        yield _case("bundle", what, f"the dossier: {what}", code, data, reader)


def nested(depth: int) -> Any:
    """Return objects inside each other."""
    value: Any = {}
    for _ in range(depth):
        value = {"evil": value}
    return value


def _json() -> Flaws:
    good = json.dumps(bundle("a")).encode()
    raw: dict[str, tuple[str, bytes]] = {
        "empty": ("format", b""),
        "cut short": ("format", good[:-9]),
        "trailing": ("format", good + b"{}"),
        "not UTF-8": ("format", good.replace(b"EXEMPLE", b"\xff")),
        "member twice": ("format", good.replace(b"{", b'{"resourceType": "Patient", ', 1)),
        "not a number": ("format", good.replace(b"true", b"NaN", 1)),
        "infinity": ("format", good.replace(b"true", b"-Infinity", 1)),
        "depth": ("limit-exceeded", b"[" * 500_000),
        "depth closed": ("limit-exceeded", b'{"entry": ' + b"[" * 900 + b"]" * 900 + b"}"),
        "digits": ("format", good.replace(b"true", b"9" * 500_000, 1)),
        "exponent": ("format", good.replace(b"true", b"1e9999999999999999999999999", 1)),
        "truth as number": ("fhir-element", good.replace(b"true", b"1e999999999", 1)),
        "33 megabytes": ("limit-exceeded", b'{"evil": "' + b"x" * (33 << 20) + b'"}'),
    }
    for what, (code, data) in raw.items():
        yield _case("json", f"bundle {what}", f"the dossier is no plain JSON: {what}", code, data, BUNDLE)


def _rows() -> Flaws:
    good = source_row("a")
    rows: dict[str, bytes] = {
        "not JSON": b"evil\n",
        "empty line": b"\n",
        "list": b"[]\n",
        "foreign member": json.dumps({**good, "evil": 1}).encode(),
        "member missing": json.dumps({"id": "r"}).encode(),
        "member twice": b'{"id":"a","id":"b"}\n',
        "number as text": json.dumps({**good, "id": 7}).encode(),
        "columns are a list": json.dumps({**good, "columns": []}).encode(),
        "columns are text": json.dumps({**good, "columns": "evil"}).encode(),
        "cell is a list": json.dumps({**good, "columns": {"a": [1]}}).encode(),
        "records are numbers": json.dumps({**good, "records": [1]}).encode(),
        "records are a number": json.dumps({**good, "records": 1}).encode(),
        "not a number": b'{"id":NaN}\n',
        "no columns": json.dumps({key: good[key] for key in good if key != "columns"}).encode(),
        "depth": b"[" * 200_000 + b"\n",
        "not UTF-8": b'{"id":"\xff"}\n',
        "digits": b'{"id":' + b"9" * 100_000 + b"}\n",
    }
    for what, data in rows.items():
        yield _case("json", f"rows {what}", f"a source row: {what}", "table-unreadable", data, ROWS)
