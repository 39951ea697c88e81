"""Time-stamps in SIGN.XML (SignatureTimeStamp, EN 319 132-1, 5.3): each is over ds:SignatureValue in canonical form.

Whether a token is what it says is judged by whoever can verify one (``OutsideJudge.judge_stamp``).
"""

from __future__ import annotations

import base64
import binascii

from formats.judging.documents import OutsideJudge
from formats.judging.judgement import ABSENT, Judging
from formats.judging.pdlgc.signature.algorithms import canonical_form
from formats.judging.pdlgc.signature.document import DEFAULT_CANONICAL, SignedDocument, ds
from formats.judging.pdlgc.signature.properties import xades
from formats.xml import Element

STAMP = "sign-stamp"
MAX_STAMPS = 10
"""Time-stamps of one signature; one from each of some authorities."""


def judge_stamps(
    document: SignedDocument, where: str, judging: Judging, outside: OutsideJudge | None
) -> None:
    """Judge every time-stamp of the signature; without one the rule is not examined."""
    stamps = list(document.root.iter(xades("SignatureTimeStamp")))
    if not stamps:
        judging.leave((STAMP,), ABSENT)
        return
    if len(stamps) > MAX_STAMPS:
        judging.check(STAMP, False, where, str(len(stamps)))
        return
    for one in stamps if outside is not None else ():
        _judge_stamp(one, document, f"{where}:{one.sourceline}", judging, outside)


def _judge_stamp(
    node: Element, document: SignedDocument, where: str, judging: Judging, outside: OutsideJudge | None
) -> None:
    method = node.find(ds("CanonicalizationMethod"))
    name = method.get("Algorithm", "") if method is not None else DEFAULT_CANONICAL
    stamped = canonical_form(document.value_node, name) if document.value_node is not None else None
    tokens = [_bytes_of(one.text) for one in node.findall(xades("EncapsulatedTimeStamp"))]
    if stamped is None or not tokens or not all(tokens) or outside is None:
        judging.check(STAMP, False, where, name if stamped is None else "EncapsulatedTimeStamp")
        return
    for token in tokens[:MAX_STAMPS]:
        outside.judge_stamp(token, stamped, where, judging)


def _bytes_of(text: str | None) -> bytes:
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
