"""What stays of a file without units: proven as far as the file before it was, and nothing less.

1. *Intact*, *complete* and *signed by* are proven, to whoever accepts the signers of the statements inside.
2. One that is not is what it is for the file before, too, and nobody can tell: the algorithm under the signature of the
   depositor has ended meanwhile. The term does not wait for that, and evidence of the file before goes on covering it.
   What is false is never taken, nor what was proven before and is not any more.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from archiver.package.checks.check_package import check
from archiver.signing.trust.anchors import Trust
from archiver.vault.disposal.errors import DestructionUnsound
from archiver.verdict import Answer, State, Verdict
from formats.errors import PlacedSentence


def require_sound(
    path: Path, before: Callable[[], AbstractContextManager[Path]], trust: Trust, package: str
) -> None:
    """Refuse the file at ``path`` when less of it is proven than of the one ``before``, which is opened when needed.

    Raises:
        DestructionUnsound: when it is; Failure: what a disk or a storage answered.
    """
    # 1. proven
    answers = _answers(check(path, trust))
    for answer in answers:
        if answer.state is State.REFUTED:
            raise _unsound(answer, package)
    if all(one.state is State.PROVEN for one in answers):
        return
    # 2. as before
    with before() as older:
        known = _answers(check(older, trust))
    for answer, one in zip(answers, known, strict=True):
        if answer.state is not State.PROVEN and (answer.state, answer.code) != (one.state, one.code):
            raise _unsound(answer, package)


def _answers(verdict: Verdict) -> tuple[Answer, Answer, Answer]:
    return verdict.intact, verdict.complete, verdict.signed_by


def _unsound(answer: Answer, package: str) -> DestructionUnsound:
    reason = PlacedSentence(answer.where, answer.sentence, answer.facts)
    return DestructionUnsound(package=package, reason=reason)
