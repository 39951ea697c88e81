"""Ways in which a package is not what it should be."""

from __future__ import annotations

from archiver.errors import PackageFailure
from archiver.evidence.errors import EvidenceInvalid
from formats.errors import FormatFailure
from formats.words import mark, plural

REFUSALS = (PackageFailure, FormatFailure)
"""What is wrong with a package or a set; a disk that refuses says nothing about it and is raised."""


class NotAPackage(PackageFailure):
    code = "not-a-package"
    sentence = mark("This file is not an archive package: {reason}.")


class PackageTruncated(PackageFailure):
    code = "package-truncated"
    sentence = mark("The package is cut short: its end is missing.")


class ContainerIrregular(PackageFailure):
    code = "container-irregular"
    sentence = mark("The package file departs from the rules of its container: {reason}.")


class MemberMissing(PackageFailure):
    code = "member-missing"
    sentence = mark("The package lacks a part that its manifest lists: {member}.")


class MemberUnlisted(PackageFailure):
    code = "member-unlisted"
    sentence = mark("The package holds a part that its manifest does not list: {member}.")


class TimestampMissing(MemberMissing):
    """A time-stamp that the signed manifest states, and that somebody stripped from the signature."""

    code = "timestamp-missing"
    sentence = mark("The time-stamp that came with the signature {member} was taken away.")


class RevocationMissing(MemberMissing):
    """Revocation data that the signed manifest states, and that somebody stripped from the signature."""

    code = "revocation-missing"
    sentence = mark("The revocation lists or answers that came with the signature {member} were taken away.")


class DigestMismatch(PackageFailure):
    code = "digest-mismatch"
    sentence = mark("A part of the package was changed or damaged: {member}.")


class ManifestInvalid(PackageFailure):
    code = "manifest-invalid"
    sentence = mark("The package manifest is not valid: {reason}.")


class ListInvalid(PackageFailure):
    """A list of the package's parts, other than the manifest, that cannot be read."""

    code = "list-invalid"
    sentence = mark("A list of the package's parts is not valid: {reason}.")


class ListAlgorithmUnknown(PackageFailure):
    """A list under a hash function that nobody here knows: it is not known to be false."""

    code = "list-algorithm-unknown"
    sentence = mark(
        "A list of the package's parts uses {algorithm}, which this program does not know: a newer one may be able "
        "to check it."
    )


class ListsDisagree(PackageFailure):
    code = "lists-disagree"
    sentence = mark("Two lists of the package say different things about {member}.")


class TermShortened(PackageFailure):
    """A later revision in which a unit may be destroyed earlier, or is no longer held."""

    code = "term-shortened"
    sentence = mark(
        "Unit {unit} could be destroyed earlier than its first manifest says, or its hold was lifted."
    )


class DestructionStatementInvalid(PackageFailure):
    """A statement of destruction that cannot be true: of another form, of another package, or of what is not due."""

    code = "destruction-statement-invalid"
    sentence = mark("A statement says that units were destroyed, and cannot be believed: {reason}.")


class VolumeForeign(PackageFailure):
    """A package that lies where a volume of the set should, and is another one."""

    code = "volume-foreign"
    sentence = mark("This is not the volume that the set lists.")


class SignatureAlgorithmEnded(PackageFailure):
    """A signature that anybody could have made by now. A verdict says *unknown*; opening needs a person's word."""

    code = "signature-algorithm-ended"
    sentence = mark(
        "The signature of {signer}, fingerprint {fingerprint}, rests on {algorithm}, which policy {policy} no "
        "longer trusts on {moment}, and nothing proves that it was made before. Ask for the copy that was given "
        "evidence in time; or, if you know by another way that this is what was handed over, accept it by the "
        "SHA-256 of its signed list (--accept-ended {list})."
    )


class EvidenceExcess(EvidenceInvalid):
    code = "evidence-excess"
    sentence = plural(
        "The evidence record covers {count} thing that its list does not name.",
        "The evidence record covers {count} things that its list does not name.",
    )
