"""Medical history: what is present, what is explicitly none, and what nobody filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from formats.model.dictionary.codes.lists import question_words
from formats.model.dictionary.entries import code_words, labels
from formats.model.dictionary.observations import VITAL_SIGNS
from formats.model.health import Diagnosis, HealthStatement, HealthTopic, Presence
from formats.model.observations import LOINC_SYSTEM, Interpretation, Observation, ObservedValue
from formats.pdlgc.page.charts.chart import surfaces
from formats.pdlgc.page.markup import (
    NOT_FILLED_IN,
    NOTHING,
    Html,
    TableColumn,
    both,
    heading,
    html_text,
    join,
    prose,
    small_text,
    stack,
    table,
    tag,
)
from formats.pdlgc.page.subject import Subject, title_with_details
from formats.pdlgc.page.values import code_text, day, exact_decimal, period, teeth
from formats.words import Words

_HEALTH_STATEMENT = labels(HealthStatement)
_DIAGNOSIS, _OBSERVATION, _OBSERVED_VALUE = map(labels, (Diagnosis, Observation, ObservedValue))

_MASCULINE = frozenset({HealthTopic.MEDICATION, HealthTopic.FAMILY})
_REFUTED = tag(code_words(Presence.REFUTED), "warn")
_CONTRADICTORY = tag(Words("contradictoire dans la source", "contradictory in the source"), "bad")


def explicitly_none(topic: HealthTopic) -> Html:
    """Return the sign that somebody asked and there is none."""
    word = "aucun" if topic in _MASCULINE else "aucune"
    return tag(Words(f"{word} (explicitement)", "explicitly none"), "good")


def history(about: Subject) -> Iterator[Html]:
    """Yield one block for each topic, whether anything is known under it or not."""
    yield from topics(about, HealthTopic)


def topics(about: Subject, shown: Iterable[HealthTopic]) -> Iterator[Html]:
    """Yield one block for each of the topics ``shown``."""
    statements = about.dossier.health_statements
    yield Html('<div class="topics">')
    for topic in shown:
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
    for form in about.newest_first(about.dossier.questionnaires, lambda one: one.answered_at):
        yield heading(3, join([html_text(form.title), small_text(about.moment(form.answered_at))]))
        yield Html('<dl class="answers">')
        for answer in form.answers:
            yield Html(
                f"<div><dt>{_question(answer.question)}</dt><dd>{html_text(answer.answer) or NOT_FILLED_IN}</dd></div>"
            )
        yield Html("</dl>\n")


def _question(question: str) -> Html:
    words, number = question_words(question)
    return join([both(words), html_text(number)]) if words else html_text(question)


_INTERPRETATION_TONES = {
    **dict.fromkeys((Interpretation.NORMAL, Interpretation.NEGATIVE), "good"),
    **dict.fromkeys((Interpretation.LOW, Interpretation.HIGH, Interpretation.ABNORMAL), "warn"),
    Interpretation.CRITICAL_LOW: "bad",
    Interpretation.CRITICAL_HIGH: "bad",
    Interpretation.CRITICAL_ABNORMAL: "bad",
}


def observations(about: Subject) -> Iterator[Html]:
    """Yield vital signs and results, the newest first."""
    columns: list[TableColumn[Observation]] = [
        TableColumn(label=_OBSERVATION["observed_on"], cell=lambda one: day(one.observed_on), css="tight"),
        TableColumn(label=_OBSERVATION["category"], cell=lambda one: both(code_words(one.category))),
        TableColumn(label=_OBSERVATION["label"], cell=_examined),
        TableColumn(label=_OBSERVATION["tooth"], cell=lambda one: teeth((one.tooth,)), css="tight"),
        TableColumn(label=_OBSERVATION["result"], cell=_results, css="wide"),
        TableColumn(label=_OBSERVED_VALUE["range_text"], cell=lambda one: _range(one.result)),
        TableColumn(
            label=_OBSERVATION["status"],
            cell=lambda one: stack([both(code_words(one.status)), about.moment(one.issued_at)]),
        ),
        TableColumn(
            label=_OBSERVATION["practitioner"], cell=lambda one: about.practitioner(one.practitioner)
        ),
        TableColumn(label=_OBSERVATION["laboratory"], cell=lambda one: html_text(one.laboratory)),
        TableColumn(label=_OBSERVATION["note"], cell=lambda one: prose(one.note)),
    ]
    yield from table(columns, about.newest_first(about.dossier.observations, lambda one: one.observed_on))


def _examined(one: Observation) -> Html:
    return stack([
        _named(one.code_system, one.code, one.label),
        small_text(html_text(one.panel)),
        small_text(html_text(one.specimen)),
    ])  # fmt: skip


def _named(system: str, code: str, label: str) -> Html:
    """Return what was measured: in the words of the source, or those of its code where it gives no words."""
    words = VITAL_SIGNS.get(code) if system == LOINC_SYSTEM and not label else None
    shown = Html(f"<b>{both(words)}</b>") if words else title_with_details(label)
    return stack([shown, small_text(code_text(system, code))])


def _results(one: Observation) -> Html:
    parts = (
        join([_named(part.code_system, part.code, part.label), _result(part.result), _range(part.result)])
        for part in one.components
    )
    return stack([_result(one.result), *parts])


def _result(result: ObservedValue) -> Html:
    unit = html_text(result.unit or result.unit_code)
    number = join([
        html_text(result.comparator.value if result.comparator else ""),
        exact_decimal(result.value),
        unit,
    ])  # fmt: skip
    interpretation = result.interpretation
    tone = _INTERPRETATION_TONES.get(interpretation, "quiet") if interpretation else ""
    return join([
        Html(f"<b>{number}</b>") if number else NOTHING,
        html_text(result.text),
        tag(code_words(interpretation), tone) if interpretation else NOTHING,
    ])  # fmt: skip


def _range(result: ObservedValue) -> Html:
    """Return the range as it was reported, and its limits where they do not say the same."""
    low, high = exact_decimal(result.low), exact_decimal(result.high)
    limits = f"{low or '…'} – {high or '…'}" if low or high else ""
    same = _squeezed(limits) == _squeezed(html_text(result.range_text))
    return small_text(stack([html_text(result.range_text), NOTHING if same else Html(limits)]))


def _squeezed(text: str) -> str:
    return text.replace(" ", "").replace("–", "-").replace(".", ",")


def diagnoses(about: Subject) -> Iterator[Html]:
    """Yield what was diagnosed, the newest first, with the teeth and the act."""
    principal = tag(_DIAGNOSIS["principal"], "quiet")
    columns: list[TableColumn[Diagnosis]] = [
        TableColumn(label=_DIAGNOSIS["recorded_on"], cell=lambda one: day(one.recorded_on), css="tight"),
        TableColumn(
            label=_DIAGNOSIS["teeth"],
            cell=lambda one: join(
                [Html(f"<b>{teeth(one.teeth)}</b>") if one.teeth else NOTHING, surfaces(one.surfaces)]
            ),
            css="tight",
        ),
        TableColumn(
            label=_DIAGNOSIS["label"],
            cell=lambda one: join(
                [
                    title_with_details(one.label, code_text(one.code_system, one.code)),
                    principal if one.principal else NOTHING,
                ]
            ),
            css="wide",
        ),
        TableColumn(label=_DIAGNOSIS["act"], cell=lambda one: about.act(one.act)),
        TableColumn(label=_DIAGNOSIS["practitioner"], cell=lambda one: about.practitioner(one.practitioner)),
        TableColumn(label=_DIAGNOSIS["note"], cell=lambda one: prose(one.note)),
    ]
    yield from table(columns, about.newest_first(about.dossier.diagnoses, lambda one: one.recorded_on))
