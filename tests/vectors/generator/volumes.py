"""Sets of two volumes and the file that ties them; every step can be told to lie."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from tests.vectors.generator import case, dossier
from tests.vectors.generator.case import Case
from tests.vectors.generator.chance import unit_id
from tests.vectors.generator.cms import signature as signed
from tests.vectors.generator.later import (
    CO_ASIC,
    CO_SIGNATURE,
    colleague,
    evidenced,
    packed,
    revised,
)
from tests.vectors.generator.package import (
    ASIC,
    LABELS,
    MIMETYPE,
    PACKAGE,
    SIGNATURE,
    Parts,
    Row,
    asic_manifest,
    base_entries,
    entry,
    practice_entry,
    reference,
    same,
    sealed_unit,
    signatures,
    whole_parts,
    with_practice,
)
from tests.vectors.generator.records import record_over

SET = "urn:exemple:hostile:set"
SET_MANIFEST = "set.json"
FILES = ("p-001.asice", "p-002.asice")
UNSTAMPED = {"stamp": False}
"""Nothing that makes a set one depends on time-stamps, which cost most of an examination."""
Folder = dict[str, bytes]
"""The files that lie beside what ties them."""


def volume(number: int, *, label: str = "", manifest: Callable[[Row], Any] = same, **options: Any) -> Parts:
    """Return volume ``number`` (from 1), which holds the dossier ``label``; see ``whole_parts``."""
    letter = label or LABELS[number - 1]
    name = f"{PACKAGE}:{number}"
    counts = {**dossier.COUNTS, "patients": 1, "file_bytes": len(dossier.letter(letter))}
    place = {"id": SET, "volume": number, "of": len(LABELS), "retention_year": None}

    def change(row: Row) -> Any:
        return manifest({**row, "package": name, "set": place, "counts": counts})

    return whole_parts(
        **{
            "units": with_practice({unit_id(letter): sealed_unit(letter)}),
            "entries": [entry(letter), practice_entry()],
            "manifest": change,
            **options,
            "signing": UNSTAMPED | options.get("signing", {}),
        }
    )


@cache
def volumes() -> tuple[Parts, Parts]:
    """Return both volumes."""
    return volume(1), volume(2)


def files(first: Parts | None = None, second: Parts | None = None) -> Folder:
    """Return both volumes, or others in their places, as files."""
    places = zip((first, second), volumes(), strict=True)
    return dict(zip(FILES, (packed(own if other is None else other) for other, own in places), strict=True))


def listed(file: str, parts: Parts) -> Row:
    """Return how a set lists the package ``parts``; the units of the corpus all end on one day."""
    document = json.loads(parts["manifest.json"])
    return {
        "file": file,
        "package": document["package"],
        "size": len(packed(parts)),
        "manifest_sha256": hashlib.sha256(parts["manifest.json"]).hexdigest(),
        "units": len(document["units"]),
        "retention_year": document["set"]["retention_year"],
        "destroy_from": document["units"][0]["destroy_from"],
    }


def base_set(packages: Sequence[Parts]) -> Row:
    """Return what a set of the volumes ``packages`` says of itself."""
    documents = [json.loads(one["manifest.json"]) for one in packages]
    counts: Counter[str] = Counter()
    for one in documents:
        counts.update(one["counts"])
    alike = ("created", "legal_ground", "controller_before", "controller_after", "sender", "receiver")
    return {
        "format": "1",
        "set": SET,
        **{key: documents[0][key] for key in alike},
        "signatures": signatures(UNSTAMPED),
        "counts": dict(counts),
        "volumes": [listed(*one) for one in zip(FILES, packages, strict=True)],
    }


def set_parts(
    packages: Sequence[Parts] | None = None,
    *,
    manifest: Callable[[Row], Any] = same,
    manifest_bytes: Callable[[bytes], bytes] = same,
    pages: Mapping[str, bytes] | None = None,
    references: Callable[[list[str]], list[str]] = same,
    asic: Callable[[bytes], bytes] = same,
    signing: Mapping[str, Any] | None = None,
    signature: Callable[[bytes], bytes] = same,
    co_signing: Mapping[str, Any] | None = None,
) -> Parts:
    """Return the members of the list of the volumes ``packages``; with ``co_signing`` a second one signs too."""
    first = {**UNSTAMPED, **(signing or {})}
    stated = [first] if co_signing is None else [first, {**UNSTAMPED, **co_signing}]
    document = manifest(
        base_set(volumes() if packages is None else packages) | {"signatures": signatures(*stated)}
    )
    raw = json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
    parts: Parts = {"mimetype": MIMETYPE, "README.TXT": b"LISEZ-MOI\r\n", **(pages or {})}
    parts[SET_MANIFEST] = manifest_bytes(raw)
    lines = references([reference(name, data) for name, data in parts.items() if name != "mimetype"])
    parts[ASIC] = asic(asic_manifest(lines))
    parts[SIGNATURE] = signature(signed(parts[ASIC], **first))
    if co_signing is not None:
        parts[CO_ASIC] = asic_manifest(lines, signature=CO_SIGNATURE)
        parts[CO_SIGNATURE] = signed(parts[CO_ASIC], **{**UNSTAMPED, **co_signing})
    return parts


def volume_list(packages: Sequence[Parts] | None = None, **options: Any) -> bytes:
    """Return the list of the volumes ``packages``, as a file; see ``set_parts``."""
    return packed(set_parts(packages, **options))


def set_case(
    family: str,
    name: str,
    wrong: str,
    code: str,
    *,
    data: bytes | None = None,
    beside: Mapping[str, bytes] | None = None,
    **options: Any,
) -> Case:
    """Return a case of the list of the volumes ``beside``; both are honest where nothing is said.

    Its name says that it is of a set where its family does not.
    """
    return Case(
        family=family,
        name=name if family.startswith("set-") else f"set {name}",
        wrong=f"a set: {wrong}",
        code=code,
        data=volume_list() if data is None else data,
        beside=files() if beside is None else beside,
        **{"reader": case.SET, **options},
    )


def without(parts: Mapping[str, bytes], *names: str) -> dict[str, bytes]:
    """Return ``parts`` without ``names``."""
    return {name: data for name, data in parts.items() if name not in names}


def lying(**lie: Any) -> Callable[[Row], Row]:
    """Return a change of what a set says about its second volume."""
    return lambda row: {**row, "volumes": [row["volumes"][0], {**row["volumes"][1], **lie}]}


def revision(before: Parts, **options: Any) -> Parts:
    """Return the second revision of the second volume ``before``."""
    document = json.loads(before["manifest.json"])

    def again(row: Row) -> Row:
        revised_fields = {key: row[key] for key in ("revision", "replaces", "signatures")}
        return {**document, **revised_fields}

    units = {name[6:-4]: data for name, data in before.items() if name.startswith("units/")}
    entries = base_entries()[1:]
    return revised(before, manifest=again, units=units, entries=entries, **options)


def beside(data: bytes, *, neighbour: bytes | None = None, **options: Any) -> bytes:
    """Return an evidence record over the file ``data``, which may share it with a ``neighbour`` in the tree."""
    digests = [hashlib.sha256(data).digest(), *([] if neighbour is None else [neighbour])]
    return record_over(digests, **options)


SINCE_WHEN = frozenset({"time-stamps", "evidence of all"})
"""Honest sets of which it is proven since when all of them exist."""


def honest_sets() -> dict[str, tuple[bytes, Folder]]:
    """Return sets from which the flaws are made: whoever refuses these refuses for the wrong reason."""
    named = volume_list(co_signing={"by": colleague()})
    called = {"volumes": ["début.asice", "fin – 2.asice"]}
    other = both_called(*called["volumes"])
    years = [volume(one, manifest=_of_a_year) for one in (1, 2)]
    whole = files()
    stamped = [volume(one, signing={"stamp": True}) for one in (1, 2)]
    return {
        "time-stamps": (volume_list(stamped, signing={"stamp": True}), files(*stamped)),
        "two volumes": (volume_list(), whole),
        "evidence of all": (
            volume_list(),
            files(*map(evidenced, volumes())) | {"input.001.ers": beside(volume_list())},
        ),
        "evidence of what ties it": (volume_list(), whole | {"input.001.ers": beside(volume_list())}),
        "two records and a neighbour": (
            volume_list(),
            whole
            | {
                "input.001.ers": beside(volume_list(), neighbour=bytes(32)),
                "input.002.ers": beside(volume_list()),
            },
        ),
        "two signatures": (named, whole),
        "a page nobody knows": (volume_list(pages={"docs/later.md": b"later"}), whole),
        "keys nobody knows": (volume_list(manifest=lambda row: {**row, "later": {"evil": [1]}}), whole),
        "names of any script": (
            volume_list(manifest=other),
            dict(zip(called["volumes"], whole.values(), strict=True)),
        ),
        "volumes of a year": (volume_list(years), files(*years)),
        "a volume that was shared since": (volume_list(), files(None, revision(volumes()[1]))),
    }


def both_called(*names: str) -> Callable[[Row], Row]:
    """Return a change of how a set calls its volumes."""

    def change(row: Row) -> Row:
        volumes = [{**one, "file": name} for one, name in zip(row["volumes"], names, strict=True)]
        return {**row, "volumes": volumes}

    return change


def _of_a_year(row: Row) -> Row:
    return {**row, "set": {**row["set"], "retention_year": 2046}}
