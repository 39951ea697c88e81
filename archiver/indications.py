"""Indications and sub-indications of ETSI EN 319 102-1 (5.1.3, tables 4 to 6), by the codes of answers.

*TOTAL-FAILED* is for what is false: another digest, another signature value, another form. What
nobody can tell is *INDETERMINATE*. Codes that are not about a signature, its time-stamps or their
certificates have no sub-indication.
"""

from __future__ import annotations

from dataclasses import dataclass

FORMAT, HASH, CRYPTO = "FORMAT_FAILURE", "HASH_FAILURE", "SIG_CRYPTO_FAILURE"
NO_CHAIN, CHAIN_CONSTRAINTS = "NO_CERTIFICATE_CHAIN_FOUND", "CHAIN_CONSTRAINTS_FAILURE"
OUT_OF_BOUNDS, REVOKED, NO_POE = "OUT_OF_BOUNDS_NO_POE", "REVOKED_NO_POE", "NO_POE"
ALGORITHM, TRY_LATER, ORDER = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "TRY_LATER", "TIMESTAMP_ORDER_FAILURE"
CONSTRAINTS, NO_DATA = "SIG_CONSTRAINTS_FAILURE", "SIGNED_DATA_NOT_FOUND"

INDICATIONS = {"proven": "TOTAL-PASSED", "refuted": "TOTAL-FAILED", "unknown": "INDETERMINATE"}

SUB_INDICATIONS: dict[str, str] = {
    # what is false
    "not-a-package": FORMAT,
    "package-truncated": FORMAT,
    "container-irregular": FORMAT,
    "unsafe-name": FORMAT,
    "limit-exceeded": FORMAT,
    "member-missing": FORMAT,
    "member-unlisted": FORMAT,
    "list-invalid": FORMAT,
    "lists-disagree": FORMAT,
    "manifest-invalid": FORMAT,
    "destruction-statement-invalid": FORMAT,
    "timestamp-missing": FORMAT,
    "revocation-missing": FORMAT,
    "term-shortened": FORMAT,
    "volume-missing": FORMAT,
    "volume-foreign": HASH,
    "digest-mismatch": HASH,
    "signature-invalid": FORMAT,
    "timestamp-invalid": HASH,
    "evidence-unreadable": FORMAT,
    "evidence-object-missing": HASH,
    "evidence-excess": FORMAT,
    "evidence-imprint-mismatch": HASH,
    "evidence-link-broken": HASH,
    "evidence-token-invalid": FORMAT,
    # whom nobody vouches for
    "no-roots": NO_CHAIN,
    "signer-untrusted": NO_CHAIN,
    "co-signer-untrusted": NO_CHAIN,
    "signer-unfit": CHAIN_CONSTRAINTS,
    "timestamp-untrusted": NO_CHAIN,
    "timestamp-strangers": CHAIN_CONSTRAINTS,
    "signer-changed": CONSTRAINTS,
    "signer-alike": CONSTRAINTS,
    "signer-unexpected": CONSTRAINTS,
    "expectation-missing": CONSTRAINTS,
    # what ended
    "certificate-ended": OUT_OF_BOUNDS,
    "stamp-unproven": OUT_OF_BOUNDS,
    "timestamp-ended": OUT_OF_BOUNDS,
    "evidence-authority-ended": OUT_OF_BOUNDS,
    "signature-algorithm-ended": ALGORITHM,
    "signature-algorithm-unknown": ALGORITHM,
    "timestamp-algorithm-unknown": ALGORITHM,
    "timestamp-signature-unknown": ALGORITHM,
    "evidence-algorithm-unknown": ALGORITHM,
    "list-algorithm-unknown": ALGORITHM,
    "certificate-algorithm-unknown": ALGORITHM,
    "timestamp-algorithm-ended": ALGORITHM,
    "evidence-algorithm-ended": ALGORITHM,
    # what was revoked, and what is told about it
    "certificate-revoked": REVOKED,
    "timestamp-authority-revoked": REVOKED,
    "evidence-authority-revoked": REVOKED,
    "revocation-stale": TRY_LATER,
    "revocation-unusable": TRY_LATER,
    "revocation-unknown": TRY_LATER,
    "timestamp-revocation-unclear": TRY_LATER,
    # since when
    "no-timestamp": NO_POE,
    "nothing-asked": NO_POE,
    "timestamp-later": NO_POE,
    "evidence-later": NO_POE,
    "evidence-order-wrong": ORDER,
    "times-contradict": ORDER,
    # what was not examined
    "not-examined": "",
    "list-unsigned": NO_DATA,
}

_BY_REASON = {
    ("signature-invalid", "it was made over something else"): HASH,
    ("signature-invalid", "its certificate did not make it"): CRYPTO,
    ("timestamp-invalid", "its certificate did not make it"): CRYPTO,
    ("evidence-token-invalid", "its certificate did not make it"): CRYPTO,
}
"""One code says several things where the reason tells them apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Indication:
    """What a validation concludes: ``main`` and ``sub``, which is empty where the standard has none."""

    main: str
    sub: str

    @property
    def text(self) -> str:
        """Both, as reports write them."""
        return f"{self.main} / {self.sub}" if self.sub else self.main


def indication_of(state: str, code: str, reason: str) -> Indication:
    """Return the indication of an answer by its ``state``, its ``code`` and, where it has one, its ``reason``."""
    sub = "" if state == "proven" else _BY_REASON.get((code, reason), SUB_INDICATIONS.get(code, ""))
    return Indication(main=INDICATIONS[state], sub=sub)
