"""A time-stamp of a signature judged: a token of RFC 3161, over this signature, made by the certificate that it names.

Who that authority is, is not judged: no roots of time-stamping authorities are given.
"""

from __future__ import annotations

from archiver.signing.errors import TokenInvalid
from archiver.signing.signatures.tokens import examine_token, read_token
from archiver.signing.trust.anchors import Trust
from formats.digests import Digest
from formats.errors import Failure
from formats.judging.judgement import Judging
from formats.judging.pdlgc.signature.stamps import STAMP
from formats.words import mark

MIN_IMPRINT_BYTES = 32
"""SHA-256 and more."""


def judge_stamp(token: bytes, stamped: bytes, where: str, judging: Judging) -> None:
    """Judge ``token`` (DER) as a time-stamp over ``stamped``."""
    try:
        known = read_token(token)
        algorithm = known.imprint.algorithm
        judging.check("sign-algorithms", algorithm.size >= MIN_IMPRINT_BYTES, where, "messageImprint")
        imprint = Digest.of(stamped, algorithm=algorithm)
        if imprint != known.imprint:
            raise TokenInvalid(reason=mark("it stamps something else"))
        genuine = examine_token(token, imprint, Trust(at=known.time)).stamp.genuine
    except Failure as fault:
        judging.check(STAMP, False, where, fault)
        return
    judging.check(STAMP, genuine, where, known.time.isoformat())
