"""Ways in which what was asked for cannot be done."""

from __future__ import annotations

from archiver.errors import KeyFailure, PackageFailure
from formats.errors import Failure
from formats.words import mark, plural


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
    sentence = plural(
        "The report assigns {key} to {patient}, and {count} patient has this number: write the identity "
        "of the one who is meant instead (archiver patients --json).",
        "The report assigns {key} to {patient}, and {count} patients have this number: write the identity "
        "of the one who is meant instead (archiver patients --json).",
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


class SignerUnnamed(PackageFailure):
    """A package that somebody signed anew without being able to open it."""

    code = "signer-unnamed"
    sentence = mark(
        "The keyring of revision {revision} names others than those who signed it: somebody who cannot open "
        "the package signed it as their own. Ask the sender for the package as it was."
    )


class TermsDiffer(PackageFailure):
    """A public manifest that states other terms than the keyring."""

    code = "terms-differ"
    sentence = mark(
        "The public manifest and the keyring say different things about {field}: the manifest was changed by "
        "somebody who cannot open the package. Ask the sender for the package as it was."
    )


class RevisionUnproven(PackageFailure):
    """A later revision whose maker did not open the package: no keyring knows of it."""

    code = "revision-unproven"
    sentence = mark(
        "Revision {revision} was made by somebody who cannot open the package. Use the revision before it, "
        "or ask the sender."
    )


class PatientsMismatch(PackageFailure):
    code = "patients-mismatch"
    sentence = mark("The patients of the keyring are not those whom the signed manifest commits to.")
