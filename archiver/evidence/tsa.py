"""Asking time-stamping authorities over HTTP (RFC 3161, 3.4): one after the other, until one answers.

Each is given one deadline, all its attempts included; ``archiver.evidence.exchange`` keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from archiver.evidence.errors import NoTimestampAuthority, TimestampAuthorityRefused
from archiver.evidence.exchange import Silence, TooSlow, post
from archiver.evidence.query import Query, read_answer, write_query
from archiver.signing.errors import TokenInvalid
from archiver.signing.policy import AlgorithmPolicy
from formats.digests import Digest
from formats.errors import Fact
from formats.words import mark

NONCE_BYTES = 8
"""Sixty-four bits: every authority takes them, and no answer fits a second question by chance."""
TIMEOUT = 30.0
"""Seconds for one authority: to look its name up, to connect, to the last byte, and to ask again."""
ATTEMPTS = 3
"""Times a silent authority is asked before the next one is."""
PAUSE = 2.0
"""Seconds before the second attempt, and twice as many before the third."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """A time-stamping authority: where it listens, and the policy (an object identifier) to ask it for."""

    url: str
    policy: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Authorities:
    """Time-stamping authorities to ask, in this order.

    ``roots`` (DER) are theirs, and without any every genuine token is taken; ``policy`` says until when
    algorithms are relied on.
    ``random`` gives as many bytes as it is asked for; ``pause`` waits that many seconds.
    """

    listed: tuple[Authority, ...]
    random: Callable[[int], bytes]
    pause: Callable[[float], None]
    roots: tuple[bytes, ...] = ()
    policy: AlgorithmPolicy | None = None
    timeout: float = TIMEOUT

    def stamp(self, digest: Digest) -> bytes:
        """Return a token over ``digest`` from the first authority that gives a usable one.

        Raises:
            NoTimestampAuthority: when none does.
        """
        last = "-"
        reason: Fact = mark("there is none to ask")
        for authority in self.listed:
            try:
                return self._ask(authority, digest)
            except TimestampAuthorityRefused as failure:
                last, reason = authority.url, failure.facts["reason"]
        raise NoTimestampAuthority(count=len(self.listed), authority=last, reason=reason)

    def _ask(self, authority: Authority, digest: Digest) -> bytes:
        """Return the token of ``authority``; silence is met with patience, a wrong answer is not."""
        fault: Silence = TooSlow()
        end = monotonic() + self.timeout
        for attempt in range(ATTEMPTS):
            if attempt:
                wait = PAUSE * 2 ** (attempt - 1)
                if monotonic() + wait > end:
                    break
                self.pause(wait)
            nonce = int.from_bytes(self.random(NONCE_BYTES), "big")
            query = Query(digest=digest, nonce=nonce, policy=authority.policy)
            try:
                return read_answer(
                    post(authority.url, write_query(query), end), query, self.roots, self.policy
                )
            except TokenInvalid as failure:
                raise _refusal(authority, failure.facts["reason"]) from failure
            except TooSlow as silence:
                raise _refusal(authority, silence.reason) from silence
            except Silence as silence:
                fault = silence
        raise _refusal(authority, fault.reason) from fault


def _refusal(authority: Authority, reason: Fact) -> TimestampAuthorityRefused:
    return TimestampAuthorityRefused(authority=authority.url, reason=reason)
