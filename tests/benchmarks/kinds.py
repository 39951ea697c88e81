"""Ours beside the peers, kind by kind: ``python -m tests.benchmarks.kinds [FOLDER] [--rounds N] [--part N]``.

Of each kind (volumes, panoramics, JPEG, small texts, records, a mix) one practice is made, exported twice and
imported; 7-Zip, restic, and ``tar``, ``zstd`` and ``age`` take the same files and the same records, as the store's
SQLite file. All run in turn, and of each the least of the rounds counts, since another's load only adds. The export
of one small dossier tells what starting costs. At the end a practice of Open Dental is collected. A peer that is not
installed is named and left out; nothing is judged.
"""

from __future__ import annotations

import argparse
import dataclasses
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path

from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.practice.store import open_store
from formats.model.record import record_id
from tests.benchmarks.clinical import clinical_dossier
from tests.benchmarks.contenders import PROGRAM, Contender, everybody, forget, load, size_of
from tests.benchmarks.limits import limit
from tests.benchmarks.practices import large_practice
from tests.benchmarks.workload import SPACE, Size, build

YEARS = 7
"""Years of care that make about a hundred records."""
ROWS = 40_000
"""Rows of the practice of Open Dental that is collected."""
START = "one dossier"
"""The kind that tells what starting costs."""
PEERS = {
    "7z -mx1": "7z -tzip -mem=AES256 -mx1",
    "restic": "restic backup",
    "tar, zstd, age": "tar | zstd -1 | age",
}
"""Heading of a column, and the name of the peer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """What one line of the table is made of."""

    name: str
    size: Size
    clinical: bool = False
    goal: float | None = None
    """How many times our processor seconds 7-Zip is to take (issue 9)."""
    limit: float | None = None
    """How many times the sum of the limits ours may be (issue 9)."""


NOTHING = Size(dossiers=1, volumes=0, slices=128, panoramics=0, jpegs=0, small=0)


def kinds(part: float) -> tuple[Kind, ...]:
    """Return the kinds, each with the ``part``-th part of its files."""

    def size(**counts: int) -> Size:
        return dataclasses.replace(
            NOTHING, **{name: max(1, int(count / part)) for name, count in counts.items()}
        )

    return (
        Kind(name=START, size=dataclasses.replace(NOTHING, small=4)),
        Kind(name="volumes", size=size(dossiers=2, volumes=2), goal=2.5, limit=1.1),
        Kind(name="panoramics", size=size(dossiers=24, panoramics=24), goal=2.1, limit=1.05),
        Kind(name="JPEG", size=size(dossiers=40, jpegs=400), goal=2.0, limit=1.5),
        Kind(name="small texts", size=size(dossiers=150, small=3000), goal=1.3, limit=2.5),
        Kind(name="records", size=size(dossiers=120), clinical=True),
        Kind(
            name="mix",
            size=size(dossiers=50, volumes=1, panoramics=5, jpegs=50, small=1000),
            clinical=True,
        ),
    )


def prepare(kind: Kind, folder: Path) -> int:
    """Make the practice of ``kind`` and its keys in ``folder``; return how many records each dossier gets."""
    (folder / "tree").mkdir(parents=True)
    build(folder, kind.size)
    new = [PROGRAM, "keys", "new", "keys", "--name", "Benchmark", "--no-passphrase"]
    subprocess.run(new, cwd=folder, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return _keep_records(folder / "practice.db", kind.size.dossiers) if kind.clinical else 0


def _keep_records(path: Path, dossiers: int) -> int:
    count = 0
    with open_store(path, create=True) as store, store.changing():
        for number in range(dossiers):
            drawn = clinical_dossier(number, years=YEARS)
            for practitioner in drawn.practitioners if number == 0 else ():
                store.put(practitioner)
            patient = record_id(SPACE, "patient", number)
            mine = [
                one
                for one in drawn.records()
                if getattr(one, "patient", None) and one.kind != "documents"  # whose files nobody has
            ]
            for record in mine:
                store.put(dataclasses.replace(record, patient=patient))
            count += len(mine)
    return count // dossiers


def contenders(folder: Path) -> list[Contender]:
    """Return who runs on one kind, in this order: first and second export, import, the peers."""
    by_name = {one.name: one for one in everybody(folder)}
    first, again = by_name["archiver export"], by_name["archiver import"]
    second = dataclasses.replace(
        first, name="second export", command=[*first.command], output="p.asice", seconds=[], cpu=[]
    )
    return [first, second, again, *(by_name[name] for name in PEERS.values())]


@dataclass(kw_only=True, slots=True)
class Found:
    """What one kind came to."""

    kind: Kind
    files: int
    data: int
    records: int
    ran: dict[str, Contender]
    limit: float

    def cpu(self, name: str) -> float | None:
        """Return the least processor seconds of a contender, if it ran."""
        return min(self.ran[name].cpu) if name in self.ran else None

    def wall(self, name: str) -> float:
        """Return the least seconds of a contender."""
        return min(self.ran[name].seconds)


def measure(kind: Kind, folder: Path, *, rounds: int, without: Sequence[str]) -> Found:
    """Make one kind, run everybody in turn, and take it away again."""
    records = prepare(kind, folder)
    ran = [
        one for one in contenders(folder) if one.is_here() and not any(word in one.name for word in without)
    ]
    limits = []
    for _ in range(rounds):
        for one in ran:
            one.run(folder)
        limits.append(limit(folder / "tree"))
    found = Found(
        kind=kind,
        files=sum(one.is_file() for one in (folder / "tree").rglob("*")),
        data=size_of(folder / "tree") + size_of(folder / "practice.db"),
        records=records * kind.size.dossiers,
        ran={one.name: one for one in ran},
        limit=min(limits),
    )
    shutil.rmtree(folder)
    return found


COLUMNS = (
    "kind", "MB", "export", "wall s", "second", "import",
    *(column for peer in PEERS for column in (peer, "×", "× started", "wall ×")),
    "7z goal", "limits", "÷", "÷ started", "goal",
)  # fmt: skip


def line(found: Found, start: float) -> list[str]:
    """Return the cells of one kind; ``start`` is what the export of one dossier costs."""
    ours = found.cpu("archiver export") or 0.0
    cells = [
        found.kind.name,
        f"{found.data / 1e6:.1f}",
        f"{ours:.2f}",
        f"{found.wall('archiver export'):.2f}",
    ]
    cells += [_seconds(found.cpu("second export")), _seconds(found.cpu("archiver import"))]
    for name in PEERS.values():
        peer = found.cpu(name)
        if peer is None:
            cells += [""] * 4
        else:
            walls = found.wall(name) / found.wall("archiver export")
            net = f"{peer / (ours - start):.2f}" if found.kind.name != START else ""
            cells += [_seconds(peer), f"{peer / ours:.2f}", net, f"{walls:.2f}"]
    cells.append(f"{found.kind.goal}" if found.kind.goal else "")
    if found.kind.limit is None:
        return [*cells, "", "", "", ""]
    ratios = ours / found.limit, (ours - start) / found.limit
    return [*cells, _seconds(found.limit), *(f"{one:.2f}" for one in ratios), f"{found.kind.limit}"]


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def head(rounds: int) -> None:
    """Print the head of the table, in Markdown."""
    print(f"\nCPU seconds (wall where it says so), least of {rounds} rounds")
    print("×: peer ÷ our first export; started: what the export of one dossier costs left out of ours")
    print("÷: our export ÷ sum of the limits (SHA-256, deflate and cipher of the same files, each once)")
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}", flush=True)


def show_records(found: Found, start: Found) -> None:
    """Print how many records go out and come in within a processor second, start-up left out."""
    for name, what in (("archiver export", "exported"), ("archiver import", "imported")):
        spent, starting = found.cpu(name), start.cpu(name)
        if spent is not None and starting is not None and spent > starting:
            pace = found.records / (spent - starting)
            print(f"{found.records:,} records: {pace:,.0f} a CPU second {what}, start-up left out")


def show_collect(folder: Path, rows: int, rounds: int) -> None:
    """Collect a practice of Open Dental into a new store, and print how many source rows a processor second takes."""
    folder.mkdir()
    count = large_practice(folder / "source.sqlite", rows)
    collecting = Contender(
        name="archiver collect",
        group="collect",
        command=(PROGRAM, "collect", "opendental", "source.sqlite", "--into", "back.db"),
        output="back.db",
        before=forget,
        codes=(SUCCESS, INCOMPLETE),  # the copied rows share what only one of them may have
    )
    for _ in range(rounds):
        collecting.run(folder)
    spent = min(collecting.cpu)
    print(
        f"{count:,} source rows collected in {spent:.2f} CPU s: {count / spent:,.0f} a CPU second, start-up included"
    )


def main() -> None:
    """Measure every kind and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--part", type=float, default=1, help="the N-th part of everything; 0.5: twice as much"
    )
    parser.add_argument("--without", nargs="*", default=[], help="words of names to leave out")
    chosen = parser.parse_args()
    machine = f"{platform.machine()}, {cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; load {load()}", flush=True)
    missing = [one.name for one in contenders(Path()) if not one.is_here()]
    if missing:
        print(f"left out, not installed: {', '.join(missing)}")
    head(chosen.rounds)
    all_found: dict[str, Found] = {}
    with tempfile.TemporaryDirectory(dir=chosen.folder) as made:
        for kind in kinds(chosen.part):
            found = measure(kind, Path(made, kind.name), rounds=chosen.rounds, without=chosen.without)
            all_found[kind.name] = found
            print(
                f"| {' | '.join(line(found, all_found[START].cpu('archiver export') or 0.0))} |", flush=True
            )
        show_records(all_found["records"], all_found[START])
        show_collect(Path(made, "collect"), int(ROWS / chosen.part), chosen.rounds)
    print(f"load at the end: {load()}")


if __name__ == "__main__":
    main()
