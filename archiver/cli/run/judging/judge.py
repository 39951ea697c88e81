"""What ``archiver judge`` does and prints."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.cli.clock import now
from archiver.cli.exits import NONCONFORMING, SUCCESS, UNEXAMINED
from archiver.cli.terminal.console import print_line, progress, say, show_json
from archiver.cli.terminal.language import language, localize, translate_template
from archiver.compliance.report_page import open_page
from archiver.operations.judging.judge_file import JudgingRequest, judge_file
from archiver.operations.judging.judgement_page import JUDGEMENT_GENERATOR, judgement_page
from archiver.operations.judging.judgement_text import (
    OBLIGATIONS,
    RESULTS,
    count_texts,
    of_state,
    place_texts,
    profile_sentences,
    rule_text,
    words_in,
)
from formats.judging.judgement import Conformity, Judgement, RuleState, judgement_document
from formats.words import mark

if TYPE_CHECKING:
    from archiver.operations.judging.judge_signer import AcceptedAuthorities

STATUSES = {
    Conformity.CONFORMS: SUCCESS,
    Conformity.BROKEN: NONCONFORMING,
    Conformity.UNEXAMINED: UNEXAMINED,
}
"""How the command ends, by what the rules together come to."""
PLACES_ON_SCREEN = 5


def run(request: JudgingRequest, *, page: Path | None, as_json: bool) -> int:
    """Judge, print what became of every rule, and return the exit status."""
    with ExitStack() as results:
        sheet = results.enter_context(open_page(page, JUDGEMENT_GENERATOR)) if page else None
        with progress(mark("Judging")) as step:
            judgement = judge_file(request, progress=step)
        if sheet:
            sheet.writelines(judgement_page(judgement, translate_template, language(), written_at=now()))
    if as_json:
        show_json(judgement_document(judgement))
    else:
        _show(judgement)
        if page:
            say(mark("Written: {path}."), path=str(page))
    return STATUSES[judgement.conformity]


def authorities(roots: Sequence[Path], lists: Sequence[Path]) -> AcceptedAuthorities:
    """Return whom a person accepts, read from files.

    Raises:
        KeyUnreadable, RevocationUnreadable, LimitExceeded, DiskFault: when one cannot be read.
    """
    # only where whose a signature is is judged: path validation takes longer to load than all the rest
    from archiver.operations.judging.judge_signer import AcceptedAuthorities
    from archiver.signing.certificates.reading import read_roots
    from archiver.signing.revocation.sources import read_sources

    return AcceptedAuthorities(
        roots=tuple(one for path in roots for one in read_roots(path)),
        lists=read_sources(lists, ()).lists,
        now=now(),
    )


def _show(judgement: Judgement) -> None:
    for one in of_state(judgement, RuleState.FAILED):
        rule = one.rule
        print_line(
            f"✗ {localize(OBLIGATIONS[rule.obligation])} · {rule.clause} · {rule_text(one, language())} [{rule.id}]"
        )
        for text in place_texts(one, judgement.name, PLACES_ON_SCREEN, translate_template):
            print_line(f"    {text}")
    unexamined = of_state(judgement, RuleState.UNEXAMINED)
    if unexamined:
        say(mark("Not examined:"))
    for one in unexamined:
        print_line(f"? {one.rule.clause} · {one.rule.id}: {words_in(one.reason, language())}")
    passed = of_state(judgement, RuleState.PASSED)
    if passed:
        say(mark("Kept:"))
    for one in passed:
        print_line(f"✓ {one.rule.clause} · {words_in(one.rule.words, language())} [{one.rule.id}]")
    for sentence, facts in profile_sentences(judgement, language()):
        say(sentence, **facts)
    print_line(" · ".join(count_texts(judgement, translate_template)))
    say(RESULTS[judgement.conformity])
