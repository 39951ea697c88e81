"""Rot: files of a storage that change, shrink, vanish."""

from __future__ import annotations

from pathlib import Path

from tests.faults.injection.catalogue import Fault
from tests.faults.injection.desk import Desk
from tests.faults.injection.vault_scenes import AUDIT, A, B
from tests.faults.injection.workshop import Workshop


def rotten(path: Path, detail: str) -> None:
    """Damage a file: one bit in its middle, cut short by half, lost, or as many zeros."""
    data = bytearray(path.read_bytes())
    if detail == "lost":
        path.unlink()
    elif detail == "bit":
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    else:
        path.write_bytes(data[: len(data) // 2] if detail == "cut" else bytes(len(data)))


def try_rot(shop: Workshop, fault: Fault) -> str:
    """Damage one file of a storage, of an object, the journal or the storage root: it is found and made whole."""
    with shop.desk("vault rebuild") as desk:
        desk("vault", "rebuild", "vault").ok()
        files = sorted(
            path for path in (desk.folder / A).rglob("*") if path.is_file() and path.stat().st_size
        )
        path = files[(fault.number - 1) * (len(files) - 1) // (fault.of - 1)]
        name = path.relative_to(desk.folder / A)
        rotten(path, fault.detail)
        assert _found(desk), f"nobody noticed that {name} is damaged"
        desk("vault", "repair", "vault")
        assert not _found(desk), f"{name} was not made whole"
        original = (desk.folder / "package.asice").read_bytes()
        for disk in (A, B):
            copies = [one.read_bytes() for one in (desk.folder / disk).rglob("package.asice")]
            assert original in copies
    return "mended"


def _found(desk: Desk) -> str:
    """Return what looks at the vault and says that something is damaged; nothing where all is well."""
    audited = desk(*AUDIT, "--all")
    verified = desk("vault", "journal", "verify", "vault", "--json")
    made = desk("vault", "rebuild", "vault", "--json")
    noticed = {
        "vault audit": audited.status != 0,
        "vault journal verify": verified.status != 0,
        "vault rebuild": made.status != 0 or bool(made.document["findings"]),
    }
    return ", ".join(name for name, found in noticed.items() if found)
