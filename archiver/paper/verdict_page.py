"""A verdict on paper: what an archivist files, in French and in English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.set_manifest import SetManifest
from archiver.paper.page_writer import INNER, LEFT, RIGHT, SMALL, TEXT, TINY, PageWriter, paper_text
from archiver.paper.sheet import BLACK, GREY, PALE, Sheets
from archiver.paper.verdict_facts import (
    basis_rows,
    file_rows,
    origin_rows,
    package_rows,
    provenance_rows,
    set_rows,
    size_of,
)
from archiver.paper.verdict_text import (
    ENGLISH,
    FRENCH,
    VerdictText,
    in_both_languages,
    in_language,
    moment_text,
)
from archiver.verdict import Answer, Due, Duty, StampVerdict, State, Verdict
from archiver.verdict_basis import Basis
from archiver.verdict_questions import BY_NAME
from archiver.verdict_words import STATES, summary_in_words
from formats.digests import Digest
from formats.errors import Fact
from formats.findings import worst_first
from formats.words import plural, translate

LABELS = 52.0
"""Millimetres of the column with the questions."""
SHA256_DIGITS = 64
"""Hexadecimal digits of a digest, which must stand on one line."""
LANGUAGES = ((FRENCH, "fr"), (ENGLISH, "en"))
MAX_FINDINGS = 200
"""Findings that are printed, the worst first; the page counts the rest, and the JSON document has all of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictPage:
    """What to print: the verdict, the package or the set it is about, and the document beside it.

    ``signed_list`` is its SHA-256, as ``document_digest`` is that of the document; ``document``
    and ``report`` are file names. ``basis`` is what the verdict rests on, ``due`` what a keeper has to do next.
    """

    verdict: Verdict
    manifest: Manifest | None
    file: str
    signed_list: Digest | None
    basis: Basis
    made: datetime
    report: str
    document: str
    document_digest: Digest
    signer: str
    volume_list: SetManifest | None = None
    due: Due | None = None


def print_verdict(page: VerdictPage, target: BinaryIO) -> None:
    """Draw the report into ``target``, the same bytes for the same page."""
    title = f"{FRENCH.title} / {ENGLISH.title}: {paper_text(page.file)}"
    writer = PageWriter(Sheets(target, title=title[:200], author=paper_text(page.signer)[:200], at=page.made))
    draw_verdict(writer, page)
    draw_check(writer, page)
    writer.number()
    writer.sheets.next_page()
    writer.sheets.close()


def draw_verdict(writer: PageWriter, page: VerdictPage) -> None:
    """Draw what was found out about one package, from the top of a sheet on."""
    _title(writer, page.verdict)
    _facts(writer, page)
    _volumes(writer, page)
    for question, answer in page.verdict.answers():
        _question(writer, question, answer)
    _evidence(writer, page)
    _findings(writer, page)


def _title(writer: PageWriter, verdict: Verdict) -> None:
    """Draw the title at the top of a sheet, beside it how many answers are what, and go on below."""
    sheets = writer.sheets
    sheets.text(LEFT, 21, FRENCH.title, 20, face="bold")
    sheets.text(LEFT, 27, ENGLISH.title, 12, ink=GREY)
    lines = [*_summary(verdict)]
    width = max(sheets.width(words, size, face="bold") for words, size, _ in lines) + 8
    sheets.box(RIGHT - width, 13.5, width, 14.5, line=0.6)
    top, step = (18.2, 4.0) if verdict.refusal is not None else (20.0, 5.0)
    for words, size, ink in lines:
        face = "bold" if ink == BLACK else "plain"
        sheets.text(RIGHT - width / 2, top, words, size, face=face, ink=ink, align="centre")
        top += step
    sheets.rule(LEFT, 31.5, INNER, line=0.6)
    writer.y = 38.0


def _summary(verdict: Verdict) -> Iterator[tuple[str, float, float]]:
    """Yield the lines beside the title with size and ink: small enough to leave the title its room.

    They count the answers, and never say that all is well: nobody asked more than these questions.
    """
    large, small = 10.0, 8.0
    if verdict.refusal is not None:
        yield f"{FRENCH.refused} / {ENGLISH.refused}", large, BLACK
        large, small = 8.0, 7.0
    yield _counted(verdict, FRENCH, "fr"), large, BLACK
    yield _counted(verdict, ENGLISH, "en"), small, GREY


def _counted(verdict: Verdict, text: VerdictText, language: str) -> str:
    counted = summary_in_words(verdict, lambda one: translate(one, language, "archiver"))
    return text.answers.format(count=len(list(verdict.answers())), answers=counted)


def _facts(writer: PageWriter, page: VerdictPage) -> None:
    rows = [(f"{FRENCH.file} / {ENGLISH.file}", page.file, ""), *file_rows(page.basis)]
    if page.volume_list is not None:
        rows += set_rows(page.volume_list)
    elif page.manifest is None:
        rows.append((f"{FRENCH.package} / {ENGLISH.package}", FRENCH.unreadable, ENGLISH.unreadable))
    else:
        rows += package_rows(page.manifest)
        rows += origin_rows(page.verdict.origin)
        rows += provenance_rows(page.verdict.sources)
    rows += [
        (
            f"{FRENCH.signed_list}\n{ENGLISH.signed_list}",
            page.signed_list.hex if page.signed_list else "—",
            "",
        ),
        (f"{FRENCH.judged}\n{ENGLISH.judged}", moment_text(page.basis.at), ""),
        *basis_rows(page.basis, page.verdict, page.document),
        (f"{FRENCH.made} / {ENGLISH.made}", f"{moment_text(page.made)}, {page.signer}", ""),
    ]
    for label, value, translated in rows:
        top = writer.y
        for line in label.split("\n"):
            writer.sheets.text(LEFT, writer.y, line, SMALL, ink=GREY)
            writer.y += 3.0
        labelled = writer.y
        writer.y = top
        size = SMALL if len(value) == SHA256_DIGITS else TEXT
        writer.write(LEFT + LABELS, INNER - LABELS, value, size, face="plain" if translated else "bold")
        if translated:
            writer.write(LEFT + LABELS, INNER - LABELS, translated, SMALL, ink=GREY)
        writer.y = max(writer.y, labelled) + 0.9
    writer.y += 1.5


def _volumes(writer: PageWriter, page: VerdictPage) -> None:
    """Draw which files the volumes of a set are: the name, the size and the digest of each."""
    if not page.basis.volumes:
        return
    writer.reserve(16)
    writer.heading(FRENCH.volumes, ENGLISH.volumes)
    for one in page.basis.volumes:
        writer.reserve(10)
        sizes = " / ".join(size_of(one, text) for text in (FRENCH, ENGLISH))
        writer.write(LEFT, INNER, f"{one.name} : {sizes}", SMALL, face="bold")
        writer.write(LEFT + 2.5, INNER - 2.5, one.digest.hex if one.digest else "—", SMALL)
    writer.y += 4


def _question(writer: PageWriter, question: str, answer: Answer) -> None:
    writer.reserve(26)
    sheets, top = writer.sheets, writer.y
    sheets.rule(LEFT, top - 3.2, INNER, line=0.15, ink=GREY)
    title, promise = BY_NAME[question].title, BY_NAME[question].promise
    sheets.text(LEFT, top + 2, translate(title, "fr", "archiver"), 11, face="bold")
    sheets.text(LEFT, top + 6, title, 8, ink=GREY)
    promises = f"{translate(promise, 'fr', 'archiver')} / {promise}"
    sheets.paragraph(LEFT, top + 9.8, LABELS - 6, promises, TINY, ink=GREY)
    word = " / ".join(in_both_languages(STATES[answer.state], {}))
    width = sheets.width(word, TEXT, face="bold") + 5
    fill = PALE if answer.state is State.PROVEN else None
    line = 0.7 if answer.state is State.REFUTED else 0.2
    sheets.box(LEFT + LABELS, top - 1.6, width, 5.4, line=line, fill=fill)
    sheets.text(LEFT + LABELS + 2.5, top + 2.2, word, TEXT, face="bold")
    coded = f"{answer.code} · {answer.indication.text}"
    sheets.text(RIGHT, top + 2.2, coded, SMALL, ink=GREY, align="right")
    writer.y = top + 8
    french_text, english_text = (_whole(answer, language) for language in ("fr", "en"))
    writer.write(LEFT + LABELS, INNER - LABELS, french_text, TEXT)
    if english_text != french_text:
        writer.write(LEFT + LABELS, INNER - LABELS, english_text, SMALL, ink=GREY)
    if answer.where and answer.state is not State.PROVEN:
        writer.write(LEFT + LABELS, INNER - LABELS, answer.where, SMALL, ink=GREY)
    writer.y = max(writer.y, top + 15) + 2.6


def _evidence(writer: PageWriter, page: VerdictPage) -> None:
    """Say of every record when its time-stamps were made and what ends when: so an archivist renews in time."""
    due = page.due
    if not page.verdict.records and due is None:
        return
    writer.reserve(20)
    writer.sheets.rule(LEFT, writer.y - 3.5, INNER, line=0.15, ink=GREY)
    writer.heading(FRENCH.evidence, ENGLISH.evidence)
    if due and due.duty is Duty.EVIDENCE:
        before, ended = moment_text(due.before), due.algorithm
        lines = (
            one.prove.format(until=before, ends_by=ended or one.certificate) for one in (FRENCH, ENGLISH)
        )
        writer.write(LEFT, INNER, " / ".join(lines), SMALL, face="bold")
    for record in page.verdict.records:
        writer.reserve(14)
        writer.write(LEFT, INNER, record.member, TEXT, face="bold")
        for stamp in record.stamps:
            writer.reserve(10)
            for (text, language), ink in zip(LANGUAGES, (BLACK, GREY), strict=True):
                writer.write(LEFT + 2.5, INNER - 2.5, _stamp(stamp, text, language), SMALL, ink=ink)
        if record.renew_before:
            facts = {"until": moment_text(record.renew_before)}
            french, english = (one.renew.format(**facts) for one in (FRENCH, ENGLISH))
            writer.write(LEFT + 2.5, INNER - 2.5, f"{french} / {english}", SMALL, face="bold")
    writer.y += 4


def _stamp(stamp: StampVerdict, text: VerdictText, language: str) -> str:
    return text.stamp.format(
        place=stamp.place,
        time=moment_text(stamp.time),
        authority=stamp.authority or "—",
        hash=stamp.digest_algorithm.name,
        until=moment_text(stamp.until),
        ends_by=stamp.algorithm or text.certificate,
        state=in_language(STATES[stamp.answer.state], {}, language),
    )


def _findings(writer: PageWriter, page: VerdictPage) -> None:
    findings = worst_first(page.verdict.findings)
    writer.reserve(16)
    writer.sheets.rule(LEFT, writer.y - 3.5, INNER, line=0.15, ink=GREY)
    writer.heading(FRENCH.findings, ENGLISH.findings)
    if not findings:
        writer.write(LEFT, INNER, f"{FRENCH.none} / {ENGLISH.none}", TEXT)
    for finding in findings[:MAX_FINDINGS]:
        writer.reserve(10)
        place = f"{finding.where}: " if finding.where else ""
        french, english = (place + in_language(finding.sentence, finding.facts, one) for one in ("fr", "en"))
        writer.write(LEFT, INNER, f"• {french} [{finding.code}]", SMALL)
        if english != french:
            writer.write(LEFT + 2.5, INNER - 2.5, english, SMALL, ink=GREY)
    if len(findings) > MAX_FINDINGS:
        more = plural(
            "… and {more} more finding; all of them, this one included, are in {document}",
            "… and {more} more findings; all of them, these included, are in {document}",
            by="more",
        )
        facts: dict[str, Fact] = {"more": len(findings) - MAX_FINDINGS, "document": page.document}
        writer.write(LEFT, INNER, " / ".join(in_both_languages(more, facts)), SMALL)
    writer.y += 4


def draw_check(writer: PageWriter, page: VerdictPage) -> None:
    """Draw how anybody checks the report."""
    writer.reserve(34)
    writer.heading(FRENCH.check, ENGLISH.check)
    writer.write(LEFT, INNER, FRENCH.check_how.format(document=page.document), SMALL)
    writer.write(LEFT, INNER, ENGLISH.check_how.format(document=page.document), SMALL, ink=GREY)
    writer.y += 1
    for name in (page.report, page.document):
        command = (
            f"openssl cms -verify -binary -cades -inform DER -in {name}.p7s -content {name} "
            "-CAfile roots.pem -purpose any -out /dev/null"
        )
        writer.write(LEFT + 2, INNER - 4, command, TINY, face="bold")
    writer.y += 1
    facts = {"document": page.document}
    label = f"{FRENCH.document.format(**facts)} / {ENGLISH.document.format(**facts)}"
    writer.write(LEFT, INNER, label, SMALL, ink=GREY)
    writer.write(LEFT, INNER, page.document_digest.hex, SMALL, face="bold")


def _whole(answer: Answer, language: str) -> str:
    more = f" {in_language(answer.besides, {}, language)}" if answer.besides else ""
    return in_language(answer.sentence, answer.facts, language) + more
