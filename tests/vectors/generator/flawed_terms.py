"""Packages whose encrypted keyring, public manifest, signatures and dossiers do not say the same.

Each is truly signed by somebody who is accepted, unless it says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.vectors.generator import dossier, people, unit
from tests.vectors.generator.case import DOSSIERS, IMPORT, PACKAGE, Case, Flaws
from tests.vectors.generator.chance import unit_id
from tests.vectors.generator.cms import signature
from tests.vectors.generator.later import CO_ASIC, CO_SIGNATURE, co_signed, colleague, packed, revised
from tests.vectors.generator.package import (
    ASIC,
    SIGNATURE,
    Parts,
    Row,
    base_entries,
    base_units,
    entry,
    first_line,
    patients_commitment,
    revision_mac,
    whole_parts,
)

SHORTENED, MISMATCH = "term-shortened", "unit-mismatch"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _stripped()
    yield from _stated()
    yield from _terms()
    yield from _dossiers()


def _case(name: str, wrong: str, code: str, parts: Parts, **fields: Any) -> Case:
    family, data = "terms", packed(parts)
    return Case(family=family, name=name, wrong=wrong, code=code, data=data, **{"reader": IMPORT, **fields})


# -- what comes with a signature ----------------------------------------------------------


def _stripped() -> Flaws:
    """A keeper takes away what stands unsigned in a signature, or puts something there."""
    whole, both = whole_parts(signing={"crls": _lists()}), co_signed()
    bare = whole_parts(signing={"stamp": False})
    changed: dict[str, tuple[str, str, Parts]] = {
        "time-stamp stripped": (
            "the time-stamp was stripped",
            "timestamp-missing",
            {**whole, SIGNATURE: signature(whole[ASIC], stamp=False, crls=_lists())},
        ),
        "revocation stripped": (
            "the revocation list was stripped",
            "revocation-missing",
            {**whole, SIGNATURE: signature(whole[ASIC])},
        ),
        "time-stamp of the second stripped": (
            "the second signature lost its time-stamp",
            "timestamp-missing",
            {**both, CO_SIGNATURE: signature(both[CO_ASIC], by=colleague(), stamp=False)},
        ),
        "time-stamp put in": (
            "a time-stamp was put in that nobody stated",
            "lists-disagree",
            {**bare, SIGNATURE: signature(bare[ASIC])},
        ),
        "revocation put in": (
            "a revocation list was put in that nobody stated",
            "lists-disagree",
            {**bare, SIGNATURE: signature(bare[ASIC], stamp=False, crls=_lists())},
        ),
    }
    for what, (wrong, code, parts) in changed.items():
        yield _case(what, wrong, code, parts, reader=PACKAGE)


def _lists() -> list[bytes]:
    return [people.revocations(lists_signer=False)]


def _stated() -> Flaws:
    """The manifest states something else than comes with the signature."""

    def stating(**lie: Any) -> Callable[[Row], Row]:
        return lambda row: {**row, "signatures": [{**row["signatures"][0], **lie}]}

    lies: dict[str, tuple[str, Callable[[Row], Any]]] = {
        "another signer": ("lists-disagree", stating(certificate="0" * 64)),
        "no time-stamp": ("lists-disagree", stating(timestamp=False)),
        "a revocation list": ("revocation-missing", stating(revocation=True)),
        "in capitals": ("manifest-invalid", stating(certificate="A" * 64)),
        "as a number": ("manifest-invalid", stating(timestamp=1)),
        "as nothing": ("manifest-invalid", stating(revocation=None)),
        "nobody": ("manifest-invalid", lambda row: {**row, "signatures": []}),
        "nothing": ("manifest-invalid", lambda row: {key: row[key] for key in row if key != "signatures"}),
        "too few patients": ("manifest-invalid", _committing(size=1)),
        "too many patients": ("manifest-invalid", _committing(size=3)),
        "patients as a text": ("manifest-invalid", _committing(size="2")),
        "a root in capitals": ("manifest-invalid", _committing(root="A" * 64)),
        "a long root": ("manifest-invalid", _committing(root="0" * 128)),
        "no patients": (
            "manifest-invalid",
            lambda row: {key: row[key] for key in row if key != "patients_commitment"},
        ),
    }
    for what, (code, lie) in lies.items():
        wrong = f"the manifest states {what}"
        yield _case(f"stated {what}", wrong, code, whole_parts(manifest=lie), reader=PACKAGE)


def _committing(**lie: Any) -> Callable[[Row], Row]:
    return lambda row: {**row, "patients_commitment": {**row["patients_commitment"], **lie}}


# -- the keyring --------------------------------------------------------------------------


def _terms() -> Flaws:
    """Everything is truly signed, and the encrypted keyring knows other signers, terms or patients."""
    accepted = colleague()
    other = {"name": "Autre", "identifiers": []}
    line = first_line()
    flaws: dict[str, tuple[str, str, Parts]] = {
        "signed anew": (
            "somebody who is accepted, and cannot open it, signed it as their own",
            "signer-unnamed",
            whole_parts(first=line, signing={"by": accepted}),
        ),
        "second signer added": (
            "a second signer joined whom the keyring does not name",
            "signer-unnamed",
            co_signed(first_line=line),
        ),
        **{
            f"other {key}": (
                f"the manifest states another {key} than the keyring",
                "terms-differ",
                whole_parts(first=line, manifest=lambda row, key=key, value=value: {**row, key: value}),
            )
            for key, value in {
                "legal_ground": "cessation",
                "sender": other,
                "receiver": other,
                "controller_before": other,
                "controller_after": other,
            }.items()
        },
        "shorter term": (
            "the manifest lets a unit be destroyed earlier than the keyring",
            SHORTENED,
            whole_parts(first=line, manifest=_unit(destroy_from="2030-01-01")),
        ),
        "longer term": (
            "the manifest of the first revision keeps a unit longer than the keyring",
            "terms-differ",
            whole_parts(first=line, manifest=_unit(destroy_from=None)),
        ),
        "hold lifted": (
            "the keyring holds a unit, and the manifest does not",
            SHORTENED,
            whole_parts(entries=_on_hold()),
        ),
        "other patients": (
            "the manifest commits to other patients than the keyring names",
            "patients-mismatch",
            whole_parts(manifest=lambda row: {**row, "patients_commitment": {"root": "0" * 64, "size": 2}}),
        ),
        "patients in another order": (
            "the manifest commits to the patients in the order of the keyring, not of the units",
            "patients-mismatch",
            whole_parts(manifest=_other_order),
        ),
        "a second practice": (
            "the keyring calls a patient's unit the practice's",
            "patients-mismatch",
            whole_parts(entries=_two_practices()),
        ),
        "revision by nobody": (
            "a later revision was made by somebody who knows no key",
            "revision-unproven",
            revised(first=line, mac="0" * 64),
        ),
        "revision by another": (
            "the MAC of a later revision is that of another signer's",
            "revision-unproven",
            revised(
                first=line, signing={"by": accepted}, mac=revision_mac(json.loads(revised()["manifest.json"]))
            ),
        ),
        "keyring of a revision to come": (
            "the keyring was written for a later revision",
            "commitment-mismatch",
            whole_parts(first=first_line(revision=2)),
        ),
    }
    for what, (wrong, code, parts) in flaws.items():
        yield _case(what, wrong, code, parts, opened=True)


def _unit(**lie: Any) -> Callable[[Row], Row]:
    return lambda row: {**row, "units": [{**row["units"][0], **lie}, *row["units"][1:]]}


def _on_hold() -> list[Row]:
    first, *others = base_entries()
    return [{**first, "hold": True}, *others]


def _two_practices() -> list[Row]:
    first, *others = base_entries()
    return [{**first, "patient": None, "salt": None, "member": "TRANSV.ZIP"}, *others]


def _other_order(row: Row) -> Row:
    units = {one["id"]: b"" for one in row["units"]}
    turned = dict(reversed(units.items()))
    return {**row, "patients_commitment": patients_commitment(turned, base_entries())}


# -- the dossiers --------------------------------------------------------------------------


def _dossiers() -> Flaws:
    """A unit opens and is whole, and is not of the patient of whom its line speaks."""
    lines: dict[str, dict[str, Any]] = {
        "name": {"patient": {**dossier.traits("a"), "family": "AUTRE"}},
        "birth date": {"patient": {**dossier.traits("a"), "birth_date": "1990-01-02"}},
        "identity": {"patient": {**dossier.traits("a"), "id": "p-b"}},
        "number": {"patient": {**dossier.traits("a"), "number": "7"}},
        "no name": {
            "patient": {key: dossier.traits("a")[key] for key in ("id", "given", "birth_date", "sex")}
        },
        "member": {"member": "PAT00002.ZIP"},
        "salt": {"salt": "A" * 43},
    }
    for what, lie in lines.items():
        rows = [{**entry("a"), **lie}, *base_entries()[1:]]
        wrong = f"the keyring's line tells another {what} than the dossier"
        yield _case(f"line of another {what}", wrong, MISMATCH, whole_parts(entries=rows), **_UNSEALED)
    files: dict[str, bytes | None] = {
        "another unit": dossier.unit_file("a", unit=unit_id("b")),
        "another salt": dossier.unit_file("a", salt="A" * 43),
        "another patient": dossier.unit_file("a", patient=dossier.traits("b")),
        "nothing": None,
    }
    for what, data in files.items():
        yield _case(f"unit says {what}", f"a unit says {what}", MISMATCH, _with_file(data), **_UNSEALED)
    spelled: dict[str, bytes] = {
        "not canonical": json.dumps(json.loads(dossier.unit_file("a"))).encode(),
        "with more": dossier.unit_file("a", evil=1),
        "as a list": b"[]",
        "with a short salt": dossier.unit_file("a", salt="A"),
        "with numbers": dossier.unit_file("a", patient={"id": 1}),
        "in depth": b"[" * 60_000,
    }
    for what, data in spelled.items():
        parts = _with_file(data)
        yield _case(
            f"unit file {what}", f"the file of a unit is {what}", "table-unreadable", parts, **_UNSEALED
        )
    long = _with_file(dossier.unit_file("a", patient={"id": "x" * 70_000}))
    yield _case("unit file too long", "the file of a unit has 70 kB", "limit-exceeded", long, **_UNSEALED)


_UNSEALED = {"reader": DOSSIERS, "opened": True, "unsealed": True}


def _with_file(data: bytes | None) -> Parts:
    """Return a package whose first dossier says so which unit it is, or nothing."""

    def change(parts: dossier.Parts) -> None:
        if data is None:
            del parts[dossier.UNIT]
        else:
            parts[dossier.UNIT] = data

    archive = dossier.archive("a", change=change)
    units = {**base_units(), unit_id("a"): unit.sealed(archive, "a")}
    return whole_parts(units=units, entries=[entry("a", archive), *base_entries()[1:]])
