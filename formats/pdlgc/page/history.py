"""Medical history: what is present, what is explicitly none, and what nobody filled in."""

from __future__ import annotations

from collections.abc import Iterator

from formats.model.health import HealthStatement, HealthTopic, Presence
from formats.pdlgc.page import terms
from formats.pdlgc.page.markup import (
    NOT_FILLED_IN,
    NOTHING,
    Column,
    Html,
    Words,
    both,
    heading,
    join,
    muted,
    table,
    tag,
    text,
)
from formats.pdlgc.page.subject import Subject, newest_first, titled
from formats.pdlgc.page.values import coded, period

_MASCULINE = frozenset({HealthTopic.MEDICATION, HealthTopic.FAMILY})
_REFUTED = tag(Words("écarté", "refuted"), "warn")
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
    told = [one for one in statements if one.presence is not Presence.NONE or one.label or one.detail]
    yield Html(f'<div class="topic"><h3>{both(terms.TOPICS[topic])}</h3>\n<div>')
    asked = _asked(about, none[0]) if none else NOTHING
    if shown := join([sign, asked, conflict]):
        yield Html(f"<p>{shown}</p>")
    if told:
        yield from table(_columns(about), told)
    yield Html("</div></div>\n")


def _asked(about: Subject, statement: HealthStatement) -> Html:
    return muted(
        join([about.moment(statement.recorded_at), about.practitioner(statement.practitioner)], " · ")
    )


def _columns(about: Subject) -> list[Column[HealthStatement]]:
    return [
        Column(label=Words("Élément", "Item"), cell=_item),
        Column(label=Words("Précisions", "Details"), cell=lambda one: text(one.detail)),
        Column(label=Words("Statut", "Status"), cell=lambda one: both(terms.HEALTH_STATUSES[one.status])),
        Column(label=Words("Période", "Period"), cell=lambda one: period(one.start, one.end), css="tight"),
        Column(label=Words("Saisi", "Recorded"), cell=lambda one: _asked(about, one)),
    ]


def _item(statement: HealthStatement) -> Html:
    refuted = _REFUTED if statement.presence is Presence.REFUTED else NOTHING
    return join([titled(statement.label, coded(statement.code_system, statement.code)), refuted])


def questionnaires(about: Subject) -> Iterator[Html]:
    """Yield every filled-in form, question by question."""
    for form in newest_first(about.dossier.questionnaires, lambda one: one.answered_at):
        yield heading(3, join([text(form.title), muted(about.moment(form.answered_at))]))
        yield Html('<dl class="answers">')
        for answer in form.answers:
            yield Html(
                f"<div><dt>{text(answer.question)}</dt><dd>{text(answer.answer) or NOT_FILLED_IN}</dd></div>"
            )
        yield Html("</dl>\n")
