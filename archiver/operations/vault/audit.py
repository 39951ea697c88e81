"""Audit the fixity of a vault: every file of every storage is read and compared with its inventory, by schedule.

1. What is due: each object on each storage that has it by the catalogue, not found whole within the fixity interval of
   the vault; what was never checked first, then what was longest ago. A storage is checked by itself: it is never
   compared with another, and one that is absent takes nothing from the others.
2. Each is checked by a process of the pool, against the rules of OCFL and with every digest that any inventory lists.
3. What was found out is recorded in the journal, some checks together, and then written. A file that is wrong or
   missing is *damaged*; a storage or disk that does not answer, and every unforeseen fault of this program, is *could
   not check*, and still due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic

from archiver.operations.vault.fixity_coverage import expected_copies, fixity_moment, found_whole
from archiver.spooled_list import SortedSpool
from archiver.storage.errors import StorageRefused, StorageUnreachable
from archiver.storage.tree import StorageTree
from archiver.vault.catalogue import Catalogue
from archiver.vault.checks import Check, CheckOutcome, CheckTable
from archiver.vault.disposal.tombstone import TOMBSTONE, is_tombstone
from archiver.vault.disposal.unit_tombstone import generation
from archiver.vault.errors import StorageForeign
from archiver.vault.journal.acts import check_entries
from archiver.vault.journal.record_file import MAX_TOGETHER
from archiver.vault.journal.write import record
from archiver.vault.objects import find_inventory
from archiver.vault.open_vault import Replica, Vault, is_foreign
from archiver.worker_pool import ALONE, Workers
from formats.errors import Failure, FormatFailure
from formats.findings import Severity
from formats.ocfl.check_object import check_object
from formats.ocfl.layout import object_place

MAX_DETAIL = 500
"""Characters of what is wrong with an object in the table of checks."""
STRICT = frozenset({"W002", "W003", "W010"})
"""Warnings of OCFL that are damage here: this program never writes what they are about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckTask:
    """An object on a storage that is due; ``last`` is its last check, ``vault_id`` names the object of the vault.

    Of a package that was ``destroyed`` nothing but its tombstone may be there; of one out of which units were taken so
    many times, what was ``reduced`` as often.
    """

    vault_id: str
    object_id: str
    replica: Replica
    last: Check | None = None
    destroyed: bool = False
    reduced: int = 0

    @property
    def size(self) -> int:
        """Its bytes, as the last check counted them."""
        return self.last.size if self.last else 1 << 20


class DueChecks(Collection[CheckTask]):
    """Checks that are due, the longest ago first: their names are spooled, a task is made when it is asked for."""

    def __init__(self, vault: Vault, table: CheckTable) -> None:
        self._vault_id, self._table = vault.description.id, table
        self._replicas = {one.name: one for one in vault.replicas}
        self._names = SortedSpool[tuple[str, str, bool, int]]()

    def add(self, object_id: str, storage: str, checked_at: str, *, destroyed: bool, reduced: int) -> None:
        """Add the copy of an object on a storage, last checked then."""
        self._names.add((checked_at, object_id, storage), (object_id, storage, destroyed, reduced))

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, task: object) -> bool:
        return any(one == task for one in self)

    def __iter__(self) -> Iterator[CheckTask]:
        for object_id, storage, destroyed, reduced in self._names:
            yield CheckTask(
                vault_id=self._vault_id,
                object_id=object_id,
                replica=self._replicas[storage],
                last=self._table.find(object_id, storage),
                destroyed=destroyed,
                reduced=reduced,
            )


def due_checks(
    vault: Vault, catalogue: Catalogue, table: CheckTable, *, at: datetime, everything: bool = False
) -> DueChecks:
    """Follow step 1; with ``everything`` what was checked lately is due as well."""
    limit = fixity_moment(at - timedelta(days=vault.description.fixity_days))
    due = DueChecks(vault, table)
    gone = {one for one, _, _ in catalogue.statements(TOMBSTONE)}
    reduced = Counter(one for one, _, _ in catalogue.statements("destruction/units-%"))
    for object_id, storage in expected_copies(vault, catalogue):
        last = table.find(object_id, storage)
        if everything or not found_whole(last, limit, at):
            checked = last.at if last else ""
            due.add(object_id, storage, checked, destroyed=object_id in gone, reduced=reduced[object_id])
    return due


TOGETHER_SECONDS = 5.0
"""How long a check may wait to be written together with others: what is ended before is due again."""


def audit(
    vault: Vault,
    tasks: Iterable[CheckTask],
    table: CheckTable,
    *,
    clock: Callable[[], datetime],
    pool: Workers = ALONE,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Check]:
    """Yield what each of ``tasks`` came to, when it is written; none is dated later than by this machine's clock.

    Raises:
        WorkerLost: when a process was ended from outside: what it had in hand is still due.
        ClusterLost: when a cluster does not answer any more; the same.
        Failure: what the journal raises (``archiver.vault.journal.write.record``).
    """
    found = pool.ordered(check_tasks, clock, tasks, size=lambda task: task.size)
    dated = (replace(one, at=min(one.at, fixity_moment(clock()))) for one in found)
    for checks in _together(dated):
        record(vault, check_entries(checks), at=clock())
        table.put(checks)
        progress(len(checks))
        yield from checks


def _together(checks: Iterator[Check]) -> Iterator[list[Check]]:
    """Yield ``checks``, as many together as one record takes, or as are done within ``TOGETHER_SECONDS``."""
    waiting, since = list[Check](), monotonic()
    try:
        for one in checks:
            waiting.append(one)
            if len(waiting) == MAX_TOGETHER or monotonic() - since > TOGETHER_SECONDS:
                yield waiting
                waiting, since = [], monotonic()
    except Failure:
        if waiting:
            yield waiting
        raise
    if waiting:
        yield waiting


def check_tasks(clock: Callable[[], datetime], tasks: Sequence[CheckTask]) -> Sequence[Check]:
    """Follow step 2 for each of ``tasks``."""
    return [check_task(one, clock) for one in tasks]


def check_task(task: CheckTask, clock: Callable[[], datetime]) -> Check:
    """Return what one check comes to; whatever goes wrong, it is never *ok*."""
    outcome, detail, size = CheckOutcome.UNCHECKED, "", task.last.size if task.last else 0
    try:
        detail, size = _examined(task)
        outcome = CheckOutcome.DAMAGED if detail else CheckOutcome.OK
    except FormatFailure as failure:
        outcome, detail = CheckOutcome.DAMAGED, str(failure)
    except Failure as failure:
        detail = str(failure)
    except Exception as fault:  # noqa: BLE001 - a fault of this program is no finding about the object
        detail = f"{type(fault).__name__}: {fault}"
    return Check(
        object_id=task.object_id,
        storage=task.replica.name,
        at=fixity_moment(clock()),
        outcome=outcome,
        detail=detail[:MAX_DETAIL],
        size=size,
    )


def is_unreadable(task: CheckTask) -> bool:
    """Tell whether a storage that answers does not give back a file that it lists: it found its own bytes rotten.

    Such a copy could not be checked, and no later check will do better.
    """
    try:
        _examined(task)
    except (StorageUnreachable, StorageRefused):
        with suppress(Failure):
            return not is_foreign(task.replica.storage, task.vault_id)
    except Exception:  # noqa: BLE001 - a fault of this program is none of the storage
        return False
    return False


def _examined(task: CheckTask) -> tuple[str, int]:
    """Return what is wrong with an object, or nothing, and how many bytes it has."""
    storage, place = task.replica.storage, object_place(task.object_id)
    sizes = [one.size for one in storage.list(f"{place}/")]
    if not sizes and is_foreign(storage, task.vault_id):
        raise StorageForeign(storage=task.replica.entry.address)
    if not sizes:
        return "E003 the object is not on this storage", 0
    broken = [
        f"{one.code} {one.where}: {one.text}"
        for one in check_object(StorageTree(storage), place)
        if one.severity is Severity.ERROR or one.code in STRICT
    ]
    if not broken:
        inventory = find_inventory(storage, task.object_id)
        if inventory is None or inventory.id != task.object_id:
            broken = [f"E037 {place}: another object lies here"]
        elif task.destroyed and not is_tombstone(inventory):
            broken = ["a package lies here that was destroyed: archiver vault destroy carry-out removes it"]
        elif generation(inventory) < (task.destroyed, task.reduced):
            broken = ["units lie here that were destroyed: archiver vault destroy carry-out removes them"]
    return "; ".join(broken), sum(sizes)


def known_damage(table: CheckTable) -> Iterator[Check]:
    """Yield the last checks that came to anything but *ok*."""
    yield from (one for one in table if one.outcome is not CheckOutcome.OK)
