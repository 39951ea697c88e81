"""Columns of a proposed roster: those a roster has, then the evidence, which people read and the reader passes over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from archiver.scope.evidence_columns import EVIDENCE
from archiver.scope.ownership.evidence import PractitionerCare, seen_by
from archiver.scope.ownership.practitioners import NOBODY
from archiver.scope.ownership.proposal import Proposal, ProposalLine, birth_cell, shown_names
from archiver.scope.ownership.unfinished import MATTER_COUNTS
from archiver.scope.ownership.wording import Wording
from archiver.scope.rosters.roster import DICTIONARY
from archiver.scope.rosters.roster_decision import DECISION_WORDS
from formats.model.dictionary.entries import code_words
from formats.model.identity import names_and_birth
from formats.tables.cells import Cell, euros
from formats.tables.xlsx import SheetColumn
from formats.words import plural

ROSTER = ("patient_number", "family_name", "given_name", "birth_date", "practitioner_rpps", "decision")
"""Columns of a roster that a proposal fills in."""
MAX_RELATIVES = 20
"""Members of a household that a cell names; a home that pays for its residents has hundreds."""
_MORE = plural("… and {count} more.", "… and {count} more.")
_WIDTHS: Mapping[str, int] = {
    "reason": 60,
    "household": 40,
    "unfinished": 30,
    "others": 26,
    "former_authors": 26,
    "family_name": 20,
    "given_name": 16,
    "practitioner_rpps": 18,
}
"""Characters; other columns have 13."""


def sheet_columns(proposal: Proposal, wording: Wording) -> tuple[SheetColumn, ...]:
    """Return the columns with their headings and the words that a person chooses from."""
    choices = {
        "decision": tuple(map(wording.label, DECISION_WORDS.values())),
        "practitioner_rpps": tuple(
            dict.fromkeys(
                one.number for one in proposal.terms.claimants.values() if one.claims and one.number
            )
        ),
    }
    entries = {**{name: DICTIONARY[name] for name in ROSTER}, **EVIDENCE}
    return tuple(
        SheetColumn(
            heading=wording.label(entry.label), width=_WIDTHS.get(name, 13), choices=choices.get(name, ())
        )
        for name, entry in entries.items()
    )


def roster_rows(proposal: Proposal, wording: Wording) -> Iterator[tuple[Cell, ...]]:
    """Yield the cells of every person whom a roster can name."""
    return (
        (*_roster_cells(line, proposal, wording), *_evidence(line, proposal, wording))
        for line in proposal.lines
        if line.number
    )


def _roster_cells(line: ProposalLine, proposal: Proposal, wording: Wording) -> Sequence[Cell]:
    family, given = shown_names(line.patient)
    practitioner = line.outcome.practitioner
    return (
        line.number,
        family,
        given,
        birth_cell(line.patient),
        proposal.terms.claimants[practitioner].number if practitioner else "",
        wording.decision(line.outcome.decision),
    )


def _evidence(line: ProposalLine, proposal: Proposal, wording: Wording) -> Iterator[Cell]:
    about = subject_of(line, proposal)
    for name in EVIDENCE:
        yield _CELLS[name](line, proposal, wording, about)


def subject_of(line: ProposalLine, proposal: Proposal) -> str:
    """Return of whom the evidence tells: who is asked about, else who gets the patient, else who saw them most."""
    chosen = proposal.about or line.outcome.practitioner
    if chosen:
        return chosen
    return max(seen_by(line.evidence), key=lambda one: line.evidence.of(one).visits, default=NOBODY)


_CellOf = Callable[[ProposalLine, Proposal, Wording, str], Cell]


def _own(cell: Callable[[PractitionerCare], Cell]) -> _CellOf:
    return lambda line, _proposal, _wording, about: cell(line.evidence.of(about))


def _others(line: ProposalLine, about: str) -> Mapping[str, PractitionerCare]:
    return {one: care for one, care in line.evidence.care.items() if one not in {about, NOBODY}}


def _household(line: ProposalLine, proposal: Proposal, wording: Wording, _about: str) -> Cell:
    named = [
        f"{names_and_birth(proposal.by_person[one].patient.traits)}"
        f" → {wording.outcome(proposal.by_person[one].outcome, proposal.terms)}"
        for one in line.relatives[:MAX_RELATIVES]
    ]
    beyond = len(line.relatives) - len(named)
    return "; ".join((*named, wording.say(_MORE, {"count": beyond})) if beyond else named)


def _unfinished(line: ProposalLine, _proposal: Proposal, wording: Wording, _about: str) -> Cell:
    counts = {kind: sum(one.kind is kind for one in line.unfinished) for kind in MATTER_COUNTS}
    return ", ".join(
        wording.say(MATTER_COUNTS[kind], {"count": count}) for kind, count in counts.items() if count
    )


def _alone_since(line: ProposalLine, _proposal: Proposal, _wording: Wording, about: str) -> Cell:
    period = line.evidence.exclusive
    return _date(period.first) if period and period.practitioner == about else None


def _date(text: str) -> Cell:
    return date.fromisoformat(text) if len(text) == len("2025-06-30") else text or None


_CELLS: Mapping[str, _CellOf] = {
    "reason": lambda line, _proposal, wording, _about: wording.reason(line.outcome.reason),
    "evidence_about": lambda _line, proposal, _wording, about: proposal.terms.name(about),
    "attending": lambda line, proposal, _wording, _about: proposal.terms.names(line.evidence.attending),
    "first_seen": _own(lambda care: _date(care.first_seen)),
    "last_seen": _own(lambda care: _date(care.last_seen)),
    "visits": _own(lambda care: care.visits),
    "acts": _own(lambda care: care.acts),
    "fees": _own(lambda care: euros(care.fees_cents)),
    "prescriptions": _own(lambda care: care.prescriptions),
    "referrals": _own(lambda care: care.referrals),
    "bookings": _own(lambda care: care.bookings),
    "appointments_ahead": _own(lambda care: care.ahead),
    "exclusive_since": _alone_since,
    "first_booked_with": lambda line, proposal, _wording, _about: proposal.terms.names(
        line.evidence.first_booked
    ),
    "others": lambda line, proposal, _wording, about: proposal.terms.names(tuple(_others(line, about))),
    "others_last_seen": lambda line, _proposal, _wording, about: _date(
        max((care.last_seen for care in _others(line, about).values()), default="")
    ),
    "others_acts": lambda line, _proposal, _wording, about: sum(
        care.acts for care in _others(line, about).values()
    ),
    "others_bookings": lambda line, _proposal, _wording, about: sum(
        care.bookings for care in _others(line, about).values()
    ),
    "acts_of_nobody": lambda line, _proposal, _wording, _about: line.evidence.of(NOBODY).acts,
    "former_authors": lambda line, proposal, _wording, _about: proposal.terms.names(
        tuple(line.evidence.former)
    ),
    "household": _household,
    "status": lambda line, _proposal, wording, _about: wording.label(code_words(line.patient.status)),
    "other_records": lambda line, _proposal, _wording, _about: len(line.evidence.records) - 1,
    "balance": lambda line, _proposal, _wording, _about: euros(line.owed_cents),
    "unfinished": _unfinished,
}
"""The cell of each column of evidence."""
