"""Try recovery cards: open a package with the key they give, and write down that it went well.

1. The package is examined; whoever signed it, it must be whole and unchanged.
2. The keyring opens with the key from the cards alone.
3. One dossier, chosen by chance, is decrypted and compared with the digest in the keyring.
4. The date is noted; in twelve months commands remind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archiver.errors import UnitMismatch
from archiver.operations.first_use import FirstUse, open_accepted, remember_sender
from archiver.operations.unlock import unlock
from archiver.package.open import OpenPackage
from archiver.sealing.age import HybridIdentity, Randomness
from archiver.sealing.drill_register import note_drill
from archiver.sealing.keyring import KeyringEntry
from archiver.sealing.recovery import check_value, key_id
from archiver.sealing.unsealing import open_entry
from archiver.signing.trust import Trust
from archiver.verdict import Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class DrillRequest:
    """Which package, the key the cards gave, and whom to accept as signer; nobody stated, anybody will do.

    ``register`` is the folder of the drill register.
    """

    package: Path
    identity: HybridIdentity = field(repr=False)
    trust: Trust
    register: Path
    first_use: FirstUse | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Drill:
    """What opened: how many dossiers can be read, and the unit that was; ``size`` is its plain bytes.

    ``doubt`` is what could not be proven about the signature, and was accepted all the same.
    """

    at: datetime
    package: str
    key_id: str
    check_value: str
    dossiers: int
    units: int
    tried: str
    size: int
    doubt: Answer | None = None


def drill(
    request: DrillRequest,
    *,
    clock: Callable[[], datetime],
    randomness: Randomness,
    progress: Callable[[int], None] = lambda _: None,
) -> Drill:
    """Follow the steps above.

    Raises:
        PackageFailure, FormatFailure, WrongKey, SealBroken, UnitMismatch: the first thing that does not
            hold; nothing is noted then.
        SignatureAlgorithmEnded: when the signature might have been made since by anybody.
        KeyUnreadable, DiskFull, DiskFault: when the register cannot be written.
    """
    package = open_accepted(request.package, request.trust, request.first_use, progress=progress)
    keyring = unlock(package, [request.identity])
    if request.first_use:
        sender = package.manifest.handover.sender
        remember_sender(package.verdict, sender, package.manifest.package_id, request.first_use)
    patients = [entry for entry in keyring.entries if entry.patient is not None]
    tried = _chosen(patients or list(keyring.entries), randomness)
    _try(package, tried)
    at = clock().replace(microsecond=0)
    outcome = Drill(
        at=at,
        package=package.manifest.package_id,
        key_id=key_id(request.identity.to_recipient()),
        check_value=check_value(request.identity),
        dossiers=len(patients),
        units=len(keyring.entries),
        tried=tried.unit,
        size=tried.plain_size,
        doubt=package.doubt,
    )
    note_drill(request.register, outcome.key_id, at, outcome.package)
    return outcome


def _chosen(entries: list[KeyringEntry], randomness: Randomness) -> KeyringEntry:
    if not entries:
        raise UnitMismatch(unit="-")
    return entries[int.from_bytes(randomness(8), "big") % len(entries)]


def _try(package: OpenPackage, entry: KeyringEntry) -> None:
    """Decrypt one unit whole and compare it with what the keyring promises."""
    with package.unit(entry.unit) as sealed, open_entry(sealed, entry):
        pass
