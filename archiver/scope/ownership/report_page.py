"""Report before a split, as a page: strict XHTML that needs no script, one language a page, made to be printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from archiver.scope.ownership.decision import Outcome
from archiver.scope.ownership.evidence import PractitionerCare
from archiver.scope.ownership.proposal import Proposal, ProposalLine, shown_names
from archiver.scope.ownership.report_list import (
    PARTED,
    TO_DECIDE,
    TWO_CLAIM,
    WITHOUT_NUMBER,
)
from archiver.scope.ownership.unfinished import MATTER_WORDS, Matter, MatterKind
from archiver.scope.ownership.wording import Wording
from archiver.scope.rosters.roster_decision import RosterDecision
from formats.pdlgc.page.markup import Html, html_text, join
from formats.words import Words, mark, plural

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SHEET = """\
.answers { margin: 0; padding: 0; list-style: none; } .reason { color: var(--soft); font-size: .92em; }
.patient b { white-space: nowrap; } td.rules { min-width: 130px; }
ul.plain { margin: 0; padding-left: 18px; }
"""
_BEFORE = mark(
    "Nothing here is guessed: what the records do not tell is left to the two practitioners, who fill in the roster "
    "(roster.xlsx or roster.csv), and both sign it."
)
_TO_DECIDE = mark("The rules asked about do not decide whose these patients are.")
_TWO_CLAIM = mark(
    "The rules decide, but another practitioner attends, has treated or is booked with the patient too: each side can "
    "take a copy of the dossier."
)
_PARTED = mark("Members of a household whose dossiers would not all go to the same place.")
_WITHOUT_NUMBER = mark("A roster names patients by their number; these have none, and leave with no roster.")
_BALANCE = mark(
    "What the records add up to: acts and corrections, less payments and the insurer’s part. It is no statement of "
    "account."
)
_NOTES = {MatterKind.BALANCE: _BALANCE}
_NONE = mark("None.")
_VISITS = plural("{count} visit", "{count} visits")
_ACTS = plural("{count} act", "{count} acts")
_BOOKINGS = plural("{count} booking", "{count} bookings")
_REFERRALS = plural("{count} referral to a colleague", "{count} referrals to colleagues")
_SEEN = mark("from {first} to {last}")
_SEEN_ONCE = mark("on {first}")
_NOBODYS = Words("D’aucun praticien : restent au cabinet", "Nobody’s: stay with the practice")
_NOT_RECORDED = Words("praticien non indiqué", "practitioner not recorded")
_BORN = mark("born {day}")
_BIRTH_NAME = mark("birth name {name}")
_ELSEWHERE = Words("auteur dans un autre cabinet", "author in another practice")
_ATTENDING = Words("traitant", "attending")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Column:
    """A column of a table: its heading, and the cell of a row."""

    heading: str
    cell: Callable[..., Html]
    css: str = ""


def report_page(proposal: Proposal, language: str, *, at: datetime) -> Iterator[bytes]:
    """Yield the page in UTF-8, made ``at``, a local time."""
    page = _Page(proposal, Wording(language=language), at)
    return (part.encode() for part in page.parts())


class _Page:
    """The parts of one page."""

    def __init__(self, proposal: Proposal, wording: Wording, at: datetime) -> None:
        self._proposal = proposal
        self._wording = wording
        self._at = at

    def parts(self) -> Iterator[Html]:
        """Yield the page from front to back."""
        open_lines: list[ProposalLine] = []
        decided: list[ProposalLine] = []
        for line in self._proposal.lines:
            if line.contested:
                (open_lines if line.outcome.decision is RosterDecision.TO_DECIDE else decided).append(line)
        yield from self._head()
        yield from self._summary()
        yield from self._section(TO_DECIDE, _TO_DECIDE, open_lines, self._contested())
        yield from self._section(TWO_CLAIM, _TWO_CLAIM, decided, self._contested())
        parted, columns = self._parted_rows(), self._household_columns()
        yield from self._section(PARTED, _PARTED, parted, columns, count=len(self._proposal.parted))
        for kind, words in MATTER_WORDS.items():
            rows = [row for row in self._proposal.matters() if row[1].kind is kind]
            yield from self._section(words, _NOTES.get(kind, ""), rows, self._matter_columns(kind))
        unnamed = [line for line in self._proposal.lines if not line.number]
        if unnamed:
            yield from self._section(WITHOUT_NUMBER, _WITHOUT_NUMBER, unnamed, [self._patient_column()])
        yield Html("</main>\n</body>\n</html>\n")

    def _head(self) -> Iterator[Html]:
        say, proposal = self._wording.say, self._proposal
        title = self._label(Words("Avant la séparation", "Before the split"))
        practice = html_text(proposal.practice.name) if proposal.practice else Html("")
        yield Html('<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"')
        yield Html(f' lang="{self._wording.language}" xml:lang="{self._wording.language}">\n<head>\n')
        yield Html('<meta charset="utf-8"/>\n')
        yield Html(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"/>\n')
        yield Html('<meta name="viewport" content="width=device-width, initial-scale=1"/>\n')
        yield Html('<meta name="referrer" content="no-referrer"/>\n<meta name="robots" content="noindex"/>\n')
        yield Html(
            f"<title>{join([title, practice], ' – ')}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        )
        about = proposal.terms.name(proposal.about)
        who = html_text(say(mark("Who leaves: {name}"), {"name": about})) if about else Html("")
        yield Html(f'<header id="top"><p class="kind">{practice}</p>\n<h1>{title}</h1>\n<div class="traits">')
        day = say(mark("On {day}"), {"day": self._wording.day(proposal.terms.on.isoformat())})
        made = say(mark("made on {at}"), {"at": self._wording.day(self._at.isoformat(timespec="minutes"))})
        yield Html("".join(f"<span>{one}</span>" for one in (who, html_text(day), html_text(made)) if one))
        yield Html("</div></header>\n<main>\n")

    def _summary(self) -> Iterator[Html]:
        heading = self._label(Words("Règles et résultat", "Rules and result"))
        yield Html(
            f'<section id="rules">\n<h2>{heading}</h2>\n<p>{self._text(_BEFORE)}</p>\n<dl class="facts">'
        )
        for one in self._proposal.rules:
            meaning = self._wording.say(one.rule.meaning, {"months": one.months})
            yield Html(f"<div><dt>{self._label(one.label)}</dt><dd>{html_text(meaning)}")
            yield Html(f'<br/><span class="quiet">{self._label(one.rule.source)}</span></dd></div>')
        yield Html("</dl>\n<h3>" + self._label(Words("Patients", "Patients")) + '</h3>\n<dl class="counts">')
        for (decision, practitioner), count in sorted(self._proposal.decisions.items(), key=self._place):
            words = html_text(self._whose(decision, practitioner))
            yield Html(f"<div><dt>{words}</dt><dd>{count}</dd></div>")
        yield Html("</dl>\n</section>\n")

    def _place(self, counted: tuple[tuple[RosterDecision, str], int]) -> tuple[bool, int, str]:
        """Return by what the counts are sorted: who leaves first, then what is to decide."""
        (decision, practitioner), _ = counted
        order = list(RosterDecision).index(decision)
        return practitioner != self._proposal.about or not practitioner, -order, practitioner

    def _whose(self, decision: RosterDecision, practitioner: str) -> str:
        if decision is RosterDecision.TO_DECIDE:
            return self._wording.label(TO_DECIDE)
        return self._proposal.terms.name(practitioner) or self._wording.label(_NOBODYS)

    def _section(
        self,
        words: Words,
        note: str,
        rows: Sequence[object],
        columns: Sequence[_Column],
        *,
        count: int | None = None,
    ) -> Iterator[Html]:
        counted = len(rows) if count is None else count
        yield Html(f'<section>\n<h2>{self._label(words)} <span class="count">{counted}</span></h2>\n')
        if not rows:
            yield Html(f'<p class="quiet">{self._text(_NONE)}</p>\n</section>\n')
            return
        if note:
            yield Html(f"<p>{self._text(note)}</p>\n")
        heads = (f'<th scope="col"{_css(one.css)}>{html_text(one.heading)}</th>' for one in columns)
        yield Html(f"<table><thead><tr>{''.join(heads)}</tr></thead><tbody>\n")
        for row in rows:
            cells = (
                f'<td{_css(one.css)} data-label="{html_text(one.heading)}">{one.cell(row)}</td>'
                for one in columns
            )
            yield Html(f"<tr>{''.join(cells)}</tr>\n")
        yield Html("</tbody></table>\n</section>\n")

    def _contested(self) -> list[_Column]:
        label = self._wording.label
        rules = [
            _Column(
                heading=label(rule.label),
                cell=lambda line, place=place: self._outcome(line.by_rule[place]),
                css="rules",
            )
            for place, rule in enumerate(self._proposal.compared)
        ]
        return [
            self._patient_column(),
            _Column(heading=label(Words("Indices", "Evidence")), cell=self._evidence, css="wide"),
            *rules,
        ]

    def _patient_column(self) -> _Column:
        heading = self._wording.label(Words("Patient", "Patient"))
        return _Column(heading=heading, cell=self._patient, css="patient")

    def _patient(self, line: ProposalLine) -> Html:
        say, (family, given), traits = self._wording.say, shown_names(line.patient), line.patient.traits
        facts = [f"n°\u00a0{line.number}"] if line.number else []
        if traits.birth_date:
            facts.append(say(_BORN, {"day": self._wording.day(traits.birth_date.isoformat())}))
        if traits.birth_family_name not in {"", family}:
            facts.append(say(_BIRTH_NAME, {"name": traits.birth_family_name}))
        details = html_text(" · ".join(facts))
        return Html(f'<b>{html_text(f"{family} {given}")}</b><br/><span class="quiet">{details}</span>')

    def _outcome(self, outcome: Outcome) -> Html:
        shown = html_text(self._wording.outcome(outcome, self._proposal.terms))
        tone = "warn" if outcome.decision is RosterDecision.TO_DECIDE else "quiet"
        reason = html_text(self._wording.reason(outcome.reason))
        return Html(f'<span class="tag {tone}">{shown}</span><br/><span class="reason">{reason}</span>')

    def _evidence(self, line: ProposalLine) -> Html:
        named = dict.fromkeys((*line.evidence.care, *filter(None, line.evidence.attending)))
        entries = [
            f"<li><b>{self._name(one)}</b>{self._wording.colon}{self._care(line, one, line.evidence.of(one))}</li>"
            for one in named
        ]
        entries += [
            f"<li>{self._name(one)} ({self._label(_ELSEWHERE)}){self._wording.colon}{self._care(line, one, care)}</li>"
            for one, care in line.evidence.former.items()
        ]
        return Html(f'<ul class="plain">{"".join(entries)}</ul>')

    def _name(self, practitioner: str) -> Html:
        return html_text(self._proposal.terms.name(practitioner)) or self._label(_NOT_RECORDED)

    def _care(self, line: ProposalLine, practitioner: str, care: PractitionerCare) -> Html:
        say = self._wording.say
        parts = [
            say(words, {"count": count})
            for words, count in (
                (_VISITS, care.visits),
                (_ACTS, care.acts),
                (_BOOKINGS, care.bookings),
                (_REFERRALS, care.referrals),
            )
            if count
        ]
        if care.first_seen:
            first, last = map(self._wording.day, (care.first_seen, care.last_seen))
            parts.append(say(_SEEN_ONCE if first == last else _SEEN, {"first": first, "last": last}))
        if practitioner and practitioner in line.evidence.attending:
            parts.append(self._wording.label(_ATTENDING))
        return html_text(", ".join(parts))

    def _parted_rows(self) -> list[tuple[int, ProposalLine]]:
        return [
            (number, self._proposal.by_person[member])
            for number, household in enumerate(self._proposal.parted, 1)
            for member in household.members
        ]

    def _household_columns(self) -> list[_Column]:
        label = self._wording.label
        return [
            _Column(
                heading=label(Words("Foyer", "Household")), cell=lambda row: Html(str(row[0])), css="tight"
            ),
            _Column(heading=label(Words("Patient", "Patient")), cell=lambda row: self._patient(row[1])),
            self._destination_column(lambda row: row[1]),
        ]

    def _destination_column(self, line_of: Callable[..., ProposalLine]) -> _Column:
        def cell(row: object) -> Html:
            return html_text(self._wording.outcome(line_of(row).outcome, self._proposal.terms))

        return _Column(heading=self._wording.label(Words("Proposé", "Proposed")), cell=cell)

    def _matter_columns(self, kind: MatterKind) -> list[_Column]:
        label, terms = self._wording.label, self._proposal.terms
        patient = _Column(heading=label(Words("Patient", "Patient")), cell=lambda row: self._patient(row[0]))
        columns = [patient, self._destination_column(lambda row: row[0])]
        if kind is not MatterKind.BALANCE:
            columns += [
                _Column(
                    heading=label(Words("Date", "Day")),
                    cell=lambda row: html_text(self._wording.day(row[1].day)),
                ),
                _Column(
                    heading=label(Words("Praticien", "Practitioner")),
                    cell=lambda row: html_text(terms.name(row[1].practitioner)),
                ),
                _Column(
                    heading=label(Words("Précision", "Detail")),
                    cell=lambda row: html_text(row[1].title),
                    css="wide",
                ),
            ]
        if kind in {MatterKind.BALANCE, MatterKind.QUOTE, MatterKind.LAB_ORDER}:
            amount = label(Words("Montant", "Amount"))
            columns.append(_Column(heading=amount, cell=lambda row: self._amount(row[1]), css="num"))
        return columns

    def _amount(self, matter: Matter) -> Html:
        currency = self._proposal.practice.currency if self._proposal.practice else "EUR"
        return (
            html_text(self._wording.money(matter.cents, currency)) if matter.cents is not None else Html("")
        )

    def _label(self, words: Words) -> Html:
        return html_text(self._wording.label(words))

    def _text(self, sentence: str) -> Html:
        return html_text(self._wording.say(sentence))


def _css(name: str) -> str:
    return f' class="{name}"' if name else ""


@cache
def _style() -> str:
    return files("formats.pdlgc.page").joinpath("style.css").read_text("utf-8") + _SHEET
