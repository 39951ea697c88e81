"""What ``vault approver`` and ``vault destroy`` do and print."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from archiver.cli.clock import now
from archiver.cli.commands.vault.options import ReceiptSignerOptions
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.run.vault.disposal.hold import statement_signer
from archiver.cli.terminal.console import notice, progress, say, show_findings, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.nouns import PACKAGES, SEALED_UNITS
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.disposal.approve_destruction import (
    approve_destruction,
    destructions,
    request_destruction,
)
from archiver.operations.vault.disposal.carry_out import carry_out as carrying_out
from archiver.operations.vault.disposal.name_approver import add_approver, remove_approver
from archiver.operations.vault.disposal.withdraw_destruction import withdraw_destruction
from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.vault.catalogue import Catalogue, open_catalogue
from archiver.vault.checks import CheckTable, open_checks
from archiver.vault.description import Approver, description_of
from archiver.vault.disposal.destruction import (
    DESTRUCTION_WORDS,
    Destruction,
    DestructionState,
    requested_document,
)
from archiver.vault.disposal.due import TermState, package_terms
from archiver.vault.disposal.errors import DestructionNothingDue
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import Vault, open_vault, refuse_foreign
from formats.words import BYTES, Counted, mark

HEADING = (
    *(mark("destruction"), mark("state"), mark("packages"), mark("asked for by"), mark("approved by")),
    mark("withdrawn by"),
)


@contextmanager
def _working(
    folder: Path, command: str, credentials: Path | None
) -> Iterator[tuple[Vault, Catalogue, CheckTable]]:
    vault = open_vault(folder, credentials)
    with (
        vault_lock(folder, f"archiver vault {command}", at=now()),
        open_catalogue(folder) as catalogue,
        open_checks(folder, notice) as checks,
    ):
        refuse_foreign(vault)
        yield vault, catalogue, checks


def approver(
    folder: Path,
    name: str,
    signing: ReceiptSignerOptions | None,
    *,
    credentials: Path | None,
    as_json: bool,
) -> None:
    """Put a person into the list of approvers, or with no key take them out."""
    certificate = statement_signer(signing, now()).fingerprint if signing else ""
    with _working(folder, "approver", credentials) as (vault, _, _):
        if signing:
            description = add_approver(vault, Approver(name=name, certificate=certificate), clock=now)
        else:
            description = remove_approver(vault, name, clock=now)
    if as_json:
        listed = [asdict(one) for one in description.approvers]
        show_json({"vault_approvers": 1, "revision": description.revision, "approvers": listed})
        return
    if not description.approvers:
        say(
            mark("Nobody is an approver of the vault now, revision {revision}."),
            revision=description.revision,
        )
        return
    say(mark("Approvers of the vault, revision {revision}:"), revision=description.revision)
    for one in description.approvers:
        say("  {name}: {certificate}", name=one.name, certificate=Fingerprint(one.certificate))


def request(
    folder: Path,
    packages: Sequence[str],
    signing: ReceiptSignerOptions,
    *,
    everything: bool,
    units: Sequence[str],
    due_units: bool,
    by: str,
    credentials: Path | None,
    as_json: bool,
) -> None:
    """Ask for a destruction, of ``packages`` or of ``everything`` that is due.

    With ``units`` only these go, of the one package that is named; with ``due_units`` those whose term has ended.

    Raises:
        DestructionNothingDue: when nothing is; BadParameter: when units are named, and not one package.
    """
    if units and (everything or len(packages) != 1):
        reason = localize(mark("it is about one package, which is named"))
        raise typer.BadParameter(reason, param_hint="--unit")
    only = list(units) if units or due_units else None
    signer = statement_signer(signing, now())
    with _working(folder, "destroy request", credentials) as (vault, catalogue, checks):
        wanted: dict[str, Sequence[str] | None] = dict.fromkeys(packages, only)
        if everything:
            today = now().date()
            each = package_terms(catalogue)
            wanted |= {one.package: None for one in each if one.state(today) is TermState.ENDED}
        if not wanted:
            raise DestructionNothingDue
        made = request_destruction(
            vault,
            catalogue,
            checks,
            wanted,
            by=by,
            signer=signer,
            identifier=str(uuid.uuid4()),
            clock=now,
        )
    _show(Destruction(request=made, approval=None, begun_at="", ended_at=""), as_json=as_json)


def approve(
    folder: Path,
    destruction: str,
    signing: ReceiptSignerOptions,
    *,
    by: str,
    credentials: Path | None,
    as_json: bool,
) -> None:
    """Approve a destruction that somebody else asked for."""
    signer = statement_signer(signing, now())
    with _working(folder, "destroy approve", credentials) as (vault, catalogue, checks):
        done = approve_destruction(vault, catalogue, checks, destruction, by=by, signer=signer, clock=now)
    _show(done, as_json=as_json)


def withdraw(
    folder: Path,
    destruction: str,
    signing: ReceiptSignerOptions,
    *,
    reason: str,
    by: str,
    credentials: Path | None,
    as_json: bool,
) -> None:
    """Withdraw what was asked for; what is withdrawn already is shown as it is."""
    signer = statement_signer(signing, now())
    with _working(folder, "destroy withdraw", credentials) as (vault, catalogue, _):
        done = withdraw_destruction(
            vault, catalogue, destruction, by=by, reason=reason, signer=signer, clock=now
        )
    _show(done, as_json=as_json)


def carry_out(
    folder: Path,
    destruction: str,
    signing: ReceiptSignerOptions,
    target: Path,
    *,
    credentials: Path | None,
    as_json: bool,
) -> None:
    """Carry out a destruction that was approved."""
    signer = statement_signer(signing, now())
    with (
        _working(folder, "destroy carry-out", credentials) as (vault, catalogue, checks),
        progress(mark("Destroying")) as step,
    ):
        done = carrying_out(
            vault, catalogue, checks, destruction, folder=target, signer=signer, clock=now, progress=step
        )
    if as_json:
        document = _document(done.destruction) | {"files": [str(one) for one in done.files]}
        show_json({"vault_destruction": 1, **document})
        return
    whole = [one for one in done.destruction.request.packages if not one.only]
    parts = [one for one in done.destruction.request.packages if one.only]
    if whole:
        say(
            mark("{packages} destroyed on every storage, and every storage listed afterwards."),
            packages=Counted(len(whole), PACKAGES),
        )
    for one in parts:
        say(
            mark(
                "{units} of package {package} destroyed on every storage, and every storage listed afterwards; the rest"
                " stays proven as far as it was, for whoever accepts {fingerprint}."
            ),
            units=Counted(one.units, SEALED_UNITS),
            package=one.package,
            fingerprint=signer.fingerprint,
        )
    for path in done.files:
        say("  {path}", path=str(path))


def list_(folder: Path, *, as_json: bool) -> int:
    """List the destructions; return the exit status: one that was begun is not finished, or one cannot be read."""
    description_of(folder)
    with open_catalogue(folder, reading=True) as catalogue:
        found, unreadable = destructions(catalogue)
    begun = any(one.state is DestructionState.BEGUN for one in found)
    status = INCOMPLETE if begun or unreadable else SUCCESS
    if as_json:
        listed = [_document(one) for one in found]
        show_json({"vault_destructions": 1, "listed": listed, "findings": findings_json(unreadable)})
        return status
    rows = [
        (
            one.request.id,
            localize(DESTRUCTION_WORDS[one.state]),
            len(one.request.packages),
            one.request.by,
            one.approval.by if one.approval else "",
            one.withdrawal.by if one.withdrawal else "",
        )
        for one in found
    ]
    show_table(rows, heading=HEADING)
    if begun:
        say(
            mark(
                "What was begun and not finished may be gone from one storage and not from another: archiver vault"
                " destroy carry-out finishes it."
            )
        )
    show_findings(unreadable)
    return status


def _document(one: Destruction) -> dict[str, Any]:
    request, approval, withdrawal = one.request, one.approval, one.withdrawal
    return {
        "destruction": request.id,
        "state": one.state.value,
        "requested_at": request.at,
        "requested_by": request.by,
        "approved_at": approval.at if approval else None,
        "approved_by": approval.by if approval else None,
        "withdrawn_at": withdrawal.at if withdrawal else None,
        "withdrawn_by": withdrawal.by if withdrawal else None,
        "withdrawal_reason": withdrawal.reason if withdrawal else None,
        "begun_at": one.begun_at or None,
        "ended_at": one.ended_at or None,
        "packages": [requested_document(package) for package in request.packages],
    }


def _show(one: Destruction, *, as_json: bool) -> None:
    if as_json:
        show_json({"vault_destruction": 1, **_document(one)})
        return
    say(
        mark("Destruction {destruction}, {state}: {packages}."),
        destruction=one.request.id,
        state=localize(DESTRUCTION_WORDS[one.state]),
        packages=Counted(len(one.request.packages), PACKAGES),
    )
    if one.withdrawal:
        say(
            mark("  withdrawn by {name} on {day}: {reason}"),
            name=one.withdrawal.by,
            day=one.withdrawal.at[: len("2026-11-29")],
            reason=one.withdrawal.reason,
        )
    for package in one.request.packages:
        say(
            mark("  {package} of {sender}, term ended on {day}, {size}"),
            package=package.package,
            sender=package.sender,
            day=package.destroy_from,
            size=Counted(package.size, BYTES),
        )
        for unit in package.only:
            say(
                mark("    only unit {unit} of {volume}, from {day}"),
                unit=unit.unit,
                volume=unit.volume,
                day=unit.destroy_from,
            )
