"""Network that is cut between a vault and its object storage, after any number of bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tests.engines.seaweedfs import VAULT, SeaweedServer, running
from tests.faults.injection.catalogue import Fault
from tests.faults.injection.desk import Desk
from tests.faults.injection.vault_scenes import AUDIT, DEPOSIT, A
from tests.faults.injection.workshop import Workshop
from tests.journeys.test_vault_probe import credentials_file
from tests.tcp_proxy import TcpProxy, tcp_proxy

ACCOUNT = ("--credentials", "vault.ini")


def server_of(shop: Workshop) -> SeaweedServer:
    """Return the object storage of a workshop, which is started for the first point that needs it."""
    if shop.server is None:
        shop.server = shop.stack.enter_context(running())
        shop.bucket = shop.server.bucket()
    return shop.server


@contextmanager
def remote_vault(shop: Workshop) -> Iterator[tuple[Desk, TcpProxy]]:
    """Make a vault on a folder and an object storage behind a proxy, without a package."""
    server = server_of(shop)
    with shop.desk("vault init") as desk, tcp_proxy(server.port) as proxy:
        credentials_file(desk.folder, "vault.ini", VAULT)
        address = str(server.address(shop.bucket, uuid4().hex)).replace(server.endpoint, proxy.endpoint)
        storages = ("--storage", A, "--storage", address)
        named = ("--name", "Archives Exemple", "--certificate", "HDS-2026-0001", "--until", "2099-05-01")
        desk("vault", "init", "vault", *named, *storages, *ACCOUNT).ok()
        yield desk, proxy


def try_network(shop: Workshop, fault: Fault) -> str:
    """Cut the network after a part of what a deposit sends; it is there again for the next one."""
    if not shop.sent:
        with remote_vault(shop) as (desk, proxy):
            before = proxy.sent
            desk(*DEPOSIT, *ACCOUNT).ok()
            shop.sent = proxy.sent - before
    with remote_vault(shop) as (desk, proxy):
        proxy.capacity = proxy.sent + shop.sent * (2 * fault.number - 1) // (2 * fault.of)
        done = desk(*DEPOSIT, *ACCOUNT)
        assert "[unexpected]" not in done.err, done.err
        assert done.status > 1, "the network was not cut"
        proxy.capacity = None
        again = desk(*DEPOSIT, *ACCOUNT)
        assert again.status in {0, 85}, again.err
        assert_everywhere(desk)
    return "refused"


def assert_everywhere(desk: Desk) -> None:
    """The package lies on both storages, whole, and is listed once."""
    (one,) = desk("vault", "list", "vault", "--json").ok().document["listed"]
    assert one["storages"] == ["storage-1", "storage-2"]
    checked = desk(*AUDIT, "--all", *ACCOUNT).ok().document["checked"]
    assert (checked["damaged"], checked["could-not-check"]) == (0, 0) and checked["ok"] >= 4
    assert desk("vault", "rebuild", "vault", "--json", *ACCOUNT).ok().document["findings"] == []
    desk("vault", "journal", "verify", "vault", *ACCOUNT).ok()
    desk("vault", "fetch", "vault", one["package"], "--to", "back", *ACCOUNT).ok()
    original = (desk.folder / "package.asice").read_bytes()
    assert Path(desk.folder / "back" / "package.asice").read_bytes() == original
