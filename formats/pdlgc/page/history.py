"""Medical history: what is present, what is explicitly none, and what nobody filled in."""

from __future__ import annotations

from collections.abc import Iterator

from formats.model.dictionary.entries import code_words, labels
from formats.model.health import HealthStatement, HealthTopic, Presence
from formats.pdlgc.page.markup import (
    NOT_FILLED_IN,
    NOTHING,
    Html,
    TableColumn,
    both,
    heading,
    html_text,
    join,
    small_text,
    table,
    tag,
)
from formats.pdlgc.page.subject import Subject, newest_first, title_with_details
from formats.pdlgc.page.values import code_text, period
from formats.words import Words

_HEALTH_STATEMENT = labels(HealthStatement)

_MASCULINE = frozenset({HealthTopic.MEDICATION, HealthTopic.FAMILY})
_REFUTED = tag(code_words(Presence.REFUTED), "warn")
_CONTRADICTORY = tag(Words("contradictoire dans la source", "contradictory in the source"), "bad")


def explicitly_none(topic: HealthTopic) -> Html:
    """Return the sign that somebody asked and there is none."""
    word = "aucun" if topic in _MASCULINE else "aucune"
    return tag(Words(f"{word} (explicitement)", "explicitly none"), "good")


def history(about: Subject) -> Iterator[Html]:
    """Yield one block for each topic, whether anything is known under it or not."""
    statements = about.dossier.health_statements
    yield Html('<div class="topics">')
    for topic in HealthTopic:
        yield from _topic(about, topic, [one for one in statements if one.topic is topic])
    yield Html("</div>\n")


def _topic(about: Subject, topic: HealthTopic, statements: list[HealthStatement]) -> Iterator[Html]:
    none = [one for one in statements if one.presence is Presence.NONE]
    present = any(one.presence is Presence.PRESENT for one in statements)
    sign = explicitly_none(topic) if none else NOTHING if statements else NOT_FILLED_IN
    conflict = _CONTRADICTORY if none and present else NOTHING
    stated = [one for one in statements if one.presence is not Presence.NONE or one.detail or one.start]
    yield Html(f'<div class="topic"><h3>{both(code_words(topic))}</h3>\n<div>')
    asked = _asked(about, none[0]) if none else NOTHING
    if shown := join([sign, asked, conflict]):
        yield Html(f"<p>{shown}</p>")
    if stated:
        yield from table(_columns(about), stated)
    yield Html("</div></div>\n")


def _asked(about: Subject, statement: HealthStatement) -> Html:
    return small_text(
        join([about.moment(statement.recorded_at), about.practitioner(statement.practitioner)], " · ")
    )


def _columns(about: Subject) -> list[TableColumn[HealthStatement]]:
    return [
        TableColumn(label=_HEALTH_STATEMENT["label"], cell=_item),
        TableColumn(label=_HEALTH_STATEMENT["detail"], cell=lambda one: html_text(one.detail)),
        TableColumn(label=_HEALTH_STATEMENT["status"], cell=lambda one: both(code_words(one.status))),
        TableColumn(
            label=Words("Période", "Period"), cell=lambda one: period(one.start, one.end), css="tight"
        ),
        TableColumn(label=_HEALTH_STATEMENT["recorded_at"], cell=lambda one: _asked(about, one)),
    ]


def _item(statement: HealthStatement) -> Html:
    refuted = _REFUTED if statement.presence is Presence.REFUTED else NOTHING
    return join(
        [title_with_details(statement.label, code_text(statement.code_system, statement.code)), refuted]
    )


def questionnaires(about: Subject) -> Iterator[Html]:
    """Yield every filled-in form, question by question."""
    for form in newest_first(about.dossier.questionnaires, lambda one: one.answered_at):
        yield heading(3, join([html_text(form.title), small_text(about.moment(form.answered_at))]))
        yield Html('<dl class="answers">')
        for answer in form.answers:
            yield Html(
                f"<div><dt>{html_text(answer.question)}</dt><dd>{html_text(answer.answer) or NOT_FILLED_IN}</dd></div>"
            )
        yield Html("</dl>\n")
