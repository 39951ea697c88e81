"""Evidence records beside what ties a set that prove something else, or nothing."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import cache
from typing import Any

from tests.vectors.generator import people
from tests.vectors.generator.case import EXISTENCE, IMPORT, Case, Flaws
from tests.vectors.generator.cms import token
from tests.vectors.generator.der import seq
from tests.vectors.generator.flawed_ended import LATER
from tests.vectors.generator.later import evidence_members, evidenced
from tests.vectors.generator.people import SIGNED
from tests.vectors.generator.records import (
    archive_stamp,
    joined,
    record,
    record_over,
    rehashed,
    renewed,
    stamped,
)
from tests.vectors.generator.volumes import (
    FILES,
    Folder,
    beside,
    files,
    set_case,
    volume,
    volume_list,
    volumes,
    without,
)

OTHER, UNREADABLE, MISSING = "evidence-object-missing", "evidence-unreadable", "member-missing"
YEAR = timedelta(days=365)


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _others()
    yield from _trees()
    yield from _times()
    yield from _chains()
    yield from _numbers()
    yield from _bytes()


def named(number: int = 1) -> str:
    """Return what the record of that number is called."""
    return f"input.{number:03}.ers"


@cache
def tied() -> bytes:
    """Return what ties the set."""
    return volume_list()


def leaf(data: bytes | None = None) -> bytes:
    """Return the digest of what ties the set."""
    return hashlib.sha256(tied() if data is None else data).digest()


def _case(name: str, wrong: str, code: str, *records: bytes, **fields: Any) -> Case:
    """Return a case of a set with ``records`` beside it, from the first."""
    numbered = {named(number): data for number, data in enumerate(records, 1)}
    fields = {"beside": files() | numbered, **fields}
    return set_case("set-evidence", name, f"evidence beside it: {wrong}", code, data=tied(), **fields)


def _others() -> Flaws:
    """The record is about something else."""
    second = files()[FILES[1]]
    package = evidenced(volumes()[1])[evidence_members(1)[1]]
    renamed = volume_list(manifest=lambda row: {**row, "set": "urn:exemple:hostile:other"})
    older = volume_list(
        [volume(one, manifest=lambda row: {**row, "created": "2025-03-01T09:30:00+00:00"}) for one in (1, 2)]
    )
    unsigned = volume_list(signing={"spoiled": True})
    flaws: dict[str, tuple[str, bytes]] = {
        "of another set": ("it is another set's", beside(renamed)),
        "of an older set": ("it is that of an older set of the same name", beside(older)),
        "of what was not signed": ("it is over the file with another signature", beside(unsigned)),
        "of a package": ("it is the record inside one of its volumes", package),
        "of a volume": ("it is over the file of one of its volumes", beside(second)),
        "of its list": ("it is over its list of volumes alone", beside(b"{}")),
        "of a byte more": ("it is over the file and one byte more", beside(tied() + b"\0")),
        "of a byte less": ("it is over the file but its last byte", beside(tied()[:-1])),
        "of the digest's digest": ("it is over the digest of the digest", record_over([leaf(leaf())])),
        "of all volumes": (
            "it is over the volumes and not what ties them",
            record_over([leaf(one) for one in files().values()]),
        ),
        "of nothing": ("it is over nothing", beside(b"")),
    }
    for what, (wrong, data) in flaws.items():
        yield _case(what, wrong, OTHER, data, reader=IMPORT)
    swapped = files() | {named(): beside(second), f"{FILES[1]}.001.ers": beside(tied())}
    yield _case("swapped with a volume's", "it was swapped with one beside a volume", OTHER, beside=swapped)


def _trees() -> Flaws:
    """The file is in its tree, or is not, and the token is over another root."""
    neighbour = leaf(b"neighbour")
    mismatch = "evidence-imprint-mismatch"
    made = token(b"", imprint=neighbour)
    flaws: dict[str, tuple[str, str, bytes]] = {
        "put in afterwards": (
            "the file was put into its tree afterwards",
            mismatch,
            record([archive_stamp(made, [[leaf(), neighbour]])]),
        ),
        "neighbour taken out": (
            "the neighbour was taken out of its tree",
            mismatch,
            record([archive_stamp(token(b"", imprint=joined([leaf(), neighbour])), [[leaf()]])]),
        ),
        "neighbour exchanged": (
            "the neighbour was exchanged",
            mismatch,
            record([archive_stamp(token(b"", imprint=joined([leaf(), neighbour])), [[leaf(), leaf(b"x")]])]),
        ),
        "way exchanged": (
            "the way through its tree is another",
            mismatch,
            record(
                [archive_stamp(token(b"", imprint=joined([leaf(), neighbour])), [[leaf()], [leaf(b"x")]])]
            ),
        ),
        "file on the way": (
            "the file stands on the way through its tree and not at its beginning",
            OTHER,
            record([archive_stamp(token(b"", imprint=joined([leaf(), neighbour])), [[neighbour], [leaf()]])]),
        ),
        "no tree": (
            "it has no tree, and its token is over something else",
            OTHER,
            record([archive_stamp(made)]),
        ),
        "empty list": ("its tree has an empty list", UNREADABLE, record([archive_stamp(made, [[]])])),
        "half a digest": (
            "its tree holds half the digest",
            UNREADABLE,
            record([archive_stamp(made, [[leaf(), leaf()[:16]]])]),
        ),
        "SHA-512 for SHA-256": (
            "it says SHA-512 and holds SHA-256",
            OTHER,
            record_over([leaf()], digest="sha512"),
        ),
        "65 lists": (
            "its tree has 65 lists",
            "limit-exceeded",
            record([archive_stamp(made, [[leaf()]] * 65)]),
        ),
        "spoiled": ("one bit of its token is wrong", "evidence-token-invalid", beside(tied(), spoiled=True)),
        "two signers": ("two signed its token", "evidence-token-invalid", beside(tied(), signers=2)),
        "no certificate": (
            "its token brings no certificate",
            "evidence-token-invalid",
            beside(tied(), certificates=[]),
        ),
        "SHA-1": (
            "its tree is made with SHA-1",
            OTHER,
            record_over([hashlib.sha1(b"x").digest()], digest="sha1"),  # noqa: S324 - the downgrade
        ),
    }
    for what, (wrong, code, data) in flaws.items():
        yield _case(what, wrong, code, data)
    weak = hashlib.sha1(tied()).digest()  # noqa: S324 - the downgrade
    wrong = "it is over the file's SHA-1"
    yield _unproven(
        "SHA-1 of the file", wrong, "evidence-algorithm-ended", record_over([weak], digest="sha1")
    )


def _unproven(name: str, wrong: str, code: str, *records: bytes, **options: Any) -> Case:
    """Return a case whose evidence is not false, and proves nothing: whoever asks since when is told why."""
    whole = files(*(volume(one, signing={"stamp": True}) for one in (1, 2)))
    numbered = {named(number): data for number, data in enumerate(records, 1)}
    return _case(name, wrong, code, beside=whole | numbered, reader=EXISTENCE, **options)


def _times() -> Flaws:
    """The token is of a wrong time, or of an authority that could not make it then."""
    unborn = people.person("Horodatage Futur", issuer=people.root(), stamps=True, begin=SIGNED + YEAR)
    ended = people.person("Horodatage Passé", issuer=people.root(), stamps=True, end=SIGNED - YEAR)
    flaws: dict[str, tuple[str, str, dict[str, Any]]] = {
        "from tomorrow": ("its token is of tomorrow", "evidence-later", {"at": SIGNED + timedelta(days=1)}),
        "of next century": ("its token is of next century", "evidence-later", {"at": SIGNED + 80 * YEAR}),
        "before its authority": ("its authority began later", "evidence-authority-ended", {"by": unborn}),
        "after its authority": ("its authority had ended", "evidence-authority-ended", {"by": ended}),
        "of a stranger": ("a stranger made it", "timestamp-untrusted", {"by": people.impostor_authority()}),
        "of a practitioner": ("a practitioner made it", "timestamp-untrusted", {"by": people.signer()}),
    }
    for what, (wrong, code, lie) in flaws.items():
        yield _unproven(what, wrong, code, beside(tied(), **lie))
    short = people.person("Horodatage Bref", issuer=people.root(), stamps=True, end=SIGNED + YEAR)
    yield _unproven(
        "not renewed",
        "it was not renewed in time",
        "evidence-authority-ended",
        beside(tied(), by=short),
        at=LATER,
    )
    out = people.revocation_list(people.stamper(), issued=SIGNED - YEAR, since=SIGNED - YEAR)
    yield _unproven(
        "revoked", "its authority was revoked", "evidence-authority-revoked", beside(tied(), crls=[out])
    )


def _chains() -> Flaws:
    """Renewals, or two records, that do not go together."""
    made, first = stamped([leaf()], at=SIGNED - YEAR)
    other, foreign = stamped([leaf(b"other")], at=SIGNED - YEAR)
    link, order = "evidence-link-broken", "evidence-order-wrong"
    both = ("sha256", "sha512")
    flaws: dict[str, tuple[str, str, bytes]] = {
        "renewed over another": (
            "its renewal is over another token",
            link,
            record([first, renewed(other)[1]]),
        ),
        "renewal alone": ("its first time-stamp was taken away", OTHER, record([renewed(made)[1]])),
        "renewed before": (
            "its renewal is older",
            order,
            record([first, renewed(made, at=SIGNED - 2 * YEAR)[1]]),
        ),
        "renewed in a chain of another hash": (
            "its renewal uses another hash function in the same chain",
            link,
            record([first, renewed(made, digest="sha512")[1]], digest=both),
        ),
        "second chain over another file": (
            "its second chain is over another file",
            OTHER,
            record([first], [rehashed([b"other"], [first])[1]], digest=both),
        ),
        "second chain over other chains": (
            "its second chain is over another first chain",
            OTHER,
            record([first], [rehashed([tied()], [foreign])[1]], digest=both),
        ),
        "first chain exchanged": (
            "its first chain was exchanged for an older one",
            OTHER,
            record(
                [stamped([leaf()], at=SIGNED - 3 * YEAR)[1]], [rehashed([tied()], [first])[1]], digest=both
            ),
        ),
        "second chain not announced": (
            "the hash function of its second chain is not announced",
            link,
            record([first], [rehashed([tied()], [first])[1]]),
        ),
        "second chain before the first": (
            "its second chain is older than its first",
            order,
            record([first], [rehashed([tied()], [first], at=SIGNED - 2 * YEAR)[1]], digest=both),
        ),
        "no chain": ("it has no chain", UNREADABLE, record()),
        "300 time-stamps": ("it has 300 time-stamps", "limit-exceeded", record([seq(token(b""))] * 300)),
        "40 chains": ("it has 40 chains", "limit-exceeded", record(*[[seq(token(b""))]] * 40)),
    }
    for what, (wrong, code, data) in flaws.items():
        # authorities that contradict each other: nothing is false, and nobody knows which is wrong
        yield (_unproven if code == order else _case)(what, wrong, code, data)
    good = beside(tied())
    for what, (wrong, code, data) in {
        "of another set": ("another set's", OTHER, beside(b"other")),
        "spoiled": ("spoiled", "evidence-token-invalid", beside(tied(), spoiled=True)),
        "none": ("none", UNREADABLE, b"Bonjour"),
    }.items():
        yield _case(f"second {what}", f"the first is good and the second is {wrong}", code, good, data)
        yield _case(f"first {what}", f"the second is good and the first is {wrong}", code, data, good)


def _numbers() -> Flaws:
    """Records are not numbered as they must be."""
    good = beside(tied())

    def at(*numbers: int) -> Folder:
        return files() | {named(number): good for number in numbers}

    yield _case("number two alone", "the second is the first", MISSING, beside=at(2))
    yield _case("number one missing", "there are a second and a third only", MISSING, beside=at(2, 3))
    yield _case("number two missing", "there is a third and no second", MISSING, beside=at(1, 3))
    yield _case("number 16 alone", "the sixteenth is the first", MISSING, beside=at(16))
    yield _case("seventeen", "there are seventeen", "limit-exceeded", beside=at(*range(1, 18)))
    yield _case(
        "number 17 besides", "there are a first and a seventeenth", "limit-exceeded", beside=at(1, 17)
    )
    empty = without(at(1, 2), named(1)) | {named(1): b""}
    yield _case("first empty", "the first is empty and the second is good", UNREADABLE, beside=empty)


def _bytes() -> Flaws:
    """The record is no record."""
    good = beside(tied())
    changed: dict[str, tuple[str, str, bytes]] = {
        "empty": ("it is empty", UNREADABLE, b""),
        "text": ("it is text", UNREADABLE, b"Bonjour"),
        "last byte missing": ("its last byte is missing", UNREADABLE, good[:-1]),
        "half": ("its second half is missing", UNREADABLE, good[: len(good) // 2]),
        "first byte": ("there is its first byte only", UNREADABLE, good[:1]),
        "bytes behind": ("a byte follows it", UNREADABLE, good + b"\0"),
        "twice": ("it is there twice, one after the other", UNREADABLE, good * 2),
        "token alone": ("it is a token", UNREADABLE, token(b"", imprint=leaf())),
        "the file itself": ("it is what ties the set", UNREADABLE, tied()),
        "indefinite length": ("its length is indefinite", UNREADABLE, b"\x30\x80" + good[4:] + b"\0\0"),
        "vast length": (
            "it says that it is four gigabytes",
            UNREADABLE,
            b"\x30\x84\xff\xff\xff\xff" + good[4:],
        ),
        "depth": ("it is nested twenty thousand deep", UNREADABLE, b"\x30\x80" * 20_000),
    }
    for what, (wrong, code, data) in changed.items():
        yield _case(what, wrong, code, data)
