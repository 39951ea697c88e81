"""Packages that were split off and lie about where their units come from; each truly signed by whoever splits."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.vectors.generator.case import PACKAGE, Case, Flaws
from tests.vectors.generator.chance import unit_id
from tests.vectors.generator.cms import signature
from tests.vectors.generator.flawed_revisions import without
from tests.vectors.generator.later import packed, revised, sha256
from tests.vectors.generator.package import (
    ASIC,
    PRACTICE,
    SIGNATURE,
    Parts,
    Row,
    asic_manifest,
    base_entries,
    base_units,
    practice_unit,
    reference,
    sealed_unit,
    whole_parts,
)
from tests.vectors.generator.split import PART, own_entry, own_practice, source_of, split_off, statement

HERE = "source/001/"
MANIFEST = f"{HERE}manifest.json"
DISAGREE, INVALID, SHORTENED = "lists-disagree", "manifest-invalid", "term-shortened"
MISSING, UNLISTED, MISMATCH = "member-missing", "member-unlisted", "unit-mismatch"


def cases() -> Flaws:
    """Yield every case of this family."""
    for what, (wrong, code, parts) in {**_parts(), **_units(), **_terms(), **_statements()}.items():
        yield _case(what, wrong, code, parts)
    yield from _opened()


def _case(name: str, wrong: str, code: str, parts: Parts, **fields: Any) -> Case:
    flaw = f"a package split off: {wrong}"
    return Case(
        family="source", name=name, wrong=flaw, code=code, data=packed(parts), reader=PACKAGE, **fields
    )


Flawed = dict[str, tuple[str, str, Parts]]


def _with(name: str, data: bytes) -> Callable[[Parts], Parts]:
    return lambda parts: {**parts, f"{HERE}{name}": data}


def _other_list(source: Parts) -> Callable[[Parts], Parts]:
    """Return the change that carries a list, truly signed, which gives a unit another digest."""
    changed = {**source, f"units/{unit_id('a')}.zip": b"other"}
    others = {"mimetype", ASIC, SIGNATURE}
    listed = asic_manifest([reference(name, data) for name, data in changed.items() if name not in others])
    return lambda parts: {**parts, HERE + ASIC: listed, HERE + SIGNATURE: signature(listed)}


def _parts() -> Flawed:
    """What the source said of itself is not there, or is something else."""
    source = whole_parts()
    bare = signature(source[ASIC], stamp=False)
    return {
        "nothing of it": ("nothing of its source is there", MISSING, split_off(carry=lambda _: {})),
        "manifest missing": (
            "the manifest of its source is not there",
            MISSING,
            split_off(carry=lambda parts: without(parts, MANIFEST)),
        ),
        "list missing": (
            "the signed list of its source is not there",
            MISSING,
            split_off(carry=lambda parts: without(parts, HERE + ASIC)),
        ),
        "signature missing": (
            "the signature of its source is not there",
            MISSING,
            split_off(carry=lambda parts: without(parts, HERE + SIGNATURE)),
        ),
        "manifest altered": (
            "the manifest of its source is another",
            DISAGREE,
            split_off(carry=_with("manifest.json", source["manifest.json"] + b"\n")),
        ),
        "manifest unreadable": (
            "the manifest of its source is none",
            INVALID,
            split_off(
                carry=_with("manifest.json", b"{}"),
                stated=lambda rows: [{**rows[0], "manifest_sha256": sha256(b"{}")}],
            ),
        ),
        "list of other digests": (
            "the signed list of its source gives a unit another digest",
            DISAGREE,
            split_off(carry=_other_list(source)),
        ),
        "list unreadable": (
            "the signed list of its source is none",
            "list-invalid",
            split_off(carry=_with(ASIC, b"<list/>")),
        ),
        "signature over something else": (
            "the signature of its source is over something else",
            "signature-invalid",
            split_off(carry=_with(SIGNATURE, signature(b"other"))),
        ),
        "time-stamp stripped": (
            "the signature of its source lost its time-stamp",
            "timestamp-missing",
            split_off(carry=_with(SIGNATURE, bare)),
        ),
        "a source that is not stated": (
            "it carries a source that it does not state",
            UNLISTED,
            split_off(carry=lambda parts: {**parts, "source/002/manifest.json": source["manifest.json"]}),
        ),
        "something else beside it": (
            "what it carries of its source was never signed there",
            DISAGREE,
            split_off(carry=_with("previous/001/more.txt", b"more")),
        ),
        "the source of its source is missing": (
            "the package from which its source was split off is not there",
            MISSING,
            split_off(
                split_off(labels=("a", "b"), package="urn:exemple:hostile:between"),
                carry=lambda parts: {
                    name: data for name, data in parts.items() if not name.startswith(f"{HERE}source/")
                },
            ),
        ),
        "revision without its history": (
            "its source is a second revision without the first",
            MISSING,
            split_off(
                revised(),
                carry=lambda parts: {
                    name: data for name, data in parts.items() if not name.startswith(f"{HERE}previous/")
                },
            ),
        ),
        "other sources in a second revision": (
            "its second revision states other sources",
            DISAGREE,
            _revised_sources(),
        ),
    }  # fmt: skip


def _revised_sources() -> Parts:
    """Return a second revision of a part that says its units come from elsewhere."""
    first = split_off()
    other = source_of(("a",), "urn:exemple:hostile:other")
    part = split_off(other)
    pages = {name: data for name, data in part.items() if name.startswith("source/")}
    return revised(
        first,
        pages=pages,
        units={unit_id("a"): sealed_unit("a"), unit_id(PART): own_practice(PART)},
        entries=[base_entries()[0], own_entry(PART)],
        manifest=lambda row: {
            **row,
            "package": PART,
            "counts": _manifest_of(first)["counts"],
            "scope": _manifest_of(first)["scope"],
            "sources": [statement(other)],
        },
    )


def _manifest_of(parts: Parts) -> Row:
    row: Row = json.loads(parts["manifest.json"])
    return row


def _units() -> Flawed:
    """The units are not those of the source."""
    only = source_of(("a",), "urn:exemple:hostile:only")
    own = {unit_id(PART): own_practice(PART)}
    return {
        "a unit of other bytes": (
            "a unit is not what its source lists",
            DISAGREE,
            split_off(units={unit_id("a"): sealed_unit("b"), **own}),
        ),
        "a patient of no source": (
            "a patient's unit is of no source",
            DISAGREE,
            split_off(only, labels=("a", "b")),
        ),
        "a unit of two sources": (
            "two sources list one unit",
            DISAGREE,
            split_off(only, source_of(("a", "b"), "urn:exemple:hostile:both")),
        ),
        "all of no source": (
            "no unit is of its source",
            DISAGREE,
            split_off(source_of(("b",), "urn:exemple:hostile:b"), labels=("a",)),
        ),
    }  # fmt: skip


def _terms() -> Flawed:
    """A unit might be destroyed before its source lets it."""

    def source(**terms: Any) -> Parts:
        return whole_parts(
            manifest=lambda row: {**row, "units": [{**row["units"][0], **terms}, *row["units"][1:]]}
        )

    return {
        "hold lifted": ("its source puts a unit under a hold", SHORTENED, split_off(source(hold=True))),
        "a year less": (
            "its source keeps a unit a year longer",
            SHORTENED,
            split_off(source(destroy_from="2048-01-01")),
        ),
        "a term where nobody can tell": (
            "its source keeps a unit as long as nobody can tell",
            SHORTENED,
            split_off(source(destroy_from=None)),
        ),
    }


def _statements() -> Flawed:
    """What the manifest states of the sources follows no grammar, or is of another."""
    stated: dict[str, tuple[str, str, Callable[[list[Row]], Any]]] = {
        "another package": ("names another package", DISAGREE, lambda rows: [{**rows[0], "package": "urn:autre"}]),
        "another digest": (
            "gives its source another digest",
            DISAGREE,
            lambda rows: [{**rows[0], "manifest_sha256": "0" * 64}],
        ),
        "none": ("states no source, in a list of none", INVALID, lambda _: []),
        "no list": ("states a source that is no list", INVALID, lambda rows: rows[0]),
        "a text": ("states a text as a source", INVALID, lambda _: ["urn:exemple"]),
        "twice": ("states a source twice", INVALID, lambda rows: rows * 2),
        "half a digest": (
            "states a digest that is none",
            INVALID,
            lambda rows: [{**rows[0], "manifest_sha256": "0" * 63}],
        ),
        "no digest": ("states no digest", INVALID, lambda rows: [{"package": rows[0]["package"]}]),
        "no identifier": (
            "states a package without an identifier",
            INVALID,
            lambda rows: [{**rows[0], "package": "../autre"}],
        ),
        "too many": (
            "states 501 sources",
            INVALID,
            lambda rows: [{**rows[0], "package": f"urn:exemple:{number}"} for number in range(501)],
        ),
    }  # fmt: skip
    return {
        f"stated {what}": (f"its manifest {wrong}", code, split_off(stated=change))
        for what, (wrong, code, change) in stated.items()
    }


def _opened() -> Flaws:
    """Whose units are of no source is seen once the keyring is open."""
    entries = base_entries()
    yield _case(
        "the practice's unit of its source",
        "it passes on the practice's unit, which names everybody",
        MISMATCH,
        split_off(
            units={unit_id("a"): sealed_unit("a"), unit_id(PRACTICE): practice_unit()},
            entries=[entries[0], entries[2]],
        ),
        opened=True,
    )
    only = source_of(("a",), "urn:exemple:hostile:only")
    inner = "urn:exemple:hostile:only"
    units = base_units()
    yield _case(
        "a patient instead of the practice",
        "the one unit of no source is a patient's",
        MISMATCH,
        split_off(
            only,
            labels=("a", "b"),
            units={
                **{unit_id(label): units[unit_id(label)] for label in ("a", "b")},
                unit_id(inner): own_practice(inner),
            },
            entries=[*entries[:2], own_entry(inner)],
        ),
        opened=True,
    )
