"""Ways in which a signature, a certificate or a signing key is refused."""

from __future__ import annotations

from archiver.errors import KeyFailure, PackageFailure
from formats.errors import Failure
from formats.words import mark


class SignatureInvalid(PackageFailure):
    code = "signature-invalid"
    sentence = mark("The signature does not match the package: {reason}.")


class AlgorithmUnknown(Failure):
    """A hash function, a signature algorithm, a kind of key or an encoding that nobody here knows."""

    code = "algorithm-unknown"
    sentence = mark("It uses {algorithm}, which this program does not know.")


class SignatureAlgorithmUnknown(SignatureInvalid):
    """A signature about which nobody here can tell anything: it is not known to be false."""

    code = "signature-algorithm-unknown"
    sentence = mark(
        "The signature uses {algorithm}, which this program does not know: a newer one may be able to check it."
    )


class CertificateAlgorithmUnknown(PackageFailure):
    code = "certificate-algorithm-unknown"
    sentence = mark(
        "A certificate of {signer}, fingerprint {fingerprint}, or above it uses {algorithm}, which this program does "
        "not know: a newer one may be able to check it."
    )


class SignerUntrusted(PackageFailure):
    code = "signer-untrusted"
    sentence = mark(
        "The package is signed by someone you have not accepted: {signer}, fingerprint {fingerprint}. "
        "Compare the fingerprint with the sender, then accept it (--accept) or their certificate (--roots)."
    )


class SignerChanged(PackageFailure):
    """The sender signs with another certificate than the one remembered for it."""

    code = "signer-changed"
    sentence = mark(
        "Until now {sender} signed with certificate {known}, remembered on {moment}; this package is signed "
        "with {found}. Ask them by another way before you accept it."
    )


class SignerUnexpected(PackageFailure):
    """Another signer than the reader said they expect."""

    code = "signer-unexpected"
    sentence = mark(
        "The package is signed with the key of a certificate that bears the name {signer}, fingerprint "
        "{fingerprint}, and that is not whom you expect (--expect)."
    )


class ExpectationMissing(PackageFailure):
    """A root that certifies many vouches for a name; the reader did not say which name they expect."""

    code = "expectation-missing"
    sentence = mark(
        "The package is signed with the key of a certificate that bears the name {signer}, fingerprint "
        "{fingerprint}. {root} certifies others as well, so say whom you expect: --expect with their number, "
        "their name or this fingerprint."
    )


class SignerAlike(PackageFailure):
    """A sender whose name is like that of one known, and who signs with another certificate."""

    code = "signer-alike"
    sentence = mark(
        "{sender} signs with certificate {found}. Under a name that is like it, {known_sender}, certificate "
        "{known} was remembered on {moment}. Ask both by another way; if they are two, accept this one (--accept)."
    )


class SignerUnfit(PackageFailure):
    """A certificate for another purpose (RFC 5280, 4.2.1.3 and 4.2.1.12; ETSI EN 319 412-2)."""

    code = "signer-unfit"
    sentence = mark(
        "The certificate of {signer}, fingerprint {fingerprint}, is not for signing documents: {reason}."
    )


class SignerPathIncomplete(KeyFailure):
    """A signing key without the authorities' certificates above its own; only a root may be missing."""

    code = "signer-path-incomplete"
    sentence = mark(
        "The certificate of {signer} leads up to {issuer}, whose certificate is not with the key: without it "
        "nobody can check the signature. Give the file that your authority publishes (--chain)."
    )


class SignerPathInvalid(KeyFailure):
    """Certificates that are no valid certification path (RFC 5280, 6.1)."""

    code = "signer-path-invalid"
    sentence = mark(
        "No reader would accept the certificate of {signer}: it does not validly lead to {root}, as when an "
        "authority above it has ended or may not issue it."
    )


class SignerAlgorithmEnded(KeyFailure):
    """An algorithm or a key length under a signer's certificate that is not relied on any more."""

    code = "signer-algorithm-ended"
    sentence = mark(
        "No reader would accept what {signer} signs: it rests on {algorithm}, which policy {policy} does not "
        "trust (any more). Ask for a newer certificate."
    )


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


class TokenInvalid(Failure):
    """Bytes that are no usable time-stamp token of RFC 3161."""

    code = "token-invalid"
    sentence = mark("The time-stamp token is not valid: {reason}.")


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


class PolicyUnreadable(Failure):
    code = "policy-unreadable"
    sentence = mark("The algorithm policy cannot be read: {reason}.")


class ExtraMissing(Failure):
    code = "extra-missing"
    sentence = mark("A part of the program is not installed; this adds it: pip install 'archiver[{extra}]'.")
