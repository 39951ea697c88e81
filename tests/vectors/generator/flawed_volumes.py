"""Volumes that are not those their set lists, though each is a package, or is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.vectors.generator import age, dossier, people
from tests.vectors.generator.case import IMPORT, Flaws
from tests.vectors.generator.chance import seeded
from tests.vectors.generator.later import sha256
from tests.vectors.generator.package import (
    ASIC,
    PACKAGE,
    SIGNATURE,
    Parts,
    Row,
    base_entries,
    commitment,
    first_line,
    index,
)
from tests.vectors.generator.volumes import (
    FILES,
    Folder,
    files,
    lying,
    revision,
    set_case,
    set_parts,
    volume,
    volume_list,
    volumes,
    without,
)

FOREIGN = "volume-foreign"
CHANGED = "digest-mismatch"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _missing()
    yield from _others()
    yield from _no_volumes()
    yield from _damaged()
    yield from _lists_that_lie()
    yield from _keyrings()


# -- the volumes --------------------------------------------------------------------------


def _missing() -> Flaws:
    whole = files()
    gone: dict[str, tuple[str, Folder]] = {
        "first missing": ("its first volume is not there", without(whole, FILES[0])),
        "last missing": ("its last volume is not there", without(whole, FILES[1])),
        "all missing": ("none of its volumes is there", {"other.txt": b"other"}),
        "volume renamed": (
            "a volume has another name",
            {FILES[0]: whole[FILES[0]], "p-2.asice": whole[FILES[1]]},
        ),
    }
    for what, (wrong, beside) in gone.items():
        yield set_case("set-volume", what, wrong, "volume-missing", beside=beside)


def _others() -> Flaws:
    """A good package, truly signed by the same hand, lies where a volume should."""

    def placed(**lie: Any) -> Parts:
        return volume(2, manifest=lambda row: {**row, "set": {**row["set"], **lie}})

    first, second = volumes()
    others: dict[str, tuple[str, Folder]] = {
        "swapped": ("two volumes are exchanged", files(second, first)),
        "first twice": ("the first volume lies in both places", files(first, first)),
        "last twice": ("the last volume lies in both places", files(second, second)),
        "of another set": ("a volume is of another set", files(None, placed(id="urn:exemple:hostile:other"))),
        "of a longer set": ("a volume is of a set of three", files(None, placed(of=3))),
        "of another number": ("a volume says that it is the first", files(None, placed(volume=1))),
        "of another year": ("a volume is one of a year", files(None, placed(retention_year=2046))),
        "by itself": (
            "a package that is no volume lies where one should",
            files(None, volume(2, manifest=lambda row: {**row, "set": None})),
        ),
        "other package": (
            "a volume has another identifier",
            files(
                None,
                volume(
                    2,
                    manifest=lambda row: {**row, "package": f"{PACKAGE}:9"},
                    first=first_line(f"{PACKAGE}:9"),
                ),
            ),
        ),
        "other patient": ("a volume holds another dossier", files(None, volume(2, label="a"))),
        "another manifest": (
            "a volume says something else and has all that the set lists",
            files(None, volume(2, manifest=lambda row: {**row, "legal_ground": "asset-sale"})),
        ),
        "by another hand": (
            "a stranger made a volume that says something else",
            files(
                None,
                volume(
                    2,
                    manifest=lambda row: {**row, "legal_ground": "asset-sale"},
                    signing={"by": people.impostor()},
                ),
            ),
        ),
        "revision of another": (
            "a volume is a revision of a package that the set does not list",
            files(None, revision(volume(2, manifest=lambda row: {**row, "legal_ground": "asset-sale"}))),
        ),
    }
    for what, (wrong, beside) in others.items():
        yield set_case("set-volume", what, wrong, FOREIGN, beside=beside)
    invented = revision(volumes()[1], replaces="0" * 64)
    yield set_case(
        "set-volume",
        "revision that replaces another",
        "a volume keeps the manifest that the set lists and replaces another one",
        "lists-disagree",
        beside=files(None, invented),
    )


def _no_volumes() -> Flaws:
    """What lies where a volume should is no package."""
    whole = files()
    fake: dict[str, tuple[str, str, bytes]] = {
        "empty": ("a volume is empty", "not-a-package", b""),
        "text": ("a volume is a text", "not-a-package", b"Bonjour\n" * 100),
        "plain ZIP": ("a volume is a plain archive", "container-irregular", dossier.archive()),
        "itself": ("a volume is what ties the set", "not-a-package", volume_list()),
        "manifest": ("a volume is a manifest", "not-a-package", volumes()[1]["manifest.json"]),
        "cut short": ("a volume is cut short", "package-truncated", whole[FILES[1]][:-30]),
        "half": ("half of a volume is missing", "package-truncated", whole[FILES[1]][:6000]),
        "comment": ("bytes follow a volume", "container-irregular", whole[FILES[1]] + b"evil"),
        "unit": ("a volume is a sealed unit", "container-irregular", _unit_of(volumes()[1])),
    }
    for what, (wrong, code, data) in fake.items():
        yield set_case("set-volume", what, wrong, code, beside={**whole, FILES[1]: data})
    myself = _called("input")
    yield set_case(
        "set-volume",
        "lists itself",
        "it lists itself as a volume",
        "not-a-package",
        data=volume_list(manifest=myself),
    )


def _called(name: str) -> Callable[[Row], Row]:
    return lambda row: {**row, "volumes": [row["volumes"][0], {**row["volumes"][1], "file": name}]}


def _unit_of(parts: Parts) -> bytes:
    return next(data for name, data in parts.items() if name.startswith("units/"))


def _damaged() -> Flaws:
    """A volume was changed, or is signed by nobody who is accepted."""
    second = volumes()[1]
    unit = next(name for name in second if name.startswith("units/"))
    ended = people.expired()
    harm: dict[str, tuple[str, str, Parts]] = {
        "unit changed": (
            "a unit of a volume was changed",
            CHANGED,
            {**second, unit: second[unit][:-1] + b"!"},
        ),
        "unit of the other": (
            "a volume has the unit of another",
            CHANGED,
            {**second, unit: _unit_of(volumes()[0])},
        ),
        "unit missing": ("a volume lacks its unit", "member-missing", without(second, unit)),
        "keyring of the other": (
            "a volume has the keyring of another",
            CHANGED,
            {**second, "keyring.age": volumes()[0]["keyring.age"]},
        ),
        "page added": (
            "a page was added to a volume",
            "member-unlisted",
            {**second, "docs/evil.md": b"evil"},
        ),
        "unsigned": ("a volume is signed by nobody", "member-missing", without(second, SIGNATURE)),
        "signature of the other": (
            "a volume has the signature of another",
            "signature-invalid",
            {**second, SIGNATURE: volumes()[0][SIGNATURE]},
        ),
        "signature of the set": (
            "a volume has the signature of the set",
            "signature-invalid",
            {**second, SIGNATURE: set_parts()[SIGNATURE]},
        ),
        "signed by a stranger": (
            "a stranger signed a volume",
            "signer-untrusted",
            volume(2, signing={"by": people.impostor()}),
        ),
        "signed by one whose certificate ended": (
            "the certificate behind a volume had ended",
            "certificate-ended",
            volume(2, signing={"by": ended}),
        ),
        "signed by one whose certificate is revoked": (
            "the certificate behind a volume is revoked",
            "certificate-revoked",
            volume(2, signing={"crls": [people.revocations()]}),
        ),
        "stamp elsewhere": (
            "the time-stamp of a volume is over something else",
            "timestamp-invalid",
            volume(2, signing={"stamp": True, "stamp_over": b"another signature"}),
        ),
    }
    for what, (wrong, code, parts) in harm.items():
        # what stands in its manifest, such as who signs, the set lists as well
        data = volume_list([volumes()[0], parts]) if "signed by" in what or "stamp" in what else None
        yield set_case("set-volume", what, wrong, code, data=data, beside=files(None, parts))


# -- what the list says of them -----------------------------------------------------------


def _lists_that_lie() -> Flaws:
    """The list is in its form, truly signed, and not true of the volumes beside it."""
    second = volumes()[1]
    lies: dict[str, dict[str, Any]] = {
        "package": {"package": f"{PACKAGE}:9"},
        "digest": {"manifest_sha256": "0" * 64},
        "digest of the other": {"manifest_sha256": sha256(volumes()[0]["manifest.json"])},
        "digest of the sums": {"manifest_sha256": sha256(second["SHA256SUMS"])},
        "digest of the signed list": {"manifest_sha256": sha256(second[ASIC])},
        "fewer units": {"units": 1},
        "more units": {"units": 3},
        "year": {"retention_year": 2046},
        "later term": {"destroy_from": "2048-01-01"},
        "earlier term": {"destroy_from": "2027-01-01"},
        "no term": {"destroy_from": None},
    }
    for what, lie in lies.items():
        yield set_case(
            "set-volume",
            f"lists {what}",
            f"it lists a volume with another {what}",
            FOREIGN,
            data=volume_list(manifest=lying(**lie)),
        )
    whole: dict[str, tuple[str, Callable[[Row], Row]]] = {
        "identifier": (
            "its identifier is not that of its volumes",
            lambda row: {**row, "set": "urn:exemple:hostile:other"},
        ),
        "order": (
            "it lists its volumes in another order",
            lambda row: {**row, "volumes": row["volumes"][::-1]},
        ),
        "one volume more": (
            "it lists a volume more than its volumes know of",
            lambda row: {**row, "volumes": [*row["volumes"], _third(row["volumes"][0])]},
        ),
    }
    for what, (wrong, change) in whole.items():
        yield set_case("set-volume", f"lists {what}", wrong, FOREIGN, data=volume_list(manifest=change))
    counts: dict[str, Callable[[Row], Row]] = {
        "a patient too few": lambda row: {**row, "patients": 1},
        "a patient too many": lambda row: {**row, "patients": 3},
        "no patients": lambda row: without(row, "patients"),
        "a kind too many": lambda row: {**row, "acts": 1},
        "nothing": lambda _: {},
    }
    for what, change in counts.items():
        data = volume_list(manifest=lambda row, change=change: {**row, "counts": change(row["counts"])})
        wrong = f"its counts are not the totals of its volumes: {what}"
        yield set_case("set-counts", f"counts {what}", wrong, "counts-differ", data=data, reader=IMPORT)


def _third(row: Row) -> Row:
    return {**row, "file": "p-003.asice", "package": f"{PACKAGE}:3"}


# -- the keyrings, once everything else holds ---------------------------------------------


def _keyrings() -> Flaws:
    """Both volumes are as they were signed, and the keyring of the last one is not its own."""
    first = base_entries()[:1]
    rings: dict[str, tuple[str, str, dict[str, Any]]] = {
        "keyring of another package": (
            "the keyring of a volume speaks of another",
            "commitment-mismatch",
            {"keyring": age.file(first_line(f"{PACKAGE}:1") + index(base_entries()[1:]))},
        ),
        "keyring of other units": (
            "the keyring of a volume opens the units of another",
            "unit-mismatch",
            {"entries": first, "committed": commitment(index(first))},
        ),
        "keyring for others": (
            "the keyring of a volume is for somebody else",
            "wrong-key",
            {
                "keyring": age.file(
                    first_line(f"{PACKAGE}:2") + index(base_entries()[1:]),
                    [age.x25519(seeded("somebody else", 32), label="other")],
                )
            },
        ),
    }
    for what, (wrong, code, options) in rings.items():
        second = volume(2, **options)
        yield set_case(
            "set-keyring",
            what,
            wrong,
            code,
            data=volume_list([volumes()[0], second]),
            beside=files(None, second),
            reader=IMPORT,
            opened=True,
        )
