"""What ``keys show-unit`` does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archiver.cli.options.accepted_signers import note_doubt
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import complain, say, show_json
from archiver.handover.keyring_entry import patient_traits
from archiver.handover.opened_dossier import open_dossier
from archiver.handover.opening import OpenRequest, UnlockedPackage, open_handover
from archiver.handover.unit_search import patient_words, units_of
from archiver.operations.documents.outcomes import findings_json
from archiver.package.layout import unit_member
from archiver.sealing.keyring import KeyringEntry
from formats.errors import FormatFailure, InconsistentDossier
from formats.words import mark


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
    units = [(*one, *_patient(*one)) for one in units_of(received, wanted)]
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
        say(mark("Patient read in the dossier: {name}"), name=patient_words(patient, entry.unit))
    elif patient:
        say(mark("Patient, so the sender's list: {name}"), name=patient_words(patient, entry.unit))
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
