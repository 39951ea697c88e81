"""How long a package will be when it is closed, counted while units still join it: never too short."""

from __future__ import annotations

from dataclasses import dataclass

LISTED_BYTES = 640
"""What names a unit: local header 86, directory entry 110, line of ``SHA256SUMS`` 103, of the manifest 290."""
REFERENCE_BYTES = 300
"""What names a unit in a signed list, by its length."""
KEYRING_BYTES = 4096
"""A keyring without its lines and recipients: age header, nonce, first line, what names the member."""
RECIPIENT_BYTES = 2048
"""One age stanza of the longest kind (post-quantum hybrid)."""
CHUNK = 4096
"""Bytes of a keyring for which the encryption of age adds at most one (16 for 65,536)."""
SIGNATURE_BYTES = 32 << 10
"""A signature with three certificates and a time-stamp has about 14,000."""
REST_BYTES = 16 << 10
"""The manifest without its units, the heads of the lists, end records."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SizeEstimate:
    """What closes a package: how many sign, with how many bytes about revocations, and who may open it."""

    signers: int
    enclosed: int
    keyrings: int
    recipients: int

    def size(self, *, written: int, members: int, index: int) -> int:
        """Return at most how long the package becomes.

        ``written`` bytes in ``members`` members are there or surely come; the lines of the keyring
        have ``index`` bytes.
        """
        listing = members * (LISTED_BYTES + self.signers * REFERENCE_BYTES)
        keyrings = self.keyrings * (index + index // CHUNK + KEYRING_BYTES)
        recipients = self.recipients * RECIPIENT_BYTES
        signatures = self.signers * (SIGNATURE_BYTES + self.enclosed)
        return written + listing + keyrings + recipients + signatures + REST_BYTES
