"""What ``keys recovery``, ``keys drill`` and ``keys restore`` do."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.console import note, progress, say, show_json
from archiver.cli.key_reading import key_from_cards
from archiver.cli.remembered import folder
from archiver.operations.drill import DrillRequest, drill as try_cards
from archiver.operations.recover import KitRequest, make_kit, read_key, restore_key
from archiver.signing.trust import Trust
from formats.words import mark


def make(identity: Path, out: Path, *, name: str, threshold: int, cards: int) -> None:
    """Make the printable cards, and say what to do with them."""
    key, named = read_key(identity)
    request = KitRequest(
        identity=key, owner=name or named, target=out, register=folder(), threshold=threshold, cards=cards
    )
    made = make_kit(request, clock=now)
    say(
        mark("{path}: {cards} cards, any {threshold} of which give key {key} back."),
        path=str(out),
        cards=len(made.cards),
        threshold=made.threshold,
        key=made.key_id,
    )
    say(mark("Check value: {check}"), check=made.check_value)
    note(mark("Print it, delete the file, and keep every card in another place."))
    note(mark("Earlier cards of this key still work: destroy them. Try the new ones: archiver keys drill."))


def drill(package: Path, cards_files: Sequence[Path], accepted: Trust, *, as_json: bool) -> None:
    """Open a package with cards alone, and say what could be read."""
    key = key_from_cards(cards_files)
    request = DrillRequest(package=package, identity=key, trust=accepted, register=folder())
    size = package.stat().st_size if package.is_file() else None
    with progress(mark("Verifying"), total=size, unit="B") as step:
        outcome = try_cards(request, clock=now, randomness=secrets.token_bytes, progress=step)
    if as_json:
        show_json(
            {
                "drill": 1,
                "at": outcome.at.isoformat(),
                "package": outcome.package,
                "key_id": outcome.key_id,
                "check_value": outcome.check_value,
                "dossiers": outcome.dossiers,
                "units": outcome.units,
                "tried": {"unit": outcome.tried, "bytes": outcome.size},
            }
        )
        return
    say(mark("The cards open this package: {count} dossiers can be read."), count=outcome.dossiers)
    tried = mark("Tried on one: unit {unit}, {size} bytes, whole and unchanged.")
    say(tried, unit=outcome.tried, size=outcome.size)
    say(mark("Noted for {date}; in twelve months a reminder appears."), date=outcome.at.date().isoformat())


def restore(target: Path, cards_files: Sequence[Path]) -> None:
    """Write the key file again."""
    restore_key(target, key_from_cards(cards_files))
    say(mark("Made in {folder}: receiver.identity (secret) and receiver.recipient."), folder=str(target))
