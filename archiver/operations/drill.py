"""Try recovery cards: open a package with the key they give, and write down that it went well.

1. The package, or every volume of a set, is examined without any key: whole, unchanged, signed by
   somebody accepted.
2. The keyring opens with the key from the cards alone.
3. One dossier, chosen by chance, is decrypted, compared with the digest in the keyring, and read; then
   decrypted and compared once more by a reader that is not ours.
4. The date is noted; in twelve months commands remind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from archiver.examination.first_use import FirstUse
from archiver.handover.opened_dossier import open_dossier
from archiver.handover.opening import OpenedHandover, OpenRequest, UnlockedPackage, open_handover
from archiver.sealing.age import HybridIdentity, Randomness
from archiver.sealing.errors import UnitMismatch
from archiver.sealing.keyring import KeyringEntry
from archiver.sealing.recovery.drill_register import note_drill
from archiver.sealing.recovery.recovery_set import check_value, key_id
from archiver.sealing.second_reader import check_elsewhere
from archiver.sealing.unsealing import open_entry
from archiver.signing.trust.anchors import Trust
from archiver.verdict import Answer

Chosen = tuple[UnlockedPackage, KeyringEntry]
"""A unit, with the package it lies in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DrillRequest:
    """Which package or set, the key the cards gave, and whom to accept as signer, as for an import.

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

    ``package`` is the identifier of the package or the set, ``trusted`` why its signer was accepted.
    ``doubt`` is what could not be proven about the signature, and was accepted all the same.
    """

    at: datetime
    package: str
    trusted: Answer
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
        Failure: as ``open_handover``: nothing is decrypted before the signer is accepted.
        SealBroken, UnitMismatch: when the unit is not what the keyring promises; nothing is noted then.
        KeyUnreadable, DiskFull, DiskFault: when the register cannot be written.
    """
    received = open_handover(_opening(request), progress=progress)
    tried = _chosen(received, randomness)
    _try(*tried)
    outcome = _outcome(request, received, tried[1], at=clock().replace(microsecond=0))
    note_drill(request.register, outcome.key_id, outcome.at, outcome.package)
    return outcome


def _opening(request: DrillRequest) -> OpenRequest:
    return OpenRequest(
        package=request.package,
        identities=[request.identity],
        trust=request.trust,
        first_use=request.first_use,
    )


def _outcome(request: DrillRequest, received: OpenedHandover, tried: KeyringEntry, *, at: datetime) -> Drill:
    return Drill(
        at=at,
        package=received.identifier,
        trusted=received.verdict.trusted,
        key_id=key_id(request.identity.to_recipient()),
        check_value=check_value(request.identity),
        dossiers=_dossiers(received),
        units=sum(len(one.keyring.entries) for one in received.volumes),
        tried=tried.unit,
        size=tried.plain_size,
        doubt=received.doubt,
    )


def _dossiers(received: OpenedHandover) -> int:
    return sum(entry.patient is not None for one in received.volumes for entry in one.keyring.entries)


def _chosen(received: OpenedHandover, randomness: Randomness) -> Chosen:
    """Return a patient's unit, chosen by chance, or another where there is no patient's."""
    dossiers = _dossiers(received)
    units = dossiers or sum(len(one.keyring.entries) for one in received.volumes)
    if not units:
        raise UnitMismatch(unit="-")
    number = int.from_bytes(randomness(8), "big") % units
    among = (one for one in received.entries() if not dossiers or one[1].patient is not None)
    return next(islice(among, number, None))


def _try(opened: UnlockedPackage, entry: KeyringEntry) -> None:
    """Decrypt one unit whole and compare it with what the keyring promises, by two readers."""
    if entry.patient is not None:
        with open_dossier(opened.package, entry):
            pass
    else:
        with opened.package.unit(entry.unit) as sealed, open_entry(sealed, entry):
            pass
    with opened.package.unit(entry.unit) as sealed:
        check_elsewhere(sealed, entry)
