"""An audit whose processes are killed, or whose storage fails as nobody foresaw, never says that anything is whole."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from archiver.errors import WorkerLost
from archiver.operations.vault.audit import CheckTask, audit, check_task, due_checks
from archiver.operations.vault.fixity_coverage import FixityCoverage, fixity_coverage, prometheus_text
from archiver.operations.vault.init_vault import VaultRequest, init_vault
from archiver.storage.folder import FolderStorage
from archiver.vault.catalogue import open_catalogue
from archiver.vault.checks import CheckOutcome, open_checks
from archiver.vault.description import Hosting
from archiver.vault.open_vault import Replica, Vault
from archiver.worker_pool import WorkerPool

AT = datetime(2026, 11, 29, 22, tzinfo=UTC)


def clock() -> datetime:
    return AT


def deadly_clock() -> datetime:
    """End the process that asks: a worker is killed when it has checked and not yet said so."""
    os.kill(os.getpid(), signal.SIGKILL)
    return AT


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault with its own object alone, on three storages."""
    request = VaultRequest(
        folder=tmp_path / "vault",
        name="Archives Exemple",
        storages=[tmp_path / "vault" / name for name in "abc"],
        hosting=Hosting(reason="Données fictives"),
        identifier="2e527adc-b15b-41ef-994c-ac3112c3733a",
    )
    return init_vault(request, clock=clock)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes otherwise")
def test_killed_workers_lose_nothing_that_was_written_and_prove_nothing(vault: Vault) -> None:
    with (
        WorkerPool(2) as pool,
        open_catalogue(vault.folder) as catalogue,
        open_checks(vault.folder, print) as table,
    ):
        tasks = due_checks(vault, catalogue, table, at=AT)
        assert len(tasks) == 3
        with pytest.raises(WorkerLost):
            list(audit(vault, tasks, table, clock=deadly_clock, pool=pool))
        assert list(table) == []
        coverage = fixity_coverage(vault, catalogue, table, at=AT)
        assert (coverage.total, coverage.verified, coverage.overdue, coverage.oldest) == (3, 0, 3, "")
    with open_catalogue(vault.folder) as catalogue, open_checks(vault.folder, print) as table:
        again = due_checks(vault, catalogue, table, at=AT)
        assert [one.outcome for one in audit(vault, again, table, clock=clock)] == [CheckOutcome.OK] * 3
        assert len(due_checks(vault, catalogue, table, at=AT + timedelta(days=89))) == 0
        assert len(due_checks(vault, catalogue, table, at=AT + timedelta(days=90))) == 3


class Failing(FolderStorage):
    """A storage that fails as no storage does."""

    @contextmanager
    def open(self, key: str, start: int = 0, length: int | None = None) -> Iterator[BinaryIO]:
        raise RuntimeError(f"{key} {start} {length}")
        yield


def test_an_unforeseen_fault_is_could_not_check(vault: Vault) -> None:
    replica = vault.replicas[0]
    storage = Failing(vault.folder / replica.entry.address)
    task = CheckTask(
        vault_id=vault.description.id,
        object_id=vault.description.id,
        replica=Replica(entry=replica.entry, storage=storage),
    )
    found = check_task(task, clock)
    assert found.outcome is CheckOutcome.UNCHECKED and found.detail.startswith("RuntimeError: ")


def test_what_was_whole_once_is_remembered_beside_what_is_wrong_now(vault: Vault) -> None:
    place = next((vault.folder / "a").rglob("revision-001.json"))
    data = place.read_bytes()
    with open_catalogue(vault.folder) as catalogue, open_checks(vault.folder, print) as table:
        list(audit(vault, due_checks(vault, catalogue, table, at=AT), table, clock=clock))
        place.write_bytes(data.replace(b"Exemple", b"exemple"))
        later = AT + timedelta(days=91)
        list(audit(vault, due_checks(vault, catalogue, table, at=later), table, clock=lambda: later))
        coverage = fixity_coverage(vault, catalogue, table, at=later)
        assert (coverage.verified, coverage.damaged, coverage.unchecked) == (2, 1, 0)
        assert coverage.oldest == AT.isoformat()
        text = prometheus_text(coverage, vault="urn:x", at=later)
        assert 'archiver_vault_copies_damaged{vault="urn:x"} 1\n' in text
        assert f'archiver_vault_oldest_verified_seconds{{vault="urn:x"}} {int(AT.timestamp())}\n' in text


def test_a_share_is_never_rounded_up_to_all() -> None:
    """One copy in a hundred thousand that nobody found whole is not nothing."""
    counts: dict[str, Any] = {"damaged": 0, "unchecked": 0, "oldest": ""}
    assert FixityCoverage(total=100_000, verified=99_999, overdue=1, **counts).share == 0.9999
    assert FixityCoverage(total=3, verified=3, overdue=0, **counts).share == 1
    assert FixityCoverage(total=0, verified=0, overdue=0, **counts).share == 0
