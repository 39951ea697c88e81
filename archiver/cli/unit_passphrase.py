"""What ``keys show-unit`` does."""

from __future__ import annotations

from archiver.cli.acceptance import note_opened
from archiver.cli.console import say, show_json
from archiver.cli.errors import UnitUnknown
from archiver.operations.handed_over import OpenRequest, open_everything
from archiver.package.layout import unit_member
from archiver.sealing.keyring import KeyringEntry
from formats.names import comparable
from formats.words import mark


def show(opening: OpenRequest, wanted: str, *, as_json: bool) -> None:
    """Print the passphrase of the one unit that ``wanted`` tells.

    Raises:
        UnitUnknown: when it tells none, or several.
    """
    handed = open_everything(opening)
    note_opened(handed.doubt, opening.trust)
    found = [(opened, entry) for opened, entry in handed.entries() if _is(entry, wanted)]
    if len(found) != 1:
        raise UnitUnknown(wanted=wanted, count=len(found))
    ((opened, entry),) = found
    if as_json:
        show_json(
            {
                "package": opened.package.manifest.package_id,
                "unit": entry.unit,
                "path": unit_member(entry.unit),
                "member": entry.member,
                "passphrase": entry.passphrase,
                "patient": dict(entry.patient or {}) or None,
            }
        )
        return
    place = opened.package.manifest.handover.volume
    if place:
        say(mark("In volume {volume} of {of}."), volume=place.volume, of=place.of)
    say(mark("Unit: {path}"), path=unit_member(entry.unit))
    say(mark("Inside: {member}"), member=entry.member)
    say(mark("Passphrase: {passphrase}"), passphrase=entry.passphrase)


def _is(entry: KeyringEntry, wanted: str) -> bool:
    if wanted in {entry.unit, entry.member}:
        return True
    traits = entry.patient or {}
    if wanted in {traits.get("id"), traits.get("number")}:
        return True
    names = {traits.get("family", ""), traits.get("used_family", "")}
    full = {f"{name} {traits.get('given', '')}" for name in names}
    return comparable(wanted) in set(map(comparable, names | full)) - {""}
