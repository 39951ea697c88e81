"""Peak memory of commands that list the packages of a vault: the same for many as for few."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
FEW, MANY = 6_000, 30_000
FLAT = 6 << 20
"""Bytes that so many more packages may cost: what spooled lists hold in memory, and what an allocator rounds up."""

MADE = """
import json, sys, tracemalloc
from datetime import date
from pathlib import Path
from archiver.vault.catalogue import IndexedObject, create_catalogue, open_catalogue_at
from archiver.vault.deposit_receipt import ReadReceipt, TermCount

path, count = Path(sys.argv[1]), int(sys.argv[2])
create_catalogue(path)
with open_catalogue_at(path) as catalogue, catalogue.transaction():
    for number in range(count):
        day = ["2026-01-01", "2090-01-01", ""][number % 3]
        receipt = ReadReceipt(
            package=f"urn:test:{number:06}", kind="package", revision=1, accepted_at="2026-01-02T00:00:00+00:00",
            created="2026-01-01T00:00:00+00:00", sender="Cabinet Exemple", sender_numbers=("a|1",), receiver="",
            units=3, destroy_from=day, holds=0, files=1, size=1000,
            terms=(TermCount(destroy_from=day, units=3, holds=0),),
        )
        catalogue.write(
            IndexedObject(
                object_id=f"urn:test:{number:06}", receipts=[receipt], statements=(), heads=[("storage-1", "v1")]
            )
        )
"""
MEASURED = """
import gc, io, sys, tracemalloc
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from archiver.vault.catalogue import open_catalogue_at

class Counted(io.TextIOBase):
    size = 0
    def write(self, text):
        self.size += len(text)
        return len(text)

def due(catalogue, folder):
    from archiver.cli.run.vault.disposal.due import in_order, show
    from archiver.operations.vault.disposal.list_due import list_due
    out, day = Counted(), date(2026, 6, 1)
    found = in_order(list_due(catalogue, day))
    with redirect_stdout(out):
        (folder / "due.csv").unlink(missing_ok=True)
        show(found, day, report=folder / "due.csv", as_json=False)
    return out.size

def export(catalogue, folder):
    from archiver.vault.depositor import objects_of_depositor
    return len(objects_of_depositor(catalogue, "Cabinet Exemple"))

def rebuild(catalogue, folder):
    from archiver.operations.vault.rebuild import places_by_object
    from archiver.storage.storage import StoredObject
    from types import SimpleNamespace
    from formats.ocfl.layout import object_place, root_files
    names = sorted(f"{object_place(one)}/0=ocfl_object_1.1" for one in catalogue.object_ids())
    tracemalloc.reset_peak()
    files = root_files()
    class Listed:
        def list(self, prefix=""):
            for key in [*sorted(files)] if not prefix else [one for one in files if one.startswith(prefix)]:
                yield StoredObject(key=key, size=len(files[key]))
            for key in names if not prefix else ():
                yield StoredObject(key=key, size=1)
        def open(self, key, start=0, length=None):
            from contextlib import nullcontext
            return nullcontext(io.BytesIO(files[key]))
        def head(self, key):
            return None
    replicas = [SimpleNamespace(name=name, storage=Listed(), entry=SimpleNamespace(locks=False)) for name in "ab"]
    taken = tracemalloc.get_traced_memory()[0]
    count = sum(1 for _ in places_by_object(replicas, []))
    print(taken)
    return count

path, what = Path(sys.argv[1]), sys.argv[2]
with open_catalogue_at(path, reading=True) as catalogue:
    globals()[what](catalogue, path.parent) if what != "rebuild" else None
    gc.collect()
    tracemalloc.start()
    done = globals()[what](catalogue, path.parent)
    before, peak = tracemalloc.get_traced_memory()
print(done, peak)
"""


def peak(folder: Path, what: str, count: int) -> tuple[int, int]:
    """Return what the command counted, and its peak in bytes."""
    path = folder / f"{count}.db"
    if not path.exists():
        subprocess.run([sys.executable, "-c", MADE, str(path), str(count)], check=True)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path), what], capture_output=True, check=True, encoding="utf-8"
    )
    *before, last = done.stdout.splitlines()
    found, highest = map(int, last.split())
    return found, highest - (int(before[-1]) if before else 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("catalogues")


@pytest.mark.parametrize("what", ["due", "export", "rebuild"])
def test_five_times_as_many_packages_take_no_more_memory(folder: Path, what: str) -> None:
    (few, least), (many, most) = (peak(folder, what, count) for count in (FEW, MANY))
    assert many > 4 * few > 0
    assert most - least < FLAT, f"{least >> 10} KiB, then {most >> 10} KiB"
