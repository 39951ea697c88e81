"""Report before a split, as a list: whom two can claim, households that part, what is unfinished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archiver.scope.ownership.proposal import Proposal, ProposalLine, birth_cell, shown_names
from archiver.scope.ownership.unfinished import MATTER_WORDS, Matter
from archiver.scope.ownership.wording import Wording
from archiver.scope.rosters.roster_decision import RosterDecision
from formats.tables.cells import Cell, euros
from formats.words import Words

TO_DECIDE = Words("À décider", "To decide")
TWO_CLAIM = Words("Deux praticiens peuvent y prétendre", "Two can claim")
PARTED = Words("Foyers séparés", "Households that part")
WITHOUT_NUMBER = Words("Sans numéro : absents de la liste", "Without a number: not in the roster")
HEADINGS = (
    Words("Point", "Matter"),
    Words("Numéro", "Number"),
    Words("Nom", "Family name"),
    Words("Prénom", "Given name"),
    Words("Date de naissance", "Birth date"),
    Words("Proposé", "Proposed"),
    Words("Praticien concerné", "Practitioner concerned"),
    Words("Date", "Day"),
    Words("Précision", "Detail"),
    Words("Montant", "Amount"),
)


def report_rows(proposal: Proposal, wording: Wording) -> Iterator[tuple[Cell, ...]]:
    """Yield the headings, then a row for each matter, in the order of the page."""
    yield tuple(map(wording.label, (*HEADINGS, *(one.label for one in proposal.compared))))
    rows = _Rows(proposal, wording)
    yield from rows.contested()
    yield from rows.parted()
    yield from rows.unfinished()
    yield from (rows.row(line, WITHOUT_NUMBER) for line in proposal.lines if not line.number)


class _Rows:
    """The rows about one proposal, in one language."""

    def __init__(self, proposal: Proposal, wording: Wording) -> None:
        self._proposal = proposal
        self._wording = wording

    def contested(self) -> Iterator[tuple[Cell, ...]]:
        for matter, is_open in ((TO_DECIDE, True), (TWO_CLAIM, False)):
            for line in self._proposal.lines:
                if line.contested and (line.outcome.decision is RosterDecision.TO_DECIDE) is is_open:
                    yield self._claims(line, matter)

    def _claims(self, line: ProposalLine, matter: Words) -> tuple[Cell, ...]:
        terms, wording = self._proposal.terms, self._wording
        rivals, reason = terms.names(line.rivals), wording.reason(line.outcome.reason)
        rules = [f"{wording.outcome(one, terms)} ({wording.reason(one.reason)})" for one in line.by_rule]
        return self.row(line, matter, (rivals, "", reason, None), rules)

    def parted(self) -> Iterator[tuple[Cell, ...]]:
        for number, household in enumerate(self._proposal.parted, 1):
            detail = f"{self._wording.label(Words('foyer', 'household'))} {number}"
            for member in household.members:
                yield self.row(self._proposal.by_person[member], PARTED, ("", "", detail, None))

    def unfinished(self) -> Iterator[tuple[Cell, ...]]:
        for kind, words in MATTER_WORDS.items():
            for line, matter in self._proposal.matters():
                if matter.kind is kind:
                    yield self.row(line, words, self._details(matter))

    def _details(self, matter: Matter) -> tuple[Cell, ...]:
        amount = None if matter.cents is None else euros(matter.cents)
        name = self._proposal.terms.name(matter.practitioner)
        return name, self._wording.day(matter.day), matter.title, amount

    def row(
        self,
        line: ProposalLine,
        matter: Words,
        details: Sequence[Cell] = ("", "", "", None),
        rules: Sequence[str] = (),
    ) -> tuple[Cell, ...]:
        """Return the row of a matter; ``details`` are practitioner, day, detail and amount."""
        return (
            self._wording.label(matter),
            line.number,
            *shown_names(line.patient),
            birth_cell(line.patient),
            self._wording.outcome(line.outcome, self._proposal.terms),
            *details,
            *(rules or [""] * len(self._proposal.compared)),
        )
