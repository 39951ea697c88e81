"""What ``vault restitute`` does and prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.commands.vault.options import ReceiptSignerOptions
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.run.vault.disposal.hold import statement_signer
from archiver.cli.terminal.console import progress, say, show_findings, show_json
from archiver.cli.terminal.usage_errors import SayHow
from archiver.nouns import PACKAGES
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.deposit import object_id
from archiver.operations.vault.restitute import RestitutionRequest, restitute
from archiver.vault.catalogue import open_catalogue
from archiver.vault.depositor import entries_of_depositor
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import open_vault, refuse_foreign
from formats.words import BYTES, Counted, mark


def run(
    folder: Path,
    packages: Sequence[str],
    signing: ReceiptSignerOptions,
    *,
    sender: str,
    everything: bool,
    target: Path,
    by: str,
    receiver: str,
    credentials: Path | None,
    as_json: bool,
) -> int:
    """Hand packages over, and return the exit status.

    Raises:
        SayHow: when nobody says which packages.
    """
    vault = open_vault(folder, credentials)
    if not (packages or sender or everything):
        raise SayHow(mark("name packages, a depositor (--sender), or everything (--all)"))
    signer = statement_signer(signing, now())
    with (
        vault_lock(folder, "archiver vault restitute", at=now()),
        open_catalogue(folder, reading=True) as catalogue,
        progress(mark("Handing over"), unit="B") as step,
    ):
        refuse_foreign(vault)
        objects = [object_id(one) for one in packages]
        objects += [one.object_id for one in entries_of_depositor(catalogue, sender)] if sender else []
        objects += [one.object_id for one in catalogue.entries()] if everything else []
        request = RestitutionRequest(objects=objects, folder=target, by=by, receiver=receiver, signer=signer)
        done = restitute(vault, request, clock=now, progress=step)
    status = INCOMPLETE if done.findings else SUCCESS
    if as_json:
        show_json(
            {
                "restituted": 1,
                "inventory": str(done.inventory),
                "packages": [asdict(one) for one in done.packages],
                "findings": findings_json(done.findings),
            }
        )
        return status
    say(
        mark("{packages} handed over, {size}; the signed inventory is {path}."),
        packages=Counted(len(done.packages), PACKAGES),
        size=Counted(sum(one.size for one in done.packages), BYTES),
        path=str(done.inventory),
    )
    show_findings(done.findings)
    return status
