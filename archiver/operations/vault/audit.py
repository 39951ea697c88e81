"""Audit the fixity of a vault: every file of every storage is read and compared with its inventory, by schedule.

1. What is due: each object on each storage that has it by the catalogue, not found whole within the fixity interval of
   the vault; what was never checked first, then what was longest ago. A storage is checked by itself: it is never
   compared with another, and one that is absent takes nothing from the others.
2. Each is checked by a process of the pool, against the rules of OCFL and with every digest that any inventory lists.
3. What was found out is written before the next is asked for. A file that is wrong or missing is *damaged*; a storage
   or disk that does not answer, and every unforeseen fault of this program, is *could not check*, and still due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archiver.storage.tree import StorageTree
from archiver.vault.catalogue import Catalogue
from archiver.vault.checks import Check, CheckOutcome, CheckTable
from archiver.vault.errors import StorageForeign
from archiver.vault.objects import find_inventory
from archiver.vault.open_vault import Replica, Vault
from archiver.worker_pool import ALONE, WorkerPool
from formats.errors import Failure, FormatFailure
from formats.findings import Severity
from formats.ocfl.check_object import check_object
from formats.ocfl.inventory import OBJECT_DECLARATION
from formats.ocfl.layout import object_place

MAX_DETAIL = 500
"""Characters of what is wrong with an object in the table of checks."""
STRICT = frozenset({"W002", "W003", "W010"})
"""Warnings of OCFL that are damage here: this program never writes what they are about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckTask:
    """An object on a storage that is due; ``last`` is its last check, ``vault_id`` names the object of the vault."""

    vault_id: str
    object_id: str
    replica: Replica
    last: Check | None = None

    @property
    def size(self) -> int:
        """Its bytes, as the last check counted them."""
        return self.last.size if self.last else 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class FixityCoverage:
    """How much of a vault is verified: each object counts once for each storage.

    ``verified`` were found whole within the interval, ``overdue`` not, and are not known to be damaged or unreadable;
    ``oldest`` is when the longest ago of all was last found whole, and nothing where one never was.
    """

    total: int
    verified: int
    damaged: int
    unchecked: int
    overdue: int
    oldest: str

    @property
    def share(self) -> float:
        """The part that is verified, from 0 to 1 in steps of a ten-thousandth, rounded down: 1 is every copy."""
        return self.verified * 10_000 // self.total / 10_000 if self.total else 0.0


def due_checks(
    vault: Vault, catalogue: Catalogue, table: CheckTable, *, at: datetime, everything: bool = False
) -> list[CheckTask]:
    """Follow step 1; with ``everything`` what was checked lately is due as well."""
    replicas = {one.name: one for one in vault.replicas}
    limit = _moment(at - timedelta(days=vault.description.fixity_days))
    tasks = []
    for object_id, storage in _expected(vault, catalogue):
        last = table.find(object_id, storage)
        whole = last is not None and last.outcome is CheckOutcome.OK and last.ok_at > limit
        if everything or not whole:
            tasks.append(
                CheckTask(
                    vault_id=vault.description.id, object_id=object_id, replica=replicas[storage], last=last
                )
            )
    return sorted(tasks, key=lambda one: (one.last.at if one.last else "", one.object_id, one.replica.name))


def _expected(vault: Vault, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield each object with each storage on which it has to be: all of them, and so the object of the vault."""
    names = [one.name for one in vault.replicas]
    last = ""
    for object_id, _, _ in catalogue.objects():
        if object_id != last:
            yield from ((object_id, one) for one in names)
        last = object_id
    yield from ((vault.description.id, one) for one in names)


def audit(
    tasks: Sequence[CheckTask],
    table: CheckTable,
    *,
    clock: Callable[[], datetime],
    pool: WorkerPool = ALONE,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Check]:
    """Yield what each of ``tasks`` came to, when it is written.

    Raises:
        WorkerLost: when a process was ended from outside: what it had in hand is still due.
    """
    for one in pool.ordered(check_tasks, clock, tasks, size=lambda task: task.size):
        table.put([one])
        progress(1)
        yield one


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
        at=_moment(clock()),
        outcome=outcome,
        detail=detail[:MAX_DETAIL],
        size=size,
    )


def _examined(task: CheckTask) -> tuple[str, int]:
    """Return what is wrong with an object, or nothing, and how many bytes it has."""
    storage, place = task.replica.storage, object_place(task.object_id)
    sizes = [one.size for one in storage.list(f"{place}/")]
    if not sizes and storage.head(f"{object_place(task.vault_id)}/{OBJECT_DECLARATION}") is None:
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
    return "; ".join(broken), sum(sizes)


def fixity_coverage(vault: Vault, catalogue: Catalogue, table: CheckTable, *, at: datetime) -> FixityCoverage:
    """Return how much of ``vault`` is verified ``at`` a moment."""
    limit = _moment(at - timedelta(days=vault.description.fixity_days))
    total = verified = damaged = unchecked = 0
    oldest: str | None = None
    for object_id, storage in _expected(vault, catalogue):
        last = table.find(object_id, storage)
        total += 1
        ok_at = last.ok_at if last else ""
        oldest = ok_at if oldest is None else min(oldest, ok_at)
        damaged += last is not None and last.outcome is CheckOutcome.DAMAGED
        unchecked += last is not None and last.outcome is CheckOutcome.UNCHECKED
        verified += last is not None and last.outcome is CheckOutcome.OK and ok_at > limit
    return FixityCoverage(
        total=total,
        verified=verified,
        damaged=damaged,
        unchecked=unchecked,
        overdue=total - verified - damaged - unchecked,
        oldest=oldest or "",
    )


def known_damage(table: CheckTable) -> Iterator[Check]:
    """Yield the last checks that came to anything but *ok*."""
    yield from (one for one in table if one.outcome is not CheckOutcome.OK)


GAUGES = {
    "copies": "Copies of objects in the vault.",
    "copies_verified": "Copies found whole within the fixity interval.",
    "copies_damaged": "Copies whose last check found damage.",
    "copies_unchecked": "Copies whose last check could not be done.",
    "copies_overdue": "Copies not verified within the fixity interval.",
    "oldest_verified_seconds": "When the longest unverified copy was last found whole; 0: never.",
    "audited_seconds": "When these numbers were written.",
}
"""Gauges that a vault shows to Prometheus, and what each counts."""


def prometheus_text(coverage: FixityCoverage, *, vault: str, at: datetime) -> str:
    """Return the coverage in the text format that a node exporter of Prometheus reads from a file."""
    values = {
        "copies": coverage.total,
        "copies_verified": coverage.verified,
        "copies_damaged": coverage.damaged,
        "copies_unchecked": coverage.unchecked,
        "copies_overdue": coverage.overdue,
        "oldest_verified_seconds": _seconds(coverage.oldest),
        "audited_seconds": int(at.timestamp()),
    }
    lines = []
    for name, meaning in GAUGES.items():
        full = f"archiver_vault_{name}"
        lines += [
            f"# HELP {full} {meaning}",
            f"# TYPE {full} gauge",
            f'{full}{{vault="{vault}"}} {values[name]}',
        ]
    return "\n".join(lines) + "\n"


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) if moment else 0


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat()
