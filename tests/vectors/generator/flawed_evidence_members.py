"""Evidence records inside a package that speak of something else, or are half there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from tests.vectors.generator import people
from tests.vectors.generator.case import EXISTENCE, PACKAGE, Case, Flaws
from tests.vectors.generator.later import evidence_members, evidenced, packed
from tests.vectors.generator.package import Parts, reference, sums_of, whole_parts
from tests.vectors.generator.records import record_over

OTHER, UNREADABLE = "evidence-object-missing", "evidence-unreadable"
LIST, RECORD = evidence_members(1)


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _records()
    yield from _lists()
    yield from _numbers()
    yield from _signed()


def _case(name: str, wrong: str, code: str, parts: Parts, *, reader: str = PACKAGE) -> Case:
    wrong = f"evidence in a package: {wrong}"
    return Case(
        family="evidence", name=f"member {name}", wrong=wrong, reader=reader, code=code, data=packed(parts)
    )


def _records() -> Flaws:
    """The record proves nothing about this package."""
    other = evidenced(whole_parts(pages={"docs/other.md": b"another package"}))
    flaws: dict[str, tuple[str, str, dict[str, Any]]] = {
        "record of another package": (
            "its record is another package's",
            OTHER,
            {"record": lambda _: other[RECORD]},
        ),
        "one member too few": (
            "its record leaves a member out",
            OTHER,
            {"covered": lambda digests: digests[1:]},
        ),
        "one member too many": (
            "its record covers something more",
            "evidence-excess",
            {"covered": lambda digests: [*digests, hashlib.sha256(b"ghost").digest()]},
        ),
        "token over another root": (
            "its token is over another root",
            "evidence-imprint-mismatch",
            {"imprint": bytes(32)},
        ),
        "token spoiled": ("one bit of its token is wrong", "evidence-token-invalid", {"spoiled": True}),
        "unreadable": ("its record is none", UNREADABLE, {"record": lambda _: b"Bonjour"}),
        "cut short": ("its record is cut short", UNREADABLE, {"record": lambda data: data[:-9]}),
        "bytes behind": ("bytes follow its record", UNREADABLE, {"record": lambda data: data + b"\0"}),
        "SHA-1": (
            "its record is made with SHA-1 and its list is not",
            "list-invalid",
            {"record": lambda _: record_over([hashlib.sha1(b"x").digest()], digest="sha1")},  # noqa: S324
        ),
        "SHA-512": (
            "its record is made with SHA-512 and its list is not",
            "list-invalid",
            {"record": lambda _: record_over([hashlib.sha512(b"x").digest()], digest="sha512")},
        ),
    }
    for what, (wrong, code, lie) in flaws.items():
        yield _case(what, wrong, code, evidenced(**lie))
    nobody = evidenced(whole_parts(signing={"stamp": False}), by=people.signer())
    wrong = "a practitioner made its token"
    yield _case("practitioner as authority", wrong, "timestamp-untrusted", nobody, reader=EXISTENCE)


def _lists() -> Flaws:
    """The list speaks of something else than the package."""

    def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
        return lambda data: data.replace(old, new, 1)

    def without(name: str) -> Callable[[Parts], Parts]:
        return lambda listed: {one: data for one, data in listed.items() if one != name}

    ghost = {"docs/ghost.md": b"ghost"}
    unit = next(name for name in whole_parts() if name.startswith("units/"))
    flaws: dict[str, tuple[str, str, dict[str, Any]]] = {
        "list without a unit": ("its list leaves a unit out", "member-unlisted", {"listed": without(unit)}),
        "list without mimetype": (
            "its list leaves mimetype out",
            "member-unlisted",
            {"listed": without("mimetype")},
        ),
        "list without signature": (
            "its list leaves the signature out",
            "member-unlisted",
            {"listed": without("META-INF/signature001.p7s")},
        ),
        "list with a ghost": (
            "its list names a ghost",
            "member-missing",
            {"listed": lambda listed: {**listed, **ghost}},
        ),
        "list with another digest": (
            "its list gives a member another digest",
            OTHER,
            {"references": lambda lines: [reference("mimetype", b"evil"), *lines[1:]]},
        ),
        "list with a member twice": (
            "its list names a member twice",
            "list-invalid",
            {"references": lambda lines: [*lines, lines[0]]},
        ),
        "list of two kinds": (
            "its list has digests of two kinds",
            "list-invalid",
            {
                "references": lambda lines: [
                    reference(
                        "mimetype",
                        b"x",
                        algorithm="http://www.w3.org/2001/04/xmlenc#sha512",
                        digest=hashlib.sha512(b"x").digest(),
                    ),
                    *lines[1:],
                ]
            },
        ),
        "list with MD5": (
            "its list names MD5",
            "list-invalid",
            {"xml": replaced(b"xmlenc#sha256", b"xmldsig-more#md5")},
        ),
        "list for another record": (
            "its list belongs elsewhere",
            "list-invalid",
            {"target": evidence_members(2)[1]},
        ),
        "list for the signature": (
            "its list belongs to the signature",
            "list-invalid",
            {"target": "META-INF/signature001.p7s"},
        ),
        "list walks": (
            "its list names ../evil",
            "list-invalid",
            {"xml": replaced(b'URI="mimetype"', b'URI="../evil"')},
        ),
        "list unreadable": ("its list is none", "list-invalid", {"xml": lambda _: b"<evil/>"}),
        "list with an entity": (
            "its list holds an entity",
            "list-invalid",
            {"xml": replaced(b"?>", b'?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>')},
        ),
    }
    for what, (wrong, code, lie) in flaws.items():
        yield _case(what, wrong, code, evidenced(**lie))


def _numbers() -> Flaws:
    """Records are not numbered as they must be, or not whole."""
    parts = evidenced()
    yield _case(
        "without record",
        "the record is missing",
        "member-missing",
        {k: v for k, v in parts.items() if k != RECORD},
    )
    yield _case(
        "without list", "the list is missing", "member-missing", {k: v for k, v in parts.items() if k != LIST}
    )
    yield _case("number two alone", "the second is the first", "member-missing", evidenced(number=2))
    yield _case("number 17", "there is a seventeenth", "member-missing", evidenced(number=17))
    yield _case("number 999", "there is one of the number 999", "member-missing", evidenced(number=999))
    many = evidenced()
    for number in range(2, 18):
        many = evidenced(many, number=number)
    yield _case("seventeen records", "there are seventeen", "limit-exceeded", many)
    zero = {
        k.replace("001.ers", "000.ers").replace("Manifest001.xml", "Manifest000.xml"): v
        for k, v in parts.items()
    }
    renamed = {**whole_parts(), **{k: v for k, v in zero.items() if "000." in k}}
    yield _case("number zero", "its number is zero", "member-unlisted", renamed)
    second = evidenced(parts, number=2, spoiled=True)
    yield _case("second spoiled", "the first is good and the second is not", "evidence-token-invalid", second)


def _signed() -> Flaws:
    """Evidence is named where it must not be."""
    parts = evidenced()
    extra = {LIST: parts[LIST], RECORD: parts[RECORD]}
    listed = whole_parts(references=lambda lines: [*lines, *(reference(name, extra[name]) for name in extra)])
    yield _case("in the signed list", "the signed list names it", "lists-disagree", {**listed, **extra})
    summed = whole_parts(sums=lambda data: data + sums_of(extra))
    yield _case("in the sums", "SHA256SUMS names it", "member-missing", {**summed, **extra})
