"""What ``split`` does."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from archiver.cli.clock import now
from archiver.cli.commands.packages.split import PartOptions, ReceiverOptions, name_and_key
from archiver.cli.exits import INCOMPLETE
from archiver.cli.options.accepted_signers import note_doubt
from archiver.cli.options.keys import KeySources
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.recipients import recipients_of
from archiver.cli.options.signers import signatures_of
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import ResigningOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.run.handovers.note_exports import note_exports
from archiver.cli.run.inspect import opening_of
from archiver.cli.run.rosters.check_roster import require_correct
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json
from archiver.examination.examine import length_of
from archiver.handover.opening import OpenRequest
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.receipts.record_package import require_own
from archiver.operations.splitting.part_entries import part_entries
from archiver.operations.splitting.plan_split import plan_split
from archiver.operations.splitting.split_package import split_package
from archiver.operations.splitting.split_report import (
    plan_document,
    plan_sentences,
    split_document,
    split_notes,
    split_sentences,
)
from archiver.operations.splitting.split_request import SplitReceiver, SplitRequest, SplitTargets
from archiver.package.layout import ENDING
from archiver.package.manifests.manifest import Organisation
from archiver.practice.practitioners import practice_of_store
from archiver.practice.store import open_store
from formats.words import mark

_UNFIT = re.compile(r"[^\w.-]+")
"""What of a receiver's name does not stand in the name of a file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitOrder:
    """The command line, understood."""

    package: Path
    receivers: ReceiverOptions
    parts: PartOptions
    keys: KeySources
    trust: ResigningOptions
    signing: SigningOptions


def run(order: SplitOrder, output: OutputOptions) -> None:
    """Make the packages, and say who is in which."""
    if order.parts.record:
        with open_store(order.parts.record, reading=True) as store:
            require_own(
                practice_of_store(store), Organisation(name=order.parts.sender), package=order.package.name
            )
    opening = opening_of(order.package, order.keys, order.trust)
    signatures = signatures_of(order.signing, opening.trust)
    request = SplitRequest(
        **_targets(order, opening),
        sender=order.parts.sender,
        unsigned=order.parts.unsigned,
        signer=signatures.signer,
        co_signer=signatures.co_signer,
        stamp=signatures.stamp,
        sources=signatures.sources,
    )
    with (
        findings_report(output.report) as fill,
        progress(mark("Verifying"), total=length_of(order.package, opening.trust), unit="B") as checking,
        progress(mark("Copying")) as step,
    ):
        outcome = split_package(
            request,
            clock=now,
            randomness=secrets.token_bytes,
            judge=require_correct,
            uncounted=show_findings,
            checking=checking,
            progress=step,
        )
        fill((*outcome.findings, *opening.trust.supplied.ignored()))
    unrecorded = (
        note_exports(order.parts.record, part_entries(outcome.packages)) if order.parts.record else ()
    )
    doubts = note_doubt(outcome.doubt, opening.trust, outcome.trusted)
    if output.as_json:
        findings = findings_json((*outcome.findings, *unrecorded, *doubts))
        show_json({**split_document(outcome), "findings": findings})
        return
    for sentence, facts in split_sentences(outcome):
        say(sentence, **facts)
    for sentence, facts in split_notes(outcome):
        note(sentence, **facts)
    show_findings((*outcome.findings, *unrecorded))


def plan(order: SplitOrder, output: OutputOptions) -> None:
    """Say which packages would be made; nobody's signing key is asked for, and nothing is written but the report."""
    opening = opening_of(order.package, order.keys, order.trust)
    with (
        findings_report(output.report) as fill,
        progress(mark("Verifying"), total=length_of(order.package, opening.trust), unit="B") as checking,
    ):
        found = plan_split(SplitTargets(**_targets(order, opening)), judge=require_correct, checking=checking)
        fill((*found.findings, *opening.trust.supplied.ignored()))
    doubts = note_doubt(found.doubt, opening.trust, found.trusted)
    if output.as_json:
        findings = findings_json((*found.findings, *doubts))
        show_json({**plan_document(found, order.parts.to), "findings": findings})
    else:
        for sentence, facts in plan_sentences(found):
            say(sentence, **facts)
        show_findings(found.findings)
    if not found.feasible:
        raise typer.Exit(INCOMPLETE)


def _targets(order: SplitOrder, opening: OpenRequest) -> dict[str, Any]:
    whom = order.receivers
    rest = _receivers(whom.rest or ())
    return {
        "opening": opening,
        "roster": order.parts.roster,
        "receivers": _receivers(whom.receiver),
        "rest": rest[0] if rest else None,
        "leave_out": whom.leave_out,
        "practice_rows": whom.practice_rows,
        "folder": order.parts.to,
        "ground": order.parts.ground,
    }


def _receivers(texts: Sequence[str]) -> list[SplitReceiver]:
    """Return each receiver once, with all the keys that are given for them."""
    keys: dict[str, list[str]] = {}
    for name, key in (name_and_key(text, "--receiver") for text in texts):
        keys.setdefault(name, []).append(key)
    return [
        SplitReceiver(name=name, access=recipients_of(given, None), file=f"{_stem(name)}{ENDING}")
        for name, given in keys.items()
    ]


def _stem(name: str) -> str:
    return _UNFIT.sub("-", name).strip("-.") or "receiver"
