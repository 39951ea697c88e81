"""What a depositor has in a vault, by the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from archiver.spooled_list import SortedSpool
from archiver.vault.catalogue import Catalogue, CatalogueEntry
from archiver.vault.errors import DepositorUnknown
from formats.names import comparable


def entries_of_depositor(catalogue: Catalogue, sender: str) -> Iterator[CatalogueEntry]:
    """Yield the deposits of the ``sender``, by name or by a number, its system before it or not.

    Raises:
        DepositorUnknown: at the end, when there was none.
    """
    known, wanted = False, comparable(sender)
    for one in catalogue.entries():
        numbers = one.receipt.sender_numbers
        if comparable(one.receipt.sender) == wanted or any(
            sender in {number, number.rpartition("|")[2]} for number in numbers
        ):
            known = True
            yield one
    if not known:
        raise DepositorUnknown(sender=sender)


def objects_of_depositor(catalogue: Catalogue, sender: str) -> Collection[str]:
    """Return the objects that have deposits of the ``sender``, each once, by the moment of the first.

    Raises:
        DepositorUnknown: when there is none.
    """
    sorted_by_object = SortedSpool[tuple[int, str]]()
    for number, one in enumerate(entries_of_depositor(catalogue, sender)):
        sorted_by_object.add(one.object_id, (number, one.object_id))
    found = SortedSpool[str]()
    for name, each in groupby(sorted_by_object, key=lambda one: one[1]):
        found.add(next(each)[0], name)
    return found
