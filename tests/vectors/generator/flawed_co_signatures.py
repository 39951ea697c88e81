"""Second signatures that say something else, are somebody else's, or are not there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.vectors.generator import people
from tests.vectors.generator.case import PACKAGE, Case, Flaws
from tests.vectors.generator.later import CO_ASIC, CO_SIGNATURE, co_signed, colleague, packed, sha256
from tests.vectors.generator.package import ASIC, SIGNATURE, Parts, reference

DISAGREE, INVALID, UNREADABLE = "lists-disagree", "signature-invalid", "list-invalid"


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _lists()
    yield from _signers()
    yield from _names()
    yield from _missing()


def _case(name: str, wrong: str, code: str, parts: Parts) -> Case:
    wrong = f"a second signature: {wrong}"
    return Case(family="co-signature", name=name, wrong=wrong, reader=PACKAGE, code=code, data=packed(parts))


def _lists() -> Flaws:
    """The second list is not the first."""
    ghost = reference("docs/ghost.md", b"ghost")
    lists: dict[str, tuple[str, str, Parts]] = {
        "too little": (
            "its list lacks a part",
            DISAGREE,
            co_signed(references=lambda references: references[1:]),
        ),
        "too much": (
            "its list names a ghost",
            DISAGREE,
            co_signed(references=lambda references: [*references, ghost]),
        ),
        "other digest": (
            "its list gives a part another digest",
            DISAGREE,
            co_signed(references=lambda references: [reference("README.TXT", b"evil"), *references[1:]]),
        ),
        "weaker digest": (
            "its list names SHA-1",
            UNREADABLE,
            co_signed(
                references=lambda references: [
                    references[0].replace("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1"),
                    *references[1:],
                ]
            ),
        ),
        "nothing": ("its list is empty", UNREADABLE, co_signed(references=lambda _: [])),
        "part twice": (
            "its list names a part twice",
            UNREADABLE,
            co_signed(references=lambda references: [*references, references[0]]),
        ),
        "first signature": (
            "its list belongs to the first signature",
            UNREADABLE,
            co_signed(target=SIGNATURE),
        ),
        "third signature": (
            "its list belongs to a third signature",
            UNREADABLE,
            co_signed(target="META-INF/signature003.p7s"),
        ),
        "over the first list": ("it is over the first list", INVALID, co_signed(over=ASIC)),
        "over the manifest": ("it is over the manifest", INVALID, co_signed(over="manifest.json")),
        "list changed": (
            "its list was changed afterwards",
            INVALID,
            _changed(CO_ASIC, lambda data: data.replace(b"</ASiCManifest>", b" </ASiCManifest>")),
        ),
        "list unreadable": ("its list is none", UNREADABLE, _changed(CO_ASIC, lambda _: b"<evil/>")),
    }
    for what, (wrong, code, parts) in lists.items():
        yield _case(f"list {what}", wrong, code, parts)


def _changed(name: str, change: Any) -> Parts:
    parts = co_signed()
    return {**parts, name: change(parts[name])}


def _signers() -> Flaws:
    """The second signer is not who he should be."""
    ended = people.person("Dr Second Passé", issuer=people.root(), end=datetime(2024, 1, 1, tzinfo=UTC))
    unborn = people.person("Dr Second Futur", issuer=people.root(), begin=datetime(2030, 1, 1, tzinfo=UTC))
    signer, second = people.signer(), colleague()
    unasked = people.person("Dr Second Inattendu", issuer=people.root())
    lists_second = people.revocation_list(second)
    flaws: dict[str, tuple[str, str, dict[str, Any]]] = {
        "the same": ("the first signer made it too", "manifest-invalid", {"by": signer}),
        "stranger": ("a stranger made it", "signer-untrusted", {"by": people.impostor()}),
        "unexpected": (
            "somebody made it whom the root certified and nobody expects",
            "signer-unexpected",
            {"by": unasked},
        ),
        "ended": ("its certificate had ended", "certificate-ended", {"by": ended}),
        "not yet": ("its certificate begins later", "certificate-ended", {"by": unborn}),
        "revoked": (
            "its certificate is revoked",
            "certificate-revoked",
            {"signing": {"crls": [lists_second]}},
        ),
        "spoiled": ("one bit of it is wrong", INVALID, {"signing": {"spoiled": True}}),
        "key of another": (
            "the certificate is the second signer's and the key is not",
            INVALID,
            {
                "by": people.impostor(),
                "signing": {"named": second, "vouched": second, "certificates": [second.der]},
            },
        ),
        "two in one": ("two signed in one", INVALID, {"signing": {"signers": 2}}),
        "token elsewhere": (
            "its time-stamp is over something else",
            "timestamp-invalid",
            {"signing": {"stamp_over": b"another signature"}},
        ),
        "first spoiled": ("it is good and the first is not", INVALID, {"first": {"spoiled": True}}),
        "first a stranger's": (
            "it is good and a stranger made the first",
            DISAGREE,
            {"first": {"by": people.impostor()}},
        ),
    }
    for what, (wrong, code, lie) in flaws.items():
        yield _case(f"signer {what}", wrong, code, co_signed(**lie))


def _names() -> Flaws:
    """The manifest, which both sign, names others."""
    impostor = sha256(people.impostor().der)
    named: dict[str, tuple[str, str, Any]] = {
        "nobody": ("the manifest names nobody", "member-unlisted", lambda _: None),
        "one": ("the manifest names one signer", "member-unlisted", lambda both: both[:1]),
        "three": ("the manifest names three signers", "manifest-invalid", lambda both: [*both, impostor]),
        "none": ("the manifest names none of two", "manifest-invalid", lambda _: []),
        "the first twice": (
            "the manifest names one signer twice",
            "manifest-invalid",
            lambda both: both[:1] * 2,
        ),
        "another first": (
            "the manifest names another first signer",
            DISAGREE,
            lambda both: [impostor, both[1]],
        ),
        "another second": (
            "the manifest names another second signer",
            DISAGREE,
            lambda both: [both[0], impostor],
        ),
        "exchanged": ("the manifest exchanges the signers", DISAGREE, lambda both: both[::-1]),
        "in capitals": (
            "a fingerprint is in capitals",
            "manifest-invalid",
            lambda both: [both[0], both[1].upper()],
        ),
        "short": ("a fingerprint is short", "manifest-invalid", lambda both: [both[0], both[1][:40]]),
        "a number": ("a fingerprint is a number", "manifest-invalid", lambda both: [both[0], 7]),
        "a text": ("the fingerprints are one text", "manifest-invalid", " ".join),
    }
    for what, (wrong, code, change) in named.items():
        yield _case(f"names {what}", wrong, code, co_signed(named=change))


def _missing() -> Flaws:
    """A part of the second signature was taken away after signing, or put where there was none."""
    contents = co_signed()
    for what, gone in {
        "signature": {CO_SIGNATURE},
        "list": {CO_ASIC},
        "both": {CO_ASIC, CO_SIGNATURE},
    }.items():
        parts = {name: data for name, data in contents.items() if name not in gone}
        yield _case(f"missing {what}", f"{what} taken away", "member-missing", parts)
    first = {name: data for name, data in contents.items() if name not in {ASIC, SIGNATURE}}
    yield _case("missing first", "the first was taken away", "member-missing", first)
    exchanged = {
        **contents,
        ASIC: contents[CO_ASIC],
        CO_ASIC: contents[ASIC],
        SIGNATURE: contents[CO_SIGNATURE],
    }
    exchanged[CO_SIGNATURE] = contents[SIGNATURE]
    yield _case("exchanged", "both were exchanged", UNREADABLE, exchanged)
    yield _case(
        "third",
        "a third was added",
        "member-unlisted",
        {**contents, "META-INF/signature003.p7s": contents[CO_SIGNATURE]},
    )
