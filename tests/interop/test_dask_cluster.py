"""An audit on a real Dask cluster: what it finds, who is let in, what is left when parts of it are killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from archiver.cluster.dask_cluster import SHARD_TASKS, DaskCluster, open_cluster, read_cluster_address
from archiver.cluster.errors import ClusterLost
from archiver.errors import WorkerLost
from tests.dask_cluster import Cluster, dask_cluster, make_keys
from tests.journeys.line import Line
from tests.journeys.program import Ended, Program
from tests.journeys.test_vault import DEPOSIT, INIT

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
COUNT = 3 * SHARD_TASKS


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    make_keys(folder / "keys")
    with dask_cluster(folder, 2) as running:
        yield running


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A vault on two storages, one copy of which is damaged."""
    names = ("package.asice", "roots.pem", "kerbrat")
    program = Program(folder=small_line.copy(tmp_path_factory.mktemp("vault"), *names))
    program(*INIT).ok()
    program(*DEPOSIT).ok()
    (package,) = (program.folder / "disk-b").rglob("*.asice")
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 1
    package.write_bytes(data)
    return program


def keys(cluster: Cluster) -> tuple[str, ...]:
    folder = cluster.folder / "keys"
    return (
        *("--cluster-ca", f"{folder / 'ca.pem'}", "--cluster-certificate", f"{folder / 'cert.pem'}"),
        *("--cluster-key", f"{folder / 'key.pem'}"),
    )


def audit(desk: Program, *options: str) -> Ended:
    return desk("vault", "audit", "vault", "--all", *options)


def test_a_cluster_finds_what_one_machine_finds(desk: Program, cluster: Cluster) -> None:
    found = []
    for options in ((), ("--engine", cluster.engine, *keys(cluster))):
        document = audit(desk, *options, "--json").document
        del document["at"], document["coverage"]["oldest_verified"]
        found.append(document)
    assert found[0] == found[1]
    assert found[1]["checked"] == {"ok": 3, "damaged": 1, "could-not-check": 0}


def test_who_is_not_known_is_not_let_in(desk: Program, cluster: Cluster, tmp_path: Path) -> None:
    other_keys = make_keys(tmp_path)
    assert audit(desk, "--engine", cluster.engine, *other_keys).refused("cluster-unusable", 79)
    assert audit(desk, "--engine", cluster.engine).refused("cluster-credentials-missing", 2)
    nobody = ("--engine", "dask://127.0.0.1:9", *keys(cluster))
    assert audit(desk, *nobody).refused("cluster-unusable", 79)


@pytest.mark.parametrize(
    "engine", ["dask:", "tcp://a:1", "dask://a", "dask://a:1/x", "dask://a:x", "dask://u@a:1"]
)
def test_what_is_no_address_is_refused(engine: str, desk: Program, cluster: Cluster) -> None:
    assert audit(desk, "--engine", engine, *keys(cluster)).refused("cluster-address-invalid", 2)


def open_one(cluster: Cluster) -> Iterator[DaskCluster]:
    folder = cluster.folder / "keys"
    address = read_cluster_address(
        cluster.engine, authority=folder / "ca.pem", certificate=folder / "cert.pem", key=folder / "key.pem"
    )
    with open_cluster(address) as opened:
        yield opened


@pytest.fixture
def own_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster that a test may kill: a shard is given up with the first worker that it kills."""
    make_keys(tmp_path / "keys")
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    with dask_cluster(tmp_path, 2) as running:
        yield running


def test_a_worker_that_is_killed_loses_nothing(cluster: Cluster) -> None:
    """Another one does its shard again; a worker is started in its place for the tests that follow."""

    def double(_context: None, tasks: Sequence[int]) -> list[int]:
        time.sleep(0.5)
        return [2 * one for one in tasks]

    for opened in open_one(cluster):
        outcomes = opened.ordered(double, None, range(COUNT), size=lambda _: 1)
        found = [next(outcomes)]
        cluster.workers[0].send_signal(signal.SIGKILL)
        found += outcomes
        assert sorted(found) == [2 * one for one in range(COUNT)]
    cluster.add_worker()


def test_what_a_killed_worker_and_a_killed_scheduler_take_along_is_said(own_cluster: Cluster) -> None:
    def double(_context: None, tasks: Sequence[int]) -> list[int]:
        if tasks[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return [2 * one for one in tasks]

    for opened in open_one(own_cluster):
        found: list[int] = []
        with pytest.raises(WorkerLost):
            found.extend(opened.ordered(double, None, range(COUNT), size=lambda _: 1))
        assert found and not set(found) & {2 * one for one in range(SHARD_TASKS)}
        outcomes = opened.ordered(double, None, range(1, 20 * SHARD_TASKS), size=lambda _: 1)
        found = [next(outcomes)]
        own_cluster.scheduler.send_signal(signal.SIGKILL)
        with pytest.raises(ClusterLost):
            found.extend(outcomes)
        assert len(found) < 20 * SHARD_TASKS and all(one % 2 == 0 for one in found)
