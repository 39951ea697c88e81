"""Ways in which a hold or a destruction does not come about."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class VaultHoldUnknown(Failure):
    code = "vault-hold-unknown"
    sentence = mark("No hold {number} is in force on package {package}.")


class VaultHoldUnclear(Failure):
    code = "vault-hold-unclear"
    sentence = mark(
        "Several holds are in force on package {package} ({numbers}): say which one is lifted (--number)."
    )


class PackageDestroyed(Failure):
    code = "package-destroyed"
    sentence = mark(
        "Package {package} was lawfully destroyed on {day}: it is neither given back nor taken again."
    )


class DestructionNotDue(Failure):
    code = "destruction-not-due"
    sentence = mark("The term of package {package} has not ended: {term}.")


class DestructionUnitUnknown(Failure):
    code = "destruction-unit-unknown"
    sentence = mark(
        "Package {package} has no unit {unit}: archiver vault due --units names those that are due."
    )


class DestructionOfWhole(Failure):
    """Single units named of something all of which is due: that of the practice would go without the others."""

    code = "destruction-of-whole"
    sentence = mark("The term of everything in {package} has ended: name all of it, not single units.")


class DestructionUnsound(Failure):
    """A package that would not be proven without its units: nothing of it is removed."""

    code = "destruction-unsound"
    sentence = mark(
        "Without these units package {package} would not be proven any more ({reason}): nothing was removed."
    )


class UnitsDestroyed(Failure):
    code = "units-destroyed"
    sentence = mark(
        "Package {package} lost {units} by a lawful destruction, the last on {day}: it is not taken again with them."
    )


class DestructionSuspended(Failure):
    code = "destruction-suspended"
    sentence = mark("Package {package} is under a hold ({numbers}): nothing of it is destroyed.")


class DestructionLocked(Failure):
    code = "destruction-locked"
    sentence = mark(
        "The storage {storage} locks package {package} until {until}: nothing was removed. Carry it out after that "
        "day; a unit that is due before waits for the last of its package."
    )


class DestructionElsewhere(Failure):
    """A storage that was retired and not cleared may have the package still: no certificate could call it gone."""

    code = "destruction-elsewhere"
    sentence = mark(
        "Package {package} may lie on {storage}, which was retired on {day} and not cleared: nothing was removed. First"
        " archiver vault storage clear {storage}; with --means where that disk was destroyed otherwise."
    )


class DestructionUnknown(Failure):
    code = "destruction-unknown"
    sentence = mark(
        "There is no destruction {destruction} in the vault; archiver vault destroy list shows them."
    )


class DestructionUnfinished(Failure):
    code = "destruction-unfinished"
    sentence = mark(
        "Package {package} is destroyed on some storages, not on others: archiver vault destroy carry-out finishes it."
    )


class DestructionUnapproved(Failure):
    code = "destruction-unapproved"
    sentence = mark(
        "Nobody has approved this destruction: a second approver has to (archiver vault destroy approve)."
    )


class DestructionApproved(Failure):
    code = "destruction-approved"
    sentence = mark("This destruction was approved by {name} on {day} already.")


class DestructionWithdrawn(Failure):
    code = "destruction-withdrawn"
    sentence = mark(
        "{name} withdrew the request of this destruction on {day}: nothing is destroyed by it. What is to be destroyed"
        " all the same is asked for anew (archiver vault destroy request)."
    )


class DestructionBegun(Failure):
    code = "destruction-begun"
    sentence = mark(
        "This destruction began on {day}, and its request cannot be withdrawn any more: archiver vault destroy"
        " carry-out finishes it."
    )


class DestructionDone(Failure):
    code = "destruction-done"
    sentence = mark("This destruction was carried out on {day} already.")


class DestructionChanged(Failure):
    """What was signed is not what lies there, or what is there is not what was asked for."""

    code = "destruction-changed"
    sentence = mark("This destruction is not the one that was signed: {reason}. Ask for it again.")


class ApproverUnlisted(Failure):
    code = "approver-unlisted"
    sentence = mark(
        "{name}, with the certificate {fingerprint}, is not in the list of approvers of the vault (archiver vault"
        " approver)."
    )


class ApproverUnrecorded(Failure):
    """A list of approvers that was edited by hand or put back as it was: the journal says otherwise."""

    code = "approver-unrecorded"
    sentence = mark(
        "{name}, with the certificate {fingerprint}, is in the list of approvers, and the journal of the vault does not"
        " say that somebody put them there: find out who changed vault.json, take the person out and put them in again"
        " (archiver vault approver)."
    )


class ApproverUnknown(Failure):
    code = "approver-unknown"
    sentence = mark("Nobody of the name {name} is in the list of approvers of the vault.")


class ApproverSame(Failure):
    code = "approver-same"
    sentence = mark("{name} asked for this destruction: another person, with another key, has to approve it.")


class ClockDoubtful(Failure):
    """A clock that is behind what the vault wrote down, or far ahead of it."""

    code = "clock-doubtful"
    sentence = mark(
        "By the clock of this machine it is {now}; the last that the vault wrote down is of {last}: no term is believed"
        " to have ended by such a clock. Set it, or run archiver vault audit if it is right."
    )


class ApproverAlike(Failure):
    code = "approver-alike"
    sentence = mark(
        "{name}, with the certificate {fingerprint}, is in the list: two approvers have two names and two keys."
    )


class DestructionNothingDue(Failure):
    code = "destruction-nothing-due"
    sentence = mark(
        "There is nothing to destroy: no term has ended, or a hold is on what it is about. archiver vault due shows"
        " both, and with --within what ends next."
    )
