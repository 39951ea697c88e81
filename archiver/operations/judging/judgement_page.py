"""A judgement as a page for the person at a vendor: what is broken and where, what was not examined, the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from archiver import __version__
from archiver.compliance.report_page import ReportTable, table_page, table_style
from archiver.operations.judging.judgement_text import (
    NEVER_WHOLE,
    NO_CERTIFICATE,
    OBLIGATIONS,
    RESULTS,
    Translate,
    count_texts,
    of_state,
    place_texts,
    profile_sentences,
    rule_text,
    words_in,
)
from formats.errors import in_words
from formats.judging.judgement import Judgement, RuleState, RuleVerdict
from formats.printable import printable
from formats.words import mark

JUDGEMENT_GENERATOR = "archiver judge"
"""What the head of the page says made it, by which an earlier one is known."""
PLACES_ON_PAGE = 20
STYLE = "td { white-space: pre-line; } td:nth-child(2), td:nth-child(3) { white-space: nowrap; }\n"
"""One place a line; clause and obligation are not cut."""
TITLE = mark("Judgement of {name}")
WRITTEN_BY = mark("Written by archiver {version} on {moment}.")


def judgement_page(
    judgement: Judgement, translate: Translate, language: str, *, written_at: datetime
) -> Iterator[bytes]:
    """Yield the page in UTF-8."""

    def say(sentence: str, **facts: object) -> str:
        return in_words(sentence, {name: str(fact) for name, fact in facts.items()}, translate)

    about = [
        say(RESULTS[judgement.conformity]),
        " · ".join(count_texts(judgement, translate)),
        *(in_words(sentence, facts, translate) for sentence, facts in profile_sentences(judgement, language)),
        say(NEVER_WHOLE),
        *([say(NO_CERTIFICATE)] if judgement.kind == "pdlgc" else ()),
        say(WRITTEN_BY, version=__version__, moment=f"{written_at:%Y-%m-%d %H:%M}"),
    ]
    tables = list(_tables(judgement, translate, language))
    title = say(TITLE, name=printable(judgement.name))
    style = table_style() + STYLE
    return table_page(title, about, tables, language, style=style, generator=JUDGEMENT_GENERATOR)


def _tables(judgement: Judgement, translate: Translate, language: str) -> Iterator[ReportTable]:
    columns: dict[RuleState, tuple[str, str, Callable[[RuleVerdict], str]]] = {
        RuleState.FAILED: (
            mark("Rules that are broken, remarks and advice"),
            mark("where, and what stands there"),
            lambda one: "\n".join(place_texts(one, judgement.name, PLACES_ON_PAGE, translate)),
        ),
        RuleState.UNEXAMINED: (
            mark("Rules that were not examined"),
            mark("why"),
            lambda one: words_in(one.reason, language),
        ),
        RuleState.PASSED: (
            mark("Rules that are kept"),
            mark("places examined"),
            lambda one: str(one.examined),
        ),
    }
    for state, (title, last, cell) in columns.items():
        found = of_state(judgement, state)
        if found:
            heading = (mark("rule"), mark("clause"), mark("obligation"), last, mark("code"))
            yield ReportTable(
                title=f"{translate(title)} ({len(found)})",
                heading=[translate(one) for one in heading],
                rows=[
                    (
                        rule_text(one, language),
                        one.rule.clause,
                        translate(OBLIGATIONS[one.rule.obligation]),
                        cell(one),
                        one.rule.id,
                    )
                    for one in found
                ],
            )
