"""Asking an authority: the real openssl behind real HTTP on this machine, and authorities that fail."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from archiver.evidence.errors import NoTimestampAuthority, TimestampAuthorityRefused
from archiver.evidence.query import MAX_ANSWER_BYTES
from archiver.evidence.tsa import ATTEMPTS, Authorities, Authority
from archiver.signing.signatures.tokens import read_token
from formats.digests import SHA256, SHA384, SHA512, Digest
from tests.french import in_french
from tests.packages import counted
from tests.tsa import OTHER_POLICY, POLICY, LocalAuthority, authority, changed, listening, openssl_verify

DIGEST = Digest.of(b"the root")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def good(query):
    return 200, authority().reply(query, NOW)


def asked(*urls, policy="", roots=None, timeout=5.0, paused=None):
    pauses = [] if paused is None else paused
    return Authorities(
        listed=tuple(Authority(url=url, policy=policy) for url in urls),
        random=counted(b"nonces"),
        pause=pauses.append,
        roots=authority().roots if roots is None else roots,
        timeout=timeout,
    )


def refusal(*urls, **options):
    """Return what was said when nobody gave a token."""
    with pytest.raises(NoTimestampAuthority) as caught:
        asked(*urls, **options).stamp(DIGEST)
    assert caught.value.facts["count"] == len(urls)
    return f"{caught.value} {in_french(caught.value)}"


@pytest.mark.parametrize("algorithm", [SHA256, SHA384, SHA512])
def test_a_token_is_given(algorithm):
    digest = Digest.of(b"the root", algorithm=algorithm)
    with listening(good) as url:
        token = asked(url).stamp(digest)
    found = read_token(token)
    assert (found.imprint, found.time, found.policy) == (digest, NOW, POLICY)
    assert "Verification: OK" in openssl_verify(token, digest, authority(), NOW)


def test_the_token_is_cut_out_byte_for_byte():
    answers = []

    def record(query):
        answers.append(good(query)[1])
        return 200, answers[-1]

    with listening(record) as url:
        token = asked(url).stamp(DIGEST)
    assert answers[0].endswith(token)


def test_a_policy_that_was_asked_for_is_followed():
    with listening(good) as url:
        assert read_token(asked(url, policy=OTHER_POLICY).stamp(DIGEST)).policy == OTHER_POLICY
    with listening(lambda query: good(changed(query, req_policy=POLICY))) as url:
        assert "another policy" in refusal(url, policy=OTHER_POLICY)


def test_every_question_has_a_number_of_its_own():
    with listening(good) as url:
        desk = asked(url)
        assert read_token(desk.stamp(DIGEST)).nonce != read_token(desk.stamp(DIGEST)).nonce


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda _: (200, b"<html>Welcome</html>"), "cannot be read"),
        (lambda _: (200, b""), "cannot be read"),
        (lambda query: (200, good(query)[1] + b"\x00"), "cannot be read"),
        (lambda query: (200, good(query)[1][:-1]), "cannot be read"),
        (lambda query: good(changed(query, nonce=7)), "another question"),
        (lambda query: good(changed(query, nonce=None)), "another question"),
        (lambda _: (403, b"no"), "HTTP 403"),
        (lambda _: (302, b""), "HTTP 302"),
        (lambda _: (200, bytes(MAX_ANSWER_BYTES + 1)), "longer than any token"),
        (
            lambda query: good(
                changed(
                    query,
                    message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)},
                )
            ),
            "something else",
        ),
        (lambda query: good(changed(query, req_policy="1.2.3.4.9")), "refused"),
        (lambda query: good(changed(query, cert_req=False)), "certificates are missing"),
        (lambda query: (200, authority().reply(query, datetime(2101, 1, 1, tzinfo=UTC))), "not valid when"),
        (lambda query: (200, authority("Autre").reply(query, NOW)), "have not accepted"),
    ],
)
def test_a_wrong_answer_is_refused_at_once(answer, reason):
    asking = count()

    def counting(query):
        next(asking)
        return answer(query)

    with listening(counting) as url:
        assert reason in refusal(url)
    assert next(asking) == 1


def test_a_changed_signature_is_refused():
    def spoiled(query):
        answer = bytearray(good(query)[1])
        answer[-1] ^= 1
        return 200, bytes(answer)

    with listening(spoiled) as url:
        assert "did not make it" in refusal(url) or "cannot be read" in refusal(url)


def test_a_token_of_an_algorithm_that_has_ended_is_refused():
    """RSA of 2048 bits is relied on until 2029 (ETSI TS 119 312): no reader would take the token."""
    key = rsa.generate_private_key(65537, 2048)
    stamper = LocalAuthority(
        "Ancien", datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC), key=key
    )
    for year, taken in ((2028, True), (2030, False)):
        moment = datetime(year, 6, 1, tzinfo=UTC)
        with listening(lambda query, moment=moment: (200, stamper.reply(query, moment))) as url:
            if taken:
                assert asked(url, roots=stamper.roots).stamp(DIGEST)
            else:
                assert "no longer relied on" in refusal(url, roots=stamper.roots)


def test_without_roots_any_genuine_token_is_taken():
    with listening(lambda query: (200, authority("Autre").reply(query, NOW))) as url:
        assert asked(url, roots=()).stamp(DIGEST)


def test_a_silent_authority_is_asked_again():
    turns = count()
    paused = []
    with listening(lambda query: (503, b"later") if next(turns) < 2 else good(query)) as url:
        assert asked(url, paused=paused).stamp(DIGEST)
    assert paused == [2.0, 4.0]


def test_the_next_one_is_asked_when_one_stays_silent():
    turns = count()

    def broken(_query):
        next(turns)
        return 500, b"sorry"

    with listening(broken) as first, listening(good) as second:
        assert asked(first, second).stamp(DIGEST)
    assert next(turns) == ATTEMPTS


def test_nobody_answers():
    assert "none to ask" in refusal()
    assert "http://" in refusal("ftp://127.0.0.1/tsa")
    assert "none is sent" in refusal("http://anne:secret@127.0.0.1:9/tsa")
    with listening(lambda _: (500, b"")) as first, listening(lambda _: (200, b"?")) as second:
        assert "HTTP 500" in refusal(second, first)
    assert (
        "it cannot be reached" in (text := refusal("http://127.0.0.1:9/tsa"))
        and "la connexion n’aboutit pas" in text
    )


def test_a_slow_authority_is_left():
    def slow(query):
        time.sleep(1)
        return good(query)

    with listening(slow) as url:
        text = refusal(url, timeout=0.1)
        assert "did not answer in time" in text and "pas répondu à temps" in text


def test_one_refusal_names_its_authority():
    with pytest.raises(TimestampAuthorityRefused, match="ftp://one"):
        asked()._ask(Authority(url="ftp://one/tsa"), DIGEST)
