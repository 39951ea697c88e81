"""What ``keys show-unit`` does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from archiver.cli.acceptance import note_opened
from archiver.cli.console import say, show_json
from archiver.cli.errors import UnitAmbiguous, UnitUnknown
from archiver.operations.handed_over import OpenRequest, open_everything
from archiver.package.layout import unit_member
from archiver.sealing.keyring import KeyringEntry
from formats.errors import Failure
from formats.names import comparable
from formats.words import mark

NEAR = 5
"""Names that are suggested at most."""


def show(opening: OpenRequest, wanted: str, *, as_json: bool) -> None:
    """Print the passphrase of the one unit that ``wanted`` tells.

    Raises:
        UnitUnknown: when it tells none; UnitAmbiguous: when it tells several.
    """
    handed = open_everything(opening)
    note_opened(handed.doubt, opening.trust)
    found = [(opened, entry) for opened, entry in handed.entries() if _is(entry, wanted)]
    if len(found) != 1:
        raise _unknown(
            wanted, [entry for _, entry in found] or [entry for _, entry in handed.entries()], len(found)
        )
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


def _unknown(wanted: str, entries: Sequence[KeyringEntry], count: int) -> Failure:
    """Return the failure of a name that tells nobody, or several of ``entries``, with those that are meant perhaps."""
    if count:
        return UnitAmbiguous(wanted=wanted, count=count, near=_listed(map(_shown, entries)))
    names = {comparable(name): _shown(one) for one in entries for name in _names(one)}
    near = [names[one] for one in get_close_matches(comparable(wanted), names, n=NEAR)]
    return UnitUnknown(wanted=wanted, near=_listed(near) or mark("none"))


def _listed(people: Iterable[str]) -> str:
    return ", ".join(list(dict.fromkeys(people))[:NEAR])


def _shown(entry: KeyringEntry) -> str:
    """Return a patient as a list shows one: name and number."""
    traits = entry.patient or {}
    name = f"{traits.get('used_family') or traits.get('family', '')} {traits.get('given', '')}".strip()
    number = traits.get("number") or entry.unit
    return f"{name} ({number})" if name else number


def _names(entry: KeyringEntry) -> set[str]:
    traits = entry.patient or {}
    names = {traits.get("family", ""), traits.get("used_family", "")} - {""}
    return names | {f"{name} {traits.get('given', '')}" for name in names}


def _is(entry: KeyringEntry, wanted: str) -> bool:
    if wanted in {entry.unit, entry.member}:
        return True
    traits = entry.patient or {}
    if wanted in {traits.get("id"), traits.get("number")}:
        return True
    return comparable(wanted) in set(map(comparable, _names(entry))) - {""}
