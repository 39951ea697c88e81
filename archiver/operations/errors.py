"""Ways in which what was asked for cannot be done."""

from __future__ import annotations

from archiver.errors import KeyFailure, PackageFailure
from formats.errors import Failure
from formats.words import mark


class VolumeMissing(PackageFailure):
    code = "volume-missing"
    sentence = mark("The set lists this volume, and it is not there.")


class NoPackage(Failure):
    code = "no-package"
    sentence = mark("There is no package (.asice) in this folder.")


class SenderUnknown(Failure):
    code = "sender-unknown"
    sentence = mark("This store has no practice of its own: say who sends (--sender).")


class AssignmentUnknownPatient(Failure):
    """A report, filled in by a person, that gives something to nobody."""

    code = "assignment-unknown-patient"
    sentence = mark("The report assigns {key} to a patient the practice does not know: {patient}.")


class AssignmentAmbiguous(Failure):
    """A report that gives something to a number several persons have: nobody chooses between them in silence."""

    code = "assignment-ambiguous"
    sentence = mark(
        "The report assigns {key} to {patient}, and {count} patients have this number: write the identity "
        "of the one who is meant instead (archiver patients --json)."
    )


class SignersAlike(KeyFailure):
    code = "signers-alike"
    sentence = mark("Both signatures would be of one certificate: the second signer must be somebody else.")


class EvidencePresent(Failure):
    code = "evidence-present"
    sentence = mark("{package} has evidence already: renew it, or ask for another record (--another).")


class EvidenceAbsent(Failure):
    code = "evidence-absent"
    sentence = mark("{package} has no evidence to renew or to show.")


class WorkerLost(Failure):
    """One of several processes ended that nobody told to; the system does that when memory runs out."""

    code = "worker-lost"
    sentence = mark(
        "A part of the program was ended from outside, perhaps for want of memory; nothing was left behind."
    )
