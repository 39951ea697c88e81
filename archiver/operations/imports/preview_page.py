"""Preview of an import as an HTML page and as a list: each dossier with what would become of it, and every question."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archiver.handover.receipt import Receipt
from archiver.identity.questions_page import comparison_table, page_head
from archiver.operations.imports.preview import ImportPreview, PreviewedDossier
from archiver.operations.imports.preview_text import preview_sentences
from archiver.practice.registers.dossier_states import STATE_WORDS, DossierState
from formats.errors import Fact, in_words
from formats.pdlgc.page.markup import Html, html_text
from formats.tables.write import BYTE_ORDER_MARK, list_lines
from formats.words import mark, translate

TITLE = mark("What an import would bring")
EXPLANATION = mark(
    "Nothing has been taken in yet. Each dossier of the package, what would become of it, and whom it may be of; "
    "below, both records of every question that a person would be asked: = says that both agree, ≠ that they do not."
)
HEADING = (
    mark("number"), mark("family name"), mark("given name"), mark("born"), mark("import"), mark("state"),
    mark("records and files"), mark("left aside"), mark("who it is"),
)  # fmt: skip
_CSS = ("", "", "", "day", "", "", "num", "num", "")
NEW_PATIENT = mark("a new patient")
IS = mark("is {name}")
MAY_BE = mark("may be {name}: {reason}")
Translation = Callable[..., str]
"""What puts a sentence with its facts into a language."""


def preview_rows(preview: ImportPreview, words: Translation) -> Iterator[tuple[str | int, ...]]:
    """Yield the row of each dossier in the language of ``words``, under ``HEADING``."""
    for one in preview.dossiers():
        yield _row(one, words)


def _row(one: PreviewedDossier, words: Translation) -> tuple[str | int, ...]:
    who, state = one.arrival.who, one.arrival.state
    family = who.get("used_family") or who.get("family", "")
    traits = (who.get("number", ""), family, who.get("given", ""), who.get("birth_date", ""))
    words_of_state = words(STATE_WORDS[state]) if state else ""
    return (
        *traits,
        words(one.change) if one.change else "",
        words_of_state,
        one.records,
        one.left_aside,
        _whose(one, words),
    )


def _whose(one: PreviewedDossier, words: Translation) -> str:
    arrival = one.arrival
    if arrival.refusal is not None:
        return words(arrival.refusal.sentence, **arrival.refusal.facts)
    if arrival.state is DossierState.LEFT_ASIDE:
        return ""
    if one.same:
        return words(IS, name=one.same)
    asked = (
        words(MAY_BE, name=question.candidate, reason=question.question.reason) for question in one.questions
    )
    return "; ".join(asked) or words(NEW_PATIENT)


def preview_list(preview: ImportPreview, words: Translation) -> Iterator[bytes]:
    """Yield the preview as a list for a spreadsheet (CSV), line by line."""
    yield BYTE_ORDER_MARK
    yield from list_lines([tuple(map(words, HEADING))])
    yield from list_lines(tuple(map(str, row)) for row in preview_rows(preview, words))


def import_preview_page(preview: ImportPreview, *, practice: str, language: str) -> Iterator[bytes]:
    """Yield the preview as a page in ``language``, piece by piece."""

    def text(sentence: str, **facts: Fact) -> str:
        return in_words(sentence, facts, lambda one: translate(one, language, "archiver", "formats"))

    yield page_head(text(TITLE), language).encode()
    yield f"<h1>{html_text(text(TITLE))}</h1>\n<p><b>{html_text(practice)}</b></p>\n".encode()
    yield f"<p>{html_text(_package(preview.receipt, text))}</p>\n<p>{html_text(text(EXPLANATION))}</p>\n".encode()
    counts = "".join(
        f"<li>{html_text(text(one, **facts))}</li>" for one, facts in preview_sentences(preview.receipt)
    )
    labels = [html_text(text(one)) for one in HEADING]
    heading = "".join(
        f'<th scope="col"{_css(css)}>{label}</th>' for label, css in zip(labels, _CSS, strict=True)
    )
    yield (
        f'<main>\n<ul class="plain">{counts}</ul>\n'
        f'<div class="wide"><table class="listing"><thead><tr>{heading}</tr></thead><tbody>\n'
    ).encode()
    for row in preview_rows(preview, text):
        cells = "".join(
            f'<td{_css(css)} data-label="{label}">{html_text(str(cell)) or "–"}</td>'
            for cell, label, css in zip(row, labels, _CSS, strict=True)
        )
        yield f"<tr>{cells}</tr>\n".encode()
    yield b"</tbody></table></div>\n"
    for one in preview.dossiers():
        for question in one.questions:
            title = Html(f"{html_text(question.patient)} · {html_text(question.candidate)}")
            reason = html_text(text(question.question.reason))
            yield f'<section>\n<h2>{title}</h2>\n<p class="quiet">{reason}</p>\n'.encode()
            yield f"{comparison_table(question, language)}</section>\n".encode()
    yield b"</main>\n</body>\n</html>\n"


def _css(name: str) -> str:
    return f' class="{name}"' if name else ""


def _package(receipt: Receipt, text: Translation) -> str:
    sentence = mark("Package {package}, made on {moment} by {sender}")
    moment = receipt.created.isoformat()
    return text(sentence, package=receipt.package, moment=moment, sender=receipt.sender)
