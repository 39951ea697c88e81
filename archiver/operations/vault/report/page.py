"""The report of an audit as a page: one language, no script, printable; it says no more than was examined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archiver import __version__
from archiver.compliance.report_page import AUDIT_GENERATOR, ReportTable, table_page, table_style
from archiver.operations.vault.fixity_coverage import CopyState, FixityCoverage
from archiver.operations.vault.report.evidence_section import evidence_section
from archiver.operations.vault.report.facts import AGE_COLUMNS, AuditFacts, NamedCopy
from archiver.operations.vault.report.journal_facts import AuditHistory
from archiver.operations.vault.report.journal_sections import audits_section, damage_section
from archiver.operations.vault.report.plots import PlotColumn, PlotPart, bars, columns, plots_style
from archiver.operations.vault.report.report_words import ReportWords, Translate
from archiver.vault.description import VaultDescription
from formats.errors import Failure
from formats.words import mark, plural

STATES = {
    CopyState.VERIFIED: mark("whole within the interval"),
    CopyState.DAMAGED: mark("damaged"),
    CopyState.UNCHECKED: mark("could not be checked"),
    CopyState.OVERDUE: mark("not verified in time"),
}
SECTIONS = {
    CopyState.DAMAGED: mark("Damaged copies"),
    CopyState.UNCHECKED: mark("Copies that could not be checked"),
    CopyState.OVERDUE: mark("Copies not verified within {days} days"),
}


def audit_page(
    description: VaultDescription, facts: AuditFacts, translate: Translate, language: str
) -> Iterator[bytes]:
    """Yield the page in UTF-8."""
    words = ReportWords(translate, description.id)
    page = _Page(description, facts, words)
    title = words.say(mark("Audit of the vault {name}"), name=description.name)
    style = table_style() + plots_style()
    return table_page(
        title, page.about(), list(page.tables()), language, style=style, generator=AUDIT_GENERATOR
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """The sections of a page, in their order."""

    description: VaultDescription
    facts: AuditFacts
    words: ReportWords

    def about(self) -> list[str]:
        """Return what stands under the title: of when, of what, and what was not examined."""
        history = self.facts.history
        examined = mark(
            "Examined: the last check of every copy that this vault wrote down, and the entries of its journal. A copy"
            " is one object on one storage; it is whole when every file of it was read and has every digest that an"
            " inventory lists."
        )
        unexamined = mark(
            "Not examined: whether the journal is genuine (archiver vault journal verify), and what happened to a copy"
            " after its last check."
        )
        entries = plural(
            "Journal: {count} entry, until {moment}.", "Journal: {count} entries, until {moment}."
        )
        return [
            self.words.say(
                mark("{id}, on {moment} (UTC)"),
                id=self.description.id,
                moment=self.words.moment(self.facts.at.isoformat()),
            ),
            self._verdict(),
            self.words.say(examined),
            self.words.say(unexamined),
            *(
                [self.words.say(entries, count=history.entries, moment=self.words.moment(history.last))]
                if isinstance(history, AuditHistory)
                else []
            ),
            self.words.say(mark("Written by archiver {version}."), version=__version__),
        ]

    def _verdict(self) -> str:
        coverage, days = self.facts.coverage, self.description.fixity_days
        if coverage.damaged:
            return self.words.say(
                plural(
                    "{count} copy of {total} is damaged; not verified within {days} days besides: {others}.",
                    "{count} copies of {total} are damaged; not verified within {days} days besides: {others}.",
                ),
                count=coverage.damaged,
                total=coverage.total,
                days=days,
                others=coverage.unchecked + coverage.overdue,
            )
        if coverage.verified == coverage.total:
            whole = mark("Every copy was found whole within {days} days: {total}.")
            return self.words.say(whole, days=days, total=coverage.total)
        return self.words.say(
            mark("No copy is known to be damaged; {count} of {total} were not verified within {days} days."),
            count=coverage.total - coverage.verified,
            total=coverage.total,
            days=days,
        )

    def tables(self) -> Iterator[ReportTable]:
        """Yield the sections."""
        yield self._coverage()
        yield self._ages()
        for state in SECTIONS:
            yield self._unverified(state)
        history = self.facts.history
        if isinstance(history, Failure):
            unread = mark("The journal could not be read: {reason}")
            yield ReportTable(
                title=self.words.say(mark("Damage and what was done about it")),
                before=self.words.say(unread, reason=history),
            )
        else:
            yield damage_section(self.words, history)
            yield audits_section(self.words, history)
        yield evidence_section(self.words, self.facts.evidence)

    def _coverage(self) -> ReportTable:
        storages = [(one.name, one.coverage, one.size) for one in self.facts.storages]
        size = sum(one.size for one in self.facts.storages)
        rows = [(self.words.say(mark("all storages")), self.facts.coverage, size), *storages]
        heading = (
            mark("storage"),
            mark("copies"),
            *STATES.values(),
            mark("bytes"),
            mark("oldest verified"),
        )
        return ReportTable(
            title=self.words.say(mark("How much is verified")),
            before=self.words.say(
                mark("Every file of each storage has to be read within {days} days."),
                days=self.description.fixity_days,
            ),
            figure=bars(
                [PlotColumn(label=name, parts=self._parts(coverage)) for name, coverage, _ in rows],
                about=self.words.say(mark("Copies by storage and by what is known of them")),
            ),
            heading=self.words.say_each(heading),
            rows=[
                (
                    *(name, coverage.total, coverage.verified, coverage.damaged, coverage.unchecked),
                    *(
                        coverage.overdue,
                        size,
                        self.words.moment(coverage.oldest) or self.words.say(mark("never")),
                    ),
                )
                for name, coverage, size in rows
            ],
        )

    def _parts(self, coverage: FixityCoverage) -> list[PlotPart]:
        counts = {
            CopyState.VERIFIED: coverage.verified,
            CopyState.DAMAGED: coverage.damaged,
            CopyState.UNCHECKED: coverage.unchecked,
            CopyState.OVERDUE: coverage.overdue,
        }
        return [
            PlotPart(label=self.words.say(STATES[state]), count=count, tone=state.value)
            for state, count in counts.items()
        ]

    def _ages(self) -> ReportTable:
        days = self.description.fixity_days
        edges = [round(days * part / AGE_COLUMNS) for part in range(AGE_COLUMNS + 1)]
        labels = [f"{low}–{high}" for low, high in pairwise(edges)]
        within, beyond = (
            self.words.say(mark("within the interval")),
            self.words.say(mark("longer ago, or never")),
        )
        found = [
            PlotColumn(label=label, parts=[PlotPart(label=within, count=count, tone=CopyState.VERIFIED)])
            for label, count in zip(labels, self.facts.ages, strict=False)
        ]
        later = self.facts.ages[AGE_COLUMNS]
        for label, count in ((f"> {days}", later), (self.words.say(mark("never")), self.facts.never)):
            found.append(
                PlotColumn(label=label, parts=[PlotPart(label=beyond, count=count, tone=CopyState.OVERDUE)])
            )
        return ReportTable(
            title=self.words.say(mark("How long ago copies were last found whole")),
            before=self.words.say(
                mark("Copies by days since the last check that found them whole, whatever is known since.")
            ),
            figure=columns(
                found, about=self.words.say(mark("Copies by days since they were last found whole"))
            ),
        )

    def _unverified(self, state: CopyState) -> ReportTable:
        named = self.facts.unverified[state]
        title = self.words.say(SECTIONS[state], days=self.description.fixity_days)
        heading = (
            *(mark("package"), mark("storage"), mark("last check"), mark("last found whole")),
            *([] if state is CopyState.OVERDUE else [mark("what it found")]),
        )
        return ReportTable(
            title=f"{title} ({named.count})",
            before=self.words.more(len(named.listed), named.count),
            heading=self.words.say_each(heading),
            rows=[self._copy(one)[: len(heading)] for one in named.listed],
        )

    def _copy(self, one: NamedCopy) -> Sequence[str]:
        never = self.words.say(mark("never"))
        last = one.last
        return (
            self.words.name_of(one.object_id),
            one.storage,
            self.words.moment(last.at) if last else never,
            (self.words.moment(last.ok_at) if last else "") or never,
            last.detail if last else "",
        )
