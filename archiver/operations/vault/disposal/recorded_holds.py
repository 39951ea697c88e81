"""Holds on a package as the journal has them: a lifting that nobody recorded lifts nothing.

Whoever can write to a storage can lay a statement there that looks like one of the vault. A hold so placed is in force,
which destroys nothing; a lifting counts from the moment at which the journal has it, as for whoever asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from archiver.vault.disposal.holds import HoldAct, HoldStatement
from archiver.vault.journal.entry import VaultAct
from archiver.vault.journal.read import own_entries
from archiver.vault.open_vault import Vault

NUMBER_FACT = "number"
LIFTS_FACT = "lifts"
"""Facts of the entries about holds: the number of the statement, and of a lifting, which hold it lifts."""


def recorded_statements(
    vault: Vault, object_id: str, statements: Sequence[HoldStatement]
) -> list[HoldStatement]:
    """Return ``statements`` about an object without the liftings that the journal does not have.

    Raises:
        JournalMissing, JournalDamaged, DiskFault: when the journal cannot be read.
    """
    if not any(one.act is HoldAct.LIFTED for one in statements):
        return list(statements)
    recorded = {
        (one.entry.facts.get(NUMBER_FACT), one.entry.facts.get(LIFTS_FACT))
        for one in own_entries(vault.folder)
        if one.entry.act is VaultAct.LIFT and one.entry.object_id == object_id
    }
    return [one for one in statements if one.act is HoldAct.PLACED or (one.number, one.lifts) in recorded]
