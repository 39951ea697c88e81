"""What ``keys show-unit`` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from archiver.cli.errors import UnitAmbiguous, UnitUnknown
from archiver.cli.options.accepted_signers import note_doubt
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import complain, say, show_json
from archiver.cli.terminal.json_documents import findings_json
from archiver.handover.keyring_entry import patient_traits
from archiver.handover.opened_dossier import open_dossier
from archiver.handover.opening import OpenRequest, UnlockedPackage, open_handover
from archiver.package.layout import unit_member
from archiver.sealing.keyring import KeyringEntry
from formats.errors import Failure, FormatFailure, InconsistentDossier
from formats.names import comparable
from formats.words import mark

NEAR = 5
"""Names that are suggested at most."""


def show(opening: OpenRequest, wanted: str, output: OutputOptions) -> None:
    """Print the passphrase of the one unit that ``wanted`` tells, and whose dossier was read in it.

    The units of other records of the same person come with it.

    Raises:
        UnitUnknown: when it tells none; UnitAmbiguous: when it tells several.
        UnitMismatch, SealBroken: when the unit is not what the keyring promises, or another patient's.
    """
    with findings_report(output.report) as fill:
        received = open_handover(opening)
        findings = note_doubt(received.doubt, opening.trust, received.verdict.trusted)
        fill(findings)
    found = [(opened, entry) for opened, entry in received.entries() if _is(entry, wanted)]
    if len(found) != 1:
        shown = found or received.entries()
        raise _unknown(wanted, [entry for _, entry in shown], len(found))
    linked = set((found[0][1].patient or {}).get("linked", "").split())
    others = (
        [one for one in received.entries() if (one[1].patient or {}).get("id") in linked] if linked else []
    )
    units = [(*one, *_patient(*one)) for one in (*found, *others)]
    if output.as_json:
        document, *more = [_json(*unit) for unit in units]
        show_json({**document, "linked": more, "findings": findings_json(findings)})
        return
    for number, unit in enumerate(units):
        if number:
            say(mark("Another record of the same person:"))
        _say(*unit)


def _json(
    opened: UnlockedPackage, entry: KeyringEntry, patient: Mapping[str, str], read: bool
) -> dict[str, Any]:
    return {
        "package": opened.package.manifest.package_id,
        "unit": entry.unit,
        "path": unit_member(entry.unit),
        "member": entry.member,
        "passphrase": entry.passphrase,
        "patient": dict(patient) or None,
        "patient_read": read,
    }


def _say(opened: UnlockedPackage, entry: KeyringEntry, patient: Mapping[str, str], read: bool) -> None:
    place = opened.package.manifest.handover.volume
    if place:
        say(mark("In volume {volume} of {of}."), volume=place.volume, of=place.of)
    if patient and read:
        say(mark("Patient read in the dossier: {name}"), name=_called(patient, entry.unit))
    elif patient:
        say(mark("Patient, so the sender's list: {name}"), name=_called(patient, entry.unit))
    say(mark("Unit: {path}"), path=unit_member(entry.unit))
    say(mark("Inside: {member}"), member=entry.member)
    say(mark("Passphrase: {passphrase}"), passphrase=entry.passphrase)


def _patient(opened: UnlockedPackage, entry: KeyringEntry) -> tuple[Mapping[str, str], bool]:
    """Return the traits of the dossier and that they were read; the list's where nobody can read it."""
    if entry.patient is None:
        return {}, True
    try:
        with open_dossier(opened.package, entry) as archive:
            return patient_traits(archive.dossier.patient), True
    except (FormatFailure, InconsistentDossier) as failure:  # its passphrase is wanted all the more
        complain(failure)
        return entry.patient, False


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
    return _called(entry.patient or {}, entry.unit)


def _called(traits: Mapping[str, str], unit: str) -> str:
    name = f"{traits.get('used_family') or traits.get('family', '')} {traits.get('given', '')}".strip()
    number = traits.get("number") or unit
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
