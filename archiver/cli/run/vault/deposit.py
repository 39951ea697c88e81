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
from archiver.operations.vault.deposit import Deposit, DepositRequest, deposit_each
from archiver.signing.keys.signer_check import refuse_unfit
from archiver.vault.catalogue import open_catalogue
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import Vault, open_vault, refuse_foreign
from formats.errors import Failure
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
    each, stopped = _deposit(vault, found, request, as_json=as_json)
    each += [Deposit(path=path, failure=NoPackage(where=str(path))) for path in found.empty]
    alone = each[0].failure if len(each) == 1 else None
    if alone is not None and not as_json:
        raise alone
    findings = (*found.findings, *description_findings(vault.description, now().date()))
    failures = [stopped, *(one.failure for one in each)]
    status = next((status_of(one) for one in failures if one is not None), SUCCESS)
    if as_json:
        documents = [_document(one) for one in each]
        show_json({"deposits": 1, "status": status, "each": documents, "findings": findings_json(findings)})
    else:
        accepted = [one for one in each if one.failure is None]
        packages_deposited = Counted(len(accepted), PACKAGES)
        size = sum(one.size for one in accepted)
        say(mark("{packages} deposited, {size}."), packages=packages_deposited, size=Counted(size, BYTES))
        show_findings(findings)
    if stopped is not None:
        complain(stopped)
    return status


def _deposit(
    vault: Vault, found: FoundPackages, request: DepositRequest, *, as_json: bool
) -> tuple[list[Deposit], Failure | None]:
    """Return what became of each package, each said when it is known, and what stopped the rest."""
    each: list[Deposit] = []
    alone = len(found.places) + len(found.empty) == 1
    with (
        vault_lock(vault.folder, "archiver vault deposit", at=now()),
        open_catalogue(vault.folder) as catalogue,
        progress(mark("Depositing"), total=len(found.places)) as step,
    ):
        refuse_foreign(vault)
        try:
            for one in deposit_each(vault, catalogue, found.places, request, clock=now, progress=step):
                each.append(one)
                if not as_json and not (alone and one.failure):
                    _show(one)
        except Failure as failure:
            if not each:
                raise
            return each, failure
    return each, None


def _show(one: Deposit) -> None:
    if one.failure is not None:
        complain(one.failure)
        if one.receipt is not None:
            say(mark("{path}: its receipt is {receipt}"), path=str(one.path), receipt=str(one.receipt))
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
        "receipt": str(one.receipt) if one.receipt else None,
        "refusal": {"code": one.failure.code, "text": str(one.failure)} if one.failure else None,
    }
