"""Trust on first use: who signed for a sender once signs for it again."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archiver.examination.examine import examine_whole
from archiver.examination.first_use import FirstUse, sender_of
from archiver.signing.errors import KnownSignersUnreadable
from archiver.signing.trust.anchors import Trust
from archiver.signing.trust.known_signers import REGISTER, KnownSender, read_known_signers
from archiver.verdict import State
from tests.packages import SIGNED, handover, package, signer, trust

NOW = datetime(2026, 4, 1, tzinfo=UTC)
SENDER = "urn:oid:1.2.250.1.71.4.2.2|1999999999"


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packages")
    made = {"first": package(), "second": package(count=4), "stranger": package(by=signer("Dr Paul Inconnu"))}
    for name, data in made.items():
        (folder / name).write_bytes(data)
    broken = bytearray(made["first"])
    broken[400] ^= 1
    (folder / "broken").write_bytes(broken)
    return folder


def examined(path, register, at=SIGNED, **kinds):
    first_use = FirstUse(register=register, clock=lambda: NOW) if register else None
    return examine_whole(path, Trust(at=at, **kinds), first_use=first_use).verdict


def test_the_first_certificate_of_a_sender_is_accepted_and_remembered(packages, tmp_path):
    first = examined(packages / "first", tmp_path)
    assert (first.trusted.state, first.trusted.code) == (State.PROVEN, "accepted-first-use")
    assert f"{signer().fingerprint}" in first.trusted.text
    (known,) = read_known_signers(tmp_path)
    assert known.sender.identifiers == (SENDER,)
    assert (known.fingerprint, known.since, known.expected) == (signer().fingerprint, NOW, "")
    again = examined(packages / "second", tmp_path)
    assert (again.trusted.state, again.trusted.code) == (State.PROVEN, "accepted-known")
    assert read_known_signers(tmp_path) == (known,)


def test_another_certificate_later_is_refused(packages, tmp_path):
    examined(packages / "first", tmp_path)
    other = examined(packages / "stranger", tmp_path)
    assert (other.trusted.state, other.trusted.code) == (State.UNKNOWN, "signer-changed")
    assert other.refusal is other.trusted.failure
    assert "Ask them by another way" in other.trusted.text
    assert [finding.code for finding in other.findings] == ["signer-changed"]
    assert [one.fingerprint for one in read_known_signers(tmp_path)] == [signer().fingerprint]


def test_a_root_that_was_given_wins(packages, tmp_path):
    examined(packages / "first", tmp_path)
    roots = trust(signer("Dr Paul Inconnu")).roots
    assert examined(packages / "stranger", tmp_path, roots=roots).trusted.code == "accepted"


@pytest.mark.parametrize(("name", "at"), [("broken", SIGNED), ("first", SIGNED + timedelta(days=9999))])
def test_nothing_is_remembered_of_what_does_not_hold(packages, tmp_path, name, at):
    assert examined(packages / name, tmp_path, at=at).refusal is not None
    assert read_known_signers(tmp_path) == ()


def test_without_a_register_nobody_is_accepted(packages, tmp_path):
    assert examined(packages / "first", None).trusted.code == "no-roots"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("change", [
    lambda _: "no JSON",
    lambda one: json.dumps({**one, "known_signers": 1}),
    lambda one: json.dumps({**one, "signers": {"x": {"fingerprint": "0"}}}),
    lambda one: json.dumps({**one, "signers": [{"fingerprint": "0"}]}),
    lambda one: json.dumps({**one, "signers": [{**one["signers"][0], "fingerprint": "0"}]}),
    lambda one: json.dumps({**one, "signers": [{**one["signers"][0], "since": "2026-01-01"}]}),
])  # fmt: skip
def test_a_damaged_register_is_no_empty_one(packages, tmp_path, change):
    examined(packages / "first", tmp_path)
    path = tmp_path / REGISTER
    path.write_text(change(json.loads(path.read_text())))
    with pytest.raises(KnownSignersUnreadable):
        examined(packages / "first", tmp_path)


def test_a_sender_is_known_by_its_name_and_every_number():
    assert sender_of(handover().sender) == KnownSender(name="SELARL Exemple", identifiers=(SENDER,))
    assert sender_of(replace(handover().sender, identifiers=())) == KnownSender(name="SELARL Exemple")
