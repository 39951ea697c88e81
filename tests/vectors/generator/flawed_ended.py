"""Signatures whose algorithm ended before the moment they are judged for, and what does not save them.

Until 2029 ETSI TS 119 312 relies on RSA with PKCS#1 v1.5 and on ECDSA with SHA-224; on some curves, never.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.vectors.generator import people
from tests.vectors.generator.case import EXISTENCE, IMPORT, PACKAGE, Case, Flaws
from tests.vectors.generator.chance import seeded
from tests.vectors.generator.later import co_signed, colleague, evidence_members, evidenced, packed, sha256
from tests.vectors.generator.package import Parts, whole_parts
from tests.vectors.generator.people import Person
from tests.vectors.generator.records import record, rehashed, renewed, stamped
from tests.vectors.generator.volumes import (
    UNSTAMPED,
    Folder,
    beside,
    files,
    set_case,
    volume,
    volume_list,
    volumes,
)

ENDED = "signature-algorithm-ended"
END = datetime(2029, 1, 1, tzinfo=UTC)
"""When the signers here lose what their signatures rest on."""
BEFORE, AFTER = datetime(2028, 3, 1, tzinfo=UTC), datetime(2029, 3, 1, tzinfo=UTC)
LATER = datetime(2030, 3, 1, 9, 30, tzinfo=UTC)
"""For when they are judged."""
YEAR = timedelta(days=365)


@cache
def carded() -> Person:
    """A signer with an RSA key, as cards of health professionals have them."""
    return people.person("Dr Carte", issuer=people.root(), own=people.rsa_key("Dr Carte", 2048))


@cache
def certified() -> Person:
    """A signer whose certificate was signed under a hash function that ends."""
    return people.person("Dr Ancien", issuer=people.root(), digest=hashes.SHA224())


@cache
def stamper(*, end: datetime = people.END) -> Person:
    """An authority whose certificate was signed under a hash function that ends."""
    return people.person(
        "Horodatage Ancien", issuer=people.root(), stamps=True, digest=hashes.SHA224(), end=end
    )


def signed(by: Person | None = None, **options: Any) -> Parts:
    """Return a package whose signature rests on what ends, without a time-stamp; see ``whole_parts``."""
    return whole_parts(
        **{**options, "signing": {**UNSTAMPED, "by": by or carded(), **options.get("signing", {})}}
    )


def cases() -> Flaws:
    """Yield every case of this family."""
    yield from _alone()
    yield from _stamped()
    yield from _evidenced()
    yield from _sets()


def _case(name: str, wrong: str, parts: Parts, code: str = ENDED, **fields: Any) -> Case:
    return Case(
        family="ended",
        name=name,
        wrong=f"its signature's algorithm ended: {wrong}",
        code=code,
        data=packed(parts),
        **{"reader": PACKAGE, "at": LATER, **fields},
    )


def _asked(name: str, wrong: str, parts: Parts, why: str, code: str = ENDED) -> Flaws:
    """Yield that it is not opened, and ``why`` nobody can tell since when it exists."""
    yield _case(name, wrong, parts, code)
    if why:
        yield _case(f"{name} asked since when", wrong, parts, why, reader=EXISTENCE)


def _alone() -> Flaws:
    """Nothing says that it is older."""
    nothing = "nothing says that it is older"
    yield _case("key", nothing, signed(), reader=IMPORT)
    yield _case("certificate", nothing, signed(certified()), reader=IMPORT)
    yield _case("on the day", "on this very day", signed(), at=END)
    yield _case("a key too short", "its key is too short", signed(_short()), at=people.SIGNED)
    for digest, name in (("sha1", "SHA-1"), ("sha224", "SHA-224")):
        parts = signed(people.signer(), signing={"digest": digest})
        yield _case(f"digest {name}", f"its digest is {name}", parts)
    for curve in (ec.SECP224R1(), ec.SECP256K1()):
        own = ec.derive_private_key(int.from_bytes(seeded(curve.name, 20), "big"), curve)
        by = people.person(f"Dr {curve.name}", issuer=people.root(), own=own)
        yield _case(f"curve {curve.name}", "nobody relies on its curve", signed(by), at=people.SIGNED)
    early = datetime(2021, 1, 1, tzinfo=UTC)
    yield _case("said before", "it says that it is older", signed(signing={"signed_at": early}))
    for what, first, second in (
        ("first", carded(), colleague()),
        ("second", people.signer(), carded()),
        ("both", carded(), certified()),
    ):
        yield _case(f"of two signatures {what}", f"of two signatures: {what}", _by_two(first, second))


def _short() -> Person:
    return people.person("Dr Court", issuer=people.root(), own=people.rsa_key("Dr Court", 1024))


def _by_two(first: Person, second: Person) -> Parts:
    named = [sha256(first.der), sha256(second.der)]
    return co_signed(by=second, named=lambda _: named, first={**UNSTAMPED, "by": first}, signing=UNSTAMPED)


# -- a time-stamp beside the signature ----------------------------------------------------


def _stamped() -> Flaws:
    """A time-stamp says that it is older, and proves nothing."""
    fallen = people.impostor_authority()
    stampings: dict[str, tuple[str, str, str, dict[str, Any]]] = {
        "younger": ("its time-stamp is younger", ENDED, "", {"at": AFTER}),
        "later": (
            "its time-stamp is later than the moment asked for",
            ENDED,
            "timestamp-later",
            {"at": LATER + YEAR},
        ),
        "of a stranger": ("a stranger made its time-stamp", ENDED, "timestamp-untrusted", {"by": fallen}),
        "of a practitioner": (
            "a practitioner made its time-stamp",
            ENDED,
            "timestamp-untrusted",
            {"by": people.signer()},
        ),
        "of an authority that ended": (
            "the authority of its time-stamp ended",
            ENDED,
            "timestamp-ended",
            {"by": stamper(end=AFTER), "at": BEFORE},
        ),
        "whose algorithm ended": (
            "so has that of its time-stamp",
            ENDED,
            "timestamp-algorithm-ended",
            {"by": stamper(), "at": BEFORE},
        ),
        "with a stranger's certificate": (
            "its time-stamp brings a certificate that is not of its chain",
            ENDED,
            "timestamp-strangers",
            {"certificates": [people.stamper().der, people.signer().der]},
        ),
        "spoiled": ("its time-stamp is spoiled", "timestamp-invalid", "", {"spoiled": True}),
        "of something else": (
            "its time-stamp is over something else",
            "timestamp-invalid",
            "",
            {"imprint": bytes(32)},
        ),
    }
    for what, (wrong, code, why, stamping) in stampings.items():
        parts = signed(signing={"stamp": True, "stamping": stamping})
        yield from _asked(f"stamp {what}", wrong, parts, why, code)
    stale = people.revocation_list(ends=people.REVOKED + YEAR / 73)
    parts = signed(signing={"stamp": True, "crls": [stale]})
    wrong = "what came with its time-stamp tells of revocations up to a moment too early"
    yield from _asked("stamp with an old list", wrong, parts, "timestamp-revocation-unclear")


# -- evidence -----------------------------------------------------------------------------


def recorded(parts: Parts, *chains: Any, digest: str | tuple[str, ...] = "sha256") -> Parts:
    """Return ``parts`` with a record of ``chains``, and the list that belongs to it."""
    contents = evidenced(parts)
    contents[evidence_members(1)[1]] = record(*chains, digest=digest)
    return contents


def leaves(parts: Parts) -> list[bytes]:
    """Return the digests of the members that evidence has to cover."""
    return [hashlib.sha256(data).digest() for data in parts.values()]


def _evidenced() -> Flaws:
    """Evidence is younger, or proves nothing either."""
    parts = signed()
    over = leaves(parts)
    token, old = stamped(over, at=BEFORE)
    weak, dying = stamped(over, at=BEFORE, by=stamper())
    brief, short = stamped(over, at=BEFORE, by=stamper(end=AFTER))
    other = evidenced(signed(pages={"docs/other.md": b"another"}), at=BEFORE)[evidence_members(1)[1]]
    unproven: dict[str, tuple[str, str, tuple[Any, ...]]] = {
        "younger": ("its evidence is younger", "", ([stamped(over, at=AFTER)[1]],)),
        "on the day": ("its evidence begins on that day", "", ([stamped(over, at=END)[1]],)),
        "later": (
            "its evidence is later than the moment asked for",
            "evidence-later",
            ([stamped(over, at=LATER + YEAR)[1]],),
        ),
        "of a stranger": (
            "a stranger made its evidence",
            "timestamp-untrusted",
            ([stamped(over, at=BEFORE, by=people.impostor_authority())[1]],),
        ),
        "of a practitioner": (
            "a practitioner made its evidence",
            "timestamp-untrusted",
            ([stamped(over, at=BEFORE, by=people.signer())[1]],),
        ),
        "whose algorithm ended": ("so has that of its evidence", "evidence-algorithm-ended", ([dying],)),
        "renewed too late": (
            "its evidence was renewed when that had ended as well",
            "evidence-algorithm-ended",
            ([dying, renewed(weak, at=AFTER)[1]],),
        ),
        "whose authority ended": (
            "the authority of its evidence ended",
            "evidence-authority-ended",
            ([short],),
        ),
        "renewed after its authority": (
            "its evidence was renewed when its authority had ended",
            "evidence-authority-ended",
            ([short, renewed(brief, at=AFTER + YEAR / 2)[1]],),
        ),
        "dated back": (
            "a younger renewal of its evidence stands before the older time-stamp",
            "evidence-order-wrong",
            ([stamped(over, at=AFTER)[1], renewed(stamped(over, at=AFTER)[0], at=BEFORE)[1]],),
        ),
    }
    for what, (wrong, why, chains) in unproven.items():
        yield from _asked(f"evidence {what}", wrong, recorded(parts, *chains), why)
    false: dict[str, tuple[str, str, bytes]] = {
        "of another package": ("its evidence is another package's", "evidence-object-missing", other),
        "spoiled": (
            "its evidence is spoiled",
            "evidence-token-invalid",
            record([stamped(over, at=BEFORE, spoiled=True)[1]]),
        ),
        "renewed over another": (
            "the renewal of its evidence is over something else",
            "evidence-link-broken",
            record([old, renewed(token + b"x", at=AFTER)[1]]),
        ),
    }
    for what, (wrong, code, data) in false.items():
        yield _case(f"evidence {what}", wrong, {**evidenced(parts), evidence_members(1)[1]: data}, code)
    after = evidenced(evidenced(parts, at=AFTER), number=2, at=BEFORE, by=stamper())
    yield _case("evidence twice", "of two records one is younger and the algorithm of the other ended", after)


# -- sets ---------------------------------------------------------------------------------


def _sets() -> Flaws:
    """What ties a set, or one of its volumes, was signed with what ended."""
    by = {"by": carded()}
    fields = {"wrong": "its signature's algorithm ended", "code": ENDED, "at": LATER}
    tied = volume_list(signing=by)
    whole = [volume(one, signing=by) for one in (1, 2)]
    proven = [evidenced(one, at=BEFORE) for one in whole]
    younger = {"input.001.ers": beside(tied, at=AFTER)}
    sets: dict[str, tuple[bytes, Mapping[str, bytes]]] = {
        "tie": (tied, files()),
        "tie and volumes": (volume_list(whole, signing=by), files(*whole)),
        "tie with evidence of its volumes": (volume_list(whole, signing=by), files(*proven)),
        "tie with younger evidence": (tied, files() | younger),
        "volume": (volume_list([volumes()[0], whole[1]]), files(None, whole[1])),
        "volumes with evidence of the tie": (
            volume_list(whole),
            files(*whole) | {"input.001.ers": beside(volume_list(whole), at=BEFORE)},
        ),
    }
    for what, (data, folder) in sets.items():
        yield set_case("ended", what, data=data, beside=folder, reader=IMPORT, **fields)


# -- what is proven -----------------------------------------------------------------------


def honest() -> dict[str, tuple[bytes, Folder]]:
    """Return packages and sets whose algorithm ended and which are proven all the same, at ``LATER``."""
    contents = signed()
    over = leaves(contents)
    token, first = stamped(over, at=BEFORE)
    weak, dying = stamped(over, at=BEFORE, by=stamper())
    _, chain = rehashed(list(contents.values()), [first], at=AFTER)
    by = {"by": carded()}
    whole = [volume(one, signing=by) for one in (1, 2)]
    tied = volume_list(whole, signing=by)
    packages = {
        "an older time-stamp": signed(signing={"stamp": True, "stamping": {"at": BEFORE}}),
        "older evidence": evidenced(contents, at=BEFORE),
        "older evidence of a second record": evidenced(evidenced(contents, at=AFTER), number=2, at=BEFORE),
        "evidence that was renewed": recorded(contents, [first, renewed(token, at=AFTER)[1]]),
        "evidence that was renewed in time": recorded(
            contents, [dying, renewed(weak, at=END - YEAR / 12)[1]]
        ),
        "evidence under another hash function": recorded(
            contents, [first], [chain], digest=("sha256", "sha512")
        ),
    }
    sets = {
        "a set with evidence": (
            tied,
            files(*(evidenced(one, at=BEFORE) for one in whole)) | {"input.001.ers": beside(tied, at=BEFORE)},
        )
    }
    return {name: (packed(parts), {}) for name, parts in packages.items()} | sets
