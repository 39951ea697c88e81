"""The exit status of every failure, in one place.

0 is success and nothing else is. Statuses group failures by what a person
does next; the stable code beside the sentence tells them apart further.
"""

from __future__ import annotations

from formats.errors import Failure

SUCCESS = 0
UNEXPECTED = 1
USAGE = 2
UNDECIDED = 3
"""Nothing is wrong, but not everything asked could be proven (no roots given, for instance)."""
INCOMPLETE = 4
"""Done, but for what it names: dossiers refused, volumes not there, something of a source that was not taken."""
INTERRUPTED = 130

STATUS_OF_CODE: dict[str, int] = {
    # 10–19: the package
    "package": 10,
    "not-a-package": 10,
    "container-irregular": 10,
    "package-truncated": 11,
    "member-missing": 12,
    "timestamp-missing": 12,
    "revocation-missing": 12,
    "volume-missing": 12,
    "member-unlisted": 13,
    "volume-foreign": 13,
    "digest-mismatch": 14,
    "manifest-invalid": 15,
    "list-invalid": 15,
    "lists-disagree": 15,
    "term-shortened": 15,
    "signature-invalid": 16,
    "signer-untrusted": 17,
    "signer-changed": 17,
    "signer-unfit": 17,
    "commitment-mismatch": 18,
    "patients-mismatch": 18,
    "signer-unnamed": 18,
    "terms-differ": 18,
    "revision-unproven": 18,
    "unit-mismatch": 19,
    # 20–29: keys, cards and certificates
    "key": 20,
    "recipients-refused": 20,
    "signers-alike": 20,
    "signer-path-incomplete": 20,
    "signer-path-invalid": 20,
    "signer-algorithm-ended": 20,
    "wrong-key": 21,
    "wrong-passphrase": 22,
    "key-unreadable": 23,
    "seal-broken": 24,
    "unit-refused": 24,
    "card": 25,
    "card-unreadable": 25,
    "card-word-unknown": 25,
    "card-mistyped": 25,
    "card-checksum-wrong": 25,
    "cards-mixed": 26,
    "card-twice": 26,
    "cards-too-few": 26,
    "cards-disagree": 26,
    "cards-of-another-key": 26,
    "recovery-refused": 27,
    "device": 20,
    "device-address-invalid": 20,
    "device-missing": 23,
    "device-pin-wrong": 22,
    "device-refused": 23,
    "revocation-unreadable": 23,
    "trust-list-unreadable": 23,
    "known-signers-unreadable": 23,
    "certificate-ended": 28,
    "certificate-revoked": 29,
    # 30–39: people and counts
    "roster-unknown-patient": 30,
    "hold-unknown-patient": 30,
    "assignment-unknown-patient": 30,
    "roster-mismatch": 31,
    "assignment-ambiguous": 31,
    "roster-unreadable": 32,
    "unknown-practitioner": 33,
    "roster-unknown-practitioner": 33,
    "sender-unknown": 33,
    "counts-differ": 34,
    "attachment-missing": 35,
    "attachment-changed": 36,
    "dossier-inconsistent": 37,
    "reference-missing": 38,
    "question-unknown": 39,
    "unit-unknown": 39,
    "unit-ambiguous": 39,
    # 40–49: sources and formats
    "source-unreachable": 40,
    "not-opendental": 40,
    "practice-unnamed": 40,
    "not-a-folder": 40,
    "not-a-regular-file": 40,
    "opendental-file-missing": 40,
    "store-unreadable": 41,
    "store-read-only": 41,
    "already-exists": 42,
    "format": 43,
    "not-dicom": 43,
    "dicom-unreadable": 43,
    "dicom-outside-study": 43,
    "dicom-no-directory-record": 43,
    "fhir-element": 43,
    "fhir-missing": 43,
    "fhir-not-one-dossier": 43,
    "fhir-not-one-practice": 43,
    "zip-refused": 43,
    "zip-damaged": 43,
    "zip-member-missing": 43,
    "zip-member-twice": 43,
    "archive-incomplete": 43,
    "archive-changed": 43,
    "limit-exceeded": 44,
    "unsafe-name": 45,
    "table-unreadable": 46,
    "papers-list": 46,
    # 50–59: the machine
    "disk-full": 50,
    "disk-fault": 51,
    "extra-missing": 52,
    "driver-missing": 52,
    "worker-lost": 53,
    "no-package": 54,
    "file-not-found": 54,
    "folder-not-found": 54,
    # 60–69: evidence over time
    "evidence-unreadable": 60,
    "token-invalid": 60,
    "timestamp-invalid": 61,
    "evidence-invalid": 61,
    "evidence-object-missing": 61,
    "evidence-imprint-mismatch": 61,
    "evidence-link-broken": 61,
    "evidence-token-invalid": 61,
    "evidence-order-wrong": 61,
    "evidence-excess": 61,
    "evidence-present": 65,
    "evidence-absent": 65,
    "evidence-authority-ended": 62,
    "evidence-authority-revoked": 62,
    "evidence-algorithm-ended": 62,
    "signature-algorithm-ended": 62,
    "timestamp-authority-refused": 63,
    "no-timestamp-authority": 63,
    "policy-unreadable": 64,
    # words on the command line, the person, the program
    "source-address": USAGE,
    "unknown-time-zone": USAGE,
    "interrupted": INTERRUPTED,
    "failure": UNEXPECTED,
    "unexpected": UNEXPECTED,
}


def status_of(failure: Failure) -> int:
    """Return the exit status of ``failure``."""
    return STATUS_OF_CODE.get(failure.code, UNEXPECTED)
