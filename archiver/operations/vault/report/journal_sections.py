"""Sections of a report that a journal tells: damage with what was done about it, and the audits that were done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archiver.compliance.report_page import ReportTable
from archiver.operations.vault.fixity_coverage import CopyState
from archiver.operations.vault.report.journal_facts import AuditHistory, CheckDay, DamageEnd, DamageRecord
from archiver.operations.vault.report.plots import PlotColumn, PlotPart, columns
from archiver.operations.vault.report.report_words import ReportWords
from formats.words import mark

MAX_DAYS = 48
"""Columns of the plot of the audits, and rows of its table: the newest; days are put together by months above that."""
ENDS = {
    DamageEnd.OPEN: mark("nothing yet: archiver vault repair"),
    DamageEnd.UNREPAIRED: mark("repair was tried on {day}; the copy is still damaged"),
    DamageEnd.REPAIRED: mark("repaired and found whole on {day}"),
    DamageEnd.FOUND_WHOLE: mark("found whole on {day} without a repair by this vault"),
    DamageEnd.DESTROYED: mark("the package was lawfully destroyed on {day}"),
}
_MONTH = len("2026-11")


def damage_section(words: ReportWords, history: AuditHistory) -> ReportTable:
    """Return the damages, those that did not end first."""
    found = list(history.damages())
    count = len(history.open) + history.ended_count
    heading = (
        mark("package"),
        mark("storage"),
        mark("found damaged on"),
        mark("what was done"),
        mark("repairs"),
        mark("files not whole"),
    )
    return ReportTable(
        title=f"{words.say(mark('Damage and what was done about it'))} ({count})",
        before=words.more(len(found), count),
        heading=words.say_each(heading),
        rows=[_damage(words, one) for one in found],
    )


def _damage(words: ReportWords, one: DamageRecord) -> Sequence[str | int]:
    done = words.say(ENDS[one.end], day=words.moment(one.ended_at))
    found = words.moment(one.found_at)
    return words.name_of(one.object_id), one.storage, found, done, one.attempts, one.files


def audits_section(words: ReportWords, history: AuditHistory) -> ReportTable:
    """Return the checks by day, or by month where there are many."""
    days = _by_month(history.days) if len(history.days) > MAX_DAYS else history.days
    shown = sorted(days.items())[-MAX_DAYS:]
    names = (
        (CopyState.VERIFIED, mark("found whole")),
        (CopyState.DAMAGED, mark("found damaged")),
        (CopyState.UNCHECKED, mark("could not be checked")),
    )
    found = [
        PlotColumn(
            label=day,
            parts=[
                PlotPart(label=words.say(sentence), count=count, tone=state)
                for (state, sentence), count in zip(names, (one.ok, one.damaged, one.unchecked), strict=True)
            ],
        )
        for day, one in shown
    ]
    heading = (mark("day or month"), *(sentence for _, sentence in names), mark("copies repaired"))
    cut = mark("The newest {shown} of {all}.")
    return ReportTable(
        title=words.say(mark("Audits that were done")),
        before=(
            words.say(cut, shown=len(shown), all=len(days))
            if len(shown) < len(days)
            else words.say(
                mark("Checks of copies by day, as the journal has them; the check after a repair is one.")
            )
        ),
        figure=columns(found, about=words.say(mark("Checks by day and what they came to"))),
        heading=words.say_each(heading),
        rows=[(day, one.ok, one.damaged, one.unchecked, one.repaired) for day, one in reversed(shown)],
    )


def _by_month(days: Mapping[str, CheckDay]) -> dict[str, CheckDay]:
    months: dict[str, CheckDay] = {}
    for day, one in days.items():
        months.setdefault(day[:_MONTH], CheckDay()).add(one)
    return months
