"""Which algorithms are verified, which are not known, and which ended: only what is false is refuted."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from archiver.signing.signatures.answers import answer_signature
from archiver.signing.signatures.co_signature import combine_answers
from archiver.signing.trust.anchors import Trust
from archiver.verdict import NOT_EXAMINED, Revocation, State
from tests.vectors.generator import cms, people
from tests.vectors.generator.der import oid, seq, tlv

DATA = b"<the list/>"
ROOTS = (people.root().der,)
TRUST = Trust(at=people.SIGNED, roots=ROOTS, tsa_roots=ROOTS)
KEYS = {
    "ed25519": people.ed25519_key,
    "mldsa": people.mldsa_key,
    "rsa": lambda label: people.rsa_key(label, 3072),
}
MADE = pytest.mark.parametrize(
    ("kind", "options"),
    [("ed25519", {"digest": "sha512"}), ("mldsa", {"digest": "sha512"}), ("rsa", {"pss": True}), ("rsa", {})],
)


def somebody(kind, **options):
    label = f"{kind} {sorted(options)}"
    return people.person(label, issuer=people.root(), own=KEYS[kind](label), **options)


def asked(signature, trust=TRUST):
    return answer_signature(signature, DATA, trust, where="s")


def states(answers):
    return [one.state for one in (answers.signed_by, answers.existed_at, answers.trusted)]


@MADE
def test_who_signs_with_it(kind, options):
    by = somebody(kind)
    assert states(asked(cms.signature(DATA, by=by, **options))) == [State.PROVEN] * 3
    spoiled = asked(cms.signature(DATA, by=by, spoiled=True, **options)).signed_by
    assert (spoiled.state, spoiled.indication.sub) == (State.REFUTED, "SIG_CRYPTO_FAILURE")


@MADE
def test_who_stamps_with_it(kind, options):
    by = somebody(kind, stamps=True)
    answers = asked(cms.signature(DATA, stamping={"by": by, **options}))
    assert states(answers) == [State.PROVEN] * 3
    assert answers.existed_at.code == "timestamped"
    spoiled = asked(cms.signature(DATA, stamping={"by": by, "spoiled": True, **options}))
    assert (spoiled.existed_at.state, spoiled.existed_at.code) == (State.REFUTED, "timestamp-invalid")


@pytest.mark.parametrize("kind", ["ed25519", "mldsa"])
def test_who_issues_certificates_with_it(kind):
    authority = somebody(kind, authority=True)
    by = people.person(f"Dr sous {kind}", issuer=authority)
    inside = [by.der, authority.der]
    assert states(asked(cms.signature(DATA, by=by, certificates=inside))) == [State.PROVEN] * 3


UNKNOWN = pytest.mark.parametrize("options", [{"stated_algorithm": cms.NOBODYS}, {"digest": "nobody's"}])


@UNKNOWN
def test_what_nobody_here_knows_is_no_failure(options):
    found = asked(cms.signature(DATA, **options)).signed_by
    assert (found.state, found.code) == (State.UNKNOWN, "signature-algorithm-unknown")
    assert found.indication.text == "INDETERMINATE / CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    assert found.failure is not None  # nothing is opened with it
    assert cms.NOBODYS[:-1] in found.text


@UNKNOWN
def test_the_time_stamp_of_a_signature_that_nobody_here_can_verify_is_judged(options):
    def existed(trust=TRUST, **more):
        answers = asked(cms.signature(DATA, **options, **more), trust)
        assert answers.signed_by.code == "signature-algorithm-unknown"
        return answers.existed_at

    good = existed()
    assert (good.state, good.code) == (State.UNKNOWN, "timestamp-signature-unknown")
    assert good.facts["moment"] == asked(cms.signature(DATA)).existed_at.facts["moment"]
    assert good.revocation is Revocation.NOT_EXAMINED
    assert existed(stamp=False).code == "no-timestamp"
    assert existed(Trust(at=people.SIGNED, roots=ROOTS)).code == "timestamp-untrusted"
    early = existed(Trust(at=people.SIGNED - timedelta(days=1), roots=ROOTS, tsa_roots=ROOTS))
    assert early.code == "timestamp-later"
    for flaw in ({"stamping": {"spoiled": True}}, {"stamp_over": b"another signature"}):
        false = existed(**flaw)
        assert (false.state, false.code) == (State.REFUTED, "timestamp-invalid")


@UNKNOWN
def test_what_another_signature_proves_is_not_undone(options):
    unread, good = asked(cms.signature(DATA, **options)), asked(cms.signature(DATA))
    for both in (combine_answers(unread, good), combine_answers(good, unread)):
        assert (both.existed_at, both.signed_by.code) == (good.existed_at, "signature-algorithm-unknown")
    nothing = replace(unread, existed_at=NOT_EXAMINED)  # its list is under an unknown hash function
    assert combine_answers(good, nothing).existed_at == good.existed_at
    false = asked(cms.signature(DATA, **options, stamping={"spoiled": True}))
    assert combine_answers(good, false).existed_at.state is State.REFUTED


@UNKNOWN
def test_a_time_stamp_with_what_nobody_here_knows(options):
    answers = asked(cms.signature(DATA, stamping=options))
    assert (answers.existed_at.state, answers.existed_at.code) == (
        State.UNKNOWN,
        "timestamp-algorithm-unknown",
    )
    # and the other answers are what they are without it
    assert states(answers)[::2] == [State.PROVEN, State.PROVEN]


def test_a_form_of_revocations_that_nobody_here_knows():
    form = tlv(0xA1, oid("1.2.3.4") + seq())
    answers = asked(cms.signature(DATA, stamping={"crls": [form], "version": 5}))
    assert answers.existed_at.code == "timestamp-algorithm-unknown"
    assert answers.trusted.state is State.PROVEN


@pytest.mark.parametrize("digest", ["sha1", "sha224"])
def test_a_digest_that_ended_is_judged_by_the_policy(digest):
    late = Trust(at=people.SIGNED.replace(year=2030), roots=ROOTS)
    found = asked(cms.signature(DATA, digest=digest, stamp=False), late).signed_by
    assert (found.state, found.code) == (State.UNKNOWN, "signature-algorithm-ended")
    assert digest in found.text


def test_the_imprint_of_a_time_stamp_is_judged_by_the_policy():
    options = {"digest": "sha256", "imprinted": "sha1"}
    answers = asked(cms.signature(DATA, stamping=options))
    assert (answers.existed_at.state, answers.existed_at.code) == (State.UNKNOWN, "timestamp-algorithm-ended")


def test_the_first_end_is_what_has_to_be_met():
    """What is to be done before, is told by the imprint too: it ends before the signature and the certificates do."""
    holds = asked(cms.signature(DATA, stamping={"imprinted": "sha224"})).holds
    assert (holds.algorithm, holds.until.year) == ("sha224", 2029)


# -- certificates -------------------------------------------------------------------------

EC_KEY, P_256, ECDSA_256 = (
    bytes.fromhex(one) for one in ("2a8648ce3d0201", "2a8648ce3d030107", "2a8648ce3d040302")
)


@dataclass(frozen=True, kw_only=True)
class Changed(people.Person):
    """Somebody in whose certificate one object identifier is another one, which names nothing."""

    identifier: bytes = EC_KEY

    @property
    def der(self):
        return super().der.replace(self.identifier, self.identifier[:-1] + b"\x63")


def changed(identifier, **options):
    by = people.person(f"Dr {identifier.hex()}", issuer=people.root(), **options)
    return Changed(key=by.key, certificate=by.certificate, above=by.above, identifier=identifier)


@pytest.mark.parametrize("identifier", [EC_KEY, P_256])
def test_a_kind_of_key_or_a_curve_that_nobody_here_knows(identifier):
    found = asked(cms.signature(DATA, by=changed(identifier))).signed_by
    assert (found.state, found.code) == (State.UNKNOWN, "signature-algorithm-unknown")
    answers = asked(cms.signature(DATA, stamping={"by": changed(identifier, stamps=True)}))
    assert (answers.existed_at.state, answers.existed_at.code) == (
        State.UNKNOWN,
        "timestamp-algorithm-unknown",
    )
    assert answers.trusted.state is State.PROVEN


def test_a_certificate_signed_with_what_nobody_here_knows():
    found = asked(cms.signature(DATA, by=changed(ECDSA_256), stamp=False))
    assert found.signed_by.state is State.PROVEN
    assert (found.trusted.state, found.trusted.code) == (State.UNKNOWN, "certificate-algorithm-unknown")
    assert "1.2.840.10045.4.3.99" in found.trusted.text
    assert found.trusted.failure is not None
