"""List what a vault may destroy: packages whose term has ended, and of those where it ended for a part, the units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from archiver.operations.vault.fetch import find_stored
from archiver.vault.catalogue import Catalogue
from archiver.vault.disposal.due import PackageTerm, TermState, package_terms
from archiver.vault.disposal.unit_terms import UnitTerm, unit_terms
from archiver.vault.errors import VaultObjectUnknown
from archiver.vault.open_vault import Vault

LISTED = frozenset({TermState.ENDED, TermState.PARTLY, TermState.SUSPENDED, TermState.UNSTATED})
"""States that are listed: what is running needs nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DuePackage:
    """A package whose term has ended on the day asked for, is suspended, or is not stated; its due ``units``."""

    term: PackageTerm
    state: TermState
    units: tuple[UnitTerm, ...] = ()


def list_due(catalogue: Catalogue, on: date, *, vault: Vault | None = None) -> Iterator[DuePackage]:
    """Yield what is due ``on`` a day, by the catalogue; with a ``vault`` the due units too, from its packages.

    Raises:
        VaultStatementInvalid: when a statement is none; VaultObjectUnknown, Failure: when a package cannot be read.
    """
    for term in package_terms(catalogue):
        state = term.state(on)
        if state in LISTED:
            units = due_units(vault, term.object_id, on) if vault and term.due_units(on) else ()
            yield DuePackage(term=term, state=state, units=units)


def due_units(vault: Vault, name: str, on: date) -> tuple[UnitTerm, ...]:
    """Return the units of the object ``name`` whose term has ended on a day.

    Raises:
        VaultObjectUnknown: when no storage has it; Failure: when a package cannot be read.
    """
    found, _ = find_stored(vault, name)
    if not found:
        raise VaultObjectUnknown(package=name)
    return tuple(one for one in unit_terms(*found[0]).values() if one.ends(on))
