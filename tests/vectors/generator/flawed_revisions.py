"""Later revisions that replay, rewrite or invent what came before; each truly signed unless it says otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.vectors.generator import age, people
from tests.vectors.generator.case import IMPORT, PACKAGE, Case, Flaws
from tests.vectors.generator.chance import seeded, unit_id
from tests.vectors.generator.cms import signature
from tests.vectors.generator.later import packed, revised, sha256
from tests.vectors.generator.package import (
    ASIC,
    SIGNATURE,
    Parts,
    Row,
    asic_manifest,
    base_entries,
    commitment,
    first_line,
    index,
    reference,
    whole_parts,
    with_units,
)

FIRST = "previous/001/manifest.json"
DISAGREE, INVALID, SHORTENED = "lists-disagree", "manifest-invalid", "term-shortened"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _history()
    yield from _numbers()
    yield from _keyrings()
    yield from _mixed()


def _case(family: str, name: str, wrong: str, code: str, parts: Parts, **fields: Any) -> Case:
    return Case(
        family=family, name=name, wrong=wrong, code=code, data=packed(parts), **{"reader": PACKAGE, **fields}
    )


def without(parts: Parts, *names: str) -> Parts:
    """Return ``parts`` without ``names``."""
    return {name: data for name, data in parts.items() if name not in names}


def _rewritten(change: Callable[[Row], Row]) -> Parts:
    """Return a first revision that never was: its manifest says something else and is signed."""
    return whole_parts(manifest=change)


def _other_list(first: Parts) -> Parts:
    """Return a first list, truly signed, that names another manifest."""
    parts = {**first, "manifest.json": first["manifest.json"] + b" "}
    others = {"mimetype", ASIC, SIGNATURE}
    listed = asic_manifest([reference(name, data) for name, data in parts.items() if name not in others])
    return {f"previous/001/{ASIC}": listed, f"previous/001/{SIGNATURE}": signature(listed)}


def _history() -> Flaws:
    """The signer of the second revision tells another past."""

    def first_unit(**lie: Any) -> Parts:
        return _rewritten(lambda row: {**row, "units": [{**row["units"][0], **lie}, *row["units"][1:]]})

    first = whole_parts()
    other = {**json.loads(first["manifest.json"]), "package": "urn:exemple:hostile:2"}
    pasts: dict[str, tuple[str, str, Parts]] = {
        "manifest altered": (
            "the manifest it keeps is not the one it replaces",
            DISAGREE,
            revised(previous=lambda parts: {**parts, FIRST: parts[FIRST] + b"\n"}),
        ),
        "manifest missing": (
            "it does not keep the manifest it replaces",
            "member-missing",
            revised(previous=lambda parts: {name: data for name, data in parts.items() if name != FIRST}),
        ),
        "history missing": ("it keeps nothing of what it replaces", "member-missing", revised(previous=lambda _: {})),
        "manifest unreadable": (
            "the manifest it replaces is none",
            INVALID,
            revised(previous=lambda parts: {**parts, FIRST: b"{}"}, replaces=sha256(b"{}")),
        ),
        "another package": (
            "it replaces the manifest of another package",
            DISAGREE,
            revised(_rewritten(lambda _: other)),
        ),
        "other units": (
            "what it replaces had other units",
            DISAGREE,
            revised(_rewritten(lambda row: with_units(row, row["units"][1:]))),
        ),
        "other digest of a unit": (
            "what it replaces gave a unit another digest",
            DISAGREE,
            revised(first_unit(sha256="0" * 64)),
        ),
        "held before": (
            "what it replaces put a unit under a hold that is gone",
            SHORTENED,
            revised(first_unit(hold=True)),
        ),
        "kept longer before": (
            "what it replaces kept a unit a year longer",
            SHORTENED,
            revised(first_unit(destroy_from="2048-01-01")),
        ),
        "kept before": (
            "what it replaces kept a unit as long as nobody can tell",
            SHORTENED,
            revised(first_unit(destroy_from=None)),
        ),
        "other patients": (
            "what it replaces committed to other patients",
            DISAGREE,
            revised(_rewritten(lambda row: {**row, "patients_commitment": {"root": "0" * 64, "size": 2}})),
        ),
        "other ground": (
            "what it replaces had another legal ground",
            DISAGREE,
            revised(_rewritten(lambda row: {**row, "legal_ground": "cessation"})),
        ),
        "other sender": (
            "what it replaces had another sender",
            DISAGREE,
            revised(_rewritten(lambda row: {**row, "sender": {"name": "Autre", "identifiers": []}})),
        ),
        "other controller": (
            "what it replaces had another controller before",
            DISAGREE,
            revised(_rewritten(lambda row: {**row, "controller_before": {"name": "Autre", "identifiers": []}})),
        ),
        "other counts": (
            "what it replaces counted otherwise",
            DISAGREE,
            revised(_rewritten(lambda row: {**row, "counts": {**row["counts"], "acts": 1}})),
        ),
        "other scope": (
            "what it replaces had another scope",
            DISAGREE,
            revised(_rewritten(lambda row: {**row, "scope": {"kind": "all", "left_out": {}}})),
        ),
        "made at another time": (
            "what it replaces was made at another time",
            DISAGREE,
            revised(_rewritten(lambda row: {**row, "created": "2025-03-01T09:30:00+00:00"})),
        ),
        "list missing": (
            "it does not keep the list of the first",
            "member-missing",
            revised(previous=lambda parts: without(parts, f"previous/001/{ASIC}")),
        ),
        "signature missing": (
            "it does not keep the signature of the first",
            "member-missing",
            revised(previous=lambda parts: without(parts, f"previous/001/{SIGNATURE}")),
        ),
        "signature of a stranger over something else": (
            "the signature it keeps of the first is not over its list",
            "signature-invalid",
            revised(previous=lambda parts: {**parts, f"previous/001/{SIGNATURE}": signature(b"other")}),
        ),
        "time-stamp stripped": (
            "the signature it keeps of the first lost its time-stamp",
            "timestamp-missing",
            revised(previous=lambda parts: {**parts, f"previous/001/{SIGNATURE}": signature(first[ASIC], stamp=False)}),
        ),
        "list of another first": (
            "the list it keeps of the first names other digests",
            DISAGREE,
            revised(previous=lambda parts: {**parts, **_other_list(first)}),
        ),
        "other commitment": (
            "what it replaces committed to other contents",
            DISAGREE,
            revised(_rewritten(lambda row: {**row, "keyring_commitment": "0" * 128})),
        ),
        "replaces something else": ("it replaces something that is not there", DISAGREE, revised(replaces="0" * 64)),
        "replaces the sums": (
            "it replaces what is no manifest",
            DISAGREE,
            revised(replaces=sha256(first["SHA256SUMS"])),
        ),
        "replaces itself": ("it replaces its own list", DISAGREE, revised(replaces=sha256(first[ASIC]))),
    }  # fmt: skip
    for what, (wrong, code, parts) in pasts.items():
        yield _case("revision", what, f"a second revision: {wrong}", code, parts)


def _numbers() -> Flaws:
    """The number of the revision lies."""
    second = revised()
    numbers: dict[str, tuple[str, Parts]] = {
        "third over the first": (DISAGREE, revised(revision=3)),
        "third beside the first": ("member-missing", revised(revision=3, previous=_as_first)),
        "second again": (
            DISAGREE,
            revised(
                second,
                revision=2,
                previous=lambda parts: {
                    name: parts[name] for name in parts if name.startswith("previous/001")
                },
            ),
        ),
        "third without the first": (
            "member-missing",
            revised(
                second,
                revision=3,
                previous=lambda parts: {
                    name: parts[name] for name in parts if name.startswith("previous/002")
                },
            ),
        ),
        "zero": (INVALID, revised(revision=0)),
        "one": (INVALID, revised(revision=1)),
        "below zero": (INVALID, revised(revision=-1)),
        "thousand": (INVALID, revised(revision=1000)),
        "text": (INVALID, revised(revision="2")),
        "truth": (INVALID, revised(manifest=lambda row: {**row, "revision": True})),
        "fraction": (INVALID, revised(manifest=lambda row: {**row, "revision": 2.0})),
        "without what it replaces": (
            INVALID,
            revised(manifest=lambda row: {key: row[key] for key in row if key != "replaces"}),
        ),
        "without a number": (
            INVALID,
            revised(manifest=lambda row: {key: row[key] for key in row if key != "revision"}),
        ),
        "digest in capitals": (INVALID, revised(replaces=sha256(b"x").upper())),
        "digest short": (INVALID, revised(replaces="0" * 40)),
        "nothing": (INVALID, revised(manifest=lambda row: {**row, "replaces": None})),
        "MAC short": (INVALID, revised(mac="0" * 40)),
        "MAC in capitals": (INVALID, revised(mac="A" * 64)),
        "MAC as nothing": (INVALID, revised(manifest=lambda row: {**row, "revision_mac": None})),
        "MAC alone": (INVALID, whole_parts(manifest=lambda row: {**row, "revision_mac": "0" * 64})),
    }
    for what, (code, parts) in numbers.items():
        yield _case("revision", f"number {what}", f"the number of a revision: {what}", code, parts)


def _as_first(parts: Parts) -> Parts:
    return {name.replace("previous/002", "previous/001"): data for name, data in parts.items()}


def _keyrings() -> Flaws:
    """An earlier keyring comes back after it was replaced."""
    rows = base_entries()
    older_rows = [{**rows[0], "counts": {**rows[0]["counts"], "documents": 0}}, *rows[1:]]
    older = age.file(first_line() + index(older_rows), [age.x25519()])
    now = revised()
    yield _case(
        "replayed",
        "keyring of an earlier revision afterwards",
        "the keyring of an earlier revision was put back after signing",
        "digest-mismatch",
        {**now, "keyring.age": older},
        reader=IMPORT,
    )
    yield _case(
        "replayed",
        "keyring of an earlier revision signed",
        "a revision is signed with a keyring that holds other lines",
        "commitment-mismatch",
        revised(keyring=older, committed=commitment(index(rows))),
        reader=IMPORT,
        opened=True,
    )
    yield _case(
        "replayed",
        "keyring of an earlier revision added",
        "a keyring that was left out came back after signing",
        "member-unlisted",
        {**now, "keyring-old.age": older},
        reader=IMPORT,
    )
    yield _case(
        "replayed",
        "keyring kept and not told",
        "a signed revision holds a keyring its manifest does not name",
        "member-unlisted",
        revised(pages={"keyring-r1.age": older}),
        reader=IMPORT,
    )
    yield _case(
        "replayed",
        "keyring told and not kept",
        "a signed revision names a keyring that is not there",
        "member-missing",
        revised(manifest=lambda row: {**row, "keyrings": ["keyring.age", "keyring-r2.age"]}),
        reader=IMPORT,
    )
    yield _case(
        "re-used-unit",
        "in a later revision",
        "a revision names a unit twice",
        INVALID,
        revised(manifest=lambda row: {**row, "units": [row["units"][0], row["units"][0]]}),
    )
    ghost = unit_id("later")
    one = {"id": ghost, "member": f"units/{ghost}.zip", "size": 9, "sha256": sha256(seeded("later", 9))}
    yield _case(
        "too-much",
        "unit added in a later revision",
        "a revision brings a unit that what it replaces did not have",
        DISAGREE,
        revised(
            manifest=lambda row: with_units(row, [*row["units"], {**row["units"][0], **one}]),
            pages={f"units/{ghost}.zip": seeded("later", 9)},
        ),
    )


def _mixed() -> Flaws:
    """Parts of two revisions are mixed after signing."""
    first, second = whole_parts(), revised()
    mixes: dict[str, tuple[str, Parts]] = {
        "manifest of the first": ("digest-mismatch", {**second, "manifest.json": first["manifest.json"]}),
        "sums of the first": ("digest-mismatch", {**second, "SHA256SUMS": first["SHA256SUMS"]}),
        "list of the first": ("digest-mismatch", {**second, ASIC: first[ASIC]}),
        "signature of the first": ("signature-invalid", {**second, SIGNATURE: first[SIGNATURE]}),
        "list and signature of the first": (
            "digest-mismatch",
            {**second, ASIC: first[ASIC], SIGNATURE: first[SIGNATURE]},
        ),
        "history removed": (
            "member-missing",
            {name: data for name, data in second.items() if not name.startswith("previous/")},
        ),
        "history altered": ("digest-mismatch", {**second, FIRST: second[FIRST] + b"\n"}),
        "history of the second": (
            "member-unlisted",
            {**second, "previous/002/manifest.json": first["manifest.json"]},
        ),
        "earlier signature altered": (
            "digest-mismatch",
            {**second, f"previous/001/{SIGNATURE}": second[f"previous/001/{SIGNATURE}"][:-1] + b"\0"},
        ),
        "first with the history of a second": (
            "member-unlisted",
            {**first, FIRST: first["manifest.json"]},
        ),
    }
    for what, (code, parts) in mixes.items():
        yield _case("revision", f"mixed {what}", f"two revisions are mixed: {what}", code, parts)
    impostor = revised(signing={"by": people.impostor()})
    yield _case(
        "another-key", "second revision", "a stranger signed a second revision", "signer-untrusted", impostor
    )
