"""A spooled list gives back what was put, in memory and from the disk, and writes nothing in the clear."""

from __future__ import annotations

import gc
import random
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from archiver import spooled_list
from archiver.errors import DiskFault
from archiver.handover.arrivals import Arrival, Arrivals, UnitOutcome
from archiver.package.container import WrittenMember, WrittenMembers
from archiver.spooled_list import LONG, RUN, TOGETHER, SortedSpool, SpooledList
from formats.digests import Digest

NAME = "Exemple-Kerbrat"


@pytest.fixture(params=[1 << 20, 10_000], ids=["in memory", "on the disk"])
def memory(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(spooled_list, "MEMORY_BYTES", request.param)
    return int(request.param)


def records(count: int) -> list[dict[str, object]]:
    return [{"name": f"{NAME} {number}", "acts": number} for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 40 * TOGETHER + 3])
def test_what_was_put_comes_back_in_order_and_again(memory: int, tmp_path: Path, count: int) -> None:
    spooled = SpooledList(records(count), folder=tmp_path)
    assert len(spooled) == count
    assert list(spooled) == list(spooled) == records(count)


def test_it_is_read_while_it_grows(memory: int, tmp_path: Path) -> None:
    spooled = SpooledList[int](folder=tmp_path)
    for number in range(50 * TOGETHER):
        spooled.append(number)
        if number % 997 == 0:
            assert list(spooled) == list(range(number + 1))
    reading = iter(spooled)
    assert next(reading) == 0
    spooled.append(-1)
    assert list(reading) == list(range(1, 50 * TOGETHER))


@pytest.mark.parametrize("count", [0, 1, RUN - 1, RUN, RUN + 1, 3 * RUN + 7])
def test_sorting_is_stable(memory: int, tmp_path: Path, count: int) -> None:
    chance = random.Random(count)
    pairs = [(chance.randrange(50), number) for number in range(count)]
    spooled = SortedSpool[int](folder=tmp_path)
    for key, number in pairs:
        spooled.add(key, number)
    assert len(spooled) == count
    expected = [number for _, number in sorted(pairs, key=lambda pair: pair[0])]
    assert list(spooled) == list(spooled) == expected


@pytest.mark.parametrize("length", [LONG - 9, LONG + 1])
def test_long_records_are_sorted_and_stay_outside(memory: int, tmp_path: Path, length: int) -> None:
    """As 600 images of one patient after the other; what is held is that of one, and what says where they are."""
    spooled = SortedSpool[dict[str, str | bytes]](folder=tmp_path)
    for number in range(3 * RUN // 10):
        spooled.add(number * 7919 % 600, {"n": str(number), "image": bytes(length)})
    assert len(spooled) == 3 * RUN // 10
    expected = sorted(range(3 * RUN // 10), key=lambda number: number * 7919 % 600)
    assert [record["n"] for record in spooled] == [str(number) for number in expected]
    assert all(len(record["image"]) == length for record in spooled)


def on_disk(folder: Path) -> Iterator[bytes]:
    """Yield the content of the nameless files that this process has open in ``folder``."""
    for one in Path("/proc/self/fd").iterdir():
        try:
            target = one.readlink()
        except OSError:
            continue
        if target.is_relative_to(folder):
            yield one.read_bytes()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at open files in /proc")
def test_nothing_of_a_patient_is_on_the_disk_in_the_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooled_list, "MEMORY_BYTES", 0)
    spooled = SpooledList(records(1000), folder=tmp_path)
    (content,) = on_disk(tmp_path)
    assert len(content) > 10_000
    assert NAME.encode() not in content and b"name" not in content
    assert list(tmp_path.iterdir()) == []
    assert len(list(spooled)) == 1000
    del spooled
    gc.collect()
    assert list(on_disk(tmp_path)) == []


def test_bytes_of_somebody_else_are_never_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooled_list, "MEMORY_BYTES", 0)
    spooled = SpooledList(records(3 * TOGETHER), folder=tmp_path)
    file = spooled._packed._file
    assert file is not None
    ends = file._ends
    for number, (start, end) in enumerate(pairwise(ends)):
        for at in (start, end - 1):
            file._stream.seek(at)
            (found,) = file._stream.read(1)
            file._stream.seek(at)
            file._stream.write(bytes([found ^ 1]))
            with pytest.raises(DiskFault, match="not as it was written"):
                list(spooled._packed.between(number, number + 1))
            file._stream.seek(at)
            file._stream.write(bytes([found]))
    assert list(spooled) == records(3 * TOGETHER)


def traced(grow: Callable[[int], object], count: int) -> float:
    """Return the bytes that what ``grow`` returns holds for each of ``count``."""
    grow(10)  # what is made once is there
    tracemalloc.start()
    try:
        made = grow(count)
        size = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert made
    return size / count


def members(count: int) -> WrittenMembers:
    made, digest = WrittenMembers(), Digest.of(b"unit")
    for number in range(count):
        name = f"units/{number:026}.zip"
        made.append(WrittenMember(name=name, offset=number, size=1, crc32=0, large=False, digest=digest))
    return made


def sorted_images(count: int) -> SortedSpool[dict[str, bytes]]:
    made = SortedSpool[dict[str, bytes]]()
    for number in range(count):
        made.add(number * 7919 % count, {"image": bytes(10_000)})
    assert sum(len(one["image"]) for one in made) == count * 10_000
    return made


def arrivals(count: int) -> Arrivals:
    def arriving() -> Iterator[Arrival]:
        for number in range(count):
            who = {
                "id": f"{number:036}",
                "family": f"{NAME}{number}",
                "given": "Camille",
                "birth_date": "1970-01-01",
            }
            counts = {f"kind {kind}": number for kind in range(30)}
            yield Arrival(unit=f"{number:026}", outcome=UnitOutcome.CAME_IN, who=who, counts=counts)

    return Arrivals(arriving())


def sorted_names(count: int) -> SortedSpool[tuple[str, int]]:
    made = SortedSpool[tuple[str, int]]()
    for number in range(count):
        made.add(f"{NAME}{number * 7919 % count}", (f"{NAME} {number}", number))
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("grow", "most"),
    [(members, 150), (arrivals, 70), (sorted_names, 110), (sorted_images, 200)],
    ids=["members", "arrivals", "sorted", "sorted images"],
)
def test_one_more_dossier_takes_a_few_bytes(grow: Callable[[int], object], most: int) -> None:
    """As objects a member took 500 bytes, an arrival 3,000, a row 700."""
    assert traced(grow, 30_000) < most
