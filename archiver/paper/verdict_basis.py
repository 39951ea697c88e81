"""What a printed verdict says of its own ground: the very file, the policy, the anchors, and revocation."""

from __future__ import annotations

from archiver.paper.verdict_text import ENGLISH, FRENCH, VerdictText
from archiver.verdict import Basis, ExaminedFile, Verdict

Row = tuple[str, str, str]
"""A label (its lines one below the other), what it says in French, and the same in English, or nothing."""
MAX_ANCHORS = 8
"""Anchors that are printed; whoever accepts every root of a system has a hundred and fifty."""


def file_rows(basis: Basis) -> list[Row]:
    """Return which file it is: its digest and its size."""
    label = f"{FRENCH.file_digest}\n{ENGLISH.file_digest}"
    french, english = (size_of(basis.file, text) for text in (FRENCH, ENGLISH))
    if basis.file.size is None:
        return [(label, french, english)]
    return [(label, basis.file.sha256, ""), ("", french, english)]


def size_of(file: ExaminedFile, text: VerdictText) -> str:
    """Return the size of ``file`` in words, or why it has none."""
    return text.folder if file.size is None else text.size.format(size=file.size)


def basis_rows(basis: Basis, verdict: Verdict, document: str) -> list[Row]:
    """Return the policy, the anchors, and whether revocation was examined; ``document`` has all anchors."""
    policy = f"{basis.policy} ({basis.policy_issued.isoformat()})"
    french, english = (_revocation(verdict, text) for text in (FRENCH, ENGLISH))
    anchors = zip(_anchors(basis, FRENCH, document), _anchors(basis, ENGLISH, document), strict=True)
    label = f"{FRENCH.anchors}\n{ENGLISH.anchors}"
    return [
        (f"{FRENCH.policy}\n{ENGLISH.policy}", policy, ""),
        *((label if not place else "", *one) for place, one in enumerate(anchors)),
        (f"{FRENCH.revocation} / {ENGLISH.revocation}", french, english),
    ]


def _anchors(basis: Basis, text: VerdictText, document: str) -> list[str]:
    lines = [f"{text.services[one.service]} : {one.subject}, {one.sha256}" for one in basis.anchors]
    lines += [f"{text.fingerprint} : {one}" for one in basis.fingerprints]
    lines += [text.first_use] if basis.first_use else []
    more = len(lines) - MAX_ANCHORS
    if more > 0:
        lines = [*lines[:MAX_ANCHORS], text.more_anchors.format(more=more, document=document)]
    return lines or [text.no_anchor]


def _revocation(verdict: Verdict, text: VerdictText) -> str:
    return " ; ".join(
        f"{name} : {text.examined[answer.revocation]}"
        for name, answer in (
            (text.services["signers"], verdict.trusted),
            (text.services["time-stamps"], verdict.existed_at),
        )
    )
