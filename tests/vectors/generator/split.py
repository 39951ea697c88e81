"""Packages that were split off: units of others, byte for byte, with what those said of themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from tests.vectors.generator import dossier, practice, unit
from tests.vectors.generator.chance import passphrase, unit_id
from tests.vectors.generator.later import sha256
from tests.vectors.generator.package import (
    Parts,
    Row,
    base_units,
    entry,
    practice_entry,
    same,
    sealed_unit,
    whole_parts,
)

PART = "urn:exemple:hostile:part"
CARRIED = ("META-INF/", "previous/", "source/")


@cache
def own_practice(label: str) -> bytes:
    """Return the practice's unit that was made anew for the part ``label``."""
    return unit.sealed(practice.archive(), label, name=b"TRANSV.ZIP")


def own_entry(label: str) -> Row:
    """Return the keyring's line about it."""
    return {**practice_entry(), "unit": unit_id(label), "passphrase": passphrase(label)}


def carried(source: Parts) -> Parts:
    """Return what a part carries of ``source``, by the names it had there."""
    return {
        name: data for name, data in source.items() if name == "manifest.json" or name.startswith(CARRIED)
    }


def statement(source: Parts) -> Row:
    """Return how a part states ``source``."""
    manifest = source["manifest.json"]
    return {"package": json.loads(manifest)["package"], "manifest_sha256": sha256(manifest)}


def source_of(labels: Sequence[str], package: str, **options: Any) -> Parts:
    """Return a package of its own with the patients ``labels``."""
    units = base_units()
    carry = {
        **{unit_id(label): units[unit_id(label)] for label in labels},
        unit_id(package): own_practice(package),
    }
    change = options.pop("manifest", same)
    return whole_parts(
        units=carry,
        entries=[*map(entry, labels), own_entry(package)],
        manifest=lambda row: change({**row, "package": package, "counts": counts(labels)}),
        **options,
    )


def counts(labels: Sequence[str]) -> Row:
    """Return the totals of the patients ``labels``."""
    one = {"patients": 1, "documents": 1, "source_rows": 1, "files": 1}
    letters = sum(len(dossier.letter(label)) for label in labels)
    return {**{kind: count * len(labels) for kind, count in one.items()}, "file_bytes": letters}


def split_off(
    *sources: Parts,
    labels: Sequence[str] = ("a",),
    package: str = PART,
    units: Mapping[str, bytes] | None = None,
    entries: Sequence[Row] | None = None,
    carry: Callable[[Parts], Parts] = same,
    stated: Callable[[list[Row]], Any] = same,
    manifest: Callable[[Row], Any] = same,
    **options: Any,
) -> Parts:
    """Return a part of ``sources`` (one base package without any) with the patients ``labels``.

    ``carry`` changes what it carries, by the names it has in the part, ``stated`` what its manifest states of it, and
    all of it is signed. ``options`` is what ``whole_parts`` takes besides.
    """
    each = sources or (whole_parts(),)
    pages = {
        f"source/{number:03}/{name}": data
        for number, source in enumerate(each, 1)
        for name, data in carried(source).items()
    }
    own = {
        **{unit_id(label): sealed_unit(label) for label in labels},
        unit_id(package): own_practice(package),
    }

    def change(row: Row) -> Any:
        changed = {
            **row,
            "package": package,
            "counts": counts(labels),
            "scope": {"kind": "split", "left_out": {}},
        }
        return manifest({**changed, "sources": stated(list(map(statement, each)))})

    return whole_parts(
        units=own if units is None else units,
        entries=[*map(entry, labels), own_entry(package)] if entries is None else entries,
        pages=carry(pages),
        manifest=change,
        **options,
    )
