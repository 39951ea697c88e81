"""Cluster of Dask workers (``archiver[cluster]``): the work of one command on many machines, by mutual TLS alone.

1. The cluster is there already, and its workers have this program in this version; nothing is started or installed.
2. Tasks go out in shards, of which a bounded number is under way. A shard whose worker is killed is done by another.
3. The cluster remembers nothing that counts: what an outcome says, its taker writes. When the scheduler ends, what
   was not taken is still to be done.

What a task needs goes along with it, credentials of storages among it: through the scheduler, whose machine
therefore belongs to whoever runs the cluster.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from archiver import __version__
from archiver.cluster.errors import (
    ClusterAddressInvalid,
    ClusterCredentialsMissing,
    ClusterLost,
    ClusterUnusable,
    ClusterVersionsDiffer,
)
from archiver.errors import WorkerLost
from archiver.signing.errors import ExtraMissing
from archiver.worker_pool import batches
from formats.errors import FileNotFound
from formats.words import mark

SCHEME = "dask"
EXTRA = "cluster"
SHARD_TASKS = 100
"""Tasks of a shard: with 100 the most objects a second were read (shards of 100 to 500 were tried)."""
SHARD_BYTES = 1 << 30
"""Bytes of a shard, after which it is sent however few its tasks are: what a killed worker makes another do again."""
SHARDS_AHEAD = 2
"""Shards under way for each thread of the cluster: one is worked on, the next one waits at the worker."""
CONNECT_SECONDS = 20
"""How long a scheduler may take to answer."""

T = TypeVar("T")
R = TypeVar("R")
G = TypeVar("G")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterAddress:
    """Address of a scheduler, ``host:port``, and the PEM files by which both sides know each other."""

    scheduler: str
    authority: Path
    certificate: Path
    key: Path


def read_cluster_address(
    engine: str, *, authority: Path | None, certificate: Path | None, key: Path | None
) -> ClusterAddress:
    """Return the cluster at ``engine``, ``dask://HOST:PORT``.

    Raises:
        ClusterAddressInvalid: when that is no such address.
        ClusterCredentialsMissing, FileNotFound: when one of the files is not named, or not there.
    """
    try:
        parts = urlsplit(engine)
        port = parts.port
    except ValueError:
        raise ClusterAddressInvalid(address=engine) from None
    plain = not (parts.path or parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme != SCHEME or not parts.hostname or not port or not plain:
        raise ClusterAddressInvalid(address=engine)
    if authority is None or certificate is None or key is None:
        raise ClusterCredentialsMissing
    for path in (authority, certificate, key):
        if not path.is_file():
            raise FileNotFound(path=str(path))
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return ClusterAddress(scheduler=f"{host}:{port}", authority=authority, certificate=certificate, key=key)


class DaskCluster:
    """The open connection to a cluster of ``threads`` threads."""

    def __init__(self, library: ModuleType, client: Any, address: str, threads: int) -> None:
        self._library, self._client, self._address, self.threads = library, client, address, threads

    def ordered(
        self,
        work: Callable[[G, Sequence[T]], Sequence[R]],
        context: G,
        tasks: Iterable[T],
        *,
        size: Callable[[T], int],
    ) -> Iterator[R]:
        """Yield the outcome of each of ``tasks``, of ``size`` bytes, as its shard is done; see ``WorkerPool.ordered``.

        Raises:
            WorkerLost: at the end, when a shard was given up because each worker that had it was killed.
            ClusterLost: when the scheduler does not answer any more.
        """
        shards = batches(tasks, size, most=SHARD_TASKS, most_bytes=SHARD_BYTES)
        given_up = False
        with self._scheduler_answers():
            waiting = self._library.as_completed(with_results=False, raise_errors=False)
            waiting.update(self._sent(work, context, shards, SHARDS_AHEAD * self.threads))
        while True:
            with self._scheduler_answers():
                future = next(waiting, None)
                if future is None:
                    break
                try:
                    outcomes = future.result()
                except self._library.scheduler.KilledWorker:
                    given_up, outcomes = True, ()
                future.release()
                waiting.update(self._sent(work, context, shards, 1))
            yield from outcomes
        if given_up:
            raise WorkerLost

    def _sent(
        self, work: Callable[..., Any], context: object, shards: Iterator[Sequence[Any]], most: int
    ) -> list[Any]:
        """Send the next shards, at most so many; two that are alike are two all the same."""
        return [
            self._client.submit(work, context, shard, pure=False)
            for _, shard in zip(range(most), shards, strict=False)
        ]

    @contextmanager
    def _scheduler_answers(self) -> Iterator[None]:
        """Turn what the connection answers when its scheduler is gone into ``ClusterLost``."""
        try:
            yield
        except (OSError, CancelledError, asyncio.CancelledError) as fault:
            raise ClusterLost(address=self._address) from fault


@contextmanager
def open_cluster(address: ClusterAddress) -> Iterator[DaskCluster]:
    """Open the cluster at ``address``.

    Raises:
        ExtraMissing: when ``distributed`` is not installed.
        ClusterUnusable: when nobody answers there, knows us, or works; or a worker has another version of the program.
    """
    try:
        import distributed  # noqa: PLC0415 - an optional extra
        import distributed.scheduler  # noqa: PLC0415
    except ImportError as fault:
        raise ExtraMissing(extra=EXTRA) from fault
    library: Any = distributed
    for name in ("distributed", "tornado", "asyncio"):  # what they tell is for whoever runs the cluster
        logging.getLogger(name).setLevel(logging.CRITICAL)
    security = library.Security(
        tls_ca_file=str(address.authority),
        tls_client_cert=str(address.certificate),
        tls_client_key=str(address.key),
        require_encryption=True,
    )
    try:
        client = library.Client(f"tls://{address.scheduler}", security=security, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as fault:  # TimeoutError and every refusal of TLS are of OSError
        raise ClusterUnusable(address=address.scheduler, reason=_first_line(fault)) from fault
    try:
        yield DaskCluster(library, client, address.scheduler, _threads(client, address.scheduler))
    finally:
        client.close(timeout=CONNECT_SECONDS)


def _threads(client: Any, scheduler: str) -> int:
    """Return how many threads the workers have, each of which has this program in this version."""
    threads: dict[str, int] = client.nthreads()
    if not threads:
        raise ClusterUnusable(address=scheduler, reason=mark("it has no worker"))
    try:
        versions = client.run(program_version)
    except Exception as fault:  # whatever a worker raises that cannot load the program
        raise ClusterUnusable(address=scheduler, reason=_first_line(fault)) from fault
    if others := sorted({str(one) for one in versions.values()} - {__version__}):
        raise ClusterVersionsDiffer(address=scheduler, found=", ".join(others), own=__version__)
    return sum(threads.values())


def program_version() -> str:
    """Return the version of the program where this runs."""
    return __version__


def _first_line(fault: BaseException) -> str:
    return next(iter(str(fault).splitlines()), "") or type(fault).__name__
