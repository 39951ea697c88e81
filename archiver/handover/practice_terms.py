"""Terms of a handover as the practice's unit of an opened package states them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archiver.handover.opening import OpenedHandover
from archiver.scope.handover_terms import HandoverTerm, known_terms
from archiver.scope.rosters.roster_agreement import RosterAgreement, stated_agreement
from archiver.sealing.unsealing import open_entry
from formats.pdlgc.practice.terms import read_practice_terms


@dataclass(frozen=True, kw_only=True, slots=True)
class StatedTerms:
    """The terms by their codes, what is left out, and who agreed on the roster, where there is one."""

    terms: Mapping[HandoverTerm, str] = field(default_factory=dict)
    agreement: RosterAgreement | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)


def stated_terms(received: OpenedHandover) -> StatedTerms:
    """Return the terms of a package, or of a set, each volume of which states the same.

    Raises:
        PackageFailure, KeyFailure, FormatFailure: when the unit is not what the keyring promises, or cannot be read.
    """
    for volume in received.volumes:
        for entry in volume.keyring.entries:
            if entry.patient is None:
                with volume.package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
                    stated = read_practice_terms(plain)
                terms = known_terms(stated.terms)
                agreement = stated_agreement(terms, stated.signatures)
                return StatedTerms(terms=terms, agreement=agreement, left_out=stated.left_out)
    return StatedTerms()
