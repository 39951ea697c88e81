"""What ``keys recovery``, ``keys drill`` and ``keys restore`` do."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.data_folder import data_folder
from archiver.cli.options.accepted_signers import note_doubt, read_accepted
from archiver.cli.options.cards import key_from_cards
from archiver.cli.options.identity_files import open_identities
from archiver.cli.options.new_passphrase import NewPassphraseOptions, passphrase_of
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.passphrases import identity_passphrase
from archiver.cli.options.trust import OpeningOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.run.inspect import refuse_unaccepted
from archiver.cli.terminal.console import note, progress, say, show_json
from archiver.examination.examine import length_of
from archiver.nouns import CARDS
from archiver.operations.documents.outcomes import findings_json, kit_json
from archiver.operations.drill import DrillRequest, drill as try_cards
from archiver.operations.make_keys import require_absent
from archiver.operations.recover import RESTORED, KitRequest, make_kit, read_key, restore_key
from archiver.sealing.recovery.recovery_set import RecoverySet, check_value, key_id
from formats.words import BYTES, Counted, mark, plural


def make(
    identity: Path,
    passphrase_file: Path | None,
    out: Path,
    *,
    name: str,
    threshold: int,
    cards: int,
    as_json: bool,
) -> None:
    """Make the printable cards, and say what to do with them."""
    with open_identities(identity, identity_passphrase(passphrase_file)) as stream:
        key, named = read_key(stream)
    request = KitRequest(
        identity=key,
        owner=name or named,
        target=out,
        register=data_folder(),
        threshold=threshold,
        cards=cards,
    )
    made = make_kit(request, clock=now)
    _show_kit(out, made, as_json=as_json)
    note(mark("Print it, delete the file, and keep every card in another place."))
    note(mark("Earlier cards of this key still work: destroy them. Try the new ones: archiver keys drill."))


def _show_kit(out: Path, made: RecoverySet, *, as_json: bool) -> None:
    if as_json:
        show_json(kit_json(out, made))
        return
    say(
        mark("{path}: {cards}, any {threshold} of which give key {key} back."),
        path=str(out),
        cards=Counted(len(made.cards), CARDS),
        threshold=made.threshold,
        key=made.key_id,
    )
    say(mark("Check value: {check}"), check=made.check_value)


def drill(package: Path, cards_files: Sequence[Path], trust: OpeningOptions, output: OutputOptions) -> None:
    """Open a package with cards alone, and say what could be read."""
    with findings_report(output.report) as fill:  # before somebody types a hundred words
        whom = read_accepted(trust)
        refuse_unaccepted(package, whom)
        key = key_from_cards(cards_files)
        request = DrillRequest(
            package=package, identity=key, trust=whom.trust, register=data_folder(), first_use=whom.first_use
        )
        with progress(mark("Verifying"), total=length_of(package, whom.trust), unit="B") as step:
            outcome = try_cards(request, clock=now, randomness=secrets.token_bytes, progress=step)
        fill(whom.trust.supplied.ignored())
    findings = note_doubt(outcome.doubt, whom.trust)
    if output.as_json:
        show_json(
            {
                "drill": 1,
                "at": outcome.at.isoformat(),
                "package": outcome.package,
                "signer": outcome.trusted.facts.get("signer", ""),
                "fingerprint": outcome.trusted.facts.get("fingerprint", ""),
                "key_id": outcome.key_id,
                "check_value": outcome.check_value,
                "dossiers": outcome.dossiers,
                "units": outcome.units,
                "tried": {"unit": outcome.tried, "bytes": outcome.size},
                "findings": findings_json(findings),
            }
        )
        return
    say(outcome.trusted.sentence, **outcome.trusted.facts)
    say(
        plural(
            "The cards open this package: {count} dossier can be read.",
            "The cards open this package: {count} dossiers can be read.",
        ),
        count=outcome.dossiers,
    )
    tried = mark("Tried on one: unit {unit}, {size}, whole and unchanged.")
    say(tried, unit=outcome.tried, size=Counted(outcome.size, BYTES))
    say(mark("Noted for {date}; in twelve months a reminder appears."), date=outcome.at.date().isoformat())


def restore(
    target: Path, cards_files: Sequence[Path], protection: NewPassphraseOptions, *, as_json: bool
) -> None:
    """Write the key file again; its passphrase is asked for before anybody types a hundred words."""
    require_absent(target, RESTORED)
    passphrase = passphrase_of(protection, mark("New passphrase for receiver.identity"))
    key = key_from_cards(cards_files)
    recipient = restore_key(target, key, passphrase=passphrase, randomness=secrets.token_bytes)
    if as_json:
        names = {"key_id": key_id(key.to_recipient()), "check_value": check_value(key)}
        document = {"restored": 1, "folder": str(target), "recipient": recipient}
        show_json(document | names | {"protected": passphrase is not None})
    else:
        say(mark("Made in {folder}: receiver.identity (secret) and receiver.recipient."), folder=str(target))
    if passphrase is None:
        note(
            mark(
                "receiver.identity has no passphrase: whoever copies it can read every archive sealed for it."
            )
        )
