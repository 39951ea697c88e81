"""Key usage and extended key usage of a signer's certificate (RFC 5280, 4.2.1.3 and 4.2.1.12).

A key that signs documents is for non-repudiation or digital signatures (ETSI EN 319 412-2), and where
its certificate lists purposes, for documents, mail or any. One that is for servers, programs,
time-stamps or OCSP responses alone speaks for nobody who hands records over.
"""

from __future__ import annotations

from typing import Any

from formats.words import mark

PURPOSES = frozenset({"1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4", "2.5.29.37.0"})
"""``id-kp-documentSigning`` (RFC 9336), ``id-kp-emailProtection``, ``anyExtendedKeyUsage``."""
USAGES = frozenset({"digital_signature", "non_repudiation"})


def unfit(certificate: Any) -> str:
    """Return why a parsed ``certificate`` (``asn1crypto``) is not for signing documents; nothing when it is."""
    usage, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
    if usage is not None and not USAGES & set(usage.native):
        return mark("its key usage allows neither digital signatures nor non-repudiation")
    if purposes is not None and not PURPOSES & {one.dotted for one in purposes}:
        return mark("its extended key usage names other purposes than signing documents")
    return ""
