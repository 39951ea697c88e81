"""What the ``verify`` command does, and whom commands accept as a signer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import typer

from archiver.cli.clock import now
from archiver.cli.console import progress, show_findings, show_json
from archiver.cli.exits import SUCCESS, UNDECIDED, status_of
from archiver.cli.language import tell
from archiver.cli.shapes import verdict_json
from archiver.package.check import check
from archiver.signing.certificates import plain_fingerprint, read_roots
from archiver.signing.trust import Trust
from archiver.verdict import Answer, State, Verdict
from formats.words import mark

QUESTIONS = {
    "intact": mark("Intact"),
    "complete": mark("Complete"),
    "signed_by": mark("Signed by"),
    "existed_at": mark("Existed at"),
    "trusted": mark("Trusted"),
}
STATES = {State.PROVEN: mark("proven"), State.REFUTED: mark("REFUTED"), State.UNKNOWN: mark("unknown")}
COLOURS = {State.PROVEN: "green", State.REFUTED: "red", State.UNKNOWN: "yellow"}


def trust(roots: Path | None, fingerprints: Sequence[str], at: datetime | None) -> Trust:
    """Return whom the person accepts; a moment without a zone is in the machine's own."""
    return Trust(
        at=at.astimezone() if at else now(),
        roots=read_roots(roots) if roots else (),
        fingerprints=frozenset(map(plain_fingerprint, fingerprints)),
    )


def run(package: Path, accepted: Trust, *, as_json: bool) -> int:
    """Examine, print the verdict, and return the exit status."""
    size = package.stat().st_size if package.is_file() else None
    with progress(mark("Verifying"), total=size, unit="B") as step:
        verdict = check(package, accepted, progress=step)
    if as_json:
        show_json(verdict_json(verdict, package=str(package), at=accepted.at.isoformat()))
    else:
        _show(verdict)
    return status(verdict)


def status(verdict: Verdict) -> int:
    """Return 0 when all but the date is proven, the first failure's status, or ``UNDECIDED``."""
    if verdict.refusal is not None:
        return status_of(verdict.refusal)
    asked = (verdict.intact, verdict.complete, verdict.signed_by, verdict.trusted)
    return SUCCESS if all(answer.state is State.PROVEN for answer in asked) else UNDECIDED


def _show(verdict: Verdict) -> None:
    titles = {question: tell(title) for question, title in QUESTIONS.items()}
    width = max(map(len, titles.values()))
    for question, answer in verdict.answers():
        word = typer.style(f"{tell(STATES[answer.state]):<9}", fg=COLOURS[answer.state])
        typer.echo(f"  {titles[question]:<{width}}  {word}  {_told(answer)}")
    show_findings(verdict.findings)


def _told(answer: Answer) -> str:
    text = tell(answer.sentence, **answer.facts)
    place = f" ({answer.where})" if answer.where and answer.state is State.REFUTED else ""
    code = f" [{answer.code}]" if answer.state is not State.PROVEN else ""
    return text + place + code
