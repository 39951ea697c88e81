"""Rot within an object storage: a bit changes in a file of SeaweedFS, which refuses what it has from then on."""

from __future__ import annotations

from pathlib import Path

from archiver.vault.open_vault import open_vault
from formats.ocfl.layout import EXTENSIONS
from tests.engines.seaweedfs import SeaweedServer
from tests.faults.injection.catalogue import Fault
from tests.faults.injection.network import ACCOUNT, assert_everywhere, remote_vault, server_of
from tests.faults.injection.vault_scenes import AUDIT, DEPOSIT
from tests.faults.injection.workshop import Workshop

AROUND = 32
"""Bytes before and behind a place by which it is found in the files of the server."""


def place_in(data: bytes, detail: str) -> int:
    """Return the place of a file that ``detail`` names."""
    return {"first-byte": 0, "middle": len(data) // 2, "last-byte": len(data) - 1}[detail]


def rot(server: SeaweedServer, data: bytes, at: int) -> int:
    """Flip a bit of the byte ``at`` a place of ``data`` wherever the server has it; return how many times that was."""
    start = max(0, at - AROUND)
    needle, count = data[start : at + AROUND], 0
    for volume in (server.folder / "data").rglob("*.dat"):
        content = volume.read_bytes()
        found = content.find(needle)
        while found >= 0:
            with volume.open("r+b") as stream:
                stream.seek(found + at - start)
                stream.write(bytes([data[at] ^ 1]))
            count += 1
            found = content.find(needle, found + 1)
    return count


def try_object_rot(shop: Workshop, fault: Fault) -> str:
    """Damage one file of one object, at one place: an audit finds it, and repair takes it from the other storage."""
    server = server_of(shop)
    with remote_vault(shop) as (desk, _):
        desk(*DEPOSIT, *ACCOUNT).ok()
        remote = open_vault(desk.folder / "vault", Path(desk.folder / "vault.ini")).replicas[1].storage
        keys = [one.key for one in remote.list() if one.key.count("/") > 3]
        keys = [one for one in keys if not one.startswith(f"{EXTENSIONS}/")]
        first = (fault.number - 1) * (len(keys) - 1) // (fault.of - 1)
        for key in (*keys[first:], *keys[:first]):  # what the server packed has not these bytes in its files
            with remote.open(key) as stream:
                data = stream.read()
            if rot(server, data, place_in(data, fault.detail)):
                break
        else:
            raise AssertionError("no file of the server has what it acknowledged")
        audited = desk(*AUDIT, "--all", *ACCOUNT)
        assert audited.status not in {0, 1}, f"nobody noticed that {key} is rotten"
        desk("vault", "repair", "vault", *ACCOUNT).ok()
        with remote.open(key) as stream:
            assert stream.read() == data, f"{key} was not made whole"
        assert_everywhere(desk)
    return "mended"
