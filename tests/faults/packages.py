"""Packages as a careless or a hostile hand leaves them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from archiver.package import layout
from archiver.package.archive import Member, read_members
from archiver.package.build import PackageBuilder
from archiver.package.container import Container
from archiver.package.manifest_reading import read_manifest
from archiver.signing.keys import load_signer


def members(package: bytes) -> list[Member]:
    """Return where every member lies."""
    return list(read_members(io.BytesIO(package)))


def held(package: bytes) -> dict[str, bytes]:
    """Return every member with its bytes, in order."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a container that follows every rule and holds ``parts``, whatever they say."""
    target = io.BytesIO()
    container = Container(target)
    for name, data in parts.items():
        container.add(name, [data])
    container.close()
    return target.getvalue()


def units(package: bytes) -> list[str]:
    """Return the names of the units' members."""
    return [one.name for one in members(package) if one.name.startswith("units/")]


def signed_again(package: bytes, keys: Path, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return the package with its units changed, every list made anew, and signed with the key in ``keys``."""
    parts = held(package)
    manifest = read_manifest(parts[layout.MANIFEST])
    sealed = {unit.id: parts[unit.member] for unit in manifest.units}
    change(sealed)
    target = io.BytesIO()
    builder = PackageBuilder(target, package_id=manifest.package_id, readme=parts[layout.README])
    for unit, data in sealed.items():
        builder.add_unit(unit, io.BytesIO(data))
    for name in manifest.keyrings:
        builder.add_keyring(io.BytesIO(parts[name]), name)
    builder.finish(manifest.handover, load_signer(keys / "signer.p12", None), at=datetime.now(UTC))
    return target.getvalue()


def flipped(package: bytes, position: int, bit: int = 0) -> bytes:
    """Return the package with one bit turned."""
    changed = bytearray(package)
    changed[position] ^= 1 << bit
    return bytes(changed)
