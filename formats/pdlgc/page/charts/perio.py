"""Periodontal charts: each arch drawn, and the values of three sites a tooth, outside and inside, in a table."""

from __future__ import annotations

from collections.abc import Iterator

from formats.model.dictionary.entries import code_words, labels
from formats.model.mouth import ChartKind, PerioExam, PerioKind, PerioMeasure, PerioSite
from formats.pdlgc.page.charts.perio_drawing import (
    DEEP,
    INSIDE,
    OUTSIDE,
    RIGHT_QUADRANTS,
    VERY_DEEP,
    Values,
    arch_drawing,
    perio_legend,
)
from formats.pdlgc.page.markup import NOTHING, Html, both, heading, html_text, join, prose, small_text
from formats.pdlgc.page.subject import Subject
from formats.pdlgc.page.values import day
from formats.words import Words

_UPPER_QUADRANTS = frozenset("1526")
_SIDES: tuple[tuple[Words, tuple[PerioSite, ...]], ...] = (
    (code_words(PerioSite.BUCCAL), OUTSIDE),
    (code_words(PerioSite.LINGUAL), INSIDE),
    (code_words(PerioSite.TOOTH), (PerioSite.TOOTH,)),
)


def perio(about: Subject) -> Iterator[Html]:
    """Yield every examination, the newest first."""
    marks = about.dossier.chart_findings
    missing = frozenset(one.tooth for one in marks if one.finding is ChartKind.MISSING)
    for exam in about.newest_first(about.dossier.perio_exams, lambda one: one.examined_on):
        by = join([day(exam.examined_on), about.practitioner(exam.practitioner)], " · ")
        yield heading(3, join([both(Words("Bilan du", "Examination of")), by]))
        yield prose(exam.note)
        yield from _arches(exam, missing)


def _arches(exam: PerioExam, missing: frozenset[str]) -> Iterator[Html]:
    values: dict[tuple[str, PerioKind, PerioSite], list[int]] = {}
    for measure in exam.measures:
        values.setdefault((measure.tooth, measure.measure, measure.site), []).append(measure.value)
    measured = {tooth for tooth, _, _ in values}
    upper = [tooth for tooth in measured if tooth[:1] in _UPPER_QUADRANTS]
    lower = [tooth for tooth in measured if tooth[:1] not in _UPPER_QUADRANTS]
    for words, teeth in (
        (Words("Maxillaire", "Upper arch"), upper),
        (Words("Mandibule", "Lower arch"), lower),
    ):
        if any(tooth for tooth in teeth):
            # a tooth that was measured is there, whatever the chart says
            gone = missing.difference(measured)
            yield from arch_drawing(words, values, gone, upper=teeth is upper)
        if teeth:
            yield from _arch(words, sorted(teeth, key=_place), values)
    if any(measured):
        yield perio_legend()


def _place(tooth: str) -> tuple[int, str]:
    """Return where a tooth stands from the patient's right to left; a measure without a tooth comes last."""
    position = int(tooth[1]) if tooth else 9
    return (-position if tooth[:1] in RIGHT_QUADRANTS else position), tooth


def _arch(words: Words, teeth: list[str], values: Values) -> Iterator[Html]:
    yield Html(f'<div class="scroll"><table class="perio"><caption>{both(words)}</caption><thead><tr>')
    yield Html(f'<th scope="col" colspan="2">{both(labels(PerioMeasure)["tooth"])}</th>')
    for tooth in teeth:
        yield Html(f'<th scope="col">{html_text(tooth or "?")}</th>')
    yield Html("</tr></thead><tbody>\n")
    for kind in PerioKind:
        yield from _lines(kind, teeth, values)
    yield Html("</tbody></table></div>\n")


def _lines(kind: PerioKind, teeth: list[str], values: Values) -> Iterator[Html]:
    """Yield one line for each side that was measured; the first names the kind for all."""
    sides = [
        (side, sites)
        for side, sites in _SIDES
        if any((tooth, kind, site) in values for tooth in teeth for site in sites)
    ]
    name = Html(f'<th scope="rowgroup" rowspan="{len(sides)}">{both(code_words(kind))}</th>')
    for side, sites in sides:
        yield Html(f'<tr>{name}<th scope="row">{small_text(both(side))}</th>')
        yield from _values(kind, sites, teeth, values)
        name = NOTHING


def _values(
    kind: PerioKind, sites: tuple[PerioSite, ...], teeth: list[str], values: Values
) -> Iterator[Html]:
    for tooth in teeth:
        ordered = sites if tooth[:1] in RIGHT_QUADRANTS else tuple(reversed(sites))
        cells = [values.get((tooth, kind, site), []) for site in ordered]
        shown = "".join(_site(kind, cell) for cell in cells) if any(cells) else ""
        middle = ' class="middle"' if _crosses(teeth, tooth) else ""
        yield Html(f"<td{middle}>{shown}</td>")
    yield Html("</tr>\n")


def _crosses(teeth: list[str], tooth: str) -> bool:
    """Tell whether ``tooth`` is the first one left of the patient's middle line."""
    return next((one for one in teeth if one[:1] not in RIGHT_QUADRANTS), "") == tooth


def _site(kind: PerioKind, found: list[int]) -> str:
    """Return one site; a dot where nothing was measured, every value where the source has several."""
    if not found:
        return '<span class="none">·</span>'
    deepest = max(found) if kind is PerioKind.PROBING else 0
    css = "very-deep" if deepest >= VERY_DEEP else "deep" if deepest >= DEEP else ""
    return f'<span class="{css}">{"/".join(str(value).replace("-", "−") for value in found)}</span>'
