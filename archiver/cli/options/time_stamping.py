"""Time-stamping authorities as the command line names them, and how far a command can judge their tokens."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence

from archiver.cli.terminal.console import note
from archiver.signing.trust.anchors import Service, Trust
from archiver.signing.validity import Stamping
from formats.words import mark

UNJUDGED = mark(
    "You accept no time-stamping authority yet (--tsa-roots): the signature, date and purpose of the "
    "time-stamp are judged, but not whose it is."
)


def stamping_of(urls: Sequence[str], trust: Trust) -> Stamping | None:
    """Return what asks the time-stamping authorities at ``urls``, if there are any."""
    return stamping_by(urls, trust) if urls else None


def stamping_by(urls: Sequence[str], trust: Trust) -> Stamping:
    """Return what asks the time-stamping authorities at ``urls``, in their order.

    A token is taken when readers of the same ``trust`` will accept it; what nobody can judge
    without roots is said before anything is done.
    """
    # only where a time-stamp is asked for: HTTP and TLS
    from archiver.evidence.tsa import Authorities, Authority

    roots = trust.anchors(Service.TIME_STAMPS, trust.at)
    if not roots:
        note(UNJUDGED)
    return Authorities(
        listed=tuple(Authority(url=one) for one in urls),
        random=secrets.token_bytes,
        pause=time.sleep,
        roots=roots,
        policy=trust.policy,
    ).stamp
