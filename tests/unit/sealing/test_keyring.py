from __future__ import annotations

import hmac
import io
import json
import secrets
from dataclasses import replace
from datetime import date

import pytest

from archiver.errors import KeyUnreadable
from archiver.package.destruction.present_units import divide_entries
from archiver.package.layout import unit_member
from archiver.sealing.age import HybridIdentity, Recipient, X25519Identity, decrypt, encrypt
from archiver.sealing.age.payload import CHUNK
from archiver.sealing.errors import CommitmentMismatch, RecipientsRefused, SealBroken, WrongKey
from archiver.sealing.keyring import (
    EntriesOnDemand,
    KeyringEntry,
    KeyringHeader,
    Party,
    Terms,
    new_nonce,
    open_keyring,
    read_keyring,
    revision_mac,
    writing_keyring,
)
from archiver.sealing.keyring_header import read_header_line
from archiver.sealing.keyring_json import MAX_LINE
from archiver.sealing.keyring_lines import entry_line, read_entry_line
from formats.digests import SHA256, SHA512, Digest
from formats.errors import LimitExceeded
from formats.json_text import canonical_json

KEY = HybridIdentity(seed=b"k" * 32)
NONCE = b"n" * 32
SECRET = "s" * 43

PATIENT = KeyringEntry(
    unit="3f2a",
    member="PAT00001.ZIP",
    passphrase=SECRET,
    plain_digest=Digest.from_hex("ab" * 32),
    plain_size=1234,
    patient={"id": "17", "family": "PÂTISSON", "given": "Zoé", "birth_date": "1980-02-29"},
    counts={"acts": 12, "documents": 0},
    salt="v" * 43,
    destroy_from=date(2047, 1, 1),
    hold=True,
)
PRACTICE = KeyringEntry(
    unit="9c01",
    member="TRANSV.ZIP",
    passphrase="t" * 43,
    plain_digest=Digest.from_hex("cd" * 32),
    plain_size=0,
    patient=None,
    counts={},
    salt=None,
)


CLINIC = Party(name="Cabinet Élève", identifiers=(("urn:oid:1.2.250.1.71.4.2.2", "1999999999"),))
HEADER = KeyringHeader(
    package="urn:uuid:1",
    nonce=NONCE,
    revision=2,
    signers=("1" * 64, "2" * 64),
    terms=Terms(
        legal_ground="succession",
        controller_before=CLINIC,
        controller_after=None,
        sender=CLINIC,
        receiver=Party(name="Dr Zoé Autre"),
    ),
)
NAMED = {
    "name": "Cabinet Élève",
    "identifiers": [{"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1999999999"}],
}
FIRST = {
    "keyring": 1,
    "package": "urn:uuid:1",
    "nonce": "bm5u" * 10 + "bm4",
    "revision": 2,
    "signers": ["1" * 64, "2" * 64],
    "legal_ground": "succession",
    "controller_before": NAMED,
    "controller_after": None,
    "sender": NAMED,
    "receiver": {"name": "Dr Zoé Autre", "identifiers": []},
}


def written(*entries: KeyringEntry, armored: bool = False) -> tuple[bytes, Digest]:
    target = io.BytesIO()
    with writing_keyring(
        target,
        [KEY.to_recipient()],
        header=HEADER,
        randomness=secrets.token_bytes,
        armored=armored,
    ) as writer:
        for entry in entries:
            writer.add(entry)
        assert writer.count == len(entries)
    return target.getvalue(), writer.commitment


def plaintext(file: bytes) -> bytes:
    target = io.BytesIO()
    decrypt(io.BytesIO(file), target, [KEY])
    return target.getvalue()


def enveloped(plain: bytes) -> io.BytesIO:
    target = io.BytesIO()
    encrypt(io.BytesIO(plain), target, [KEY.to_recipient()], randomness=secrets.token_bytes)
    target.seek(0)
    return target


@pytest.mark.parametrize("armored", [False, True])
def test_a_keyring_reads_back(armored: bool) -> None:
    file, commitment = written(PATIENT, PRACTICE, armored=armored)
    ring = open_keyring(io.BytesIO(file), [KEY], commitment=commitment)
    assert ring.entries == (PATIENT, PRACTICE)
    assert ring.header == HEADER
    assert ring.by_unit()["9c01"] is ring.entries[1]


def test_entries_outside_memory_are_decrypted_when_they_are_asked_for() -> None:
    many = [replace(PATIENT, unit=f"unit-{number}", plain_size=number) for number in range(700)]
    file, commitment = written(*many)
    assert len(file) > 3 * CHUNK
    in_memory = open_keyring(io.BytesIO(file), [KEY], commitment=commitment).entries
    ring = open_keyring(io.BytesIO(file), [KEY], commitment=commitment, again=lambda: io.BytesIO(file))
    assert ring.header == HEADER and not isinstance(ring.entries, tuple)
    assert tuple(ring.entries) == in_memory == tuple(many)
    assert [ring.entries[number] for number in (650, 0, -1, 300)] == [
        many[number] for number in (650, 0, -1, 300)
    ]
    assert len(ring.entries) == 700 and ring.entries[10:13] == in_memory[10:13]
    with pytest.raises(IndexError):
        ring.entries[700]


def test_some_of_the_entries_outside_memory_are_such_a_sequence_too() -> None:
    many = tuple(replace(PATIENT, unit=f"unit-{number}", plain_size=number) for number in range(9))
    file, commitment = written(*many)
    ring = open_keyring(io.BytesIO(file), [KEY], commitment=commitment, again=lambda: io.BytesIO(file))
    assert isinstance(ring.entries, EntriesOnDemand)
    some = ring.entries.at_places([1, 4, 8])
    assert (tuple(some), len(some)) == ((many[1], many[4], many[8]), 3)
    assert (some[-1], some[:2]) == (many[8], (many[1], many[4]))
    assert tuple(some.at_places([2, 0])) == (many[8], many[1])
    with pytest.raises(IndexError):
        some[3]


@pytest.mark.parametrize("in_memory", [True, False])
def test_entries_of_units_that_are_gone_are_told_from_the_others(in_memory: bool) -> None:
    many = [replace(PATIENT, unit=f"unit-{number}", plain_size=number) for number in range(5)]
    file, commitment = written(*many)
    again = None if in_memory else lambda: io.BytesIO(file)
    ring = open_keyring(io.BytesIO(file), [KEY], commitment=commitment, again=again)
    there, gone = divide_entries(ring.entries, frozenset({unit_member("unit-1"), unit_member("unit-3")}))
    assert (tuple(there), gone) == ((many[0], many[2], many[4]), (many[1], many[3]))
    assert isinstance(there, tuple) == in_memory
    assert divide_entries(ring.entries, frozenset()) == (ring.entries, ())


def test_an_armored_keyring_is_in_memory() -> None:
    file, commitment = written(PATIENT, PRACTICE, armored=True)
    ring = open_keyring(io.BytesIO(file), [KEY], commitment=commitment, again=lambda: io.BytesIO(file))
    assert ring.entries == (PATIENT, PRACTICE)


def test_a_keyring_that_changes_under_us_is_broken_and_never_another_one() -> None:
    many = [replace(PATIENT, unit=f"unit-{number}") for number in range(700)]
    file, commitment = written(*many)
    now = bytearray(file)
    ring = open_keyring(io.BytesIO(file), [KEY], commitment=commitment, again=lambda: io.BytesIO(now))
    now[-10] ^= 1
    assert ring.entries[0] == many[0]
    with pytest.raises(SealBroken):
        ring.entries[699]
    del now[-100:]
    with pytest.raises(SealBroken):
        ring.entries[698]


def test_the_plaintext_is_json_lines_and_the_commitment_covers_the_unit_lines() -> None:
    file, commitment = written(PATIENT, PRACTICE)
    first, index = plaintext(file).split(b"\n", 1)
    assert json.loads(first) == FIRST
    assert commitment == Digest.of(NONCE + index, algorithm=SHA512)
    line = index.splitlines(keepends=True)[0]
    assert line.startswith(
        b'{"counts":{"acts":12,"documents":0},"destroy_from":"2047-01-01","hold":true,"member":'
    )
    assert "PÂTISSON".encode() in line and line.endswith(b'"unit":"3f2a"}\n')


def test_a_keyring_that_was_not_signed_is_refused_at_its_end() -> None:
    file, _ = written(PATIENT)
    _, other = written(PATIENT, PRACTICE)
    for commitment in (other, Digest.of(b"", algorithm=SHA512), Digest(SHA256, other.value)):
        with pytest.raises(CommitmentMismatch):
            open_keyring(io.BytesIO(file), [KEY], commitment=commitment)
    _, entries = read_keyring(io.BytesIO(file), [KEY], commitment=other)
    assert next(entries) == PATIENT
    with pytest.raises(CommitmentMismatch):
        next(entries)


def test_passphrases_nonce_and_people_stay_out_of_what_is_printed() -> None:
    file, commitment = written(PATIENT)
    ring = open_keyring(io.BytesIO(file), [KEY], commitment=commitment)
    for shown in (repr(ring), str(PATIENT), repr(ring.header)):
        assert SECRET not in shown and "PÂTISSON" not in shown and repr(NONCE) not in shown
    broken = enveloped(plaintext(file).replace(b'"counts"', b'"counted"'))
    with pytest.raises(KeyUnreadable) as caught:
        open_keyring(broken, [KEY], commitment=commitment)
    assert SECRET not in str(caught.value) and SECRET not in repr(caught.value)


def test_only_its_recipients_open_it() -> None:
    file, commitment = written(PATIENT)
    with pytest.raises(WrongKey):
        open_keyring(io.BytesIO(file), [HybridIdentity(seed=bytes(32))], commitment=commitment)
    with pytest.raises(SealBroken):
        open_keyring(io.BytesIO(file[:-1]), [KEY], commitment=commitment)


def test_a_classical_key_beside_a_hybrid_one_is_refused() -> None:
    recipients: list[Recipient] = [KEY.to_recipient(), X25519Identity(seed=bytes(32)).to_recipient()]
    with (
        pytest.raises(RecipientsRefused),
        writing_keyring(io.BytesIO(), recipients, header=HEADER, randomness=secrets.token_bytes),
    ):
        pass


def test_a_unit_is_named_once() -> None:
    with pytest.raises(KeyUnreadable):
        written(PATIENT, PATIENT)
    file, commitment = written(PATIENT)
    twice = plaintext(file) + entry_line(PATIENT)
    with pytest.raises(KeyUnreadable):
        open_keyring(enveloped(twice), [KEY], commitment=commitment)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"plain_size":1234', b'"plain_size":1234.0'),
        (b'"plain_size":1234', b'"plain_size":-1'),
        (b'"plain_size":1234', b'"plain_size":true'),
        (b'"plain_size":1234', b'"plain_size":' + b"9" * 5000),
        (b'"acts":12', b'"acts":"12"'),
        (b'"acts":12', b'"acts":NaN'),
        (b'"acts":12', b'"acts":11,"acts":12'),
        (b'{"counts"', b'{ "counts"'),
        (b'"unit":"3f2a"', b'"unit":"../3f2a"'),
        (b'"unit":"3f2a"}', b'"unit":"3f2a","zone":1}'),
        (b'"unit":"3f2a"}', b'"zone":1}'),
        (b'"member":"PAT00001.ZIP"', b'"member":"X.ZIP"'),
        (b"ssss", b"s"),
        (b"abab", b"ABAB"),
        (b'"salt":"v', b'"salt":"'),
        (b'"salt":"' + b"v" * 43 + b'"', b'"salt":null'),
        (b'"destroy_from":"2047-01-01"', b'"destroy_from":"2047-01-02"'),
        (b'"destroy_from":"2047-01-01"', b'"destroy_from":"0000-01-01"'),
        (b'"destroy_from":"2047-01-01"', b'"destroy_from":2047'),
        (b'"hold":true', b'"hold":1'),
        (b'"hold":true', b'"hold":null'),
        (b'"id":"17"', b'"id":17'),
        (b'"id":"17"', b'"id":"\\u0031\\u0037"'),
        (b'"id":"17"', b'"id":"\\ud800"'),
        (b"Zo\xc3\xa9", b"Zo\xe9"),
        (b'{"acts":12,"documents":0}', b"[" * 40_000),
        (b'{"acts":12,"documents":0}', b"null"),
        (b"\n", b""),
        (b"\n", b"\r\n"),
        (b"\n", b"\n\n"),
    ],
)
def test_a_line_in_any_other_spelling_is_refused(old: bytes, new: bytes) -> None:
    file, commitment = written(PATIENT)
    first, line = plaintext(file).split(b"\n", 1)
    assert old in line
    changed = enveloped(first + b"\n" + line.replace(old, new))
    with pytest.raises(KeyUnreadable):
        open_keyring(changed, [KEY], commitment=commitment)


def other(**changed: object) -> bytes:
    """Return a first line with something else in it, in its canonical form."""
    return canonical_json({**FIRST, **changed}) + b"\n"


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"[]\n",
        b'"keyring"\n',
        b'{"keyring":1,"package":"p"}\n',
        canonical_json(FIRST),
        b" " + other(),
        other(keyring=2),
        other(keyring=True),
        other(more=1),
        other(nonce="x"),
        other(nonce=1),
        other(nonce="A" * 42 + "B"),
        other(package=1),
        other(package=""),
        other(revision=0),
        other(revision=True),
        other(revision="2"),
        other(signers=[]),
        other(signers=None),
        other(signers=["1" * 63]),
        other(signers=["A" * 64]),
        other(signers=["1" * 64, "1" * 64]),
        other(signers=["1" * 64, "2" * 64, "3" * 64]),
        other(legal_ground=None),
        other(sender=None),
        other(controller_before=None),
        other(receiver="Dr Zoé Autre"),
        other(receiver={"name": "Dr Zoé Autre"}),
        other(receiver={**NAMED, "more": 1}),
        other(receiver={**NAMED, "identifiers": [{"system": "a"}]}),
        other(receiver={**NAMED, "identifiers": [{"system": "a", "value": 1}]}),
    ],
)
def test_another_first_line_is_no_keyring(first: bytes) -> None:
    assert read_header_line(other()) == HEADER
    with pytest.raises(KeyUnreadable):
        read_header_line(first)
    with pytest.raises(KeyUnreadable):
        open_keyring(enveloped(first), [KEY], commitment=Digest.of(algorithm=SHA512))


def test_the_mac_of_a_revision_is_over_its_first_line_under_the_nonce() -> None:
    assert revision_mac(HEADER) == hmac.digest(NONCE, canonical_json(FIRST) + b"\n", "sha256").hex()
    changed = replace(HEADER, signers=("1" * 64,)), replace(HEADER, revision=3), replace(HEADER, package="p")
    assert len({revision_mac(one) for one in (HEADER, *changed)}) == 4


def test_lines_have_a_limit() -> None:
    long = KeyringEntry(
        unit="a",
        member="PAT00001.ZIP",
        passphrase=SECRET,
        plain_digest=Digest.from_hex("0" * 64),
        plain_size=1,
        patient={"note": "x" * MAX_LINE},
        counts={},
        salt="v" * 43,
    )
    with pytest.raises(LimitExceeded):
        entry_line(long)
    file, commitment = written()
    with pytest.raises(LimitExceeded):
        open_keyring(enveloped(plaintext(file) + b"x" * (MAX_LINE + 1)), [KEY], commitment=commitment)


def test_an_entry_line_reads_back_to_itself() -> None:
    assert read_entry_line(entry_line(PRACTICE)) == PRACTICE


def test_a_nonce_is_32_bytes_of_the_randomness_given() -> None:
    assert new_nonce(lambda size: b"r" * size) == b"r" * 32
    with pytest.raises(KeyUnreadable):
        replace(HEADER, nonce=b"short")
