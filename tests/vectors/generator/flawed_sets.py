"""Files that tie a set and are not what was signed: containers, lists, and what is replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.vectors.generator.case import IMPORT, Flaws
from tests.vectors.generator.later import packed
from tests.vectors.generator.package import ASIC, SIGNATURE, Parts, Row, package, reference
from tests.vectors.generator.volumes import (
    SET_MANIFEST,
    files,
    lying,
    set_case,
    set_parts,
    volume,
    volume_list,
    volumes,
    without,
)
from tests.vectors.generator.zips import Member, bounds, built, ends, plain

CHANGED = "digest-mismatch"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _replayed()
    yield from _containers()
    yield from _truncated()
    yield from _changed_afterwards()


def _replayed() -> Flaws:
    """Parts of an older set, with the same identifier and the same names, come back."""

    def of_last_year(row: Row) -> Row:
        return {**row, "created": "2025-03-01T09:30:00+00:00"}

    older = [volume(number, manifest=of_last_year) for number in (1, 2)]
    yield set_case(
        "replayed",
        "older tie",
        "the list of an older set ties newer volumes",
        "volume-foreign",
        data=volume_list(older),
        reader=IMPORT,
    )
    yield set_case(
        "replayed",
        "older volume",
        "a volume of an older set lies among newer ones",
        "volume-foreign",
        beside=files(None, older[1]),
        reader=IMPORT,
    )
    yield set_case(
        "replayed",
        "older volumes",
        "the volumes of an older set lie beside a newer list",
        "volume-foreign",
        beside=files(*older),
        reader=IMPORT,
    )
    old, new = set_parts(older), set_parts()
    mixes: dict[str, tuple[str, str, Parts]] = {
        "older list": (
            "the list of an older set was put back",
            CHANGED,
            {**new, SET_MANIFEST: old[SET_MANIFEST]},
        ),
        "older signed list": (
            "the signed list of an older set was put back",
            CHANGED,
            {**new, ASIC: old[ASIC]},
        ),
        "older signature": (
            "the signature of an older set was put back",
            "signature-invalid",
            {**new, SIGNATURE: old[SIGNATURE]},
        ),
        "older list and signature": (
            "the signed list and signature of an older set were put back",
            CHANGED,
            {**new, ASIC: old[ASIC], SIGNATURE: old[SIGNATURE]},
        ),
    }
    for what, (wrong, code, parts) in mixes.items():
        yield set_case("replayed", what, wrong, code, data=packed(parts), reader=IMPORT)


# -- the container that ties them ---------------------------------------------------------


def _containers() -> Flaws:
    contents = set_parts()
    for name in ("README.TXT", ASIC, SIGNATURE):
        yield set_case(
            "too-little",
            f"without {name}",
            f"{name} is missing",
            "member-missing",
            data=packed(without(contents, name)),
        )
    yield set_case(
        "too-little",
        "without list of volumes",
        "it does not say what it ties",
        "member-missing",
        data=packed(without(contents, SET_MANIFEST)),
    )
    yield set_case(
        "not-a-package",
        "without media type",
        "it does not say what it is",
        "not-a-package",
        data=packed(without(contents, "mimetype")),
    )
    more: dict[str, tuple[str, str, Parts]] = {
        "page": ("a page was added", "member-unlisted", {"docs/evil.md": b"evil"}),
        "unit": ("a unit was added", "member-unlisted", {"units/evil.zip": b"evil"}),
        "keyring": ("a keyring was added", "member-unlisted", {"keyring.age": b"evil"}),
        "third signature": (
            "a third signature was added",
            "member-unlisted",
            {"META-INF/signature003.p7s": contents[SIGNATURE]},
        ),
        "evidence": (
            "an evidence record was added",
            "member-unlisted",
            {"META-INF/evidencerecord001.ers": b"evil"},
        ),
        "manifest of a package": (
            "a manifest of a package was added",
            "member-missing",
            {"manifest.json": volumes()[0]["manifest.json"]},
        ),
        "name that walks": ("a name walks", "unsafe-name", {"../evil": b"evil"}),
        "name that is reserved": ("a name is reserved", "unsafe-name", {"docs/NUL": b"evil"}),
        "list in capitals": ("a second list differs in case", "container-irregular", {"SET.JSON": b"{}"}),
    }
    for what, (wrong, code, extra) in more.items():
        yield set_case("too-much", f"with {what}", wrong, code, data=packed({**contents, **extra}))
    members = [plain(name, data) for name, data in contents.items()]
    frames: dict[str, tuple[str, str, str, bytes]] = {
        "list twice": (
            "clash",
            "its list is there twice",
            "container-irregular",
            built([*members, plain(SET_MANIFEST, b"{}")]),
        ),
        "program before": (
            "prepended",
            "a program stands before it",
            "container-irregular",
            built(members, before=b"MZ" + bytes(62)),
        ),
        "zeros behind": (
            "trailing",
            "zeros follow it",
            "container-irregular",
            built(members, after=bytes(4)),
        ),
        "comment": ("trailing", "it has a comment", "container-irregular", built(members, comment=b"hello")),
        "hidden member": (
            "overlap",
            "a member is not listed",
            "container-irregular",
            built([*members[:-1], plain("docs/x", b"x", listed=False), members[-1]]),
        ),
        "compressed list": (
            "header",
            "its list is compressed",
            "container-irregular",
            built(_replaced(members, SET_MANIFEST, deflated=True)),
        ),
        "link": (
            "symlink",
            "its list is a link",
            "container-irregular",
            built(_replaced(members, SET_MANIFEST, central={"attributes": 0o120777 << 16})),
        ),
        "media type later": (
            "not-a-package",
            "it says last what it is",
            "not-a-package",
            built([*members[1:], members[0]]),
        ),
        "seventeen megabytes": (
            "size",
            "it is larger than any set",
            "limit-exceeded",
            packed(set_parts(pages={"docs/long.md": bytes(17 << 20)})),
        ),
    }
    for what, (family, wrong, code, data) in frames.items():
        yield set_case(family, what, wrong, code, data=data)
    yield set_case(
        "not-a-package",
        "package given as one",
        "one of its volumes has the name of the set, and its list",
        "member-unlisted",
        data=package(parts=lambda parts: {**parts, SET_MANIFEST: contents[SET_MANIFEST]}),
    )


def _replaced(members: list[Member], name: str, **options: Any) -> list[Member]:
    return [plain(name, one.data, **options) if one.name == name.encode() else one for one in members]


def _truncated() -> Flaws:
    whole = volume_list()
    for name, (start, stop) in ends(bounds(whole)).items():
        for how, at in {"before": start, "within": (start + stop) // 2}.items():
            code = "package-truncated" if at >= 4 else "not-a-package"
            yield set_case(
                "truncated", f"{how} {name}", f"it is cut short {how} the {name}", code, data=whole[:at]
            )
    yield set_case("truncated", "last byte", "its last byte is missing", "package-truncated", data=whole[:-1])


def _changed_afterwards() -> Flaws:
    parts = set_parts()
    other = set_parts(manifest=lying(manifest_sha256="0" * 64))[SET_MANIFEST]
    changes: dict[str, tuple[str, Parts]] = {
        "list of volumes": ("its list was changed after signing", {SET_MANIFEST: other}),
        "space in its list": ("a space was added to its list", {SET_MANIFEST: parts[SET_MANIFEST] + b" "}),
        "page": ("its page was changed", {"README.TXT": b"evil"}),
    }
    for what, (wrong, change) in changes.items():
        yield set_case("changed", what, wrong, CHANGED, data=packed({**parts, **change}))
    lists: dict[str, tuple[str, str, str, Callable[[list[str]], list[str]]]] = {
        "without page": ("too-little", "its page is not listed", "member-unlisted", lambda rows: rows[1:]),
        "without list": ("too-little", "its list is not listed", "member-unlisted", lambda rows: rows[:1]),
        "with a ghost": (
            "too-much",
            "a part is listed and not there",
            "member-missing",
            lambda rows: [*rows, reference("docs/ghost.md", b"ghost")],
        ),
        "with media type": (
            "too-much",
            "its media type is listed",
            "lists-disagree",
            lambda rows: [*rows, reference("mimetype", b"application/vnd.etsi.asic-e+zip")],
        ),
        "of nothing": ("asic", "nothing is listed", "list-invalid", lambda _: []),
        "with a part twice": (
            "asic",
            "a part is listed twice",
            "list-invalid",
            lambda rows: [*rows, rows[0]],
        ),
        "with SHA-1": (
            "downgrade",
            "a part is listed with SHA-1",
            "list-invalid",
            lambda rows: [rows[0].replace("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1"), *rows[1:]],
        ),
    }
    for what, (family, wrong, code, change) in lists.items():
        yield set_case(family, f"list {what}", wrong, code, data=volume_list(references=change))
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><ASiCManifest'
    inside = volume_list(asic=lambda data: data.replace(b"<ASiCManifest", entity, 1))
    yield set_case("xxe", "entity", "its signed list names an entity", "list-invalid", data=inside)
