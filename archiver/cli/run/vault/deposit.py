"""What ``vault deposit`` does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archiver.cli.clock import now
from archiver.cli.commands.vault.options import ReceiptSignerOptions
from archiver.cli.exits import SUCCESS, status_of
from archiver.cli.options.accepted_signers import read_accepted
from archiver.cli.options.signers import signer_of
from archiver.cli.options.time_stamping import stamping_of
from archiver.cli.options.trust import TrustOptions
from archiver.cli.run.vault.describe import description_findings
from archiver.cli.terminal.console import complain, progress, say, show_findings, show_json
from archiver.cli.terminal.language import localize
from archiver.examination.errors import NoPackage
from archiver.examination.find_packages import FoundPackages, find_packages
from archiver.nouns import PACKAGES
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.deposit import Deposit, DepositRequest
from archiver.operations.vault.deposit_each import deposit_each
from archiver.signing.keys.signer_check import refuse_unfit
from archiver.spooled_list import SpooledList
from archiver.vault.catalogue import open_catalogue
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import Vault, open_vault, refuse_foreign
from formats.errors import Failure, failure_about
from formats.words import BYTES, Counted, mark, plural

ON_STORAGES = plural("on {count} storage", "on {count} storages")


def run(
    folder: Path,
    packages: Sequence[Path],
    receipts: Path,
    signing: ReceiptSignerOptions,
    options: TrustOptions,
    *,
    credentials: Path | None,
    as_json: bool,
) -> int:
    """Deposit, say of each package what became of it, and return the worst exit status.

    Raises:
        Failure: what a storage or the disk answered; what was said before is deposited.
    """
    vault = open_vault(folder, credentials)
    whom = read_accepted(options)
    signer = signer_of(
        signing.signer, signing.signer_passphrase_file, signing.pkcs11_module, signing.chain or ()
    )
    refuse_unfit((signer,), now())
    found = find_packages(packages)
    request = DepositRequest(
        trust=whom.trust,
        first_use=whom.first_use,
        signer=signer,
        receipts=receipts,
        stamp=stamping_of(signing.tsa or (), whom.trust),
    )
    tally, stopped = _deposit(vault, found, request, as_json=as_json)
    for path in found.empty:
        tally.take(Deposit(path=path, failure=NoPackage(where=str(path))))
    if tally.count == 1 and tally.failure is not None and not as_json:
        raise tally.failure
    findings = (*found.findings, *description_findings(vault.description, now().date()))
    status = next((status_of(one) for one in (stopped, tally.failure) if one is not None), SUCCESS)
    if as_json:
        each = iter(tally.documents)
        show_json({"deposits": 1, "status": status, "each": each, "findings": findings_json(findings)})
    else:
        packages_deposited = Counted(tally.accepted, PACKAGES)
        say(
            mark("{packages} deposited, {size}."),
            packages=packages_deposited,
            size=Counted(tally.size, BYTES),
        )
        show_findings(findings)
    if stopped is not None:
        complain(stopped)
    return status


class _Tally:
    """What became of packages, counted: of a great many no more is in memory than of a few."""

    def __init__(self) -> None:
        self.count = self.accepted = self.size = 0
        self.failure: Failure | None = None
        self.documents = SpooledList[dict[str, Any]]()

    def take(self, one: Deposit) -> None:
        self.count += 1
        self.documents.append(_document(one))
        if one.failure is None:
            self.accepted += 1
            self.size += one.size
        self.failure = self.failure or one.failure


def _deposit(
    vault: Vault, found: FoundPackages, request: DepositRequest, *, as_json: bool
) -> tuple[_Tally, Failure | None]:
    """Return what became of all, each said when it is known, and what stopped the rest."""
    tally = _Tally()
    alone = len(found.places) + len(found.empty) == 1
    with (
        vault_lock(vault.folder, "archiver vault deposit", at=now()),
        open_catalogue(vault.folder) as catalogue,
        progress(mark("Depositing"), total=len(found.places)) as step,
    ):
        refuse_foreign(vault)
        try:
            for one in deposit_each(vault, catalogue, found.places, request, clock=now, progress=step):
                tally.take(one)
                if not as_json and not (alone and one.failure):
                    _show(one)
        except Failure as failure:
            if not tally.count:
                raise
            return tally, failure
    return tally, None


def _show(one: Deposit) -> None:
    if one.failure is not None:
        complain(failure_about(one.failure, str(one.path)))
        if one.receipt is not None:
            say(mark("{path}: its receipt is {receipt}"), path=str(one.path), receipt=str(one.receipt))
        return
    if one.added:
        say(
            plural(
                "{path}: is in the vault as {object}; evidence that came since was added, {count} file.",
                "{path}: is in the vault as {object}; evidence that came since was added, {count} files.",
            ),
            path=str(one.path),
            object=one.object_id,
            count=one.added,
        )
        return
    say(
        mark("{path}: deposited as {object}, revision {revision}, {storages}; receipt {receipt}"),
        path=str(one.path),
        object=one.object_id,
        revision=one.facts.revision if one.facts else 0,
        storages=localize(ON_STORAGES, count=one.replicas),
        receipt=str(one.receipt),
    )


def _document(one: Deposit) -> dict[str, Any]:
    facts = one.facts
    return {
        "path": str(one.path),
        "object": one.object_id or None,
        "package": facts.package if facts else None,
        "revision": facts.revision if facts else None,
        "files": one.files,
        "size": one.size,
        "storages": one.replicas,
        "evidence_added": one.added,
        "receipt": str(one.receipt) if one.receipt else None,
        "refusal": {"code": one.failure.code, "text": str(one.failure)} if one.failure else None,
    }
