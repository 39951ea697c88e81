"""Questions of identity as an HTML page: both records side by side, what to answer, and the answers as a list.

One page in one language, a single file that asks nothing of any network. Its script writes the list of answers
(``archiver.identity.answer_list``) that a browser saves; without a script the page is one to read and print.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

from archiver.identity.agreements import Agreement
from archiver.identity.answer_list import DICTIONARY, answer_cells, heading_cells
from archiver.identity.record_facts import ComparedFact
from archiver.practice.questions import DIFFERENT, SAME, Question
from formats.pdlgc.page.markup import Html, html_text
from formats.tables.write import list_lines
from formats.words import BilingualText, mark, translate

ANSWERS_FILE = "answers.csv"
"""Name under which a browser saves the answers."""
_OPEN_CELLS = 4
"""Cells of a line that the script writes: the question, the answer, who decides, the remark."""
SIGNS = {Agreement.SAME: "=", Agreement.DIFFERENT: "≠"}
"""Beside the colour, for who does not see it, and on paper."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedQuestion:
    """A question with both names as lists show them, and the facts of both records."""

    question: Question
    patient: str
    candidate: str
    facts: tuple[ComparedFact, ...]


def questions_page(questions: Iterable[ComparedQuestion], *, practice: str, language: str) -> Iterator[bytes]:
    """Yield the page about ``questions`` of a practice in ``language``, piece by piece."""

    def words(sentence: str) -> Html:
        return html_text(translate(sentence, language, "archiver", "formats"))

    script = _resource("questions_page.js")
    yield page_head(translate(TITLE, language, "archiver", "formats"), language, script).encode()
    yield (
        f"<h1>{words(TITLE)}</h1>\n<p><b>{html_text(practice)}</b></p>\n<p>{words(EXPLANATION)}</p>\n"
        f"{_bar(words)}\n<main>\n"
    ).encode()
    for one in questions:
        yield _section(one, language, words).encode()
    yield f"</main>\n<script>{script}</script>\n</body>\n</html>\n".encode()


def page_head(title: str, language: str, script: str = "") -> str:
    """Return how a page in ``language`` begins; nothing but this ``script`` runs on it."""
    style = _resource("questions_page.css")
    sources = f"style-src '{_source_expression(style)}'"
    if script:
        sources += f"; script-src '{_source_expression(script)}'"
    policy = f"default-src 'none'; {sources}; form-action 'none'"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html_text(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )


def _resource(name: str) -> str:
    return files("archiver.identity").joinpath(name).read_text(encoding="utf-8")


def _source_expression(text: str) -> str:
    """Return the source expression of an inline element (CSP Level 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _bar(words: Callable[[str], Html]) -> str:
    heading = html_text(_line(heading_cells()))
    return (
        f'<div class="bar"><label class="text">{words(WHO_DECIDES)} <input type="text" id="by" autocomplete="name">'
        f'</label><span id="count" role="status" data-text="{words(ANSWERED)}"></span>'
        f'<button type="button" id="save" disabled data-name="{ANSWERS_FILE}" data-heading="{heading}">'
        f"{words(SAVE)}</button></div>"
    )


def _section(one: ComparedQuestion, language: str, words: Callable[[str], Html]) -> str:
    asked = one.question
    reason = translate(asked.reason, language, "archiver", "formats")
    cells = answer_cells(asked, patient=one.patient, candidate=one.candidate, reason=reason)
    line = html_text(_line(cells[_OPEN_CELLS:]))
    choices = "".join(
        f'<label><input type="radio" name="answer-{asked.identifier}" value="{value}"'
        f"{' checked' if asked.answer == value else ''}> {words(sentence)}</label>"
        for value, sentence in ((SAME, ONE_PERSON), (DIFFERENT, TWO_PEOPLE), ("", LATER))
    )
    return (
        f'<section id="{asked.identifier}" data-line="{line}">\n<h2>{html_text(one.patient)} · '
        f'{html_text(one.candidate)}</h2>\n<p class="quiet">{html_text(reason)} · {asked.identifier}</p>\n'
        f"{comparison_table(one, language)}<fieldset><legend>{words(THEY_ARE)}</legend>{choices}"
        f'<label class="text">{words(REMARK)} <input type="text"></label></fieldset>\n</section>\n'
    )


def comparison_table(one: ComparedQuestion, language: str) -> str:
    """Return both records of a question side by side."""
    came, here = (html_text(getattr(DICTIONARY[name].label, language)) for name in ("patient", "candidate"))
    rows = "".join(_row(fact, language) for fact in one.facts)
    return (
        f'<table><thead><tr><td></td><th scope="col">{came}</th><th scope="col">{here}</th></tr></thead>'
        f"<tbody>\n{rows}</tbody></table>\n"
    )


def _row(fact: ComparedFact, language: str) -> str:
    sign = SIGNS.get(fact.agreement, "")
    cells = "".join(f"<td>{_cell(values, language)}</td>" for values in (fact.one, fact.other))
    label = html_text(getattr(fact.label, language))
    return (
        f'<tr class="{fact.agreement.value}"><th scope="row"><span class="mark">{sign}</span>{label}</th>'
        f"{cells}</tr>\n"
    )


def _cell(values: Iterable[str], language: str) -> str:
    texts = (getattr(one.words, language) if isinstance(one, BilingualText) else one for one in values)
    return "<br>".join(map(html_text, texts)) or "–"


def _line(cells: Iterable[str]) -> str:
    return b"".join(list_lines([tuple(cells)])).decode("utf-8").rstrip("\r\n")


TITLE = mark("Who is who: questions that wait for a person")
EXPLANATION = mark(
    "For each question: are these two records of one person? Compare both sides; = says that both agree, ≠ that they "
    "do not. Then save the answers and record them: archiver people answer STORE --file answers.csv. Nothing is "
    "recorded by this page itself, and every answer can be taken back."
)
WHO_DECIDES = mark("Who decides")
ANSWERED = mark("{answered} of {all} answered")
SAVE = mark("Save the answers")
THEY_ARE = mark("They are")
ONE_PERSON = mark("one person")
TWO_PEOPLE = mark("two people")
LATER = mark("not decided")
REMARK = mark("Remark")
