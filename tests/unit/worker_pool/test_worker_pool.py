"""Worker processes: how many there are, outcomes in order, and what happens when one is killed."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures.process import _MAX_WINDOWS_WORKERS  # type: ignore[attr-defined]
from pathlib import Path

import pytest

from archiver import worker_pool
from archiver.errors import WorkerLost
from archiver.practice.store import open_store
from archiver.worker_pool import AHEAD, ALONE, TOGETHER, WorkerPool, processes_for

METHODS = [one for one in ("fork", "spawn") if one in multiprocessing.get_all_start_methods()]


@pytest.fixture(params=METHODS)
def pool(request: pytest.FixtureRequest) -> Iterator[WorkerPool]:
    with WorkerPool(2, method=request.param) as pool:
        yield pool


def test_work_is_done_elsewhere(pool: WorkerPool) -> None:
    assert pool.submit(os.getpid)() != os.getpid()
    assert ALONE.submit(os.getpid)() == os.getpid()


def test_a_fault_comes_back(pool: WorkerPool) -> None:
    with pytest.raises(ValueError, match="factorial"):
        pool.submit(math.factorial, -1)()


def test_a_process_that_is_killed_is_a_failure_with_a_code(pool: WorkerPool) -> None:
    waiting = pool.submit(time.sleep, 60)
    other = pool.submit(os.getpid)()
    os.kill(other, signal.SIGKILL)
    with pytest.raises(WorkerLost):
        waiting()
    with pytest.raises(WorkerLost):
        pool.submit(os.getpid)()


def slower(seconds: float, tasks: Sequence[int]) -> list[int]:
    """Take longer for the first tasks than for the others."""
    for task in tasks:
        time.sleep(seconds if task < TOGETHER else 0)
    return [*tasks]


def test_outcomes_come_in_the_order_of_the_tasks() -> None:
    with WorkerPool(2, method=METHODS[0]) as pool:
        assert [*pool.ordered(slower, 0.02, range(100), size=lambda _: 1)] == [*range(100)]
    assert [*ALONE.ordered(slower, 0.0, range(20), size=lambda _: 1)] == [*range(20)]


def test_what_is_sent_ahead_is_bounded_in_tasks_and_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "BYTES_AHEAD", 50)
    for size, most in ((1, AHEAD), (10, 2 * 50 // 10 + 1 + TOGETHER), (10**9, 2)):
        asked: list[int] = []

        def tasks(asked: list[int] = asked) -> Iterator[int]:
            for number in range(500):
                asked.append(number)
                yield number

        with WorkerPool(2, method=METHODS[0]) as pool:
            for taken, _ in enumerate(pool.ordered(slower, 0.0, tasks(), size=lambda _, size=size: size)):
                assert len(asked) - taken <= most + TOGETHER, size


def test_processes_follow_from_the_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    share = worker_pool.SHARES[worker_pool.start_method()]
    assert processes_for([]) == processes_for([share - 1]) == processes_for([share]) == 1
    assert processes_for([share] * 2) == processes_for([2 * share]) == 2
    assert processes_for([1] * (2 * share // 1024)) == 1
    assert processes_for(iter([share] * 1000)) == processes_for([1000 * share]) == 4
    sizes = iter([share] * 1000)
    processes_for(sizes)
    assert len([*sizes]) == 996, "more was asked for than it needs"
    monkeypatch.setattr(os, "cpu_count", lambda: 128)
    assert processes_for([1000 * share]) == _MAX_WINDOWS_WORKERS, "on Windows an executor refuses more"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks at open files in /proc")
def test_a_pool_that_is_started_first_has_no_connection_to_the_store(
    pool: WorkerPool, tmp_path: Path
) -> None:
    with open_store(tmp_path / "p.db", create=True):
        links = [Path(f"/proc/{pool.submit(os.getpid)()}/fd/{number}") for number in range(100)]
        opened = [str(link.readlink()) for link in links if link.is_symlink()]
    assert opened and not [one for one in opened if "p.db" in one]
