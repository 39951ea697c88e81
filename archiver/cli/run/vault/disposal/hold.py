"""What ``vault hold`` and ``vault lift`` do and print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.commands.vault.options import ReceiptSignerOptions
from archiver.cli.options.signers import signer_of
from archiver.cli.options.time_stamping import stamping_of
from archiver.cli.terminal.console import say, show_json
from archiver.operations.vault.disposal.place_hold import (
    ChangedHold,
    HoldRequest,
    lift_vault_hold,
    place_vault_hold,
)
from archiver.signing.keys.signer_check import refuse_unfit
from archiver.signing.trust.anchors import Trust
from archiver.vault.catalogue import open_catalogue
from archiver.vault.disposal.signed_statement import StatementSigner
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import Vault, open_vault, refuse_foreign
from formats.words import mark, plural


def statement_signer(options: ReceiptSignerOptions, at: datetime) -> StatementSigner:
    """Return who signs a statement.

    Raises:
        KeyFailure: when the key cannot be used; Failure: when readers would refuse the signer.
    """
    signer = signer_of(
        options.signer, options.signer_passphrase_file, options.pkcs11_module, options.chain or ()
    )
    refuse_unfit((signer,), at)
    return StatementSigner(signer=signer, stamp=stamping_of(options.tsa or (), Trust(at=at)))


def hold(
    folder: Path,
    package: str,
    signing: ReceiptSignerOptions,
    *,
    reason: str,
    by: str,
    credentials: Path | None,
    as_json: bool,
) -> None:
    """Place a hold on a package."""
    vault = open_vault(folder, credentials)
    request = HoldRequest(package=package, reason=reason, by=by, signer=statement_signer(signing, now()))
    done = _changed(vault, "archiver vault hold", place_vault_hold, request)
    if not as_json:
        say(
            mark("Hold {number} on package {package}: nothing of it is destroyed until somebody lifts it."),
            number=done.statement.number,
            package=package,
        )
    _show(done, as_json=as_json)


def lift(
    folder: Path,
    package: str,
    number: int | None,
    signing: ReceiptSignerOptions,
    *,
    reason: str,
    by: str,
    credentials: Path | None,
    as_json: bool,
) -> None:
    """Lift a hold on a package."""
    vault = open_vault(folder, credentials)
    request = HoldRequest(package=package, reason=reason, by=by, signer=statement_signer(signing, now()))
    done = _changed(vault, "archiver vault lift", partial(lift_vault_hold, number=number), request)
    if not as_json:
        say(
            mark("Hold {number} on package {package} is lifted."),
            number=done.statement.lifts or 0,
            package=package,
        )
    _show(done, as_json=as_json)


def _changed(
    vault: Vault, command: str, change: Callable[..., ChangedHold], request: HoldRequest
) -> ChangedHold:
    """Place or lift a hold by ``change``, under the lock of the vault for ``command``."""
    with vault_lock(vault.folder, command, at=now()), open_catalogue(vault.folder) as catalogue:
        refuse_foreign(vault)
        return change(vault, catalogue, request, at=now())


def _show(done: ChangedHold, *, as_json: bool) -> None:
    numbers = done.term.holds.numbers
    if as_json:
        document = asdict(done.statement) | {"act": done.statement.act.value}
        show_json({"vault_hold": 1, **document, "in_force": list(numbers)})
        return
    say(
        plural(
            "{count} hold is in force on this package.",
            "{count} holds are in force on this package.",
        ),
        count=len(numbers),
    )
