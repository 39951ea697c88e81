"""Asking time-stamping authorities over HTTP (RFC 3161, 3.4): one after the other, until one answers.

Each is given one deadline, all its attempts included; ``archiver.evidence.exchange`` keeps it. Where a token has to
last, one under which something ends before is taken only when no authority gives a better one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from archiver.evidence.errors import NoTimestampAuthority, TimestampAuthorityRefused
from archiver.evidence.exchange import Silence, TooSlow, post
from archiver.evidence.query import Query, read_answer, write_query
from archiver.signing.errors import TokenInvalid
from archiver.signing.policy import AlgorithmPolicy, own_policy
from archiver.signing.signatures.tokens import examine_token, read_token
from archiver.signing.trust.anchors import Trust
from formats.digests import Digest
from formats.errors import Fact, PlacedSentence
from formats.words import mark

NONCE_BYTES = 8
"""Sixty-four bits: every authority takes them, and no answer fits a second question by chance."""
TIMEOUT = 30.0
"""Seconds for one authority: to look its name up, to connect, to the last byte, and to ask again."""
ATTEMPTS = 3
"""Times a silent authority is asked before the next one is."""
PAUSE = 2.0
"""Seconds before the second attempt, and twice as many before the third."""
MAX_CLOCK_DIFFERENCE = timedelta(hours=1)
"""How far the time of a token may be from the clock of this machine: a zone set wrongly is one of the two."""


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
    With a ``clock``, a token is refused whose time is not about that of the clock; with ``since``, one of an earlier
    time. ``lasting`` is how long everything under a token should last from its time.
    """

    listed: tuple[Authority, ...]
    random: Callable[[int], bytes]
    pause: Callable[[float], None]
    roots: tuple[bytes, ...] = ()
    policy: AlgorithmPolicy | None = None
    timeout: float = TIMEOUT
    clock: Callable[[], datetime] | None = None
    since: datetime | None = None
    lasting: timedelta = timedelta()

    def stamp(self, digest: Digest) -> bytes:
        """Return a token over ``digest`` from the first authority that gives a usable one.

        Raises:
            NoTimestampAuthority: when none does.
        """
        last = "-"
        reason: Fact = mark("there is none to ask")
        brief: list[tuple[datetime, bytes]] = []
        for authority in self.listed:
            try:
                token = self._ask(authority, digest)
                time = self._time_of(authority, token)
            except TimestampAuthorityRefused as failure:
                last, reason = authority.url, failure.facts["reason"]
                continue
            end = self._end_of(token, digest, time)
            if end - time >= self.lasting:
                return token
            brief.append((end, token))
        if brief:
            return max(brief)[1]
        raise NoTimestampAuthority(count=len(self.listed), authority=last, reason=reason)

    def _time_of(self, authority: Authority, token: bytes) -> datetime:
        """Return the time of ``token``, unless it cannot be true beside the clock and what was attested before."""
        time = read_token(token).time
        if self.clock is not None and abs(time - self.clock()) > MAX_CLOCK_DIFFERENCE:
            sentence = mark("it says {time}, and the clock of this machine {moment}")
            moment = self.clock().isoformat(timespec="seconds")
            raise _refusal(
                authority, PlacedSentence("", sentence, {"time": time.isoformat(), "moment": moment})
            )
        if self.since is not None and time < self.since:
            sentence = mark("it says {time}, which is before the time-stamp that it would renew: {other}")
            facts = {"time": time.isoformat(), "other": self.since.isoformat()}
            raise _refusal(authority, PlacedSentence("", sentence, facts))
        return time

    def _end_of(self, token: bytes, digest: Digest, time: datetime) -> datetime:
        """Return when the first thing under ``token`` ends."""
        policy = self.policy or own_policy()
        examined = examine_token(token, digest, Trust(at=time, tsa_roots=self.roots, policy=policy))
        return min(examined.end, *(policy.end(one) for one in examined.uses))

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
