"""What time does to a signature: time-stamps, ends of certificates, revocations, and the moment asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from archiver.signing.errors import SignatureInvalid
from archiver.signing.revocation.judgement import sources_by_path
from archiver.signing.revocation.sources import NO_SOURCES, Sources
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.signatures.cades import examine_signature, sign_manifest
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State
from tests.authorities import END, START, der, practitioners
from tests.packages import SIGNED
from tests.tsa import authority

DATA = b"<the list/>"
STAMPED = SIGNED + timedelta(minutes=5)
LATER = datetime(2041, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LATE = SIGNED + 3 * DAY


def ours():
    return practitioners()


def tsa(end=2100):
    return authority("Horodatage Exemple", 2026, end)


def lists(*made):
    return Sources(lists=made)


def signed(*, stamp=True, sources=NO_SOURCES, end=2100):
    stamping = tsa(end).at(STAMPED) if stamp else None
    return sign_manifest(DATA, ours().signer(), at=SIGNED, stamp=stamping, sources=sources)


def asked(signature, at, *, stamper=True, signer=True, end=2100, **kinds):
    roots = (der(ours().root),) if signer else ()
    tsa_roots = tsa(end).roots if stamper else ()
    return answer_signature(
        signature, DATA, Trust(at=at, roots=roots, tsa_roots=tsa_roots, **kinds), where="s"
    )


def codes(answers):
    return answers.existed_at.code, answers.trusted.code


@pytest.fixture(scope="module")
def stamped():
    return signed()


@pytest.fixture(scope="module")
def bare():
    return signed(stamp=False)


@pytest.mark.parametrize(("at", "expected"), [
    (START - DAY, "certificate-ended"),
    (SIGNED, "accepted-named"),
    (END - DAY, "accepted-named"),
    (END + DAY, "certificate-ended"),
    (LATER, "certificate-ended"),
])  # fmt: skip
def test_without_a_time_stamp_a_signature_dies_with_its_certificate(bare, at, expected):
    assert codes(asked(bare, at)) == ("no-timestamp", expected)


@pytest.mark.parametrize(("at", "expected"), [
    (START - DAY, ("timestamp-later", "certificate-ended")),
    (SIGNED, ("timestamp-later", "accepted-named")),
    (END - DAY, ("timestamped", "accepted-named")),
    (END + DAY, ("timestamped", "accepted-named")),
    (LATER, ("timestamped", "accepted-named")),
])  # fmt: skip
def test_a_proven_time_stamp_keeps_it(stamped, at, expected):
    assert codes(asked(stamped, at)) == expected


def test_a_proven_time_stamp_says_when(stamped):
    answers = asked(stamped, LATER)
    assert answers.existed_at.state is State.PROVEN
    assert answers.existed_at.facts == {
        "authority": "Horodatage Exemple",
        "moment": STAMPED.isoformat(),
    }


def test_a_time_stamp_of_nobody_accepted_keeps_nothing(stamped):
    assert codes(asked(stamped, END - DAY, stamper=False)) == ("timestamp-untrusted", "accepted-named")
    found = asked(stamped, LATER, stamper=False)
    assert codes(found) == ("timestamp-untrusted", "stamp-unproven")
    assert found.trusted.state is State.UNKNOWN


def test_a_time_stamp_whose_authority_ended_keeps_nothing_unless_renewed():
    signature = signed(end=2035)
    assert codes(asked(signature, datetime(2034, 1, 1, tzinfo=UTC), end=2035)) == (
        "timestamped",
        "accepted-named",
    )
    assert codes(asked(signature, LATER, end=2035)) == ("timestamp-ended", "stamp-unproven")
    trust = Trust(at=LATER, roots=(der(ours().root),), tsa_roots=tsa(2035).roots)
    renewed = answer_signature(
        signature, DATA, trust, where="s", proven_at=[datetime(2034, 1, 1, tzinfo=UTC)]
    )
    assert codes(renewed) == ("timestamped", "accepted-named")


def test_what_is_proven_outside_counts_without_any_time_stamp(bare):
    trust = Trust(at=LATER, roots=(der(ours().root),))
    assert (
        answer_signature(bare, DATA, trust, where="s", proven_at=[END - DAY]).trusted.code == "accepted-named"
    )
    assert (
        answer_signature(bare, DATA, trust, where="s", proven_at=[END + DAY]).trusted.code
        == "certificate-ended"
    )


def test_a_fingerprint_accepts_what_was_time_stamped_in_time(stamped, bare):
    own = frozenset({ours().signer().fingerprint})
    assert asked(stamped, LATER, signer=False, fingerprints=own).trusted.code == "accepted"
    assert asked(bare, LATER, signer=False, fingerprints=own).trusted.code == "certificate-ended"


# -- revocations --------------------------------------------------------------------------


def leaf():
    return ours().signer().certificate


def response(**kinds):
    return Sources(responses=(ours().response(leaf(), at=SIGNED, **kinds),))


def revoked(moment, *, at=SIGNED, days=7):
    return ours().revocations((leaf(), moment), at=at, days=days)


@pytest.mark.parametrize(("sources", "stamp", "at", "expected"), [
    (lambda: lists(ours().revocations(at=SIGNED)), False, SIGNED + DAY, "accepted-named"),
    (lambda: lists(ours().revocations(at=SIGNED)), True, LATER, "accepted-named"),
    # the list told nothing after a week, and no time-stamp proves that it was signed before
    (lambda: lists(ours().revocations(at=SIGNED)), False, SIGNED + 30 * DAY, "revocation-stale"),
    (lambda: lists(revoked(SIGNED - DAY)), True, SIGNED + DAY, "certificate-revoked"),
    (lambda: lists(revoked(SIGNED - DAY)), True, LATER, "certificate-revoked"),
    (lambda: lists(revoked(SIGNED - DAY)), False, SIGNED + DAY, "certificate-revoked"),
    # revoked later: harmless after a proven time-stamp, and before that moment
    (lambda: lists(revoked(LATE, at=LATE + DAY)), True, LATER, "accepted-named"),
    (lambda: lists(revoked(LATE, at=LATE + DAY)), False, LATE + 2 * DAY, "certificate-revoked"),
    (lambda: lists(revoked(LATE, at=LATE + DAY)), False, SIGNED + DAY, "accepted-named"),
    # the authority above was revoked by the root
    (
        lambda: lists(ours().revocations((der(ours().above), SIGNED - DAY), at=SIGNED, by_root=True)),
        False, SIGNED + DAY, "certificate-revoked",
    ),
    # a list of strangers says nothing, and somebody put it there to be heeded
    (lambda: lists(practitioners("Autre").revocations(at=SIGNED)), False, SIGNED, "revocation-unusable"),
    (response, False, SIGNED + DAY, "accepted-named"),
    (lambda: response(delegated=False), True, LATER, "accepted-named"),
    (response, False, SIGNED + 9 * DAY, "revocation-stale"),
    (
        lambda: Sources(responses=(ours().response(leaf(), at=SIGNED, revoked=SIGNED - DAY),)),
        True, LATER, "certificate-revoked",
    ),
    (
        lambda: Sources(
            lists=(ours().revocations(at=SIGNED), ours().revocations(at=SIGNED, by_root=True)),
            responses=(ours().response(leaf(), at=SIGNED),),
        ),
        True, LATER, "accepted-named",
    ),
])  # fmt: skip
def test_revocations_inside(sources, stamp, at, expected):
    assert asked(signed(stamp=stamp, sources=sources()), at).trusted.code == expected


@pytest.mark.parametrize("damage", [0, 1])
def test_a_list_nobody_made_is_unusable(damage):
    made = bytearray(ours().revocations(at=SIGNED))
    made[-1 - damage] ^= 1
    assert (
        asked(signed(stamp=False, sources=lists(bytes(made))), SIGNED).trusted.code == "revocation-unusable"
    )


def test_a_revoked_authority_of_time_stamps_proves_no_time():
    for moment in (STAMPED - DAY, STAMPED + DAY):  # a later one too: it could have been dated back
        signature = signed(sources=lists(tsa().revocations(moment), ours().revocations(at=SIGNED)))
        found = asked(signature, SIGNED + 2 * DAY)
        assert codes(found) == ("timestamp-authority-revoked", "accepted-named")
        assert found.existed_at.state is State.UNKNOWN
        # without a time-stamp the certificate's own end counts again
        assert asked(signature, LATER).trusted.code == "certificate-ended"


def test_a_list_about_the_time_stamp_is_no_fault_of_the_signer():
    signature = signed(sources=lists(tsa().revocations(LATER)))
    assert codes(asked(signature, SIGNED + DAY)) == ("timestamped", "accepted-named")
    assert codes(asked(signature, SIGNED + DAY, stamper=False)) == ("timestamp-untrusted", "accepted-named")


def test_sources_go_where_they_belong():
    first, second = ours().signer(), practitioners("Autre").signer("Dr Paul Inconnu")
    own = ours().revocations(at=SIGNED)
    other = practitioners("Autre").response(second.certificate, at=SIGNED)
    stampers = tsa().revocations(LATER)
    everything = Sources(lists=(own, stampers), responses=(other,))
    shares = sources_by_path(everything, [(one.certificate, *one.chain) for one in (first, second)])
    assert everything.lists == (own, stampers)
    assert shares == [Sources(lists=(own, stampers)), Sources(lists=(stampers,), responses=(other,))]


# -- nothing inside can be changed unnoticed ----------------------------------------------


@pytest.mark.parametrize("step", range(4))
def test_no_flipped_bit_leaves_everything_proven(step):
    sources = Sources(lists=(ours().revocations(at=SIGNED),), responses=(ours().response(leaf(), at=SIGNED),))
    signature = signed(sources=sources)
    at = SIGNED + DAY
    before = asked(signature, at)
    assert codes(before) == ("timestamped", "accepted-named")
    unnoticed = []
    for position in range(step, len(signature), 4 * 7):
        broken = bytearray(signature)
        broken[position] ^= 1 << (position // 8) % 8
        after = asked(bytes(broken), at)
        if {after.signed_by.state, after.existed_at.state, after.trusted.state} == {State.PROVEN}:
            unnoticed.append(position)
    assert unnoticed == []


def test_something_else_among_the_lists_is_refused():
    sources = Sources(responses=(ours().response(leaf(), at=SIGNED),))
    with_response = signed(stamp=False, sources=sources)
    known, unknown = bytes.fromhex("06082b06010505071002"), bytes.fromhex("06082b06010505071004")
    assert with_response.count(known) == 1
    with pytest.raises(SignatureInvalid, match="no revocation list"):
        examine_signature(with_response.replace(known, unknown), DATA, Trust(at=SIGNED))
