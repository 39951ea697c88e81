"""Every way a command can refuse, one class each.

Codes are stable: they are documented in ``docs/reference/errors.md`` and never
given a second meaning. ``archiver.cli.exits`` gives each its exit status.
"""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark

# -- packages -----------------------------------------------------------------------------


class PackageFailure(Failure):
    """A package that must not be opened."""

    code = "package"
    sentence = mark("This package cannot be trusted.")


class NotAPackage(PackageFailure):
    code = "not-a-package"
    sentence = mark("This file is not an archive package: {reason}.")


class PackageTruncated(PackageFailure):
    code = "package-truncated"
    sentence = mark("The package is cut short: its end is missing.")


class MemberMissing(PackageFailure):
    code = "member-missing"
    sentence = mark("The package lacks a part that its manifest lists: {member}.")


class MemberUnlisted(PackageFailure):
    code = "member-unlisted"
    sentence = mark("The package holds a part that its manifest does not list: {member}.")


class DigestMismatch(PackageFailure):
    code = "digest-mismatch"
    sentence = mark("A part of the package was changed or damaged: {member}.")


class ManifestInvalid(PackageFailure):
    code = "manifest-invalid"
    sentence = mark("The package manifest is not valid: {reason}.")


class SignatureInvalid(PackageFailure):
    code = "signature-invalid"
    sentence = mark("The signature does not match the package: {reason}.")


class SignatureAlgorithmEnded(PackageFailure):
    """A signature that anybody could have made by now. A verdict says *unknown*; opening needs a person's word."""

    code = "signature-algorithm-ended"
    sentence = mark(
        "The signature of {signer}, fingerprint {fingerprint}, rests on {algorithm}, which policy {policy} no "
        "longer trusts on {moment}, and nothing proves that it was made before. Ask for the copy that was given "
        "evidence in time; or, if you know by another way that this is what was handed over, accept it by the "
        "SHA-256 of its signed list (--accept-ended {list})."
    )


class SignerUntrusted(PackageFailure):
    code = "signer-untrusted"
    sentence = mark(
        "The package is signed by someone you have not accepted: {signer}, fingerprint {fingerprint}. "
        "Compare the fingerprint with the sender, then accept it (--accept) or their certificate (--roots)."
    )


class VolumeMissing(PackageFailure):
    code = "volume-missing"
    sentence = mark("The set lists this volume, and it is not there.")


class VolumeForeign(PackageFailure):
    """A package that lies where a volume of the set should, and is another one."""

    code = "volume-foreign"
    sentence = mark("This is not the volume that the set lists.")


class CommitmentMismatch(PackageFailure):
    code = "commitment-mismatch"
    sentence = mark("The keyring is not the one that was signed with this package.")


class UnitMismatch(PackageFailure):
    code = "unit-mismatch"
    sentence = mark("Unit {unit} does not hold what the keyring says it holds.")


class ContainerIrregular(PackageFailure):
    code = "container-irregular"
    sentence = mark("The package file departs from the rules of its container: {reason}.")


class ListInvalid(PackageFailure):
    """A list of the package's parts, other than the manifest, that cannot be read."""

    code = "list-invalid"
    sentence = mark("A list of the package's parts is not valid: {reason}.")


class ListsDisagree(PackageFailure):
    code = "lists-disagree"
    sentence = mark("Two lists of the package say different things about {member}.")


class CertificateEnded(PackageFailure):
    code = "certificate-ended"
    sentence = mark(
        "The signer's certificate is valid from {start} to {end}, and was to be judged for {moment}."
    )


class CertificateRevoked(PackageFailure):
    code = "certificate-revoked"
    sentence = mark("The certificate of {signer} was revoked on {moment}.")


class TimestampInvalid(PackageFailure):
    code = "timestamp-invalid"
    sentence = mark("The time-stamp does not belong to this signature: {reason}.")


class SignerChanged(PackageFailure):
    """The sender signs with another certificate than the one remembered for it."""

    code = "signer-changed"
    sentence = mark(
        "Until now {sender} signed with certificate {known}, remembered on {moment}; this package is signed "
        "with {found}. Ask them by another way before you accept it."
    )


# -- keys ---------------------------------------------------------------------------------


class KeyFailure(Failure):
    """A key or a passphrase that does not fit."""

    code = "key"
    sentence = mark("The key cannot be used.")


class WrongKey(KeyFailure):
    code = "wrong-key"
    sentence = mark("None of your keys opens this keyring.")


class WrongPassphrase(KeyFailure):
    code = "wrong-passphrase"
    sentence = mark("The passphrase is wrong.")


class KeyUnreadable(KeyFailure):
    code = "key-unreadable"
    sentence = mark("This is not a usable key file: {reason}.")


class SealBroken(KeyFailure):
    """Ciphertext that fails its authentication: damaged, or made with another key."""

    code = "seal-broken"
    sentence = mark("The sealed data fails its integrity check: {reason}.")


class RecipientsRefused(KeyFailure):
    code = "recipients-refused"
    sentence = mark("The keyring cannot be encrypted for these recipients: {reason}.")


class SignersAlike(KeyFailure):
    code = "signers-alike"
    sentence = mark("Both signatures would be of one certificate: the second signer must be somebody else.")


class CardFailure(KeyFailure):
    """Recovery cards that give no key: the cards are counted from 1 in the order in which they came."""

    code = "card"
    sentence = mark("The recovery cards cannot be used.")


class CardUnreadable(CardFailure):
    code = "card-unreadable"
    sentence = mark("Card {card}: {reason} ({words} words).")


class CardWordUnknown(CardFailure):
    code = "card-word-unknown"
    sentence = mark(
        "Card {card}, word {position}: no card holds the word {word}. Look again; near it is: {suggestion}."
    )


class CardMistyped(CardFailure):
    code = "card-mistyped"
    sentence = mark("Card {card} has a wrong word. Look again at word {position}: {suggestion}.")


class CardChecksumWrong(CardFailure):
    code = "card-checksum-wrong"
    sentence = mark("Card {card} has several wrong words, or words out of order. Compare every word.")


class CardsMixed(CardFailure):
    code = "cards-mixed"
    sentence = mark(
        "Card {card} is of another set: it begins with {begins}, and the first card with {expected}."
    )


class CardTwice(CardFailure):
    code = "card-twice"
    sentence = mark("Card {card} is the same as card {other}; another card of the set is needed.")


class CardsTooFew(CardFailure):
    code = "cards-too-few"
    sentence = mark("{needed} cards are needed, and {found} came.")


class CardsDisagree(CardFailure):
    code = "cards-disagree"
    sentence = mark(
        "Every card is well formed, but together they give no key: one was not made with the others."
    )


class CardsOfAnotherKey(CardFailure):
    code = "cards-of-another-key"
    sentence = mark("The cards give a key, but not the expected one: {found} instead of {expected}.")


class RecoveryRefused(KeyFailure):
    code = "recovery-refused"
    sentence = mark("No recovery cards can be made: {reason}.")


class DeviceFailure(KeyFailure):
    """A key on a card or a security module that does not sign."""

    code = "device"
    sentence = mark("The signing device cannot be used.")


class DeviceAddressInvalid(DeviceFailure):
    code = "device-address-invalid"
    sentence = mark("This is not the address of a key on a device (RFC 7512): {reason}.")


class DeviceMissing(DeviceFailure):
    code = "device-missing"
    sentence = mark("The signing device or its key was not found: {reason}.")


class DevicePinWrong(DeviceFailure):
    code = "device-pin-wrong"
    sentence = mark("The device refuses the PIN. It was tried once; most cards lock after three wrong ones.")


class DeviceRefused(DeviceFailure):
    code = "device-refused"
    sentence = mark("The signing device refused: {reason}.")


class RevocationUnreadable(KeyFailure):
    code = "revocation-unreadable"
    sentence = mark("This is no usable revocation list or OCSP response: {reason}.")


class TrustListUnreadable(KeyFailure):
    code = "trust-list-unreadable"
    sentence = mark("This is no usable trust list (ETSI TS 119 612): {reason}.")


class KnownSignersUnreadable(KeyFailure):
    code = "known-signers-unreadable"
    sentence = mark("The register of known signers cannot be read: {reason}.")


class UnitRefused(Failure):
    code = "unit-refused"
    sentence = mark("The unit cannot be sealed: {reason}.")


# -- people and counts --------------------------------------------------------------------


class RosterUnknownPatient(Failure):
    code = "roster-unknown-patient"
    sentence = mark("The roster names a patient the practice does not know: {patient} (line {line}).")


class RosterMismatch(Failure):
    code = "roster-mismatch"
    sentence = mark("The roster and the practice disagree about patient {patient} (line {line}): {reason}.")


class RosterUnreadable(Failure):
    code = "roster-unreadable"
    sentence = mark("The list of patients cannot be read: {reason}.")


class HoldUnknownPatient(Failure):
    code = "hold-unknown-patient"
    sentence = mark("The list of holds names a patient who is not exported: {patient} (line {line}).")


class AssignmentUnknownPatient(Failure):
    """A report, filled in by a person, that gives something to nobody."""

    code = "assignment-unknown-patient"
    sentence = mark("The report assigns {key} to a patient the practice does not know: {patient}.")


class SenderUnknown(Failure):
    code = "sender-unknown"
    sentence = mark("This store has no practice of its own: say who sends (--sender).")


class UnknownPractitioner(Failure):
    code = "unknown-practitioner"
    sentence = mark("The practice has no practitioner {practitioner}.")


class CountsDiffer(Failure):
    code = "counts-differ"
    sentence = mark("The counts differ for {kind}: {expected} expected, {found} found.")


class ReferenceMissing(Failure):
    code = "reference-missing"
    sentence = mark("A record refers to something that was not read: {reason}.")


class AttachmentMissing(Failure):
    code = "attachment-missing"
    sentence = mark("The practice store lacks the file {digest} it lists.")


class QuestionUnknown(Failure):
    code = "question-unknown"
    sentence = mark("There is no such question or merge ({number}).")


class UnitUnknown(Failure):
    code = "unit-unknown"
    sentence = mark("{wanted} does not tell exactly one unit: {count} match.")


# -- evidence -----------------------------------------------------------------------------


class EvidenceUnreadable(Failure):
    """Bytes that are no evidence record of RFC 4998, or one with more than anybody needs."""

    code = "evidence-unreadable"
    sentence = mark("This is not a readable evidence record: {reason}.")


class EvidenceInvalid(Failure):
    """An evidence record that proves nothing; the classes below say why."""

    code = "evidence-invalid"
    sentence = mark("The evidence does not hold.")


class EvidenceObjectMissing(EvidenceInvalid):
    code = "evidence-object-missing"
    sentence = mark("The evidence record does not cover {member}, or not as it is now.")


class EvidenceImprintMismatch(EvidenceInvalid):
    code = "evidence-imprint-mismatch"
    sentence = mark("Time-stamp {stamp} was made over something else than its hash tree.")


class EvidenceLinkBroken(EvidenceInvalid):
    code = "evidence-link-broken"
    sentence = mark("Time-stamp {stamp} does not renew the one before it: {reason}.")


class EvidenceTokenInvalid(EvidenceInvalid):
    code = "evidence-token-invalid"
    sentence = mark("Time-stamp {stamp} is not genuine: {reason}.")


class EvidenceAuthorityEnded(EvidenceInvalid):
    code = "evidence-authority-ended"
    sentence = mark(
        "The certificate of {authority}, who made time-stamp {stamp}, was not valid on {moment}: "
        "it was renewed too late."
    )


class EvidenceAuthorityRevoked(EvidenceInvalid):
    code = "evidence-authority-revoked"
    sentence = mark(
        "The certificate of {authority}, who made time-stamp {stamp}, was revoked before {moment}."
    )


class EvidenceAlgorithmEnded(EvidenceInvalid):
    code = "evidence-algorithm-ended"
    sentence = mark(
        "Time-stamp {stamp} rests on {algorithm}, which policy {policy} no longer trusts on {moment}."
    )


class EvidenceOrderWrong(EvidenceInvalid):
    code = "evidence-order-wrong"
    sentence = mark("Time-stamp {stamp} is dated {moment}, out of order: {reason}.")


class EvidenceExcess(EvidenceInvalid):
    code = "evidence-excess"
    sentence = mark("The evidence record covers {count} things that its list does not name.")


class EvidencePresent(Failure):
    code = "evidence-present"
    sentence = mark("{package} has evidence already: renew it, or ask for another record (--another).")


class EvidenceAbsent(Failure):
    code = "evidence-absent"
    sentence = mark("{package} has no evidence to renew or to show.")


class TokenInvalid(Failure):
    """Bytes that are no usable time-stamp token of RFC 3161."""

    code = "token-invalid"
    sentence = mark("The time-stamp token is not valid: {reason}.")


class PolicyUnreadable(Failure):
    code = "policy-unreadable"
    sentence = mark("The algorithm policy cannot be read: {reason}.")


class TimestampAuthorityRefused(Failure):
    """One time-stamping authority that gave no usable answer."""

    code = "timestamp-authority-refused"
    sentence = mark("The time-stamping authority {authority} gave no usable time-stamp: {reason}.")


class NoTimestampAuthority(Failure):
    code = "no-timestamp-authority"
    sentence = mark(
        "None of {count} time-stamping authorities gave a usable time-stamp; the last said: {reason}."
    )


# -- places -------------------------------------------------------------------------------


class SourceUnreadable(Failure):
    code = "source-unreadable"
    sentence = mark("The source cannot be read: {reason}.")


class StoreUnreadable(Failure):
    code = "store-unreadable"
    sentence = mark("This is not a practice store: {reason}.")


class StoreReadOnly(Failure):
    """A store on a medium, or in a folder, where this person may not write."""

    code = "store-read-only"
    sentence = mark(
        "This command changes the practice store, and nothing can be written there: copy it elsewhere."
    )


class AlreadyExists(Failure):
    code = "already-exists"
    sentence = mark("{path} exists already and is not replaced.")


class DiskFull(Failure):
    code = "disk-full"
    sentence = mark("The disk is full; nothing was left behind.")


class DiskFault(Failure):
    code = "disk-fault"
    sentence = mark("The disk refused: {reason}.")


class ExtraMissing(Failure):
    code = "extra-missing"
    sentence = mark("A part of the program is not installed; this adds it: pip install 'archiver[{extra}]'.")


class WorkerLost(Failure):
    """One of several processes ended that nobody told to; the system does that when memory runs out."""

    code = "worker-lost"
    sentence = mark(
        "A part of the program was ended from outside, perhaps for want of memory; nothing was left behind."
    )


class Unexpected(Failure):
    """A fault in this program; ``ARCHIVER_TRACE=1`` shows where."""

    code = "unexpected"
    sentence = mark("Something unexpected happened inside the program ({kind}: {reason}); please report it.")


class Interrupted(Failure):
    code = "interrupted"
    sentence = mark("Interrupted; nothing was left behind. Run the same command again to go on.")
