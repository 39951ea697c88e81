"""First use and expectations: by whom a package may be signed, and what is remembered of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archiver.examination.examine import examine_whole
from archiver.examination.first_use import FirstUse
from archiver.handover.opening import refuse_unaccepted
from archiver.package.manifests.manifest import Organisation, OrganisationIdentifier
from archiver.signing.errors import ExpectationMissing
from archiver.signing.keys.key_file import SignerName, load_signer, make_signer
from archiver.signing.trust.anchors import Trust
from archiver.signing.trust.expectation import expectation
from archiver.signing.trust.known_signers import read_known_signers
from archiver.verdict import State
from tests.packages import BIRTH, SIGNED, counted, package, signer
from tests.signing_keys import certified, der, inter, leaf, root, write_p12

NOW = datetime(2026, 4, 1, tzinfo=UTC)
NUMBER = OrganisationIdentifier(system="urn:oid:1.2.250.1.71.4.2.1", value="810000000001")
SENDER = Organisation(name="Cabinet du Port")
OTHER = signer("Dr Paul Inconnu")


def examined(folder, register=None, *, accepts=True, expect=(), **kinds):
    """Examine what ``package`` makes of the rest of the arguments."""
    making = {name: kinds.pop(name) for name in ("by", "co_signer", "sender") if name in kinds}
    path = folder / "package.asice"
    path.write_bytes(package(**making))
    first_use = FirstUse(register=register, clock=lambda: NOW, accepts=accepts) if register else None
    trust = Trust(at=SIGNED, expected=tuple(map(expectation, expect)), **kinds)
    return examine_whole(path, trust, first_use=first_use).verdict


# -- first use ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["CABINET  du Port", "Cabinet\u200b du Port", "Cabinet du Po\u00adrt"])
def test_another_spelling_of_a_name_is_no_new_sender(tmp_path, name):
    examined(tmp_path, tmp_path, sender=SENDER)
    again = examined(tmp_path, tmp_path, sender=replace(SENDER, name=name))
    assert again.trusted.code == "accepted-known"
    other = examined(tmp_path, tmp_path, sender=replace(SENDER, name=name), by=OTHER)
    assert (other.trusted.state, other.trusted.code) == (State.UNKNOWN, "signer-changed")


@pytest.mark.parametrize(
    "name", ["Cabinet du Pont", "Cabinet du P0rt", "Cabinet du Рort", "Cabinet, Du-Port"]
)
def test_another_certificate_under_a_name_that_is_alike_is_a_question(tmp_path, name):
    examined(tmp_path, tmp_path, sender=SENDER)
    other = examined(tmp_path, tmp_path, sender=replace(SENDER, name=name), by=OTHER)
    assert (other.trusted.state, other.trusted.code) == (State.UNKNOWN, "signer-alike")
    assert other.refusal is other.trusted.failure
    assert f"{signer().fingerprint}" in other.trusted.text and f"{OTHER.fingerprint}" in other.trusted.text
    assert len(read_known_signers(tmp_path)) == 1
    # a person who asked accepts it by its fingerprint, and is not asked again
    accepted = {"sender": replace(SENDER, name=name), "by": OTHER}
    own = frozenset({OTHER.fingerprint})
    assert examined(tmp_path, tmp_path, **accepted, fingerprints=own).trusted.code == "accepted"
    assert examined(tmp_path, tmp_path, **accepted).trusted.code == "accepted-known"


def test_one_name_under_two_numbers_is_a_question(tmp_path):
    examined(tmp_path, tmp_path, sender=replace(SENDER, identifiers=(NUMBER,)))
    another = replace(SENDER, identifiers=(replace(NUMBER, value="810000000002"),))
    assert examined(tmp_path, tmp_path, sender=another, by=OTHER).trusted.code == "signer-alike"
    moved = Organisation(name="Tout autre nom", identifiers=(NUMBER,))
    assert examined(tmp_path, tmp_path, sender=moved, by=OTHER).trusted.code == "signer-changed"


def test_a_name_longer_than_any_is_known_again(tmp_path):
    long = replace(SENDER, name="Cabinet " + "du Port " * 100)
    examined(tmp_path, tmp_path, sender=long)
    assert examined(tmp_path, tmp_path, sender=long).trusted.code == "accepted-known"
    assert examined(tmp_path, tmp_path, sender=long, by=OTHER).trusted.code == "signer-changed"


def test_of_two_signers_both_are_compared(tmp_path):
    second = signer("Dr Zoé Seconde")
    first = examined(tmp_path, tmp_path, sender=SENDER, co_signer=second)
    assert first.trusted.code == "accepted-first-use" and "first use" in first.trusted.text
    assert len(read_known_signers(tmp_path)) == 2
    assert examined(tmp_path, tmp_path, sender=SENDER, co_signer=second).trusted.code == "accepted-known"
    name = SignerName(name="Dr Zoé Seconde", organisation="Cabinet Exemple", number="10000000000")
    false = make_signer(name, at=BIRTH, random=counted(b"false"))
    assert examined(tmp_path, tmp_path, sender=SENDER, co_signer=false).trusted.code == "signer-changed"


def test_of_two_signers_one_accepted_and_one_at_first_use_is_a_first_use(tmp_path):
    second = signer("Dr Zoé Seconde")
    own = frozenset({signer().fingerprint})
    found = examined(tmp_path, tmp_path, sender=SENDER, co_signer=second, fingerprints=own)
    assert found.trusted.code == "accepted-first-use"


# -- roots that certify thousands ---------------------------------------------------------


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """A signer of an authority that certifies others, and one of its others."""
    folder = tmp_path_factory.mktemp("keys")
    other = certified("Dr Autre Personne", inter(), number="99900000037")
    return tuple(
        load_signer(write_p12(folder / "p12", who, inter(), root()), None) for who in (leaf(), other)
    )


def opens(verdict):
    try:
        refuse_unaccepted(verdict)
    except ExpectationMissing:
        return False
    return True


def test_a_root_that_certifies_others_vouches_for_a_name(tmp_path, theirs):
    found = examined(tmp_path, by=theirs[0], roots=(der(root()),))
    assert (found.trusted.state, found.trusted.code) == (State.PROVEN, "accepted-named")
    assert "certificate that bears the name Dr Malo Kerbrat (RPPS 99900000029)" in found.trusted.text
    assert "Racine des praticiens" in found.trusted.text
    assert not opens(found)


def test_a_root_made_for_one_vouches_for_one(tmp_path):
    for name in ("Dr Anne Exemple", "Dr " + "Très Long " * 5 + "é" * 3):
        by = signer(name.strip())
        found = examined(tmp_path, by=by, roots=by.roots)
        assert found.trusted.code == "accepted" and opens(found)


@pytest.mark.parametrize("kinds", [
    {"name": "Dr Malo Kerbrat, autre"}, {"name": "Dr Malo Kerbra"}, {"number": "99900000037"},
])  # fmt: skip
def test_a_root_that_only_looks_as_if_made_for_one(tmp_path, kinds):
    """A root whose name is not the signer's own could have certified anybody."""
    above = certified("Dr Malo Kerbrat, root", authority=True, number="99900000029")
    who = certified(kinds.get("name", "Dr Malo Kerbrat"), above, number=kinds.get("number", "99900000029"))
    by = load_signer(write_p12(tmp_path / "p12", who, above), None)
    found = examined(tmp_path, by=by, roots=(der(above),))
    assert found.trusted.code == "accepted-named"


def test_a_root_without_a_limit_of_its_path_may_have_certified_authorities(tmp_path):
    above = certified("Dr Malo Kerbrat, root", authority=True)
    who = certified("Dr Malo Kerbrat", above)
    by = load_signer(write_p12(tmp_path / "p12", who, above), None)
    assert examined(tmp_path, by=by, roots=(der(above),)).trusted.code == "accepted-named"


@pytest.mark.parametrize("expectation", [
    "99900000029", "RPPS 99900000029", "rpps 999 0000 0029", "899900000029", "Dr Malo Kerbrat", "KERBRAT Malo",
    "malo\u00a0kerbrat", "Dr Malo Kerbrat (RPPS 99900000029)", "fingerprint",
])  # fmt: skip
def test_whom_a_reader_expects_is_said_in_many_ways(tmp_path, theirs, expectation):
    expectation = f"{theirs[0].fingerprint}" if expectation == "fingerprint" else expectation
    found = examined(tmp_path, by=theirs[0], roots=(der(root()),), expect=[expectation])
    assert (found.trusted.code, opens(found)) == ("accepted-expected", True)


@pytest.mark.parametrize(
    "expectation", ["99900000037", "Malo", "Dr Malo Kerbrat junior", "Autre Personne", "0" * 64]
)
def test_somebody_else_is_not_whom_a_reader_expects(tmp_path, theirs, expectation):
    for kinds in ({"roots": (der(root()),)}, {"fingerprints": frozenset({theirs[0].fingerprint})}):
        found = examined(tmp_path, by=theirs[0], expect=[expectation], **kinds)
        assert (found.trusted.state, found.trusted.code) == (State.UNKNOWN, "signer-unexpected")
        assert found.refusal is not None


def test_whom_a_reader_expected_is_remembered_for_that_sender(tmp_path, theirs):
    accepted = {"roots": (der(root()),), "accepts": False}
    assert not opens(examined(tmp_path, tmp_path, sender=SENDER, by=theirs[0], **accepted))
    assert read_known_signers(tmp_path) == ()
    outcome = examined(tmp_path, tmp_path, sender=SENDER, by=theirs[0], expect=["99900000029"], **accepted)
    assert opens(outcome)
    (known,) = read_known_signers(tmp_path)
    assert (known.expected, known.sender.name) == ("99900000029", "Cabinet du Port")
    later = examined(tmp_path, tmp_path, sender=SENDER, by=theirs[0], **accepted)
    assert (later.trusted.code, opens(later)) == ("accepted-expected", True)
    assert "since 2026-04-01" in later.trusted.text and "bears the name" in later.trusted.text
    # another of the thousands signs for this sender, or for another one
    other = examined(tmp_path, tmp_path, sender=SENDER, by=theirs[1], **accepted)
    assert (other.trusted.state, other.trusted.code) == (State.UNKNOWN, "signer-unexpected")
    elsewhere = replace(SENDER, name="Clinique des Tilleuls")
    assert not opens(examined(tmp_path, tmp_path, sender=elsewhere, by=theirs[0], **accepted))


def test_a_renewed_certificate_of_whom_is_expected_is_accepted(tmp_path, theirs):
    accepted = {"roots": (der(root()),), "accepts": False, "sender": SENDER}
    examined(tmp_path, tmp_path, by=theirs[0], expect=["99900000029"], **accepted)
    renewed = certified("Dr Malo Kerbrat", inter(), number="99900000029")
    by = load_signer(write_p12(tmp_path / "p12", renewed, inter(), root()), None)
    assert opens(examined(tmp_path, tmp_path, by=by, **accepted))


def test_two_signers_must_both_be_expected(tmp_path, theirs):
    both = {"by": theirs[0], "co_signer": theirs[1], "roots": (der(root()),)}
    assert not opens(examined(tmp_path, **both))
    one = examined(tmp_path, expect=["99900000029"], **both)
    assert one.trusted.code == "signer-unexpected"
    found = examined(tmp_path, expect=["99900000029", "99900000037"], **both)
    assert (found.trusted.code, opens(found)) == ("accepted-expected", True)


@pytest.mark.parametrize("text", ["", " ", "\u200b", "Dr", "."])
def test_nobody_is_expected_by_nothing(text):
    with pytest.raises(ValueError, match="nobody"):
        expectation(text)
