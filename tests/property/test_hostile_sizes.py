"""Lists that are long and structures that are deep take no longer than in proportion to their length."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from formats.errors import Failure
from tests.fuzz.targets import PARTS, TARGETS
from tests.vectors.generator import (
    age,
    cms,
    flawed_evidence,
    package,
    people,
    practice,
    records,
    volumes,
    zips,
)
from tests.vectors.generator.chance import seeded
from tests.vectors.generator.der import deep, integer, octets, oid, seq
from tests.vectors.hostile_readers import judged_record

GROWTH = 4
"""How many times larger the larger of two inputs is."""
SLACK = 2.5
"""How much longer than in proportion it may take; twice the exponent would be four times."""
LEAST = 0.1
"""Seconds that are nothing on a busy machine."""
MANY = 25_000
"""Parts of the smaller of two long lists; the larger has 100,000."""

PROVEN = "proven record"
"""The reader that asks of every time-stamp whether it holds."""

Maker = Callable[[int], bytes]


def members(count: int) -> bytes:
    """Return a container of so many empty pages, header by header: the generator would take its time."""
    names = [b"docs/%06d" % number for number in range(count)]
    width = len(names[0])
    local = struct.pack(zips.LOCAL, b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, width, 0)
    head = (b"PK\1\2", 0x032D, 20, 0, 0, 0, 33, 0, 0, 0, width, 0, 0, 0, 0, 0o100644 << 16)
    bodies = b"".join(local + name for name in names)
    offsets = range(0, len(bodies), len(local) + width)
    directory = b"".join(
        struct.pack(zips.CENTRAL, *head, at) + name for at, name in zip(offsets, names, strict=True)
    )
    place = len(bodies), len(directory)
    wide = struct.pack(zips.END64, b"PK\6\6", 44, 0x032D, 45, 0, 0, count, count, place[1], place[0])
    wide += struct.pack(zips.LOCATOR64, b"PK\6\7", 0, sum(place), 1)
    few = min(count, 0xFFFF)
    end = struct.pack(zips.END, b"PK\5\6", 0, 0, few, few, place[1], place[0], 0)
    return bodies + directory + (wide if few < count else b"") + end


def references(count: int) -> bytes:
    """Return a signed list of so many pages."""
    return package.asic_manifest([package.reference(f"docs/{number:06}", b"") for number in range(count)])


def sums(count: int) -> bytes:
    return package.sums_of({f"docs/{number:06}": b"" for number in range(count)})


def units(count: int) -> bytes:
    """Return a manifest of so many units."""
    row = package.base_manifest(package.base_units(), b"")
    names = (f"{number:026}".translate(str.maketrans("0189", "abcd")) for number in range(count))
    rows = [{**row["units"][0], "id": name, "member": f"units/{name}.zip"} for name in names]
    return json.dumps(package.with_units(row, rows)).encode()


def keys(count: int) -> bytes:
    """Return what a set says of itself, with so much that nobody knows."""
    row = volumes.base_set(volumes.volumes())
    return json.dumps({**row, **{f"later-{number}": number for number in range(count)}}).encode()


def practitioners(count: int) -> bytes:
    """Return a practice where so many work, each with an engagement."""
    people_of = (entry for number in range(count) for entry in _one(f"p{number}"))
    return b"P" + practice.lines([practice.bundle()["entry"][0], *people_of])


def _one(key: str) -> list[dict[str, Any]]:
    return [practice.practitioner(key), practice.role(key, f"r-{key}")]


# -- ASN.1 --------------------------------------------------------------------------------


def signature(**options: Any) -> bytes:
    return cms.signature(PARTS[package.ASIC], stamp=False, **options)


def oids(count: int) -> list[str]:
    """Return so many kinds of attribute."""
    return [f"1.2.3.{number + 1}" for number in range(count)]


def signed_attributes(count: int) -> bytes:
    return signature(attributes=[cms.attribute(one, integer(1)) for one in oids(count)])


def values(count: int) -> bytes:
    """Return a signature one of whose attributes has so many values."""
    many = [integer(number) for number in range(count)]
    return signature(attributes=[cms.attribute("1.2.3.4", *many)])


def unsigned_attributes(count: int) -> bytes:
    return signature(unsigned=[cms.attribute(one, integer(1)) for one in oids(count)])


def certificates(count: int) -> bytes:
    return signature(certificates=[people.signer().der] * count)


def lists(count: int) -> bytes:
    return signature(crls=[people.revocations()] * count)


def entries(count: int) -> bytes:
    """Return a signature with a revocation list of so many certificates."""
    return signature(crls=[people.revocation_list(numbers=range(1, count + 1))])


def names_of_algorithms(count: int) -> bytes:
    """Return a record of so many hash functions."""
    return seq(integer(1), seq(*(seq(oid(one)) for one in oids(count))), seq())


def hashes_of_a_list(count: int) -> bytes:
    """Return a record whose time-stamp covers so many parts."""
    return records.record_over([seeded(f"part {number}", 32) for number in range(count)])


def chains(count: int) -> bytes:
    return _record([[_stamp()]] * count)


def renewals_that_hold(count: int) -> bytes:
    """Return a record that proves what it says, renewed so many times, each an hour after the other."""
    stamps, before = [flawed_evidence.first_stamp()], None
    for number in range(1, count):
        at = people.SIGNED + number * timedelta(hours=1)
        stamps.append(flawed_evidence.later_stamp(before, at=at))
        before = flawed_evidence.later_token(before, at=at)
    return records.record(stamps)


def renewals(count: int) -> bytes:
    return _record([[_stamp()] * count])


def reduced_lists(count: int) -> bytes:
    made = cms.token(b"", imprint=bytes(32))
    return _record([[records.archive_stamp(made, [[bytes(32)]] * count)]])


def _stamp() -> bytes:
    return records.archive_stamp(cms.token(b"", imprint=bytes(32)), [[bytes(32)]])


def _record(chains: list[list[bytes]]) -> bytes:
    digests = seq(seq(oid(cms.DIGESTS["sha256"][0])))
    return seq(integer(1), digests, seq(*(seq(*one) for one in chains)))


def recipients(count: int) -> bytes:
    return age.file(b"Bonjour", [age.x25519()] * count)


SHAPES: dict[str, tuple[str, int, Maker]] = {
    "members of a container": ("container", MANY, members),
    "members of an archive": ("zip", MANY, members),
    "parts of a signed list": ("asic_manifest", MANY, references),
    "sums": ("sums", MANY, sums),
    "units of a manifest": ("manifest", MANY, units),
    "unknown keys of a set": ("set_manifest", MANY, keys),
    "patients of a roster": (
        "practice_parts",
        MANY,
        lambda count: b"R" + practice.roster(*[("1",) * 4] * count),
    ),
    "practitioners": ("practice_parts", 1_000, practitioners),
    "signed attributes": ("signature", 1_000, signed_attributes),
    "values of an attribute": ("signature", 4_000, values),
    "unsigned attributes": ("signature", 1_000, unsigned_attributes),
    "certificates": ("signature", 500, certificates),
    "revocation lists": ("signature", 500, lists),
    "revoked certificates": ("signature", 5_000, entries),
    "hash functions of a record": ("record", 5_000, names_of_algorithms),
    "parts under a time-stamp": ("record", 10_000, hashes_of_a_list),
    "chains of a record": ("record", 50, chains),
    "renewals of a record": ("record", 100, renewals),
    "renewals that hold": (PROVEN, 10, renewals_that_hold),
    "lists of a time-stamp": ("record", 1_000, reduced_lists),
    "recipients": ("age", 2_500, recipients),
}
"""Inputs that are long: the reader, how many parts the smaller one has, and what makes it."""
DEEP: dict[str, tuple[str, Maker]] = {
    "signature": ("signature", deep),
    "octets": ("signature", lambda depth: deep(depth, tag=0x24)),
    "signed attribute": (
        "signature",
        lambda depth: signature(attributes=[cms.attribute("1.2.3", deep(depth))]),
    ),
    "unsigned attribute": (
        "signature",
        lambda depth: signature(unsigned=[cms.attribute("1.2.3", deep(depth))]),
    ),
    "time-stamp": (
        "signature",
        lambda depth: signature(unsigned=[cms.attribute(cms.STAMP, deep(depth))]),
    ),
    "certificate inside": (
        "signature",
        lambda depth: signature(certificates=[people.signer().der, deep(depth)]),
    ),
    "revocation list": ("signature", lambda depth: signature(crls=[deep(depth)])),
    "record": ("record", deep),
    "token of a record": ("record", lambda depth: _record([[records.archive_stamp(deep(depth))]])),
    "answer": ("answer", lambda depth: flawed_evidence.answer(deep(depth))),
    "certificate": ("roots", deep),
    "extension of a certificate": ("roots", lambda depth: _certificate(deep(depth))),
    "revocations": ("revocations", deep),
    "OCSP response": ("revocations", lambda depth: b"O" + deep(depth)),
    "key file": ("pkcs12", deep),
    "JSON of a manifest": ("manifest", lambda depth: b'{"format":' + b"[" * depth + b"]" * depth + b"}"),
    "JSON of a set": ("set_manifest", lambda depth: b'{"later":' * depth + b"1" + b"}" * depth),
    "XML": ("asic_manifest", lambda depth: b"<a>" * depth + b"</a>" * depth),
}
"""Inputs that are deep: the reader, and what makes them."""
DEPTH = 5_000


def _certificate(value: bytes) -> bytes:
    """Return the root's certificate with something in the place of its key identifier."""
    der = people.root().der
    key = people.root().certificate.extensions.get_extension_for_oid(
        people.x509.ExtensionOID.SUBJECT_KEY_IDENTIFIER
    )
    return der.replace(octets(octets(key.value.digest)), octets(value), 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_long_list_takes_no_longer_than_its_length(shape: str) -> None:
    reader, count, made = SHAPES[shape]
    _compare(reader, made(count), made(count * GROWTH))


@pytest.mark.parametrize("shape", DEEP)
def test_a_deep_structure_takes_no_longer_than_its_length(shape: str) -> None:
    reader, made = DEEP[shape]
    _compare(reader, made(DEPTH), made(DEPTH * GROWTH))


def _compare(reader: str, small: bytes, large: bytes) -> None:
    honest = TARGETS["record" if reader == PROVEN else reader]
    read = judged_record if reader == PROVEN else honest.made()
    _seconds(read, honest.honest[0])  # once, so that everything is imported and cached
    allowed = LEAST + SLACK * len(large) / len(small) * _seconds(read, small)
    taken = _seconds(read, large)
    if taken > allowed:  # a busy machine gets a second chance
        allowed = LEAST + SLACK * len(large) / len(small) * _seconds(read, small)
        taken = _seconds(read, large)
    assert taken <= allowed, f"{len(large)} bytes: {taken:.3f} s instead of {allowed:.3f} s"


def _seconds(read: Callable[[bytes], object], data: bytes) -> float:
    start = time.process_time()
    try:
        read(data)
    except Failure as failure:
        str(failure)  # a sentence that lacks a fact would break here
    return time.process_time() - start
