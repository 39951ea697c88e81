"""Deposit packages: verified before they are accepted, whole on every storage or on none, and acknowledged at the end.

1. What an earlier command left unfinished is brought to every storage, and read again from the files.
2. The package, or the set with every volume, is examined as ``verify`` does it, without any key; every question that
   ``verify`` asks has to be proven.
3. The object of the package is looked up on every storage. A revision that is there is not written again; where a
   storage lacks it, because an earlier command was ended, it is brought there. Evidence that was added to it since is
   taken (``archiver.operations.vault.evidence_beyond``); other bytes are refused.
4. The receipt is signed, and becomes part of the version that is written (``archiver.vault.objects``); where a storage
   locks, every file until the term of the package ends (``archiver.vault.retention``).
5. The deposit is recorded in the journal. Where the vault says so, the files get parity, those too of which an earlier
   command made none (``archiver.operations.vault.parity``).
6. The receipt goes to the depositor: whoever has it knows that every storage gave every file its name, durably.

Packages that no storage has are taken some at a time through these steps, each step for all of them: nothing is
acknowledged of one before all are recorded. When writing or recording them fails, each goes through by itself, and the
one that it is about is the one that is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from archiver.operations.vault.deposit import (
    Deposit,
    DepositRequest,
    acknowledge,
    addition_of,
    deposit_package,
    object_id,
    protect,
)
from archiver.operations.vault.examine_offer import DepositOffer, examine_offer
from archiver.parity.program import find_program
from archiver.vault.additions import ObjectAddition, add_files_each
from archiver.vault.catalogue import Catalogue
from archiver.vault.errors import DepositNamesVault
from archiver.vault.found_object import find_object, newest_inventory
from archiver.vault.objects import WRITERS
from archiver.vault.open_vault import Vault
from archiver.vault.settle import settle_additions
from formats.errors import Failure
from formats.ocfl.inventory import Inventory

TOGETHER = 64
"""Packages that are written together: what is ended before is deposited again."""
BYTES_TOGETHER = 32 << 20
"""Bytes of packages after which they are written, however few they are."""


def deposit_each(
    vault: Vault,
    catalogue: Catalogue,
    places: Sequence[Path],
    request: DepositRequest,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Deposit]:
    """Yield what became of each of ``places``; one that is refused does not stop the others.

    Raises:
        ExtraMissing: when deposits get parity, and its program is not there: nothing is deposited.
        Failure: what a storage or the disk answers while something is written: what was yielded is deposited.
    """
    if vault.description.parity_percent:
        find_program()  # nothing is taken in that could not get what the vault promises
    # 1. what was left unfinished
    settle_additions(vault, catalogue, at=clock())
    volumes: set[Path] = set()
    waiting: list[DepositOffer | Deposit] = []
    for path in places:
        if path.resolve() in volumes:
            progress(1)
            continue
        try:
            offer = examine_offer(path, request.trust, request.first_use)
            if object_id(offer.facts.package) == vault.description.id:
                raise DepositNamesVault(where=str(path), package=offer.facts.package)
        except Failure as failure:
            waiting.append(Deposit(path=path, failure=failure))
        else:
            volumes |= {one.path.resolve() for one in offer.sources}
            waiting.append(offer)
        if _is_enough(waiting):
            yield from _each_deposited(vault, catalogue, waiting, request, clock, progress)
            waiting = []
    yield from _each_deposited(vault, catalogue, waiting, request, clock, progress)


def _is_enough(waiting: Sequence[DepositOffer | Deposit]) -> bool:
    size = sum(one.size for one in waiting if isinstance(one, DepositOffer))
    return len(waiting) >= TOGETHER or size >= BYTES_TOGETHER


def _each_deposited(
    vault: Vault,
    catalogue: Catalogue,
    waiting: Sequence[DepositOffer | Deposit],
    request: DepositRequest,
    clock: Callable[[], datetime],
    progress: Callable[[int], None],
) -> Iterator[Deposit]:
    """Yield what became of each: new packages are written together, or, when that is refused, one after another."""
    offers = [one for one in waiting if isinstance(one, DepositOffer)]
    written: list[tuple[DepositOffer, Inventory]] = []
    if len(offers) > 1:
        with suppress(Failure):  # what was refused is met again, by the package that it is about
            written = _written_together(vault, catalogue, offers, request, clock)
    done = {one.path: one for one in _acknowledged(vault, catalogue, written, request, clock)}
    for one in waiting:
        if isinstance(one, Deposit):
            yield one
        else:
            yield done.get(one.path) or deposit_package(vault, catalogue, one, request, clock)
        progress(1)


def _written_together(
    vault: Vault,
    catalogue: Catalogue,
    offers: Sequence[DepositOffer],
    request: DepositRequest,
    clock: Callable[[], datetime],
) -> list[tuple[DepositOffer, Inventory]]:
    """Follow steps 3 to 5, but for parity, for those of ``offers`` that no storage has, all at once."""
    fresh: dict[str, DepositOffer] = {}
    for one in offers:
        name = object_id(one.facts.package)
        if name not in fresh and newest_inventory(find_object(vault, name)) is None:
            fresh[name] = one
    additions = [addition_of(vault, one, request, clock) for one in fresh.values()]
    objects = [
        ObjectAddition(object_id=name, before=None, addition=one)
        for name, one in zip(fresh, additions, strict=True)
    ]
    if not fresh:
        return []
    return list(zip(fresh.values(), add_files_each(vault, catalogue, objects), strict=True))


def _acknowledged(
    vault: Vault,
    catalogue: Catalogue,
    written: Sequence[tuple[DepositOffer, Inventory]],
    request: DepositRequest,
    clock: Callable[[], datetime],
) -> list[Deposit]:
    """Make the parity of what was written together, and hand out its receipts."""
    if not written:
        return []
    for offer, _ in written:
        protect(vault, catalogue, offer, clock)
    with ThreadPoolExecutor(WRITERS) as writers:
        return list(writers.map(partial(acknowledge, vault, request), *zip(*written, strict=True)))
